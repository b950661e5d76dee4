"""Reports as rows."""

from __future__ import annotations

from dataclasses import replace

from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import Report
from tests.storage.things import NOON, minutes

REPORT = Report(
    id="r1",
    thread_id="t1",
    message="m1",
    author="bob",
    body="Ärger 🐙",
    reported_by="ana",
    reason="rude",
    at=NOON,
)


def test_a_report_comes_back_until_it_is_closed(store: Store) -> None:
    """whether or not its thread is there; closed, it has no text any more"""
    later = replace(REPORT, id="r2", message="m2", at=minutes(1))
    with store.writing() as tx:
        tx.reports.add(REPORT)
        tx.reports.add(later)
    with store.writing() as tx:
        assert tx.reports.get("r1") == REPORT
        assert tx.reports.get("nothing") is None
        assert tx.reports.list(10) == [later, REPORT]
        assert tx.reports.list(1) == [later]
        assert tx.reports.count_open() == 2
        assert tx.reports.has("ana", "t1", "m1")
        assert not tx.reports.has("ana", "t2", "m1")
        assert not tx.reports.has("bob", "t1", "m1")
        assert tx.reports.times_since("ana", minutes(1)) == (minutes(1),)
        assert tx.reports.times_since("ana", NOON) == (NOON, minutes(1))
        assert tx.reports.close("r1", "olga", minutes(2))
        assert not tx.reports.close("r1", "other", minutes(3))
        assert not tx.reports.close("nothing", "olga", minutes(3))
    closed = replace(REPORT, body="", closed_at=minutes(2), closed_by="olga")
    with store.reading() as tx:
        assert tx.reports.list(10) == [later]
        assert tx.reports.list(10, closed=True) == [later, closed]
        assert tx.reports.count_open() == 1
