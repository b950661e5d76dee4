"""Threads that begin with what was said elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, TooLarge
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import imports
from jupyter_groupchat.threads.happenings import Happening
from jupyter_groupchat.threads.imports import Imported, ImportedCell, ImportedFile
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Message, MessageKind, MessageStatus, Mode, SharedCell, StoredFile
from jupyter_groupchat.wire.commands import MessageDelete, MessageEdit, ThreadCreate
from jupyter_groupchat.wire.events import Event, ThreadJoined, ThreadUpdated
from tests.doubles import ANA, BEN, FailingStore, Party, fresh

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

THEN = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)


def said(id: str, author: str = "ben", body: str = "Hello", **fields: Any) -> Message:
    """A message of another place."""
    message = Message(
        id=id,
        thread_id="",
        seq=0,
        author=author,
        author_name=author.title(),
        kind=MessageKind.HUMAN,
        via=None,
        body=body,
        created_at=THEN,
        edited_at=None,
        deleted=False,
        reply_to=None,
        mentions=(),
        reactions={},
        status=MessageStatus.COMPLETE,
        files=(),
        cells=(),
    )
    return replace(message, **fields)


def thread_of(
    *messages: Message, cells: tuple[ImportedCell, ...] = (), files: tuple[ImportedFile, ...] = ()
) -> Imported:
    """A file with these messages."""
    return Imported(
        title="Old talk",
        mode=Mode.MENTION,
        instructions="Be brief.",
        messages=messages,
        cells=cells,
        files=files,
        origin={"from": "x"},
    )


CELL = ImportedCell(
    cell=SharedCell(
        id="s1",
        notebook="old.ipynb",
        cell_id="c1",
        cell_type="code",
        source="1 + 1",
        outputs=({"output_type": "display_data", "data": {"image/png": {"file": "ab"}}, "metadata": {}},),
        execution_count=3,
        content_hash="h",
        shared_by="ben",
        updated_at=THEN,
        live=True,
    ),
    images={"ab": ("image/png", b"picture")},
)


FILE = ImportedFile(
    file=StoredFile(
        id="f1",
        thread_id="",
        name="rates.csv",
        media_type="text/csv",
        size=4,
        sha256="cd",
        uploaded_by="ben",
        created_at=THEN,
    ),
    data=b"a,b\n",
)


async def test_what_was_said_is_there_as_it_was(service: ThreadService) -> None:
    """With its times, replies, reactions, marks and cells; found by search, and the line that tells who brought it."""
    imported = thread_of(
        said("m1", reactions={"👍": ("ana", "cleo")}, marks={"agreed": "ana"}, edited_at=THEN),
        said("m2", "ana", "Retention", reply_to="m1", cells=("s1",), files=("f1",)),
        cells=(CELL,),
        files=(FILE,),
    )
    thread = (await service.bring_in(ANA, imported))["thread"]
    assert (thread["title"], thread["mode"], thread["instructions"]) == ("Old talk", "mention", "Be brief.")
    assert [(member["username"], member["role"]) for member in thread["members"]] == [("ana", "owner")]
    line, second, first = await service.messages(ANA, thread["id"])
    assert (line["kind"], line["body"]) == ("system", "Ana brought 2 messages in from a file.")
    assert (first["body"], first["created_at"], first["edited_at"]) == (
        "Hello",
        "2025-03-01T09:30:00.000Z",
        first["created_at"],
    )
    assert (first["reactions"], first["marks"]) == ({"👍": ["import:ana", "import:cleo"]}, {"agreed": "import:ana"})
    assert (second["reply_to"], second["cells"], second["seq"]) == ("m1", ["s1"], 1)
    assert [hit["id"] for hit in await service.search(ANA, "retention")] == ["m2"]
    _, data = await service.file(ANA, thread["id"], "ab")
    assert data == b"picture"
    stored, data = await service.file(ANA, thread["id"], second["files"][0])
    assert (stored.uploaded_by, data) == ("import:ben", b"a,b\n")
    (cell,) = (await service.conversation(thread["id"])).cells
    assert (cell.source, cell.shared_by, cell.live) == ("1 + 1", "import:ben", False)


async def test_its_authors_are_nobodys_accounts(service: ThreadService) -> None:
    """Whatever a file calls them: their own namesake cannot change what they said, and nobody signs in as one."""
    imported = thread_of(
        said("m1", "ben"), said("m2", "assistant", kind=MessageKind.ASSISTANT), said("m3", "import:ben")
    )
    party = Party(service, (await service.bring_in(ANA, imported))["thread"]["id"])
    await party.invite(ANA, BEN)
    *_, m3, m2, m1 = await service.messages(BEN, party.thread)
    assert [(message["author"], message["author_name"], message["kind"]) for message in (m1, m2)] == [
        ("import:ben", "Ben", "import"),
        ("import:assistant", "Assistant", "import"),
    ]
    assert m3["author"] == "import:ben"
    for command, fields in ((MessageEdit, {"body": "I never said that"}), (MessageDelete, {})):
        with pytest.raises(NotAllowed):
            await party.do(BEN, command, message="m1", **fields)
    impostor = Actor(username="import:ben", name="Ben")
    with pytest.raises(NotAllowed):
        await service.execute(impostor, ThreadCreate(id=fresh(), title="x"))
    with pytest.raises(NotAllowed):
        await service.threads(impostor)


async def test_it_is_nobodys_news(service: ThreadService) -> None:
    """Nothing is unread, nobody is mentioned, and the assistant hears nothing; the owner's list gets the thread."""
    heard: list[Happening] = []
    events: list[Event] = []
    service.watch(heard.append)
    service.person("ana", events.append)
    imported = thread_of(*(said(f"m{number}", body="@ana @assistant look", mentions=("ana",)) for number in range(600)))
    thread = (await service.bring_in(ANA, imported))["thread"]
    assert (thread["unread"], thread["mentions"], thread["last_seq"]) == (0, 0, 600)
    (listed,) = await service.threads(ANA)
    assert (listed["unread"], listed["mentions"]) == (0, 0)
    assert heard == []
    joined, *updates = events
    assert isinstance(joined, ThreadJoined)
    for update in updates:  # of the line that tells who brought it
        assert isinstance(update, ThreadUpdated)
        assert (update.unread, update.mentions, update.preview) == (0, 0, None)
    party = Party(service, thread["id"])
    await party.invite(ANA, BEN)
    assert (await service.thread(BEN, thread["id"]))["unread"] == 0


