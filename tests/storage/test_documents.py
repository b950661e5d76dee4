"""The log of documents."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage.documents import Snapshot
from jupyter_groupchat.types import StoredDocument
from tests.storage.things import Stage

PAGE = "page:t1:0"


def append(stage: Stage, *updates: bytes, doc_id: str = PAGE) -> list[int]:
    """The numbers of these updates."""
    with stage.store.writing() as tx:
        return [tx.documents.append(doc_id, "t1", update) for update in updates]


def test_updates_are_numbered_from_one_for_each_document(stage: Stage) -> None:
    """And come back in that order."""
    assert append(stage, b"a", b"b") == [1, 2]
    assert append(stage, b"x", doc_id="thread:t1") == [1]
    assert append(stage, b"", bytes(range(256))) == [3, 4]
    with stage.store.reading() as tx:
        assert tx.documents.load(PAGE) == StoredDocument(
            snapshot=None, updates=(b"a", b"b", b"", bytes(range(256))), seq=4
        )
        assert tx.documents.since(PAGE, 2) == [(3, b""), (4, bytes(range(256)))]
        assert tx.documents.since(PAGE, 4) == []


def test_a_document_that_nobody_wrote_is_empty(stage: Stage) -> None:
    """And one of a thread that does not exist cannot be written."""
    with stage.store.writing() as tx:
        assert tx.documents.load(PAGE) == StoredDocument(snapshot=None, updates=(), seq=0)
        assert tx.documents.since(PAGE, 0) == []
        assert not tx.documents.fold(PAGE, Snapshot(b"snapshot"), 0)
        with pytest.raises(NotFound):
            tx.documents.append("page:nowhere:0", "nowhere", b"a")


def test_folding_puts_a_snapshot_in_the_place_of_updates(stage: Stage) -> None:
    """Those after it stay; numbers go on; a second folding replaces the first."""
    append(stage, b"a", b"b", b"c")
    with stage.store.writing() as tx:
        assert tx.documents.fold(PAGE, Snapshot(b"a+b"), 2)
        assert tx.documents.load(PAGE) == StoredDocument(snapshot=b"a+b", updates=(b"c",), seq=3)
    assert append(stage, b"d") == [4]
    with stage.store.writing() as tx:
        assert tx.documents.fold(PAGE, Snapshot(b"a+b+c+d"), 4)
        assert tx.documents.load(PAGE) == StoredDocument(snapshot=b"a+b+c+d", updates=(), seq=4)
    assert append(stage, b"e") == [5]


def test_who_is_behind_the_snapshot_gets_it_in_place_of_the_folded_updates(stage: Stage) -> None:
    """Who has seen as much gets what came after."""
    append(stage, b"a", b"b", b"c")
    with stage.store.writing() as tx:
        tx.documents.fold(PAGE, Snapshot(b"a+b"), 2)
    with stage.store.reading() as tx:
        assert tx.documents.since(PAGE, 1) == [(2, b"a+b"), (3, b"c")]
        assert tx.documents.since(PAGE, 2) == [(3, b"c")]


def test_a_server_that_folds_less_than_another_did_changes_nothing(stage: Stage) -> None:
    """What the other folded in is kept."""
    append(stage, b"a", b"b", b"c")
    with stage.store.writing() as tx:
        tx.documents.fold(PAGE, Snapshot(b"a+b+c"), 3)
    with stage.store.writing() as tx:
        assert not tx.documents.fold(PAGE, Snapshot(b"a+b"), 2)
        assert not tx.documents.fold(PAGE, Snapshot(b"other"), 3)
        assert tx.documents.load(PAGE).snapshot == b"a+b+c"


def test_documents_with_much_to_fold_are_named(stage: Stage) -> None:
    """By the updates since their snapshot."""
    append(stage, *[b"x"] * 5)
    append(stage, *[b"x"] * 3, doc_id="thread:t1")
    with stage.store.writing() as tx:
        assert tx.documents.large(3) == [PAGE, "thread:t1"]
        assert tx.documents.large(4) == [PAGE]
        tx.documents.fold(PAGE, Snapshot(b"x"), 3)
        assert tx.documents.large(3) == ["thread:t1"]
        tx.documents.delete_thread("t1")
        tx.documents.delete_thread("nowhere")
        assert tx.documents.large(0) == []
        assert tx.documents.load(PAGE).seq == 0


def test_a_large_document_is_kept_smaller_and_whole(stage: Stage) -> None:
    """Megabytes come back byte by byte."""
    snapshot = bytes(range(256)) * 10_000
    append(stage, snapshot)
    with stage.store.writing() as tx:
        tx.documents.fold(PAGE, Snapshot(snapshot), 1)
    with stage.store.reading() as tx:
        assert tx.documents.load(PAGE).snapshot == snapshot


def test_a_reader_sees_one_state_while_another_folds(stage: Stage) -> None:
    """Neither a snapshot without its updates nor updates twice."""
    append(stage, b"a", b"b")
    with stage.store.reading() as reader:
        assert len(reader.documents.load(PAGE).updates) == 2
        with stage.store.writing() as tx:
            tx.documents.fold(PAGE, Snapshot(b"a+b"), 2)
            tx.documents.append(PAGE, "t1", b"c")
        assert reader.documents.load(PAGE) == StoredDocument(snapshot=None, updates=(b"a", b"b"), seq=2)
    with stage.store.reading() as reader:
        assert reader.documents.load(PAGE) == StoredDocument(snapshot=b"a+b", updates=(b"c",), seq=3)
