"""Several servers on one database: one SQLite file, or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta

import pytest

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import Conflict, GroupChatError, NotFound
from jupyter_groupchat.storage.bus import BEHIND, Bus, bus_of
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import people, upkeep
from jupyter_groupchat.threads.happenings import Happening, Posted, StopAsked
from jupyter_groupchat.threads.internal import AsideBegin, AsideEnd
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.replies import LEASE
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT, Actor
from jupyter_groupchat.wire.commands import (
    DraftCursor,
    DraftSend,
    InvitationAccept,
    InvitationCreate,
    MemberDelete,
    ReplyStop,
    ThreadDelete,
    Typing,
)
from jupyter_groupchat.wire.events import (
    AssistantNotice,
    DraftCursorMoved,
    Event,
    PresenceChanged,
    ThreadGone,
    ThreadUpdated,
)
from tests.doubles import ANA, BEN, CLEO, Copy, Party, fresh, until
from tests.postgres import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


class Clock:
    """The time of all servers; the test lets it jump."""

    ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Cluster:
    """Three services, as three processes would have them: each with its own store, bus and rooms."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = Clock()
        self.services: list[ThreadService] = []
        self._opened: list[tuple[Store, Bus]] = []

    async def add(self) -> ThreadService:
        """One server more."""
        store = Store(self.url, busy_timeout=30)
        store.open()
        bus = bus_of(self.url)
        service = ThreadService(store, bus, policy=Policy(guests_allowed=True), clock=self.clock)
        await service.start()
        self.services.append(service)
        self._opened.append((store, bus))
        return service

    async def stop(self) -> None:
        """All of them."""
        for service in self.services:
            await service.stop()
        for store, bus in self._opened:
            await asyncio.to_thread(bus.close)
            store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def cluster(
    request: pytest.FixtureRequest, database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Cluster]:
    """Three servers on one database, with short rounds."""
    monkeypatch.setattr(upkeep, "ROUND", 0.2)
    monkeypatch.setattr(people, "PAUSE", 0.0)
    url = database if request.param == "sqlite" else str(request.getfixturevalue("postgresql_url"))
    cluster = Cluster(url)
    for _ in range(3):
        await cluster.add()
    yield cluster
    await cluster.stop()


@pytest.fixture
async def parties(cluster: Cluster) -> list[Party]:
    """One thread of Ana, Ben and Cleo, each on a server of their own."""
    party = await Party.of(cluster.services[0], ANA, BEN, CLEO)
    return [Party(service, party.thread) for service in cluster.services]


async def test_people_on_different_servers_see_one_thread(parties: list[Party]) -> None:
    """Everybody posts at the same moment, again and again: each message is there once, in one order, for all."""
    people = (ANA, BEN, CLEO)
    pages = [await party.look(person, page=0) for party, person in zip(parties, people, strict=True)]
    boards = [await party.look(person) for party, person in zip(parties, people, strict=True)]
    for number in range(20):
        await asyncio.gather(
            *(party.post(person, f"{person.name} {number}") for party, person in zip(parties, people, strict=True))
        )
    expected = sorted(f"{person.name} {number}" for person in people for number in range(20))
    await until(lambda: all(sorted(page.bodies) == expected for page in pages))
    assert pages[0].messages == pages[1].messages == pages[2].messages
    assert [message.seq for message in pages[0].messages] == list(range(62))
    await until(lambda: all(board.board["meta"]["last_seq"] == 61 for board in boards))


async def test_the_same_message_sent_to_two_servers_is_there_once(parties: list[Party]) -> None:
    """A client that was torn from one server asks another, while the first is still at it: both answer the same."""
    page = await parties[2].look(CLEO, page=0)
    for number in range(10):
        one, two = await asyncio.gather(*(party.post(ANA, "once", id=f"m{number}") for party in parties[:2]))
        assert one == two
    await until(lambda: len(page.bodies) == 10)
    assert len((await parties[0].look(ANA, page=0)).bodies) == 10


