"""Messages by their age."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.reply_types import Act, Decision
from jupyter_groupchat.storage.retention import Oldest
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import MessageKind
from tests.storage.raw import execute
from tests.storage.things import NOON, Stage, a_file, minutes


def test_the_oldest_message_that_was_not_looked_at(stage: Stage) -> None:
    """of each thread that has one, with how long the thread keeps its messages"""
    stage.thread("t2", "ana")
    stage.thread("empty", "ana")
    first = stage.post("first", created_at=minutes(1))
    second = stage.post("second", created_at=minutes(2))
    stage.post("brought in", thread_id="t2", kind=MessageKind.IMPORT, created_at=minutes(3))
    with stage.store.writing() as tx:
        tx.threads.update("t2", keep_days=30)
        assert tx.retention.oldest() == [
            Oldest("t1", None, NOON, minutes(1), False),
            Oldest("t2", 30, NOON, minutes(3), True),
        ]
        assert tx.retention.next("t1", 5) == [first, second]
        assert tx.retention.next("t1", 1) == [first]
        tx.retention.looked_at("t1", 1)
        tx.retention.looked_at("t2", 1)
        assert tx.retention.oldest() == [Oldest("t1", None, NOON, minutes(2), False)]
        assert tx.retention.next("t1", 5) == [second]
        thread = tx.threads.get("t2")
        assert thread is not None
        assert thread.keep_days == 30
        with pytest.raises(NotFound):
            tx.retention.next("nowhere", 1)
        with pytest.raises(NotFound):
            tx.retention.looked_at("nowhere", 1)


def test_messages_older_than_a_moment_are_counted(stage: Stage) -> None:
    """without deleted ones, and without lines of the thread's own"""
    kept = [stage.post(f"{number}", created_at=minutes(number)) for number in range(4)]
    stage.post("Bob joined.", kind=MessageKind.SYSTEM, created_at=minutes(0))
    with stage.store.writing() as tx:
        tx.messages.delete("t1", kept[0].id)
        assert [tx.retention.count("t1", minutes(before)) for before in (0, 1, 2, 3, 9)] == [0, 0, 1, 2, 3]
        assert tx.retention.count("nowhere", minutes(9)) == 0


def test_what_belongs_to_messages_goes_by_its_age(stage: Stage) -> None:
    """files are named, and decisions deleted a few at a time"""
    stage.thread("t2", "ana")
    with stage.store.writing() as tx:
        for number in range(4):
            tx.files.add(a_file(f"f{number}", sha256="aa", created_at=minutes(number)), b"data")
            decision = Decision(act=Act.STAY_OUT, reason=f"{number}", by="rule")
            tx.decisions.add("t1", f"m{number}", decision, minutes(number))
        tx.decisions.add("t2", "m9", decision, minutes(0))
        assert sorted(tx.files.before("t1", minutes(2))) == ["f0", "f1"]
        assert (tx.files.before("t2", minutes(9)), tx.files.before("nowhere", minutes(9))) == ([], [])
        assert [tx.decisions.expire("t1", minutes(3), 2) for _ in range(3)] == [2, 1, 0]
        assert [record.message for record in tx.decisions.list("t1", 9)] == ["m3"]
        assert tx.decisions.expire("nowhere", minutes(9), 2) == 0
        assert [record.message for record in tx.decisions.list("t2", 9)] == ["m9"]


def test_words_of_deleted_messages_leave_the_search_index(store: Store) -> None:
    """for good, and those of others are still found"""
    stage = Stage(store)
    secret = stage.post("xylophone")
    for number in range(300):
        stage.post(f"kept {number}")
    with store.writing() as tx:
        tx.messages.delete("t1", secret.id)
    store.forget_words()
    with store.reading() as tx:
        assert len(tx.messages.search("kept", username="ana", limit=500)) == 300
        assert tx.messages.search("xylophone", username="ana") == []
    if store.path is not None:
        blocks = [bytes(row[0]) for row in execute(store, "SELECT block FROM messages_search_data")]
        assert any(b"kept" in block for block in blocks)
        assert not any(b"xylophone" in block for block in blocks)
