"""Rooms: loaded from the log, kept while used, caught up with what others write."""

from __future__ import annotations

import gc
import time
import weakref
from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.rooms.audience import Audience
from jupyter_groupchat.rooms.registry import SMALLEST, Rooms
from jupyter_groupchat.rooms.room import Room, merged, page_view, replica
from jupyter_groupchat.types import StoredDocument
from tests.documents.things import a_message

EMPTY = StoredDocument(snapshot=None, updates=(), seq=0)
PAGE = "page:t1:0"


class Log:
    """The log of documents, in memory: what rooms need of a transaction."""

    def __init__(self) -> None:
        self.stored: dict[str, StoredDocument] = {}
        self.loaded: list[str] = []

    def load(self, doc_id: str) -> StoredDocument:
        self.loaded.append(doc_id)
        return self.stored.get(doc_id, EMPTY)

    def since(self, doc_id: str, seq: int) -> list[tuple[int, bytes]]:
        stored = self.stored.get(doc_id, EMPTY)
        folded = stored.seq - len(stored.updates)
        rows = list(enumerate(stored.updates, folded + 1))
        if seq < folded:
            assert stored.snapshot is not None
            rows.insert(0, (folded, stored.snapshot))
        return [row for row in rows if row[0] > seq]

    def append(self, doc_id: str, update: bytes) -> int:
        stored = self.stored.get(doc_id, EMPTY)
        self.stored[doc_id] = replace(stored, updates=(*stored.updates, update), seq=stored.seq + 1)
        return stored.seq + 1

    def fold(self, doc_id: str) -> None:
        stored = self.stored[doc_id]
        self.stored[doc_id] = StoredDocument(snapshot=merged(stored), updates=(), seq=stored.seq)


@pytest.fixture
def log() -> Log:
    """An empty log."""
    return Log()


@pytest.fixture
def rooms() -> Rooms:
    """Rooms with place for two small ones."""
    return Rooms(keep=2 * SMALLEST)


def write(log: Log, room: Room[YPage], id: str, seq: int) -> bytes:
    """Post a message in one update, as a unit of work does."""
    room.open().post(a_message(id, seq))
    update = room.close()
    assert update is not None
    room.appended(log.append(room.doc_id, update), update)
    return update


def ids(doc: Doc[Any]) -> list[str]:
    """The messages of a page."""
    return [message.id for message in YPage(doc).messages("t1")]


def test_everything_between_open_and_close_is_one_update(log: Log, rooms: Rooms) -> None:
    """A group of commands makes one update of a document, and none when nothing was written."""
    room = rooms.page(log, "t1", 0)
    assert room.close() is None
    page = room.open()
    assert room.is_open
    page.post(a_message("m1", 0))
    room.open().post(a_message("m2", 1))
    update = room.close()
    assert update is not None
    assert room.close() is None
    room.open()
    assert room.close() is None
    assert ids(replica(StoredDocument(snapshot=None, updates=(update,), seq=1))) == ["m1", "m2"]


def test_a_room_is_loaded_once(log: Log, rooms: Rooms) -> None:
    """While it is in memory, the log is not asked again."""
    room = rooms.page(log, "t1", 0)
    write(log, room, "m1", 0)
    assert rooms.page(log, "t1", 0) is room
    assert log.loaded == [PAGE]


def test_the_least_recently_used_rooms_leave(log: Log, rooms: Rooms) -> None:
    """What comes back is as the log has it."""
    write(log, rooms.page(log, "t1", 0), "m1", 0)
    rooms.thread(log, "t1")
    rooms.page(log, "t1", 0)
    rooms.page(log, "t1", 1)
    rooms.trim()
    assert len(rooms) == 2
    assert "thread:t1" not in rooms
    rooms.thread(log, "t1")
    rooms.thread(log, "t2")
    rooms.trim()
    again = rooms.page(log, "t1", 0)
    assert [message.id for message in again.view.messages("t1")] == ["m1"]
    assert (again.seq, again.updates) == (1, 1)


def test_a_large_room_takes_the_place_of_several(log: Log, rooms: Rooms) -> None:
    """What counts is memory; the room in use stays, however large."""
    rooms.thread(log, "t1")
    large = rooms.page(log, "t1", 0)
    large.open().post(a_message(body="x" * 3 * SMALLEST))
    update = large.close()
    assert update is not None
    large.appended(log.append(PAGE, update), update)
    rooms.trim()
    assert len(rooms) == 1
    assert PAGE in rooms


def test_rooms_that_nobody_used_for_a_while_leave(log: Log, rooms: Rooms) -> None:
    """A server with many idle threads is as small as one with none."""
    rooms.thread(log, "t1")
    rooms.page(log, "t1", 0)
    now = time.monotonic()
    rooms.let_go(now - 60)
    assert len(rooms) == 2
    rooms.let_go(now + 60)
    assert len(rooms) == 0


def test_a_document_that_left_memory_takes_none(log: Log, rooms: Rooms) -> None:
    """Nothing holds on to a replica whose room is gone, also when it was written."""
    room = rooms.page(log, "t1", 0)
    write(log, room, "m1", 0)
    gone = weakref.ref(room.view.ydoc)
    rooms.discard([PAGE])
    del room
    gc.collect()
    assert gone() is None


