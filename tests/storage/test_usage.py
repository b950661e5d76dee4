"""What each person used of the assistant."""

from __future__ import annotations

from jupyter_groupchat.reply_types import UsageLine
from tests.storage.things import Stage, minutes


def test_usage_counts_in_a_window_of_time_for_one_person(stage: Stage) -> None:
    """In all threads or in one; the window begins at its first moment."""
    with stage.store.writing() as tx:
        tx.usage.add("t1", "ana", "small", 100, 10, minutes(0), True)
        tx.usage.add("t1", "ana", "small", 200, 20, minutes(10), False)
        tx.usage.add("t2", "ana", "large", 300, 30, minutes(20), True)
        tx.usage.add("t1", "bob", "small", 400, 40, minutes(20), True)
        assert tx.usage.count_since("ana", minutes(0)) == (3, 660)
        assert tx.usage.count_since("ana", minutes(10)) == (2, 550)
        assert tx.usage.count_since("ana", minutes(0), "t1") == (2, 330)
        assert tx.usage.count_since("ana", minutes(30)) == (0, 0)
        assert tx.usage.oldest_since("ana", minutes(5)) == minutes(10)
        assert tx.usage.oldest_since("ana", minutes(30)) is None


def test_the_report_sums_by_person_thread_and_model(stage: Stage) -> None:
    """The end of the time is not in it."""
    with stage.store.writing() as tx:
        for minute in (0, 1, 60):
            tx.usage.add("t1", "ana", "small", 100, 10, minutes(minute), True)
        tx.usage.add("t1", "ana", "large", 5, 5, minutes(1), True)
        tx.usage.add("t2", "bob", "small", 7, 8, minutes(2), True)
        assert [(line.username, line.thread_id, line.model) for line in tx.usage.report(minutes(0), minutes(60))] == [
            ("ana", "t1", "large"),
            ("ana", "t1", "small"),
            ("bob", "t2", "small"),
        ]
        assert tx.usage.report(minutes(0), minutes(60))[1] == UsageLine(
            username="ana", thread_id="t1", model="small", replies=2, prompt_tokens=200, completion_tokens=20
        )
