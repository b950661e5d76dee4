"""Threads as rows, and the list of somebody's threads."""

from __future__ import annotations

from threading import Thread as Flow
from typing import Any

import pytest

from jupyter_groupchat.errors import NotFound, StorageUnavailable
from jupyter_groupchat.storage.documents import Snapshot
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import Mode, Role
from tests.storage.things import Stage, a_file, a_job, a_member, a_thread, an_invitation, minutes


def test_a_thread_comes_back_as_it_was_written(store: Store) -> None:
    """All fields are kept exactly, times to the microsecond."""
    thread = a_thread(
        "a", title="Ärger 🐙", mode=Mode.QUIET, instructions="Be kind.", notebook="a/b.ipynb", archived_at=minutes(5)
    )
    with store.writing() as tx:
        tx.threads.insert(thread)
    with store.reading() as tx:
        assert tx.threads.get("a") == thread
        assert tx.threads.get("b") is None
        assert tx.threads.all_ids() == ["a"]


def test_options_come_back_as_they_were_written(store: Store) -> None:
    """What is kept beside a thread's row: given with it or set later, one by one, and in the list of threads too."""
    plain, strict = a_thread("plain"), a_thread("strict", approval=True, keep_days=30, model="large")
    with store.writing() as tx:
        for thread in (plain, strict):
            tx.threads.insert(thread)
            tx.members.add(thread.id, a_member("ana"))
        assert (tx.threads.get("plain"), tx.threads.get("strict")) == (plain, strict)
        tx.threads.update("plain", keep_days=7)
        tx.threads.update("plain", approval=True, title="New")
        tx.threads.update("strict", keep_days=None)
    with store.reading() as tx:
        assert tx.threads.get("plain") == a_thread("plain", approval=True, keep_days=7, title="New")
        assert tx.threads.get("strict") == a_thread("strict", approval=True, model="large")
        assert {row.thread.id: row.thread for row in tx.threads.of("ana")} == {
            "plain": tx.threads.get("plain"),
            "strict": tx.threads.get("strict"),
        }
    with store.writing() as tx:
        with pytest.raises(NotFound):
            tx.threads.update("nowhere", keep_days=7)
        tx.threads.delete("plain")
        assert tx.threads.get("plain") is None


def test_an_update_changes_the_named_fields_only(stage: Stage) -> None:
    """What is not named stays; an unknown thread is an error."""
    with stage.store.writing() as tx:
        tx.threads.update("t1", title="New", mode=Mode.MENTION, archived_at=minutes(1))
        tx.threads.update("t1", archived_at=None)
        thread = tx.threads.get("t1")
        assert thread == a_thread("t1", title="New", mode=Mode.MENTION)
        with pytest.raises(NotFound):
            tx.threads.update("nowhere", title="New")


def test_seqs_count_from_zero_without_gaps(stage: Stage) -> None:
    """Each call takes the next one; what is rolled back is free again."""
    with stage.store.writing() as tx:
        assert [tx.threads.next_seq("t1", minutes(n)) for n in range(3)] == [0, 1, 2]

    def fail() -> None:
        with stage.store.writing() as tx:
            assert tx.threads.next_seq("t1", minutes(3)) == 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with stage.store.writing() as tx:
        assert tx.threads.next_seq("t1", minutes(4)) == 3
        thread = tx.threads.get("t1")
        assert thread is not None
        assert (thread.last_seq, thread.updated_at) == (3, minutes(4))
        with pytest.raises(NotFound):
            tx.threads.next_seq("nowhere", minutes(4))


def test_writers_at_the_same_time_take_different_seqs(stage: Stage) -> None:
    """Two transactions never hand out the same seq, nor skip one."""
    taken: list[int] = []

    def write() -> None:
        for _ in range(20):
            with stage.store.writing() as tx:
                taken.append(tx.threads.next_seq("t1", minutes(0)))

    flows = [Flow(target=write) for _ in range(3)]
    for flow in flows:
        flow.start()
    for flow in flows:
        flow.join()
    assert sorted(taken) == list(range(60))


def test_an_id_that_is_taken_fails_the_transaction(stage: Stage) -> None:
    """Whoever comes second changes nothing, and is told that trying again makes sense."""

    def insert() -> None:
        with stage.store.writing() as tx:
            tx.threads.insert(a_thread("t2"))
            tx.threads.insert(a_thread("t1"))

    with pytest.raises(StorageUnavailable, match="same moment") as taken:
        insert()
    assert taken.value.details == {"retry": True}
    with stage.store.reading() as tx:
        assert tx.threads.get("t2") is None