async def test_each_update_comes_once(parties: list[Party]) -> None:
    """A message from another server is one frame, however often its news is heard."""
    page = await parties[1].look(BEN, page=0)
    for number in range(10):
        await parties[0].post(ANA, f"number {number}")
    await until(lambda: len(page.bodies) == 10)
    await parties[1].post(BEN, "own")
    assert len(page.frames) == 11


async def test_people_on_different_servers_write_one_draft(parties: list[Party]) -> None:
    """At the same moment and again and again; all read the same, see the others' cursors, and one message is sent."""
    doc_id = await parties[0].draft(ANA, "Together: ")
    draft = names.parse(doc_id).draft
    copies = [
        await Copy.opens(party.service, person, doc_id) for party, person in zip(parties[:2], (ANA, BEN), strict=True)
    ]
    heard: list[Event] = []
    parties[1].service.person("ben", heard.append)
    for number in range(20):
        writes = []
        for party, person, copy in zip(parties[:2], (ANA, BEN), copies, strict=True):
            assert isinstance(copy, Copy)
            writes.append(party.service.write(person, doc_id, copy.typed(f"{person.name}{number} ")))
        await asyncio.gather(*writes)
    expected = {f"{name}{number}" for name in ("Ana", "Ben") for number in range(20)}
    await until(lambda: all(set(str(copy).split()[1:]) == expected for copy in copies))
    assert str(copies[0]) == str(copies[1])
    await parties[0].do(ANA, DraftCursor, draft=draft, anchor=[1, 2], head=[1, 3])
    await until(lambda: any(isinstance(event, DraftCursorMoved) and event.head == [1, 3] for event in heard))
    copies[0].subscription.close()
    await until(lambda: parties[1].service.cursors_of(doc_id) == [])

    orders = [party.do(CLEO, DraftSend, draft=draft) for party in parties[1:]]
    answers = await asyncio.gather(*orders, return_exceptions=True)
    (sent,) = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert [type(answer) for answer in answers if isinstance(answer, BaseException)] == [NotFound]
    assert sent["message"]["body"] == str(copies[1])
    assert sorted(sent["message"]["credits"]) == ["ana", "ben"]
    await until(lambda: copies[1].why == "ended")
    await until(lambda: doc_id not in parties[0].service._rooms)


async def test_only_the_server_that_took_a_message_tells_its_assistant(parties: list[Party]) -> None:
    """So that one of three answers."""
    heard: list[list[Happening]] = [[], [], []]
    for party, happenings in zip(parties, heard, strict=True):
        party.service.watch(happenings.append)
    pages = [await party.look(ANA, page=0) for party in parties]
    await parties[1].post(BEN, "who answers?")
    await until(lambda: all(page.bodies for page in pages))
    assert [[type(happening) for happening in happenings] for happenings in heard] == [[], [Posted], []]


async def test_a_removed_members_channels_close_on_every_server(parties: list[Party]) -> None:
    """And the person is told, wherever they are."""
    events: list[Event] = []
    parties[2].service.person("ben", events.append)
    channels = [await party.look(BEN, page=0) for party in parties]
    await parties[0].do(ANA, MemberDelete, username="ben")
    await until(lambda: [channel.why for channel in channels] == ["removed"] * 3)
    await until(lambda: ThreadGone(thread=parties[0].thread, title="Churn review", why="removed") in events)
    for party in parties:
        with pytest.raises(NotFound):
            await party.post(BEN, "hello?")


async def test_a_deleted_thread_is_gone_on_every_server(parties: list[Party]) -> None:
    """Also from the rooms that had it in memory."""
    channels = [await party.look(CLEO) for party in parties]
    await parties[0].do(ANA, ThreadDelete)
    await until(lambda: [channel.why for channel in channels] == ["deleted"] * 3)
    for party in parties:
        with pytest.raises(NotFound):
            await party.look(ANA)


