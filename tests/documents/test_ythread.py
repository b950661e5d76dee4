"""A thread's own document, as pycrdt writes and reads it and as yjs reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.types import Attachments, Mode, Role
from tests.documents import yjs
from tests.documents.things import NOON, a_cell, a_draft, a_file, a_member, a_thread


@pytest.fixture
def board() -> YThread:
    """An empty thread document."""
    return YThread()


def updates_of(board: YThread) -> list[bytes]:
    """Collects the document's updates from now on."""
    found: list[bytes] = []
    board.kept = board.ydoc.observe(lambda event: found.append(event.update))  # type: ignore[attr-defined]
    return found


def test_settings_are_shown(board: YThread) -> None:
    """What is not set is absent."""
    board.set_settings(a_thread(archived_at=NOON, notebook=None))
    assert board.get()["meta"] == {
        "title": "Churn review",
        "mode": "auto",
        "instructions": "",
        "archived_at": "2026-11-24T12:00:00.125Z",
        "created_at": "2026-11-24T12:00:00.125Z",
        "created_by": "ana",
        "page_size": 256,
        "last_seq": -1,
    }


def test_only_what_differs_is_written(board: YThread) -> None:
    """Showing the same settings again makes no update, and bringing a thread back clears the mark."""
    thread = a_thread(archived_at=NOON)
    board.set_settings(thread)
    found = updates_of(board)
    board.set_settings(thread)
    assert found == []
    board.set_settings(replace(thread, archived_at=None, mode=Mode.QUIET))
    assert "archived_at" not in board.get()["meta"]
    assert board.get()["meta"]["mode"] == "quiet"


def test_settings_do_not_move_the_newest_message(board: YThread) -> None:
    """``last_seq`` only changes with messages."""
    board.set_settings(a_thread())
    board.set_last_seq(41)
    board.set_settings(a_thread(title="Other", last_seq=-1))
    assert board.last_seq == 41


def test_members_come_and_go(board: YThread) -> None:
    """A member's private marks are not shown."""
    board.put_member(a_member(muted=True, read_seq=7))
    board.put_member(a_member("ben", invited_by="ana", avatar="b.png", colour=3))
    board.put_member(a_member("ben", role=Role.OWNER))
    board.put_member(a_member("guest:hana", guest_until=NOON))
    board.delete_member("ana")
    board.delete_member("nobody")
    joined = "2026-11-24T12:00:00.125Z"
    assert board.get()["members"] == {
        "ben": {"name": "Ben", "role": "owner", "joined_at": joined, "colour": 0},
        "guest:hana": {
            "name": "Guest:Hana",
            "role": "member",
            "joined_at": joined,
            "colour": 0,
            "guest_until": joined,
        },
    }


def test_a_cell_comes_back_as_it_was_shared(board: YThread) -> None:
    """Every field survives, whole numbers as such."""
    board.put_cell(a_cell())
    cell = board.cell("s1")
    assert cell == a_cell()
    assert isinstance(cell.outputs[0]["metadata"]["n"], int)
    assert "s1" in board
    assert board.shared_by("s1") == "ana"
    assert board.cell_count() == 1


def test_an_update_of_a_cell_writes_only_what_differs(board: YThread) -> None:
    """A run that changed the output alone sends the output alone."""
    board.put_cell(a_cell(source="x" * 10_000))
    found = updates_of(board)
    later = a_cell(source="x" * 10_000, outputs=({"output_type": "stream", "name": "stdout", "text": "3"},))
    board.put_cell(later)
    assert board.cell("s1") == later
    assert sum(len(update) for update in found) < 1_000
    board.put_cell(replace(later, source="y", execution_count=None))
    assert board.cell("s1") == replace(later, source="y", execution_count=None)


def test_cells_are_listed_newest_first_and_withdrawn(board: YThread) -> None:
    """A withdrawn cell is gone."""
    board.put_cell(a_cell("s1"))
    board.put_cell(a_cell("s2", updated_at=NOON.replace(hour=13)))
    assert [cell.id for cell in board.cells()] == ["s2", "s1"]
    board.delete_cell("s2")
    board.delete_cell("nothing")
    assert [cell.id for cell in board.cells()] == ["s1"]
    assert board.cell("s2") is None
    assert board.shared_by("s2") is None


def test_files_come_and_go(board: YThread) -> None:
    """Of a file the document says what a chip shows, and no more."""
    board.put_file(a_file())
    board.put_file(a_file("f2", name="b.png"))
    board.delete_file("f2")
    board.delete_file("nothing")
    assert board.get()["files"] == {"f1": {"name": "rates.csv", "media_type": "text/csv", "size": 1_024}}
    assert (board.has_file("f1"), board.has_file("f2"), board.file_count()) == (True, False, 1)


def test_what_goes_along_with_a_draft_is_in_the_thread(board: YThread) -> None:
    """It stays when somebody else begins to write, and what was taken out of the thread no longer goes along."""
    board.put_cell(a_cell())
    board.put_file(a_file())
    board.put_draft(a_draft(), ["ana"])
    brought = Attachments(reply_to="m1", cells=("s1", "gone"), files=("f1",))
    board.set_attachments("d1", brought)
    board.put_draft(a_draft(), ["ana", "ben"])
    assert board.attachments("d1") == replace(brought, cells=("s1",))
    board.delete_file("f1")
    assert board.attachments("d1") == Attachments(reply_to="m1", cells=("s1",))
    board.set_attachments("d1", Attachments())
    assert set(board.get()["drafts"]["d1"]) == {"by", "at", "with"}
    assert board.attachments("d2") == Attachments()


def test_observers_hear_of_each_root(board: YThread) -> None:
    """An observer of the document hears of settings, members, cells, files and drafts."""
    heard: list[str] = []
    board.observe(lambda root, _: heard.append(root))
    board.set_last_seq(1)
    board.put_member(a_member())
    board.put_cell(a_cell())
    board.put_file(a_file())
    board.put_draft(a_draft(), ())
    assert set(heard) == {"meta", "members", "cells", "files", "drafts"}
    assert board.version == "1.2.0"
    with pytest.raises(NotImplementedError):
        board.set({})


def test_yjs_reads_what_pycrdt_writes(board: YThread) -> None:
    """A browser sees the same values, and sources as texts."""
    updates = updates_of(board)
    board.set_settings(a_thread())
    board.put_member(a_member())
    board.put_cell(a_cell())
    board.put_cell(a_cell(execution_count=8, source="2 + 2"))
    board.put_file(a_file())
    board.put_draft(a_draft("d2"), ())
    board.delete_draft("d2")
    board.put_draft(a_draft(), ["ana"])
    board.set_attachments("d1", Attachments(reply_to="m1", cells=("s1",), files=("f1",)))
    board.put_draft(a_draft(), ["ana", "ben"])
    board.set_last_seq(300)
    incremental, whole = yjs.read(("thread", updates), ("thread", [board.ydoc.get_update()]))
    for read in (incremental, whole):
        roots = ("meta", "members", "cells", "files", "marks", "drafts")
        assert {root: read[root] for root in roots} == board.get()
        assert read["texts"] == {"s1": True}
