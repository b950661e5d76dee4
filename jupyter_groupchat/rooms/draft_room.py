"""The room of a draft: what clients want to write in it is checked, and tried on a second replica, before it is taken.

Only what passes both goes into the room's own replica, in the words of the library and not in the client's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc

from jupyter_groupchat.documents.updates import Deletion, Id, Piece, Update, halves, read, write
from jupyter_groupchat.documents.ydraft import BODY, YDraft
from jupyter_groupchat.errors import Conflict, InvalidRequest
from jupyter_groupchat.rooms.letters import Letters
from jupyter_groupchat.rooms.room import Room
from jupyter_groupchat.types import StoredDocument

log = logging.getLogger(__name__)

BEHIND = "This builds on changes that never came. Discard your copy and fetch the draft again."
FOREIGN = "This speaks for somebody else's copy. Discard your copy and fetch the draft again."
CROSSED = "This does not say where it belongs. Discard your copy and fetch the draft again."
FULL = "This draft was rewritten so often that it is full. Send it, or go on in a new one."
CUT = "This cuts a letter in two. Discard your copy and fetch the draft again."
BROKEN = "This change could not be applied. Discard your copy and fetch the draft again."


@dataclass(frozen=True, slots=True)
class Change:
    """What is new in a client's update. ``client`` wrote its pieces, None when it only deletes."""

    update: Update
    client: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A change as the library tells it, and the text that it leads to."""

    data: bytes
    text: str


class DraftRoom(Room[YDraft]):
    """A draft's replica, the trial replica beside it, and what is needed to check updates without converting either."""

    def __init__(self, doc_id: str, stored: StoredDocument) -> None:
        super().__init__(doc_id, YDraft, stored)
        self._clocks: dict[int, int] = {}
        self._halves: set[Id] = set()
        self._trial: Doc[Any] | None = None
        self._order: Letters | None = None
        self._note(read(self._doc.get_update(), None).pieces)

    @property
    def text(self) -> str:
        """The draft as it is now."""
        return self.view.get()

    @property
    def letters(self) -> int:
        """How many letters were ever written: those that were deleted leave their places."""
        return sum(self._clocks.values())

    def knows(self, client: int) -> bool:
        """Whether there are letters of a client."""
        return client in self._clocks

    def new_in(self, data: bytes) -> Change:
        """What an update brings that the room does not hold. Raises InvalidRequest or TooLarge; nothing is changed.

        What it builds on must be here, whole letters only, and all that is new is by one client.
        """
        update = read(data)
        clocks = dict(self._clocks)
        pieces: list[Piece] = []
        for piece in update.pieces:
            known = clocks.get(piece.client, 0)
            if piece.end <= known:
                continue  # a client that repeats what it was told, or what arrived already
            if piece.clock > known:
                raise InvalidRequest(BEHIND)
            new = piece.after(known) if piece.clock < known else piece
            self._check(new, clocks)
            pieces.append(new)
            clocks[new.client] = new.end
        if any(piece.client != pieces[0].client for piece in pieces):
            raise InvalidRequest(FOREIGN)
        cut = self._halves | set(halves(pieces)) if pieces else self._halves
        if any(_cuts(piece, cut) for piece in pieces):
            raise InvalidRequest(CUT)
        for deletion in update.deletions:
            if deletion.end > clocks.get(deletion.client, 0):
                raise InvalidRequest(BEHIND)
            if (deletion.client, deletion.clock) in cut or (deletion.client, deletion.end) in cut:
                raise InvalidRequest(CUT)
        client = pieces[0].client if pieces else None
        return Change(Update(tuple(pieces), _sorted(update.deletions)), client)

    def attempt(self, change: Change, most: int) -> Attempt | None:
        """Carry a change out on the trial replica; None when it changes nothing.

        From then on it is either taken or given up. Raises Conflict when there would be more than ``most`` letters, and
        InvalidRequest for what belongs nowhere or breaks the library; it is given up then.
        """
        if change.client is not None and self.letters + sum(piece.length for piece in change.update.pieces) > most:
            raise Conflict(FULL)
        if self._trial is None:
            self._trial = Doc()
            self._trial.apply_update(self._doc.get_update())
        told: list[bytes] = []
        try:
            # Only while trying: an observed document is never collected (pycrdt 0.14.13).
            observing = self._trial.observe(lambda event: told.append(event.update))
            self._trial.apply_update(write(change.update))
            self._trial.unobserve(observing)
            text = YDraft(self._trial).get()
            if self._is_apart(change.update.pieces) and text != _read_again(self._trial):
                raise InvalidRequest(CROSSED)
            return Attempt(told[0], text) if told else None
        except InvalidRequest:
            self.give_up()
            raise
        except BaseException as error:  # a panic within pycrdt is no Exception
            self.give_up()
            log.warning("A change of %s could not be applied and was refused.", self.doc_id, exc_info=error)
            raise InvalidRequest(BROKEN) from None

    def give_up(self) -> None:
        """What was tried last is not to be."""
        self._trial = self._order = None

    def take(self, change: Change, attempt: Attempt) -> None:
        """Let the room's own replica have what was tried. The room is open."""
        self._doc.apply_update(attempt.data)
        # More may come before the log has this.
        self._note(change.update.pieces)

    def apply(self, updates: Iterable[tuple[int, bytes]]) -> None:
        """Take in what other servers wrote, as the log holds it."""
        rows = list(updates)
        super().apply(rows)
        for _, update in rows:
            if self._trial is not None:
                self._trial.apply_update(update)
            if self._order is not None:
                self._order.add(read(update, None).pieces)

    def appended(self, seq: int, update: bytes) -> None:
        """The log took ``update``, which ``close`` returned or another server wrote, as its update number ``seq``."""
        super().appended(seq, update)
        self._note(read(update, None).pieces)

    def _is_apart(self, pieces: Iterable[Piece]) -> bool:
        """Whether some piece goes between letters that are no neighbours here: somebody else wrote there meanwhile.

        Raises InvalidRequest for one that says where it goes the wrong way round.
        """
        if self._order is None:
            self._order = Letters(read(self._doc.get_update(), None).pieces)
        apart = False
        for piece in pieces:
            gap = self._order.gap(piece.left, piece.right)
            if gap < 0:
                raise InvalidRequest(CROSSED)
            apart = apart or gap > 0
            self._order.add((piece,))
        return apart

    def _check(self, piece: Piece, clocks: dict[int, int]) -> None:
        if piece.text is not None and "\0" in piece.text:
            raise InvalidRequest("A text may not hold a null character.")
        if piece.root not in (None, BODY):
            raise InvalidRequest("A draft has one text, and nothing beside it.")
        for place in (piece.left, piece.right):
            if place is not None and place[1] >= clocks.get(place[0], 0):
                raise InvalidRequest(BEHIND)

    def _note(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self._clocks[piece.client] = max(piece.end, self._clocks.get(piece.client, 0))
            self._halves.update(halves((piece,)))


def _cuts(piece: Piece, cut: set[Id]) -> bool:
    """Whether a piece stands between the halves of a letter, or begins with the second one of another."""
    left, right = piece.left, piece.right
    return (left is not None and (left[0], left[1] + 1) in cut) or (right is not None and right in cut)


def _read_again(doc: Doc[Any]) -> str:
    """The text as a replica reads it that gets everything at once. Of letters whose writer never saw a text in which
    their place is one, it may be another."""
    again: Doc[Any] = Doc()
    again.apply_update(doc.get_update())
    return YDraft(again).get()


def _sorted(deletions: Iterable[Deletion]) -> tuple[Deletion, ...]:
    """The same in the order of clients, as the format wants them."""
    return tuple(sorted(deletions, key=lambda deletion: (deletion.client, deletion.clock)))
