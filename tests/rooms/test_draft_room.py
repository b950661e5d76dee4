"""What a draft's room takes of what clients want to write, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Text

from jupyter_groupchat.documents.updates import Deletion, Id, Piece, Update, write
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.rooms.draft_room import DraftRoom
from jupyter_groupchat.types import StoredDocument
from tests.doubles import MOST, Copy, take

DOC = "draft:t1:d1"


def a_room(*updates: bytes) -> DraftRoom:
    """A room whose log holds these updates."""
    return DraftRoom(DOC, StoredDocument(snapshot=None, updates=updates, seq=len(updates)))


def a_piece(text: str | None, *, client: int = 7, clock: int = 0, **fields: Any) -> Piece:
    """Letters at the beginning of an empty draft, unless told otherwise."""
    length = len(text.encode("utf-16-le")) // 2 if text is not None else 1
    values: dict[str, Any] = {"length": length, "left": None, "right": None, "root": "body"}
    return Piece(client=client, clock=clock, text=text, **(values | fields))


def an_update(*pieces: Piece, deleted: tuple[Deletion, ...] = ()) -> bytes:
    """The bytes of these pieces and deletions."""
    return write(Update(pieces, deleted))


def test_two_who_write_at_once_converge() -> None:
    """each with a copy of their own, in whichever order their updates arrive; nothing but what is new is passed on."""
    anas, bens = Copy(DOC), Copy(DOC)
    room = a_room()
    first = take(room, anas.typed("Why? 👋"))
    assert first is not None
    bens.doc.apply_update(first)
    hers, his = anas.typed("So ", 0), bens.typed(" Tell me")
    for update in (his, hers):
        told = take(room, update)
        assert told is not None
        anas.doc.apply_update(told)
        bens.doc.apply_update(told)
    assert room.text == str(anas) == str(bens) == "So Why? 👋 Tell me"
    assert take(room, anas.doc.get_update()) is None
    assert take(room, bens.typed("!")) is not None
    assert take(room, bens.erased(0, 3)) is not None
    assert room.text == "Why? 👋 Tell me!"


def test_what_repeats_others_brings_only_what_is_new() -> None:
    """a client that was asked for what the server misses may know more of others by the time that it answers."""
    anas, bens = Copy(DOC), Copy(DOC)
    room = a_room()
    early = anas.typed("ab")
    told = take(room, early)
    assert told is not None
    bens.doc.apply_update(told)
    take(room, anas.typed("c"))
    bens.doc.apply_update(anas.doc.get_update())
    bens.typed("d👋")
    change = room.new_in(bens.doc.get_update())
    assert [(piece.client, piece.text) for piece in change.update.pieces] == [(bens.doc.client_id, "d👋")]
    take(room, bens.doc.get_update())
    anas.typed("e")  # her copy says "abc" and "e" in one piece, of which the room has the beginning
    take(room, anas.doc.get_update())
    assert sorted(room.text.replace("👋", "")) == list("abcde")


def test_a_room_goes_on_from_its_log() -> None:
    """it knows whose letters there are, and where none may be cut."""
    anas = Copy(DOC)
    room = a_room()
    log = [take(room, anas.typed("a👋")), take(room, anas.typed("b"))]
    again = a_room(*filter(None, log))
    assert (again.text, again.letters) == ("a👋b", 4)
    assert again.knows(anas.doc.client_id)
    assert not again.knows(1)
    with pytest.raises(InvalidRequest, match="cuts a letter"):
        again.new_in(an_update(a_piece("x", left=(anas.doc.client_id, 1), root=None)))
    take(again, anas.typed("c"))
    assert again.text == "a👋bc"


def test_what_other_servers_wrote_is_taken_in() -> None:
    """by the replica, by the one for trying, and by what is known of letters."""
    anas, bens = Copy(DOC), Copy(DOC)
    room, other = a_room(), a_room()
    first = take(other, anas.typed("👋"))
    assert first is not None
    take(room, bens.typed("x"))
    room.apply([(2, first)])
    assert take(room, anas.typed("y")) is not None
    assert sorted(room.text) == sorted("👋xy")
    with pytest.raises(InvalidRequest, match="cuts a letter"):
        room.new_in(an_update(deleted=(Deletion(anas.doc.client_id, 1, 1),)))


ANA: int = 5
HERE: Id = (ANA, 1)


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        (an_update(a_piece("x", clock=1)), "never came"),
        (an_update(a_piece("x", left=(9, 0), root=None)), "never came"),
        (an_update(a_piece("x", right=(ANA, 4), root=None)), "never came"),
        (an_update(a_piece("x", left=(7, 0), root=None)), "never came"),
        (an_update(a_piece("x", left=(7, 5), root=None)), "never came"),
        (an_update(a_piece("x", left=HERE, root=None), a_piece("y", client=8, left=HERE, root=None)), "somebody else"),
        (an_update(a_piece("x", root="meta")), "one text"),
        (an_update(a_piece("x\0y")), "null character"),
        (an_update(a_piece("x", left=(ANA, 2), root=None)), "cuts a letter"),
        (an_update(a_piece("x", right=(ANA, 3), root=None)), "cuts a letter"),
        (an_update(a_piece("a👋"), a_piece("x", clock=3, left=(7, 1), root=None)), "cuts a letter"),
        (an_update(deleted=(Deletion(ANA, 2, 1),)), "cuts a letter"),
        (an_update(deleted=(Deletion(ANA, 3, 1),)), "cuts a letter"),
        (an_update(deleted=(Deletion(ANA, 4, 1),)), "never came"),
        (an_update(deleted=(Deletion(ANA, 0, 2**31 - 2),)), "never came"),
        (an_update(deleted=(Deletion(9, 0, 1),)), "never came"),
    ],
)
def test_what_no_editor_writes_is_refused(forged: bytes, why: str) -> None:
    """and the room is as it was, and takes what comes next."""
    doc: Doc[Text] = Doc(client_id=ANA)
    body = doc.get("body", type=Text)
    body += "ab👋"
    room = a_room(doc.get_update())
    before = room.state()
    with pytest.raises(InvalidRequest, match=why):
        room.new_in(forged)
    assert (room.state(), room.text) == (before, "ab👋")
    take(room, an_update(a_piece("x", left=HERE, right=(ANA, 2), root=None)))
    assert room.text == "abx👋"


def test_a_change_that_breaks_the_library_breaks_only_a_replica(monkeypatch: pytest.MonkeyPatch) -> None:
    """it is refused, and the next one is tried on a new one."""
    room = a_room()
    take(room, an_update(a_piece("ab")))
    many = a_piece(None, client=8, length=2**32 - 2)
    broken = Update((many, a_piece("abc", client=8, clock=many.end, left=(8, many.end - 1), root=None)), ())
    for _ in range(2):
        change = room.new_in(an_update(a_piece("c", clock=2, left=(7, 1), root=None)))
        monkeypatch.setattr("jupyter_groupchat.rooms.draft_room.write", lambda _: write(broken))
        with pytest.raises(InvalidRequest, match="could not be applied"):
            room.attempt(change, MOST)
        monkeypatch.undo()
    take(room, an_update(a_piece("c", clock=2, left=(7, 1), root=None)))
    assert room.text == "abc"


def test_what_is_given_up_leaves_nothing() -> None:
    """neither in the room nor in the next attempt."""
    room = a_room()
    take(room, an_update(a_piece("ab")))
    change = room.new_in(an_update(a_piece("x" * 9, client=8, left=(7, 1), root=None)))
    assert room.attempt(change, MOST) is not None
    room.give_up()
    take(room, an_update(a_piece("c", client=9, left=(7, 1), root=None)))
    assert room.text == "abc"
