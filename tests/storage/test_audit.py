"""The audit log's chain."""

from __future__ import annotations

from threading import Thread as Flow

import pytest

from jupyter_groupchat.storage.store import Store
from tests.storage.raw import execute
from tests.storage.things import minutes


@pytest.fixture
def audited(store: Store) -> Store:
    """A store with five lines."""
    with store.writing() as tx:
        for n in range(5):
            tx.audit.append("t1" if n % 2 else None, "ana", "member.patch", {"to": "ü", "n": n}, minutes(n))
    return store


def broken(store: Store) -> int | None:
    """The first line that is not as it was written."""
    with store.reading() as tx:
        return tx.audit.verify()


def test_lines_are_listed_newest_first(audited: Store) -> None:
    """Those of one thread, or all."""
    with audited.reading() as tx:
        assert [(line.id, line.details["n"], line.at) for line in tx.audit.list("t1", 10)] == [
            (4, 3, minutes(3)),
            (2, 1, minutes(1)),
        ]
        assert [line.id for line in tx.audit.list(None, 3)] == [5, 4, 3]


def test_the_log_is_read_from_its_beginning(audited: Store) -> None:
    """In portions, the next after the last line of the one before."""
    with audited.reading() as tx:
        assert [line.id for line in tx.audit.after(0, 3)] == [1, 2, 3]
        assert tx.audit.after(3, 9) == tx.audit.list(None, 2)[::-1]
        assert tx.audit.after(5, 9) == []


def test_an_untouched_chain_is_whole(audited: Store, store: Store) -> None:
    """So is an empty one."""
    assert broken(audited) is None
    execute(audited, "DELETE FROM audit")
    assert broken(audited) is None


@pytest.mark.parametrize(
    ("tampering", "first"),
    [
        ("UPDATE audit SET actor = 'bob' WHERE id = 3", 3),
        ("UPDATE audit SET details = '{}' WHERE id = 1", 1),
        ("UPDATE audit SET thread_id = NULL WHERE id = 2", 2),
        ("UPDATE audit SET at = at + 1 WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 1", 1),
    ],
)
def test_tampering_shows_at_the_line_where_it_was_done(audited: Store, tampering: str, first: int) -> None:
    """Whatever was changed or taken out."""
    execute(audited, tampering)
    assert broken(audited) == first


def test_writers_at_the_same_time_make_one_chain(store: Store) -> None:
    """No link is made twice."""

    def write() -> None:
        for _ in range(5):
            with store.writing() as tx:
                tx.audit.append(None, "ana", "test", {}, minutes(0))

    flows = [Flow(target=write) for _ in range(3)]
    for flow in flows:
        flow.start()
    for flow in flows:
        flow.join()
    assert broken(store) is None
    with store.reading() as tx:
        assert len(tx.audit.list(None, 100)) == 15