def test_a_deleted_thread_leaves_nothing_that_anybody_can_reach(stage: Stage) -> None:
    """Its rows are gone, its files' bytes too unless another thread has the same; its usage and audit lines stay."""
    store = stage.store
    message = stage.post("unmistakable words", mentions=("bob",))
    stage.thread("t2", "ana")
    with store.writing() as tx:
        tx.messages.set_body("t1", message.id, "other words", ("bob",), minutes(1))
        tx.documents.append("page:t1:0", "t1", b"update")
        tx.documents.append("page:t1:0", "t1", b"update")
        tx.documents.fold("page:t1:0", Snapshot(b"snapshot"), 1)
        tx.invitations.add(an_invitation(), "hash")
        tx.replies.add(a_job())
        tx.files.add(a_file("f1", "aa"), b"only here")
        tx.files.add(a_file("f2", "bb"), b"shared")
        tx.files.add(a_file("f2", "bb", thread_id="t2"), b"shared")
        tx.usage.add("t1", "ana", "m", 1, 2, minutes(0), True)
        tx.audit.append("t1", "ana", "thread.create", {}, minutes(0))
    with store.writing() as tx:
        assert tx.threads.lock("t1")
        tx.threads.delete("t1")
        tx.threads.delete("nowhere")
    store.compact()
    with store.reading() as tx:
        assert tx.threads.get("t1") is None
        assert tx.members.list("t1") == []
        assert tx.messages.count("t1") == 0
        assert tx.messages.search("other", username="ana") == []
        assert tx.documents.load("page:t1:0").seq == 0
        assert tx.invitations.get("i1") is None
        assert tx.replies.get("r1") is None
        assert (tx.files.data("aa"), tx.files.data("bb")) == (None, b"shared")
        assert tx.usage.count_since("ana", minutes(-1)) == (1, 3)
        assert len(tx.audit.list("t1", 10)) == 1
        assert [summary.thread.id for summary in tx.threads.of("ana")] == ["t2"]


def test_a_thread_with_the_id_of_a_deleted_one_starts_empty(stage: Stage) -> None:
    """Nothing of the old one shows, even before its remains are removed, and removing them hurts the new one not."""
    old = stage.post("old words")
    with stage.store.writing() as tx:
        tx.threads.delete("t1")
    stage.thread("t1", "ana")
    new = stage.post("new words", id=old.id)
    for _ in range(2):
        with stage.store.reading() as tx:
            assert tx.messages.newest("t1", 10) == [new]
            assert tx.messages.get("t1", old.id) == new
            assert tx.messages.search("words", username="ana") == [new]
        stage.store.compact()


def test_sweeping_a_long_deleted_thread_takes_several_steps(stage: Stage) -> None:
    """Each step removes so many messages at most; the last says that nothing is left."""
    for n in range(5):
        stage.post(f"word{n}")
    with stage.store.writing() as tx:
        tx.threads.delete("t1")
        steps = 0
        while tx.messages.sweep(2):
            steps += 1
        assert steps == 3


def test_the_list_tells_roles_members_unread_messages_and_the_last_one(stage: Stage) -> None:
    """The thread that changed last comes first; each counts for the caller."""
    stage.thread("t2", "bob", "carla")
    stage.thread("t3", "carla")
    stage.post("one", created_at=minutes(1))
    stage.post("two", created_at=minutes(2), mentions=("bob", "assistant"))
    last = stage.post("three", "bob", created_at=minutes(3))
    other = stage.post("four", "carla", "t2", created_at=minutes(9))
    with stage.store.writing() as tx:
        tx.members.update("t2", "bob", muted=True)
    with stage.store.reading() as tx:
        second, first = tx.threads.of("bob")[::-1]
        assert tx.threads.of("nobody") == []
    assert (first.thread.id, first.role, first.muted, first.unread, first.mentions) == ("t2", Role.OWNER, True, 1, 0)
    assert first.last_message == other
    assert (second.thread.id, second.role, second.unread, second.mentions) == ("t1", Role.MEMBER, 2, 1)
    assert second.last_message == last
    assert [member.username for member in second.members] == ["ana", "bob"]


def test_the_list_of_an_empty_thread_has_no_last_message(stage: Stage) -> None:
    """And nothing unread."""
    with stage.store.reading() as tx:
        (summary,) = tx.threads.of("ana")
    assert (summary.last_message, summary.unread, summary.mentions) == (None, 0, 0)


def test_the_list_takes_the_same_number_of_statements_for_many_threads(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty threads cost as many statements as one."""
    for n in range(50):
        stage.thread(f"many{n}", "ana", "bob")
    with stage.store.reading() as tx:
        counted: list[Any] = []
        run = tx.threads._run

        def count(*args: Any, **given: Any) -> Any:
            counted.append(args)
            return run(*args, **given)

        monkeypatch.setattr(tx.threads, "_run", count)
        assert len(tx.threads.of("ana")) == 51
        assert len(counted) == 5
