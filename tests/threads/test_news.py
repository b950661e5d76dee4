"""What servers tell each other."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.storage.bus import BEHIND, Bus, bus_of
from jupyter_groupchat.storage.notices import LONGEST
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import news
from jupyter_groupchat.threads.delivery import Close, Delivery, Stop, Tidings
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Role
from jupyter_groupchat.wire.events import RoleChanged, ThreadGone
from tests.doubles import ANA, BEN, Party, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


class WildBus:
    """A bus that tells everything late, twice and in any order, cannot always speak, and now and then says that it
    may have missed something."""

    def __init__(self, bus: Bus, chance: random.Random) -> None:
        self._bus = bus
        self._chance = chance
        self._held: list[tuple[str, dict[str, Any]]] = []

    def publish(self, topic: str, payload: dict[str, Any]) -> None:
        if self._chance.random() < 0.2:
            raise StorageUnavailable("The database is away.")
        self._bus.publish(topic, payload)

    def subscribe(self, callback: Callable[[str, dict[str, Any]], None]) -> Callable[[], None]:
        def wild(topic: str, payload: dict[str, Any]) -> None:
            self._held += [(topic, payload), (topic, payload)]
            self._chance.shuffle(self._held)
            while len(self._held) > self._chance.randrange(8):
                callback(*self._held.pop())
            if self._chance.random() < 0.2:
                callback(BEHIND, {})

        return self._bus.subscribe(wild)

    def close(self) -> None:
        self._bus.close()


def test_a_delivery_is_packed_into_notices_that_fit() -> None:
    """However much a commit had to tell, and however long its titles are."""
    delivery = Delivery(
        closes=[Close("t1", "ben", "removed"), Close("t2", None, "deleted")],
        events=[(f"p{number}", ThreadGone(thread="t1", title="ü" * 200, why="removed")) for number in range(50)],
        tidings=[Tidings("t1", 7), Tidings("t1", 7), Tidings("t1", None, "ben")],
        heads={f"page:t1:{number}": number for number in range(300)},
        stops=[Stop("t1", "m1", "ben")],
    )
    delivery.events.append(("ben", RoleChanged(thread="t1", role=Role.REVIEWER)))
    notices = list(news.pack(delivery, "server"))
    assert len(notices) > 1
    assert all(len(json.dumps([news.TOPIC, notice])) <= LONGEST for notice in notices)
    read = Delivery()
    for notice in json.loads(json.dumps(notices)):
        part = news.unpack(notice)
        for name in ("closes", "events", "tidings", "stops"):
            getattr(read, name).extend(getattr(part, name))
        read.heads.update(part.heads)
    assert read.tidings == [Tidings("t1", 7), Tidings("t1", None, "ben")]
    read.tidings = delivery.tidings
    assert read == delivery
    assert list(news.pack(Delivery(), "server")) == []


def test_many_messages_of_one_commit_are_little_news() -> None:
    """Their notices lie in the database for a while, so they must not grow with what is written."""
    delivery = Delivery(tidings=[Tidings("t1", seq) for seq in range(3, 250)])
    delivery.tidings += [Tidings("t1"), Tidings("t2"), Tidings("t1", 8, "ben")]
    (notice,) = news.pack(delivery, "server")
    assert news.unpack(notice).tidings == [
        Tidings("t1", 3), Tidings("t1", 249), Tidings("t2"), Tidings("t1", 8, "ben")
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
async def test_late_doubled_and_lost_news_change_nothing(store: Store, database: str, seed: int) -> None:
    """Two servers whose bus is out of order: every replica shows every message once, in one order."""
    buses = [WildBus(bus_of(database), random.Random(seed + number)) for number in range(2)]
    services = [ThreadService(store, bus) for bus in buses]
    for service in services:
        await service.start()
    party = await Party.of(services[0], ANA, BEN)
    parties = [Party(service, party.thread) for service in services]
    pages = [await one.look(actor, page=0) for one, actor in zip(parties, (ANA, BEN), strict=True)]
    boards = [await one.look(actor) for one, actor in zip(parties, (ANA, BEN), strict=True)]
    for number in range(30):
        await asyncio.gather(parties[0].post(ANA, f"ana {number}"), parties[1].post(BEN, f"ben {number}"))
    await until(lambda: all(len(page.bodies) == 60 for page in pages))
    assert pages[0].messages == pages[1].messages
    await until(lambda: boards[0].board == boards[1].board)
    for service in services:
        await service.stop()
    for bus in buses:
        await asyncio.to_thread(bus.close)


async def test_servers_that_do_not_hear_each_other_lose_nothing(store: Store) -> None:
    """Each takes in what it missed when it writes next."""
    services = [ThreadService(store), ThreadService(store)]
    for service in services:
        await service.start()
    party = await Party.of(services[0], ANA, BEN)
    parties = [Party(service, party.thread) for service in services]
    pages = [await one.look(actor, page=0) for one, actor in zip(parties, (ANA, BEN), strict=True)]
    for number in range(10):
        await parties[0].post(ANA, f"ana {number}")
        await parties[1].post(BEN, f"ben {number}")
    await parties[0].post(ANA, "last")
    assert pages[0].bodies[-3:] == ["ana 9", "ben 9", "last"]
    assert len(pages[0].bodies) == 21
    await parties[1].post(BEN, "very last")
    assert pages[1].bodies == [*pages[0].bodies, "very last"]
    for service in services:
        await service.stop()
