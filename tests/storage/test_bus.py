"""The bus between servers: in one process, on one SQLite file, over PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition
from typing import Any

import pytest

from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.storage.bus import BEHIND, Bus, LocalBus, bus_of
from jupyter_groupchat.storage.bus_postgresql import PostgresBus
from jupyter_groupchat.storage.bus_sqlite import SqliteBus
from jupyter_groupchat.storage.store import Store
from tests.storage.conftest import sqlite_url
from tests.storage.raw import execute, plain

PATIENCE = 60

Notice = tuple[str, dict[str, Any]]


class Listener:
    """What one subscriber heard."""

    def __init__(self, bus: Bus) -> None:
        self.heard: list[Notice] = []
        self._changed = Condition()
        self.stop = bus.subscribe(self._hear)

    def _hear(self, topic: str, payload: dict[str, Any]) -> None:
        with self._changed:
            self.heard.append((topic, payload))
            self._changed.notify_all()

    def until(self, *notices: Notice) -> None:
        """Wait until all of these were heard."""
        self.when(lambda heard: all(notice in heard for notice in notices))

    def when(self, condition: Callable[[list[Notice]], bool]) -> None:
        """Wait until what was heard fulfils the condition."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.heard), PATIENCE), self.heard


@pytest.fixture
def servers(store: Store, url: str) -> Iterator[tuple[Bus, Bus]]:
    """The buses of two servers on one database."""
    buses = [bus_of(url) for _ in range(2)]
    yield buses[0], buses[1]
    for bus in buses:
        bus.close()


def test_what_one_server_says_every_server_hears(servers: tuple[Bus, Bus]) -> None:
    """In order, the speaker too."""
    listeners = [Listener(bus) for bus in servers]
    said = [("typing", {"n": n, "name": "Ü🐙\x00"}) for n in range(20)]
    for topic, payload in said:
        servers[0].publish(topic, payload)
    for listener in listeners:
        listener.until(*said)
        assert listener.heard == said


def test_a_notice_of_a_transaction_is_heard_when_that_is_committed(servers: tuple[Bus, Bus], store: Store) -> None:
    """And never when it is rolled back."""
    listeners = [Listener(bus) for bus in servers]

    def fail() -> None:
        with store.writing() as tx:
            tx.notify("document", {"seq": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.writing() as tx:
        tx.notify("document", {"seq": 2})
    for listener in listeners:
        listener.until(("document", {"seq": 2}))
        assert listener.heard == [("document", {"seq": 2})]


def test_a_subscriber_that_fails_or_left_does_not_keep_others_from_hearing(servers: tuple[Bus, Bus]) -> None:
    """Nor does the bus end of it."""

    def fail(topic: str, payload: dict[str, Any]) -> None:
        raise ZeroDivisionError

    servers[1].subscribe(fail)
    left, stays = Listener(servers[1]), Listener(servers[1])
    left.stop()
    for n in range(2):
        servers[0].publish("test", {"n": n})
    stays.until(("test", {"n": 0}), ("test", {"n": 1}))
    assert left.heard == []


def test_what_does_not_fit_into_a_notice_is_refused(servers: tuple[Bus, Bus], store: Store) -> None:
    """Clearly, and the next one goes through."""
    listener = Listener(servers[1])
    with pytest.raises(ValueError, match="does not fit"):
        servers[0].publish("test", {"text": "x" * 8_000})
    with store.writing() as tx, pytest.raises(ValueError, match="does not fit"):
        tx.notify("test", {"text": "ü" * 4_000})
    servers[0].publish("test", {"text": "x" * 7_900})
    listener.when(lambda heard: len(heard) == 1)


def test_a_notice_that_makes_no_sense_is_passed_over(servers: tuple[Bus, Bus], store: Store) -> None:
    """Whoever sent it."""
    listener = Listener(servers[1])
    if store.path is None:
        execute(store, "SELECT pg_notify('groupchat_' || md5(current_schema()), 'nonsense')")
    else:
        execute(store, "INSERT INTO notices (notice) VALUES ('nonsense')")
    servers[0].publish("test", {})
    listener.until(("test", {}))
    assert listener.heard == [("test", {})]


def test_a_single_servers_bus_calls_at_once() -> None:
    """In the publisher's own thread; it refuses what the others refuse."""
    bus = LocalBus()
    listener = Listener(bus)
    bus.publish("test", {"n": 1})
    assert listener.heard == [("test", {"n": 1})]
    with pytest.raises(ValueError, match="does not fit"):
        bus.publish("test", {"text": "x" * 8_000})
    bus.close()


@pytest.mark.postgresql
def test_a_bus_comes_back_when_the_database_closes_its_connections(postgresql_url: str) -> None:
    """It says that notices may have been missed, and both directions work again."""
    store = Store(postgresql_url)
    bus = PostgresBus(plain(store))
    try:
        listener = Listener(bus)
        bus.publish("test", {"n": 1})
        listener.until(("test", {"n": 1}))
        for _ in range(2):
            listener.heard.clear()
            for connection in (bus._listening, bus._speaking):
                assert connection is not None
                execute(store, f"SELECT pg_terminate_backend({connection.info.backend_pid})")
            listener.until((BEHIND, {}))
            bus.publish("test", {"n": 2})
            listener.until(("test", {"n": 2}))
    finally:
        bus.close()
        store.close()


def test_a_server_that_falls_far_behind_on_a_file_is_told_so(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old notices are removed; who has not read them looks at the rows."""
    assert sqlite.path is not None
    monkeypatch.setattr("jupyter_groupchat.storage.bus_sqlite._KEPT", 10)
    slow, quick = SqliteBus(str(sqlite.path)), SqliteBus(str(sqlite.path))
    try:
        listener = Listener(slow)
        slow._seen = -100  # as if it had slept since long ago
        for n in range(30):
            quick.publish("test", {"n": n})
        listener.until((BEHIND, {}), ("test", {"n": 29}))
        Listener(quick).when(lambda _: len(execute(sqlite, "SELECT 1 FROM notices")) <= 20)
    finally:
        slow.close()
        quick.close()


def test_a_bus_needs_its_database(tmp_path: Path, postgresql_server: str) -> None:
    """A clear error, not a bus that never speaks."""
    with pytest.raises(StorageUnavailable):
        bus_of(sqlite_url(tmp_path))
    with pytest.raises(StorageUnavailable):
        bus_of("postgresql://nobody@127.0.0.1:1/nowhere")
