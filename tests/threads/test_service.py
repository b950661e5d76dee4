"""The service as a whole: listening, fetching, stopping."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from jupyter_groupchat.errors import GroupChatError, InvalidRequest, NotFound, StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.happenings import Happening
from jupyter_groupchat.threads.opening import OPEN_AHEAD
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import PAGE_SIZE, Actor
from jupyter_groupchat.wire.commands import InvitationAccept, InvitationCreate, Subscribe
from tests.doubles import ANA, BEN, PATIENCE, Onlooker, Party, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def test_who_comes_back_fetches_only_what_was_missed(party: Party) -> None:
    """Twenty messages and one more cost one message, by the state vector that a channel begins with."""
    for number in range(20):
        await party.post(ANA, f"number {number}: " + "x" * 200)
    page = await party.look(BEN, page=0)
    page.subscription.close()
    await party.post(ANA, "missed")
    assert page.bodies[-1] != "missed"
    missed = await page.fetch(party.service, BEN)
    assert page.bodies[-1] == "missed"
    assert len(missed) < 400
    again = await Onlooker.opens(party.service, BEN, page.doc_id)
    assert again.subscription.state == await party.service.state(BEN, page.doc_id)
    assert again.doc.get_state() == page.doc.get_state()


async def test_the_next_page_can_be_opened_before_it_begins_and_no_other(party: Party) -> None:
    """A client is there when its first message comes, and cannot make the server invent pages."""
    before = PAGE_SIZE - OPEN_AHEAD
    await party.fill(ANA, before - 1)
    with pytest.raises(NotFound, match="no such page"):
        await party.look(BEN, page=1)
    await party.post(ANA, "sixteen before")
    following = await party.look(BEN, page=1)
    await party.fill(ANA, OPEN_AHEAD - 1)
    assert following.messages == []
    await party.post(ANA, "the first of its page")
    assert following.bodies == ["the first of its page"]
    for page in (2, 10**8):
        with pytest.raises(NotFound, match="no such page"):
            await party.look(BEN, page=page)


@pytest.mark.parametrize("vector", [b"", b"\xff\xff", b"nonsense"])
async def test_a_malformed_state_vector_is_refused(party: Party, vector: bytes) -> None:
    """The next one works."""
    doc_id = f"thread:{party.thread}"
    with pytest.raises(InvalidRequest):
        await party.service.difference(ANA, doc_id, vector)
    assert await party.service.difference(ANA, doc_id, b"\x00")


@pytest.mark.parametrize("doc_id", ["draft:t", "draft:t:1:2", "page:t", "thread:", "nonsense"])
async def test_only_documents_can_be_opened(service: ThreadService, doc_id: str) -> None:
    """Anything else is a request that makes no sense."""
    with pytest.raises(InvalidRequest):
        await service.state(ANA, doc_id)


async def test_a_socket_command_is_none_of_the_service(service: ThreadService) -> None:
    """Subscribing is not executed."""
    with pytest.raises(InvalidRequest):
        await service.execute(ANA, Subscribe(id="c1", doc="thread:t"))  # type: ignore[arg-type]


async def test_an_answer_comes_after_the_updates_it_caused(party: Party) -> None:
    """A client that has the answer has seen the message."""
    page = await party.look(ANA, page=0)
    for number in range(10):
        message = await party.post(ANA, f"number {number}")
        assert page.messages[-1].id == message["id"]


async def test_a_broken_watcher_keeps_nobody_from_their_answers(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    """The log says what failed."""

    def broken(happening: Happening) -> None:
        raise RuntimeError("the assistant is confused")

    party.service.watch(broken)
    await party.post(ANA, "hello")
    assert "the assistant is confused" in caplog.text


async def test_who_gave_up_waiting_does_not_stop_the_others(party: Party) -> None:
    """A command that was sent is carried out; a subscription that nobody waits for is not made."""
    waiting = asyncio.ensure_future(party.post(ANA, "patience"))
    opening = asyncio.ensure_future(party.look(BEN))
    await asyncio.sleep(0)
    waiting.cancel()
    opening.cancel()
    await asyncio.gather(waiting, opening, return_exceptions=True)
    await party.post(BEN, "next")
    assert (await party.look(BEN, page=0)).bodies == ["patience", "next"]
    assert party.service.presence_of(party.thread).here == []


async def test_everything_that_was_acknowledged_is_there_after_a_restart(store: Store, database: str) -> None:
    """Read by another service from the same file, from the log of updates."""
    first = ThreadService(store)
    await first.start()
    party = await Party.of(first, ANA, BEN)
    said = [(await party.post(ANA, f"number {number}"))["id"] for number in range(50)]
    await first.stop()
    reopened = Store(database)
    reopened.open()
    second = ThreadService(reopened)
    await second.start()
    page = await Party(second, party.thread).look(BEN, page=0)
    assert [message.id for message in page.messages if message.kind == "human"] == said
    await second.stop()
    reopened.close()


async def test_stopping_loses_nothing(store: Store) -> None:
    """With clients connected and commands under way: each is kept and answered, or refused."""
    service = ThreadService(store)
    await service.start()
    party = await Party.of(service, ANA, BEN)
    channels = [await party.look(BEN), await party.look(BEN, page=0)]
    posts = [asyncio.ensure_future(party.post(ANA, f"number {number}")) for number in range(300)]
    await until(lambda: posts[0].done())
    await service.stop()
    answers = await asyncio.gather(*posts, return_exceptions=True)
    acknowledged = {answer["id"] for answer in answers if isinstance(answer, dict)}
    assert all(isinstance(answer, dict | StorageUnavailable) for answer in answers)
    assert [channel.why for channel in channels] == ["stopped", "stopped"]
    with store.reading() as tx:
        kept = {row.id for row in tx.messages.newest(party.thread, 1_000)}
    assert acknowledged
    assert acknowledged <= kept
    with pytest.raises(StorageUnavailable, match="stopping"):
        await party.post(ANA, "too late")


async def test_a_locked_database_refuses_and_the_service_lives(database: str) -> None:
    """Commands fail after the busy timeout, reading goes on, and the next command works."""
    store = Store(database, busy_timeout=0.2)
    store.open()
    service = ThreadService(store)
    await service.start()
    party = await Party.of(service, ANA, BEN)
    page = await party.look(BEN, page=0)
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = await asyncio.gather(
        *(party.post(ANA, f"number {number}") for number in range(20)), return_exceptions=True
    )
    assert all(isinstance(answer, StorageUnavailable) for answer in refused)
    assert "locked" in str(refused[0])
    assert len(await service.messages(BEN, party.thread)) == 1
    await page.fetch(service, BEN)
    other.execute("ROLLBACK")
    other.close()
    await party.post(ANA, "open again")
    assert page.bodies == ["open again"]
    await service.stop()
    store.close()


async def test_a_locked_database_holds_up_no_stop(database: str) -> None:
    """What waits for the lock is refused, and stopping does not wait for it."""
    store = Store(database, busy_timeout=10 * PATIENCE)
    store.open()
    service = ThreadService(store)
    await service.start()
    party = await Party.of(service, ANA)
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = [asyncio.ensure_future(party.post(ANA, f"number {number}")) for number in range(3)]
    await asyncio.sleep(0)
    await asyncio.wait_for(service.stop(), PATIENCE)
    answers = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), PATIENCE)
    assert all(isinstance(answer, StorageUnavailable) for answer in answers)
    other.execute("ROLLBACK")
    other.close()
    await until(lambda: not any(thread.name == "groupchat-core" for thread in threading.enumerate()))
    with store.reading() as tx:
        assert tx.messages.newest(party.thread, 10) == []
    store.close()


async def test_twenty_people_fit_into_a_thread(service: ThreadService) -> None:
    """The owner and nineteen more, each with a place of their own."""
    party = await Party.of(service, ANA)
    code = (await party.do(ANA, InvitationCreate))["invitation"]["code"]
    people = [Actor(username=f"p{number}", name=f"Person {number}") for number in range(20)]
    for person in people[:19]:
        await party.do(person, InvitationAccept, code=code)
    with pytest.raises(GroupChatError, match="full: it has 20 members"):
        await party.do(people[19], InvitationAccept, code=code)
    await asyncio.gather(*(party.post(person, person.name) for person in people[:19]))
    page = await party.look(ANA, page=0)
    assert sorted(page.bodies) == sorted(person.name for person in people[:19])