def test_a_discarded_room_comes_back_from_the_log(log: Log, rooms: Rooms) -> None:
    """What was rolled back is nowhere."""
    room = rooms.page(log, "t1", 0)
    write(log, room, "m1", 0)
    room.open().post(a_message("m2", 1))
    room.close()
    rooms.discard([PAGE])
    assert [message.id for message in rooms.page(log, "t1", 0).view.messages("t1")] == ["m1"]


def test_a_difference_is_what_is_missed(log: Log, rooms: Rooms) -> None:
    """Who has everything gets nearly nothing."""
    room = rooms.page(log, "t1", 0)
    write(log, room, "m1", 0)
    theirs: Doc[Any] = Doc()
    theirs.apply_update(room.difference(theirs.get_state()))
    write(log, room, "m2", 1)
    missed = room.difference(theirs.get_state())
    theirs.apply_update(missed)
    assert ids(theirs) == ["m1", "m2"]
    assert len(room.difference(room.state())) < 10


@pytest.mark.parametrize("vector", [b"", b"\xff", b"\x05", b"\xff" * 40, b"garbage"])
def test_what_is_no_state_vector_is_refused(log: Log, rooms: Rooms, vector: bytes) -> None:
    """An error, and the room is as it was."""
    room = rooms.page(log, "t1", 0)
    write(log, room, "m1", 0)
    with pytest.raises(InvalidRequest, match="state vector"):
        room.difference(vector)
    assert [message.id for message in room.view.messages("t1")] == ["m1"]


def test_what_others_wrote_is_taken_in_and_told_once(log: Log, rooms: Rooms) -> None:
    """The audience hears each update once, however often the news comes."""
    other = Rooms().page(log, "t1", 0)
    room = rooms.page(log, "t1", 0)
    rooms.listen(PAGE, room.seq)
    first, second = write(log, other, "m1", 0), write(log, other, "m2", 1)
    assert rooms.catch_up(log, PAGE, 2) == [first, second]
    assert rooms.catch_up(log, PAGE, 2) == []
    assert rooms.catch_up(log, PAGE, 1) == []
    assert rooms.catch_up(log, PAGE, None) == []
    assert [message.id for message in room.view.messages("t1")] == ["m1", "m2"]


def test_an_audience_hears_although_its_room_left_memory(log: Log, rooms: Rooms) -> None:
    """Also when the room is loaded again in between, with what the audience has not heard."""
    other = Rooms().page(log, "t1", 0)
    rooms.listen(PAGE, rooms.page(log, "t1", 0).seq)
    rooms.discard([PAGE])
    update = write(log, other, "m1", 0)
    rooms.page(log, "t1", 0)
    assert rooms.catch_up(log, PAGE, 1) == [update]
    rooms.discard([PAGE])
    update = write(log, other, "m2", 1)
    assert rooms.catch_up(log, PAGE, 2) == [update]
    assert PAGE not in rooms


def test_an_audience_that_missed_folded_updates_gets_the_whole(log: Log, rooms: Rooms) -> None:
    """The snapshot stands for what was folded away."""
    other = Rooms().page(log, "t1", 0)
    rooms.listen(PAGE, rooms.page(log, "t1", 0).seq)
    write(log, other, "m1", 0)
    write(log, other, "m2", 1)
    log.fold(PAGE)
    write(log, other, "m3", 2)
    heard: Doc[Any] = Doc()
    for update in rooms.catch_up(log, PAGE, 3):
        heard.apply_update(update)
    assert ids(heard) == ["m1", "m2", "m3"]
    assert rooms.page(log, "t1", 0).seq == 3


def test_nobodys_document_is_not_read(log: Log, rooms: Rooms) -> None:
    """News about a document that is neither in memory nor listened to costs nothing."""
    write(log, Rooms().page(log, "t1", 0), "m1", 0)
    assert rooms.catch_up(log, PAGE, 1) == []
    assert PAGE not in rooms


def test_a_deleted_thread_is_forgotten(log: Log, rooms: Rooms) -> None:
    """Its rooms and what was heard of them go."""
    rooms.listen(PAGE, rooms.page(log, "t1", 0).seq)
    rooms.forget("t1")
    assert len(rooms) == 0
    assert rooms.heard(PAGE) is None


def test_what_was_heard_is_forgotten_some_time_after_the_audience_left(log: Log, rooms: Rooms) -> None:
    """Not at once: who subscribes is known here a moment before the audience knows."""
    audience = Audience(lambda doc_id: None)
    rooms.listen(PAGE, 0)
    rooms.prune(audience)
    assert rooms.heard(PAGE) == 0
    rooms.prune(audience)
    assert rooms.heard(PAGE) is None


def test_folding_counts_anew(log: Log, rooms: Rooms) -> None:
    """After a fold only what came since waits to be folded."""
    room = rooms.page(log, "t1", 0)
    for seq in range(5):
        write(log, room, f"m{seq}", seq)
    rooms.folded(PAGE, 3)
    assert room.updates == 2
    rooms.folded("page:t9:0", 3)


def test_a_stored_page_is_read_without_a_room(log: Log) -> None:
    """Readers build a replica of their own."""
    write(log, Rooms().page(log, "t1", 0), "m1", 0)
    assert page_view(log.load(PAGE)).body("m1") == a_message().body
