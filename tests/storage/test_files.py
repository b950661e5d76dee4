"""Attachments and images."""

from __future__ import annotations

from tests.storage.things import Stage, a_file, minutes


def test_a_file_comes_back_as_written(stage: Stage) -> None:
    """With its bytes; a thread's files in the order in which they came."""
    first, second = a_file("f1", "aa", name="Ä.png"), a_file("f2", "bb", created_at=minutes(1))
    with stage.store.writing() as tx:
        tx.files.add(second, b"")
        tx.files.add(first, bytes(range(256)))
    with stage.store.reading() as tx:
        assert tx.files.get("t1", "f1") == first
        assert tx.files.list("t1") == [first, second]
        assert (tx.files.data("aa"), tx.files.data("bb"), tx.files.data("cc")) == (bytes(range(256)), b"", None)
        assert (tx.files.get("t1", "f3"), tx.files.get("nowhere", "f1"), tx.files.list("nowhere")) == (None, None, [])


def test_the_same_bytes_are_kept_once_and_until_the_last_file_goes(stage: Stage) -> None:
    """Also across threads."""
    stage.thread("t2", "bob")
    with stage.store.writing() as tx:
        tx.files.add(a_file("f1"), b"data")
        tx.files.add(a_file("f2"), b"data")
        tx.files.add(a_file("f1", thread_id="t2"), b"data")
        assert tx.files.delete("t1", "f1")
        assert not tx.files.delete("t1", "f1")
        assert not tx.files.delete("nowhere", "f1")
        assert tx.files.delete("t1", "f2")
        assert tx.files.data("aa") == b"data"
        assert tx.files.delete("t2", "f1")
        assert tx.files.data("aa") is None
