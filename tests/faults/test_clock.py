"""Clocks that jump, and clocks that differ."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from random import Random

import pytest

from jupyter_groupchat.errors import InvitationGone, StorageUnavailable
from jupyter_groupchat.storage.bus import bus_of
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import upkeep
from jupyter_groupchat.threads.replies import LEASE
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.wire.commands import InvitationAccept, InvitationCreate, ReadPut
from jupyter_groupchat.wire.times import to_wire
from tests.doubles import ANA, BEN, CLEO, NOON, Clock, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def test_a_clock_that_jumps_changes_no_order(store: Store, database: str, chance: Random) -> None:
    """Messages come in the order in which they were written, after a restart too; the times are the clock's."""
    clock = Clock()
    service = ThreadService(store, clock=clock)
    await service.start()
    party = await Party.of(service, ANA, BEN)
    page = await party.look(BEN, page=0)
    times = []
    for number in range(20):
        clock.now += timedelta(seconds=chance.uniform(-90_000, 90_000))
        times.append(clock.now)
        await party.post(chance.choice((ANA, BEN)), f"number {number}")
        if number == 10:
            await party.do(BEN, ReadPut, seq=10)
    expected = [f"number {number}" for number in range(20)]
    assert page.bodies == expected
    assert [to_wire(message.created_at) for message in page.messages[1:]] == [to_wire(time) for time in times]
    await service.stop()

    service = ThreadService(store, clock=clock)
    await service.start()
    party = Party(service, party.thread)
    await party.post(ANA, "number 20")
    newest = await service.messages(BEN, party.thread, limit=8)
    older = await service.messages(BEN, party.thread, before_seq=newest[-1]["seq"], limit=256)
    assert [message["seq"] for message in (*newest, *older)] == list(range(21, -1, -1))
    assert (await party.look(ANA, page=0)).bodies == [*expected, "number 20"]
    conversation = await service.conversation(party.thread)
    assert [row.seq for row in conversation.messages] == list(range(22))
    with store.reading() as tx:
        assert tx.audit.verify() is None
    unread = [row for row in conversation.messages if row.seq > 10 and row.author == "ana"]
    assert (await service.thread(BEN, party.thread))["unread"] == len(unread)
    await service.stop()


async def test_an_invitation_lasts_by_the_clock(store: Store) -> None:
    """It is gone while the clock says so, and open again once the clock was put right."""
    clock = Clock()
    service = ThreadService(store, clock=clock)
    await service.start()
    party = await Party.of(service, ANA)
    code = (await party.do(ANA, InvitationCreate, expires_in=3_600))["invitation"]["code"]
    clock.now += timedelta(days=4_000)
    with pytest.raises(InvitationGone, match="expired"):
        await party.do(BEN, InvitationAccept, code=code)
    clock.now -= timedelta(days=8_000)
    await party.do(CLEO, InvitationAccept, code=code)
    clock.now += timedelta(days=4_000)
    await party.do(BEN, InvitationAccept, code=code)
    assert {member["username"] for member in await service.members(ANA, party.thread)} == {"ana", "ben", "cleo"}
    await service.stop()


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets seconds pass, as far as rounds are concerned."""
    now = 1_000.0

    def passed(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(upkeep, "monotonic", lambda: now)
    return passed


@pytest.fixture(params=[-86_400, -20, 20, 86_400])
async def servers(store: Store, database: str, request: pytest.FixtureRequest) -> AsyncIterator[list[ThreadService]]:
    """Two servers on one database, whose clocks differ. The test makes their rounds."""
    services, buses = [], []
    for ahead in (0, request.param):
        buses.append(bus_of(database))
        # Names that say nothing, as of servers on two machines.
        clock = Clock(NOON + timedelta(seconds=ahead))
        services.append(ThreadService(store, buses[-1], clock=clock, server_id=f"server{ahead}"))
        await services[-1].start()
        await services[-1]._upkeep.stop_rounds()
    yield services
    for service in services:
        await service.stop()
    for bus in buses:
        await asyncio.to_thread(bus.close)


async def _away(read: object) -> None:
    raise StorageUnavailable("The chat's database is not available.")


async def test_who_gives_signs_of_life_is_not_dead(
    servers: list[ThreadService], passed: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever clock: a reply goes on while its server renews its lease, and is interrupted when it does not.

    While the database is away nobody can renew anything, so that time counts for nothing.
    """
    writing, other = servers
    party = await Party.of(writing, ANA, BEN)
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")

    async def status() -> str:
        return (await other.message(BEN, party.thread, reply))["status"]

    for _ in range(8):
        passed(upkeep.ROUND)
        writing._pipeline.context.clock.now += timedelta(seconds=upkeep.ROUND)  # type: ignore[attr-defined]
        await writing._upkeep._renew()
        await other._upkeep._interrupt_dead()
        assert await status() == "streaming"
    with monkeypatch.context() as away:
        away.setattr(other._upkeep, "_in_reader", _away)
        with pytest.raises(StorageUnavailable):
            await other._upkeep._interrupt_dead()
        passed(60)
    await other._upkeep._interrupt_dead()
    assert await status() == "streaming"
    for _ in range(int(LEASE.total_seconds() / upkeep.ROUND) + 1):
        passed(upkeep.ROUND)
        await other._upkeep._interrupt_dead()
    assert await status() == "interrupted"