async def test_the_last_place_is_given_once(parties: list[Party]) -> None:
    """Two people use the last use of a link at the same moment on two servers."""
    code = (await parties[0].do(ANA, InvitationCreate, max_uses=1))["invitation"]["code"]
    two = [Actor(username="dan", name="Dan"), Actor(username="eve", name="Eve")]
    answers = await asyncio.gather(
        *(party.do(person, InvitationAccept, code=code) for party, person in zip(parties, two, strict=False)),
        return_exceptions=True,
    )
    assert sorted(isinstance(answer, GroupChatError) for answer in answers) == [False, True]
    assert len(await parties[0].service.members(ANA, parties[0].thread)) == 4


async def test_presence_and_typing_reach_all_servers(parties: list[Party]) -> None:
    """Who is here, wherever they are, and who is no longer."""
    heard: list[PresenceChanged] = []

    def listen(event: Event) -> None:
        if isinstance(event, PresenceChanged):
            heard.append(event)

    parties[0].service.person("ana", listen)
    boards = [await party.look(actor) for party, actor in zip(parties, (ANA, BEN, CLEO), strict=True)]
    await until(lambda: heard[-1].here == ["ana", "ben", "cleo"])
    await parties[1].do(BEN, Typing)
    await until(lambda: heard[-1].typing == ["ben"])
    await parties[1].post(BEN, "done")
    await until(lambda: heard[-1].typing == [])
    boards[1].subscription.close()
    await until(lambda: heard[-1].here == ["ana", "cleo"])
    await parties[2].service.stop()
    await until(lambda: heard[-1].here == ["ana"])


async def test_a_server_that_comes_later_learns_who_is_here(cluster: Cluster, parties: list[Party]) -> None:
    """It asks when it starts."""
    await parties[0].look(ANA)
    newcomer = await cluster.add()
    await until(lambda: newcomer.presence_of(parties[0].thread).here == ["ana"])


async def test_people_are_told_of_what_happens_elsewhere(parties: list[Party]) -> None:
    """Unread counts, mentions, and what the assistant tells one person."""
    heard: list[Event] = []
    parties[2].service.person("cleo", heard.append)
    await parties[0].post(ANA, "@cleo look")
    await until(lambda: any(isinstance(event, ThreadUpdated) and event.mentioned for event in heard))
    notice = AssistantNotice(thread=parties[0].thread, message="m1", text="No replies left.", until=None)
    parties[1].service.tell("cleo", notice)
    await until(lambda: notice in heard)


async def test_a_reply_is_stopped_where_it_is_written(parties: list[Party]) -> None:
    """Whoever asks, on whichever server."""
    heard: list[list[Happening]] = [[], [], []]
    await parties[0].post(ANA, "how many?", id="m1")
    reply = await parties[0].begin_reply("m1")
    for party, happenings in zip(parties, heard, strict=True):
        party.service.watch(happenings.append)
    await parties[2].do(CLEO, ReplyStop, message=reply)
    await until(lambda: heard[0])
    assert heard == [[StopAsked(thread_id=parties[0].thread, message=reply, by="cleo")], [], []]


async def test_a_dead_servers_reply_is_interrupted_by_another(cluster: Cluster, parties: list[Party]) -> None:
    """Not while it still gives signs of life."""
    await parties[0].post(ANA, "how many?", id="m1")
    page = await parties[1].look(BEN, page=0)
    reply = await parties[0].begin_reply("m1")
    await parties[0].append(reply, "Sev")
    for _ in range(3):
        cluster.clock.ahead += timedelta(seconds=8)
        await asyncio.gather(*(service._upkeep._renew() for service in cluster.services))
    await asyncio.gather(*(service._upkeep._interrupt_dead() for service in cluster.services))
    await until(lambda: page.bodies[-1] == "Sev")
    assert page.messages[-1].status == "streaming"
    # The first server hangs: it neither renews its lease nor hears anything.
    await cluster.services[0]._upkeep.stop_rounds()
    cluster.clock.ahead += timedelta(seconds=60)
    await until(lambda: page.messages[-1].status == "interrupted")
    assert page.messages[-1].body == "Sev"
    assert page.messages[-1].reply["error"] == "The server stopped while this was being written."
    with pytest.raises(Conflict, match="has ended"):
        await parties[0].append(reply, "en")
    assert page.messages[-1].body == "Sev"


