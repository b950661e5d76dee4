"""Updates of texts are read as what they are, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text, XmlFragment

from jupyter_groupchat.documents.updates import MAX_PARTS, MAX_PIECES, Deletion, Piece, Update, halves, read, write
from jupyter_groupchat.errors import InvalidRequest, TooLarge


def _typed(*texts: str) -> Doc[Text]:
    doc: Doc[Text] = Doc(client_id=7)
    body = doc.get("body", type=Text)
    for text in texts:
        body += text
    return doc


def test_what_pycrdt_writes_is_read_and_written_again() -> None:
    """letters, places and deletions come back as they were."""
    doc = _typed("a👋b", "ü")
    body = doc.get("body", type=Text)
    del body[1:5]  # bytes
    update = read(doc.get_update())
    assert [(piece.client, piece.clock, piece.text) for piece in update.pieces] == [
        (7, 0, "a"),
        (7, 1, None),
        (7, 3, "bü"),
    ]
    assert update.pieces[0].root == "body"
    assert update.pieces[2].left == (7, 2)
    assert update.deletions == (Deletion(7, 1, 2),)
    again: Doc[Text] = Doc()
    again.apply_update(write(update))
    assert str(again.get("body", type=Text)) == str(body) == "abü"
    assert again.get_state() == doc.get_state()


def test_letters_are_counted_as_utf_16_does() -> None:
    """an emoji is two of them, of which the second one is no place to cut."""
    (piece,) = read(_typed("a👋b").get_update()).pieces
    assert piece.length == 4
    assert list(halves([piece])) == [(7, 2)]
    assert piece.after(3).text == "b"
    assert piece.after(3).left == (7, 2)
    with pytest.raises(InvalidRequest):
        piece.after(2)


def test_only_text_is_read() -> None:
    """no formats, embeds, lists, maps, documents within, nor anything within the text."""
    docs: list[Doc[Any]] = [Doc(client_id=7) for _ in range(7)]
    docs[0].get("body", type=Map)["a"] = 1
    docs[1].get("body", type=Array).append(1)
    docs[2].get("body", type=Map)["a"] = Text("b")
    docs[3].get("body", type=Map)["a"] = Doc()
    text = docs[4].get("body", type=Text)
    text += "abc"
    text.format(0, 2, {"bold": True})
    docs[5].get("body", type=Text).insert_embed(0, {"image": "x"})
    docs[6].get("body", type=XmlFragment).children.append("x")
    for doc in docs:
        with pytest.raises(InvalidRequest, match="Only text"):
            read(doc.get_update())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"\0\0\0",
        b"\x01",
        b"\x01\x01\x07\x00\x04\x01\x04body\x02\xed\xa0\x00",  # half a letter as bytes
        b"\x01\x01\x07\x00\x04\x01\x04body\x00\x00",  # no letters
        b"\x01\x01\x07\x00\x00\x05\x00",  # letters that were swept away
        b"\x01\x01\x07\x00\x0a\x05\x00",  # letters that are skipped
        b"\x01\x01\x07\xff\xff\xff\xff\x07\x04\x01\x04body\x02ab\x00",  # more letters than can be counted
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x00\x01\x07\x01\x00\x00",  # nothing is deleted
    ],
)
def test_what_makes_no_sense_is_refused(data: bytes) -> None:
    """cut off, too long, out of bounds, or empty."""
    with pytest.raises(InvalidRequest):
        read(data)


def test_an_update_of_many_pieces_is_refused() -> None:
    """each has to find its place; deletions, of which every update names all, may be more."""
    pieces = [Piece(7, clock, 1, "a", None, None, "body") for clock in range(MAX_PIECES + 1)]
    assert len(read(write(Update(tuple(pieces[:-1]), ()))).pieces) == MAX_PIECES
    with pytest.raises(TooLarge, match="pieces"):
        read(write(Update(tuple(pieces), ())))


def test_an_update_of_very_many_parts_is_refused() -> None:
    """before they are read."""
    data = b"\x00\x01\x07" + b"\x91\x4e" + b"\x00\x01" * (MAX_PARTS + 1)
    with pytest.raises(TooLarge):
        read(data)
    assert len(read(data, None).deletions) == MAX_PARTS + 1
