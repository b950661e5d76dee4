"""Copies and imports of many messages: others come in between, and nobody sees one before it is whole."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress

import pytest

from jupyter_groupchat.errors import GroupChatError, NotFound
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.filling import PATIENCE
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.wire.commands import MessagePost, ThreadCopy, ThreadCreate
from tests.doubles import ANA, BEN, Clock, FailingStore, Party, fresh, until
from tests.threads.test_imports import said, thread_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

LONG = thread_of(*(said(f"m{number}") for number in range(3_000)))


def unfinished(store: Store) -> list[str]:
    """Threads that are being written."""
    with store.reading() as tx:
        return [id for id, _, _ in tx.threads.unfinished()]


def writing(database: str) -> subprocess.Popen[bytes]:
    """A server that brings one long thread in after the other."""
    return subprocess.Popen([sys.executable, "-c", _WRITER, database])


async def test_others_are_answered_meanwhile(service: ThreadService, store: Store, party: Party) -> None:
    """And see nothing of it; who started it has all of it in the end."""
    long = (await service.bring_in(ANA, LONG))["thread"]["id"]
    copying = asyncio.ensure_future(service.execute(ANA, ThreadCopy(id=fresh(), thread=long)))
    between = 0
    while not copying.done():
        await party.post(BEN, "hello")
        seen = [thread["id"] for thread in await service.threads(ANA)]
        for thread_id in unfinished(store):  # still
            between += 1
            assert thread_id not in seen
            with suppress(NotFound):
                await service.thread(ANA, thread_id)
                assert unfinished(store) == []
    assert between > 1
    copy = Party(service, (await copying)["thread"]["id"])
    # The line that says who brought it in is no part of what was said.
    assert sum([len((await copy.look(ANA, page=page)).messages) for page in range(12)]) == 3_000
    assert unfinished(store) == []


@pytest.mark.parametrize("step", range(4))
async def test_a_step_that_fails_leaves_nothing(store: Store, step: int) -> None:
    """Whichever it is: the thread, its first page, its second, or the last step."""
    failing = FailingStore(store)
    service = ThreadService(failing)  # type: ignore[arg-type]
    await service.start()
    try:
        failing.failures = [*[None] * step, RuntimeError("disk")]
        with pytest.raises(GroupChatError, match="Nothing was changed"):
            await service.bring_in(ANA, thread_of(*(said(f"m{number}") for number in range(300))))
        assert await service.threads(ANA) == []
        assert unfinished(store) == []
        with store.reading() as tx:
            assert tx.threads.all_ids() == []
    finally:
        await service.stop()


async def test_the_same_copy_twice_at_once_is_one(service: ThreadService, store: Store, party: Party) -> None:
    """As any command that is asked for again."""
    await party.post(ANA, "hello")
    command = ThreadCopy(id=fresh(), thread=party.thread)
    answers = await asyncio.gather(*(service.execute(ANA, command) for _ in range(3)))
    assert len({answer["thread"]["id"] for answer in answers}) == 1
    assert len(await service.threads(ANA)) == 2
    assert unfinished(store) == []


_WRITER = """
import asyncio, sys
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.service import ThreadService
from tests.doubles import ANA
from tests.threads.test_filling import LONG

async def main():
    store = Store(sys.argv[1])
    store.open()
    service = ThreadService(store)
    await service.start()
    while True:
        await service.bring_in(ANA, LONG)

asyncio.run(main())
"""


async def test_what_a_killed_server_began_is_removed(database: str, store: Store) -> None:
    """By the next one; what was whole stays whole."""
    with writing(database) as writer:
        await until(lambda: unfinished(store))
        writer.kill()
    service = ThreadService(store)
    await service.start()
    await until(lambda: not unfinished(store))
    threads = await service.threads(ANA)
    assert all(thread["last_seq"] == 3_000 for thread in threads)
    with store.reading() as tx:
        assert tx.threads.all_ids() == [thread["id"] for thread in reversed(threads)]
    await service.stop()


async def test_what_is_still_being_written_is_left_alone(store: Store, clock: Clock) -> None:
    """For an hour after the last step, where nothing is known of the server."""
    began = ThreadService(store, clock=clock)
    await began.start()
    thread = (await began.execute(ANA, ThreadCreate(id=fresh(), title="Begun")))["thread"]["id"]
    await began.execute(ANA, MessagePost(id=fresh(), thread=thread, body="so far"))
    await began.stop()
    with store.writing() as tx:
        tx.members.remove(thread, "ana")
        tx.threads.be_unfinished(thread, "elsewhere.1.x", clock())
    for later, left in ((PATIENCE, [thread]), (2 * PATIENCE, [])):
        clock.now += later
        service = ThreadService(store, clock=clock)
        await service.start()
        await service._upkeep._remove_unfinished()
        assert unfinished(store) == left
        await service.stop()