async def test_what_nobody_told_is_seen_in_the_next_round(
    parties: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """News may be lost; the rows are the truth."""
    page = await parties[1].look(BEN, page=0)
    monkeypatch.setattr(parties[1].service._neighbours, "_heard", lambda topic, payload: None)
    await parties[0].post(ANA, "psst")
    await until(lambda: page.bodies == ["psst"])


async def test_who_was_removed_while_a_server_was_deaf_hears_no_more(
    cluster: Cluster, parties: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither after a removal nor after the thread is deleted, once the server knows that it may have missed something.

    Nobody else's channels end.
    """
    deaf = cluster.services[1]
    other = Party(deaf, (await Party.of(cluster.services[0], ANA, CLEO)).thread)
    heard: list[Event] = []
    deaf.person("ben", heard.append)
    ben, cleo, gone = await parties[1].look(BEN), await parties[1].look(CLEO, page=0), await other.look(CLEO)
    hear = deaf._neighbours._heard
    monkeypatch.setattr(deaf._neighbours, "_heard", lambda topic, payload: None)
    await parties[0].do(ANA, MemberDelete, username="ben")
    await cluster.services[0].execute(ANA, ThreadDelete(id="d1", thread=other.thread))
    hear(BEHIND, {})
    await until(lambda: (ben.why, gone.why) == ("removed", "deleted"))
    assert [(event.thread, event.why) for event in heard if isinstance(event, ThreadGone)] == [
        (parties[0].thread, "removed")
    ]
    await parties[0].post(ANA, "among ourselves")
    hear(BEHIND, {})
    await until(lambda: cleo.bodies == ["among ourselves"])
    assert cleo.why is None


async def test_a_server_that_was_deaf_asks_who_is_here(
    cluster: Cluster, parties: list[Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: what the others said meanwhile they do not say again for long."""
    deaf = cluster.services[1]
    hear = deaf._neighbours._heard
    with monkeypatch.context() as patch:
        patch.setattr(deaf._neighbours, "_heard", lambda topic, payload: None)
        await parties[0].look(ANA)
        await until(lambda: cluster.services[2].presence_of(parties[0].thread).here == ["ana"])
    hear(BEHIND, {})
    await until(lambda: deaf.presence_of(parties[0].thread).here == ["ana"])


async def test_something_for_one_person_is_done_by_one_server(cluster: Cluster) -> None:
    """Of three that begin at the same moment one does, and keeps it for as long as it lives, until it ends."""

    def begin(service: ThreadService) -> Awaitable[object]:
        return service.execute(THE_ASSISTANT, AsideBegin(id=fresh(), asked_by="ana", what="catch_up"))

    begun = await asyncio.gather(*map(begin, cluster.services), return_exceptions=True)
    assert sorted(isinstance(answer, Conflict) for answer in begun) == [False, True, True]
    winner = next(service for service, answer in zip(cluster.services, begun, strict=True) if answer == {})
    others = [service for service in cluster.services if service is not winner]
    cluster.clock.ahead += 5 * LEASE
    await winner._upkeep._renew()
    for service in others:
        with pytest.raises(Conflict, match="already"):
            await begin(service)
    await winner.execute(THE_ASSISTANT, AsideEnd(id=fresh(), asked_by="ana", what="catch_up"))
    assert await begin(others[0]) == {}
