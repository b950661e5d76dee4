"""The letters of a draft in their order, deleted ones among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pycrdt import Doc, StickyIndex, Text

from jupyter_groupchat.documents.updates import Id, Piece, Update, write
from jupyter_groupchat.documents.ydraft import BODY


class Letters:
    """A replica in which every letter is an x and none is ever deleted, so that each one's place can be asked for.

    The order of letters depends on neither: it is the draft's.
    """

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._doc: Doc[Any] = Doc()
        self._text: Text = self._doc.get(BODY, type=Text)
        self.add(pieces)

    def add(self, pieces: Iterable[Piece]) -> None:
        """More letters."""
        blank = tuple(replace(piece, text="x" * piece.length) for piece in pieces)
        self._doc.apply_update(write(Update(blank, ())))

    def __len__(self) -> int:
        return len(self._text)

    def gap(self, left: Id | None, right: Id | None) -> int:
        """How many letters there are between two; less than none when they are the same or the wrong way round.

        None stands for the beginning, or the end.
        """
        start = -1 if left is None else self._place(left)
        end = len(self) if right is None else self._place(right)
        return end - start - 1

    def _place(self, letter: Id) -> int:
        client, clock = letter
        sticky = StickyIndex.from_json({"item": {"client": client, "clock": clock}, "assoc": 0}, self._text)
        return sticky.get_index()
