"""Files in threads: put there once, seen by members only, gone with their message."""

from __future__ import annotations

import hashlib

import pytest

from jupyter_groupchat.errors import Conflict, GroupChatError, InvalidRequest, NotAllowed, NotFound, TooLarge
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import FilePut
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import FileDelete, MessageDelete, ThreadPatch
from jupyter_groupchat.wire.shapes import FileJson
from tests.doubles import ANA, BEN, CLEO, EVE, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

TABLE = b"plan,rate\nbasic,0.187\nteam,0.041\n"


async def put(
    party: Party, actor: Actor = ANA, name: str = "rates.csv", data: bytes = TABLE, **fields: object
) -> FileJson:
    """Put a file into the thread."""
    file: FileJson = (await party.do(actor, FilePut, name=name, data=data, **fields))["file"]
    return file


async def test_a_file_is_in_the_thread_with_what_it_is(party: Party, store: Store) -> None:
    """The thread document shows it, members get its bytes, and the audit names its hash but not its name."""
    file = await put(party, BEN)
    shown = (await party.look(ANA)).board["files"]
    assert shown == {file["id"]: {"name": "rates.csv", "media_type": "text/csv", "size": len(TABLE)}}
    stored, data = await party.service.file(ANA, party.thread, file["id"])
    assert (data, stored.sha256, stored.uploaded_by) == (TABLE, hashlib.sha256(TABLE).hexdigest(), "ben")
    line = next(line for line in await party.service.audit(ANA, party.thread) if line["action"] == "file.put")
    assert line["details"] == {
        "file": file["id"],
        "media_type": "text/csv",
        "size": len(TABLE),
        "sha256": stored.sha256,
    }
    message = await party.post(BEN, "", files=[file["id"]])
    assert message["files"] == [file["id"]]


async def test_the_same_bytes_are_kept_once_and_as_long_as_somebody_has_them(party: Party, store: Store) -> None:
    """Two files of one content share it; deleting one leaves the other."""
    first, second = await put(party), await put(party, BEN, name="again.csv")
    assert first["id"] != second["id"]
    await party.do(ANA, FileDelete, file=first["id"])
    assert list((await party.look(BEN)).board["files"]) == [second["id"]]
    assert (await party.service.file(ANA, party.thread, second["id"]))[1] == TABLE
    await party.do(ANA, FileDelete, file=second["id"])  # as the owner
    with store.reading() as tx:
        assert tx.files.data(first["sha256"]) is None


async def test_a_repeated_command_puts_one_file(party: Party) -> None:
    """The same command id gets the first answer."""
    assert await put(party, id="once") == await put(party, id="once")
    assert len((await party.look(ANA)).board["files"]) == 1


async def test_a_file_goes_with_the_message_that_brought_it(party: Party) -> None:
    """Deleting a message deletes what its author put there for it, and nothing of others."""
    mine, others = await put(party), await put(party, BEN)
    message = await party.post(ANA, "look", files=[mine["id"], others["id"]])
    await party.do(ANA, MessageDelete, message=message["id"])
    assert list((await party.look(ANA)).board["files"]) == [others["id"]]
    with pytest.raises(NotFound):
        await party.service.file(BEN, party.thread, mine["id"])


async def test_only_those_who_may_write_put_files_and_only_their_own_are_theirs(party: Party) -> None:
    """A stranger knows of no such thread; a reviewer may; a member deletes only their own, the owner all."""
    with pytest.raises(NotFound):
        await put(party, EVE)
    await party.invite(ANA, CLEO, role=Role.REVIEWER)
    assert (await put(party, CLEO))["uploaded_by"] == "cleo"
    file = await put(party)
    with pytest.raises(NotAllowed, match="delete this file"):
        await party.do(BEN, FileDelete, file=file["id"])
    with pytest.raises(NotFound):
        await party.do(EVE, FileDelete, file=file["id"])
    await party.do(ANA, ThreadPatch, archived=True)
    for kind, fields in ((FilePut, {"name": "a.txt", "data": b"x"}), (FileDelete, {"file": file["id"]})):
        with pytest.raises(Conflict, match="archived"):
            await party.do(ANA, kind, **fields)


async def test_files_of_another_thread_are_out_of_reach(party: Party) -> None:
    """A message can name only files of its own thread."""
    file = await put(party)
    other = await Party.of(party.service, ANA)
    with pytest.raises(NotFound):
        await other.post(ANA, "look", files=[file["id"]])
    with pytest.raises(NotFound):
        await other.do(ANA, FileDelete, file=file["id"])


async def test_limits_are_the_operators(store: Store) -> None:
    """Size, number and types; a refused file leaves nothing."""
    service = ThreadService(store, limits=Limits(file_bytes=40, files_per_thread=1, file_types=("text/csv",)))
    await service.start()
    party = await Party.of(service, ANA)
    refusals: tuple[tuple[str, bytes, type[GroupChatError]], ...] = (
        ("rates.csv", TABLE + b"x" * 40, TooLarge),
        ("notes.txt", b"words", InvalidRequest),
        ("empty.csv", b"", InvalidRequest),
    )
    for name, data, error in refusals:
        with pytest.raises(error):
            await put(party, name=name, data=data)
    assert (await party.look(ANA)).board["files"] == {}
    await put(party)
    with pytest.raises(Conflict, match="at most 1 files"):
        await put(party)
    await service.stop()