async def test_people_go_on_where_it_ended(service: ThreadService) -> None:
    """The next message has the next place, on the page where the import ended."""
    thread = (await service.bring_in(ANA, thread_of(*(said(f"m{number}") for number in range(300)))))["thread"]
    party = Party(service, thread["id"])
    posted = await party.post(ANA, "And now?", reply_to="m299")
    assert (posted["seq"], posted["reply_to"]) == (301, "m299")
    onlooker = await party.look(ANA, page=1)
    assert [message.seq for message in onlooker.messages] == list(range(256, 302))
    await party.do(ANA, MessageDelete, message="m299")


async def test_it_is_all_there_or_not_at_all(store: Store) -> None:
    """A commit that fails leaves no thread, and the next attempt is a whole one."""
    failing = FailingStore(store)
    service = ThreadService(failing)  # type: ignore[arg-type]
    await service.start()
    try:
        failing.failures = [RuntimeError("disk"), RuntimeError("disk")]
        with pytest.raises(Exception, match="Nothing was changed"):
            await service.bring_in(ANA, thread_of(said("m1")))
        assert await service.threads(ANA) == []
        failing.failures = []
        await service.bring_in(ANA, thread_of(said("m1")))
        assert len(await service.threads(ANA)) == 1
    finally:
        await service.stop()


async def test_its_model_is_taken_where_there_is_one_of_that_name(store: Store) -> None:
    """Another name means nothing here, and the server's usual model answers."""
    service = ThreadService(store, models=("tiny", "auto"))
    await service.start()
    try:
        for named, taken in (("tiny", "tiny"), ("auto", "auto"), ("elsewhere", None), (None, None)):
            thread = (await service.bring_in(ANA, replace(thread_of(said("m1")), model=named)))["thread"]
            assert thread["model"] == taken
    finally:
        await service.stop()


async def test_the_audit_tells_where_it_came_from(service: ThreadService) -> None:
    """How much of what, and the origin that the caller names; no text."""
    thread = (await service.bring_in(ANA, thread_of(said("m1"))))["thread"]
    entry, _ = await service.audit(ANA, thread["id"])
    assert (entry["action"], entry["details"]) == (
        "thread.import",
        {"from": "x", "messages": 1, "cells": 0, "files": 0},
    )


async def test_limits_hold(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads of one person, messages, cells and reactions of one import, and tickets of kernels."""
    limits = Limits(
        threads_per_person=1,
        cells_per_thread=1,
        source_bytes=5,
        reactions_per_message=1,
        files_per_thread=1,
        file_bytes=4,
        file_types=("text/csv",),
    )
    service = ThreadService(store, limits=limits)
    await service.start()
    try:
        with pytest.raises(NotAllowed):
            await service.bring_in(replace(ANA, via="kernel", thread="t"), thread_of())
        await service.bring_in(ANA, thread_of())
        with pytest.raises(Conflict):
            await service.bring_in(ANA, thread_of())
        reactions = {"👍": ("a", "b")}
        for too_much in (
            thread_of(cells=(CELL, CELL)),
            thread_of(cells=(replace(CELL, cell=replace(CELL.cell, source="1 + 1 + 1")),)),
            thread_of(said("m1", reactions=reactions)),
            thread_of(files=(FILE, FILE)),
            thread_of(files=(replace(FILE, file=replace(FILE.file, size=5)),)),
            thread_of(files=(replace(FILE, file=replace(FILE.file, media_type="text/plain")),)),
        ):
            with pytest.raises((TooLarge, InvalidRequest)):
                await service.bring_in(BEN, too_much)
        monkeypatch.setattr(imports, "MAX_MESSAGES", 1)
        with pytest.raises(TooLarge):
            await service.bring_in(BEN, thread_of(said("m1"), said("m2")))
        assert await service.threads(BEN) == []
    finally:
        await service.stop()
