"""What an update of a document holds, read without believing any of it.

yjs and pycrdt apply an update as it comes, and some that no editor ever makes end in a panic, in memory that is used
up, or in copies that differ. So what a client sends is read here, checked by a room, and written anew: the libraries
never see a client's bytes. Only text is understood, since nothing else is ever taken from clients.

Source of the format: https://github.com/yjs/yjs/blob/main/INTERNALS.md, version 1 of the encoding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from jupyter_groupchat.errors import InvalidRequest, TooLarge

#: A letter's place: the client that wrote it, and the how manieth of its letters it is, counted as UTF-16 does.
Id = tuple[int, int]

#: What JavaScript counts exactly; pycrdt chooses clients' ids up to here.
MAX_CLIENT = 2**53 - 1
#: Far more letters than a document may hold, and half of what the libraries can count.
MAX_CLOCK = 2**31 - 1
#: Pieces and deletions of one update: some milliseconds of work.
MAX_PARTS = 10_000
#: Pieces among them: each is put in its place. An update always names all that was deleted, so deletions are more.
MAX_PIECES = 1_000

_GC, _DELETED, _STRING = 0, 1, 4
_ORIGIN, _RIGHT, _KEY, _CONTENT = 0x80, 0x40, 0x20, 0x1F

_WRONG = "That is no update of a text."


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that one client wrote in a row; ``text`` is None for those that are deleted already.

    They stand between ``left`` and ``right`` as their writer saw it. Where both are None, they are the first of the
    text ``root``.
    """

    client: int
    clock: int
    length: int
    text: str | None
    left: Id | None
    right: Id | None
    root: str | None

    @property
    def end(self) -> int:
        """The clock after the last letter."""
        return self.clock + self.length

    def after(self, clock: int) -> Piece:
        """The part of it from ``clock`` on. Raises InvalidRequest when that is the middle of a letter."""
        skipped = clock - self.clock
        text = self.text
        if text is not None:
            try:
                text = text.encode("utf-16-le")[2 * skipped :].decode("utf-16-le")
            except UnicodeDecodeError as error:
                raise InvalidRequest(_WRONG) from error
        left = (self.client, clock - 1)
        return replace(self, clock=clock, length=self.length - skipped, text=text, left=left, root=None)


@dataclass(frozen=True, slots=True)
class Deletion:
    """Letters of a client that are deleted, from ``clock`` on."""

    client: int
    clock: int
    length: int

    @property
    def end(self) -> int:
        """The clock after the last letter."""
        return self.clock + self.length


@dataclass(frozen=True, slots=True)
class Update:
    """Pieces of each client in order, and deletions."""

    pieces: tuple[Piece, ...]
    deletions: tuple[Deletion, ...]


def read(data: bytes, most: int | None = MAX_PARTS) -> Update:
    """Read an update of texts. Raises InvalidRequest for anything else, and TooLarge for one of more than ``most``
    parts."""
    reader = _Reader(data, most)
    pieces: list[Piece] = []
    for _ in range(reader.count()):
        count = reader.count()
        client, clock = reader.id()
        for _ in range(count):
            piece = reader.piece(client, clock)
            clock = piece.end
            pieces.append(piece)
        if most is not None and len(pieces) > MAX_PIECES:
            raise TooLarge(f"One change may have {MAX_PIECES:,} pieces; make several of it.", limit=MAX_PIECES)
    deletions: list[Deletion] = []
    for _ in range(reader.count()):
        client = reader.number(MAX_CLIENT)
        for _ in range(reader.count()):
            clock, length = reader.number(MAX_CLOCK), reader.number(MAX_CLOCK)
            if not length or clock + length > MAX_CLOCK:
                raise InvalidRequest(_WRONG)
            deletions.append(Deletion(client, clock, length))
    reader.finish()
    return Update(tuple(pieces), tuple(deletions))


def write(update: Update) -> bytes:
    """The bytes of an update."""
    out = bytearray()
    clients = [list(pieces) for _, pieces in groupby(update.pieces, lambda piece: piece.client)]
    _number(out, len(clients))
    for pieces in clients:
        _number(out, len(pieces), pieces[0].client, pieces[0].clock)
        for piece in pieces:
            _piece(out, piece)
    deleted = [list(deletions) for _, deletions in groupby(update.deletions, lambda deletion: deletion.client)]
    _number(out, len(deleted))
    for deletions in deleted:
        _number(out, deletions[0].client, len(deletions))
        for deletion in deletions:
            _number(out, deletion.clock, deletion.length)
    return bytes(out)


def halves(pieces: Iterable[Piece]) -> Iterator[Id]:
    """The second halves of letters that UTF-16 writes as two: no text may be cut before one."""
    for piece in pieces:
        if piece.text is None or len(piece.text) == piece.length:
            continue
        at = piece.clock
        for letter in piece.text:
            if ord(letter) > 0xFFFF:
                yield piece.client, at + 1
                at += 1
            at += 1


class _Reader:
    """Goes through the bytes once. Everything that it gives is within its bounds."""

    def __init__(self, data: bytes, most: int | None) -> None:
        self._data = data
        self._at = 0
        self._parts = 0
        self._most = len(data) if most is None else most

    def number(self, most: int) -> int:
        value = shift = 0
        while True:
            if shift > 49:
                raise InvalidRequest(_WRONG)
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
        if value > most:
            raise InvalidRequest(_WRONG)
        return value

    def count(self) -> int:
        """How many of something follow: each takes a byte at least."""
        count = self.number(len(self._data))
        self._parts += count
        if self._parts > self._most:
            raise TooLarge(f"One change may have {self._most:,} parts; make several of it.", limit=self._most)
        return count

    def id(self) -> Id:
        return self.number(MAX_CLIENT), self.number(MAX_CLOCK)

    def piece(self, client: int, clock: int) -> Piece:
        info = self._byte()
        kind = info & _CONTENT
        if info == _GC or kind not in (_DELETED, _STRING) or info & _KEY:
            raise InvalidRequest("Only text can be written here: no formats, pictures, lists, maps or documents.")
        left = self.id() if info & _ORIGIN else None
        right = self.id() if info & _RIGHT else None
        root = None
        if left is None and right is None:
            if self.number(1) != 1:  # within something that is no root
                raise InvalidRequest("Only text can be written here, and nothing within it.")
            root = self._string()
        if kind == _DELETED:
            text, length = None, self.number(MAX_CLOCK)
        else:
            text = self._string()
            length = len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
        if not length or clock + length > MAX_CLOCK:
            raise InvalidRequest(_WRONG)
        return Piece(client, clock, length, text, left, right, root)

    def finish(self) -> None:
        if self._at != len(self._data):
            raise InvalidRequest(_WRONG)

    def _byte(self) -> int:
        if self._at >= len(self._data):
            raise InvalidRequest(_WRONG)
        self._at += 1
        return self._data[self._at - 1]

    def _string(self) -> str:
        length = self.number(len(self._data))
        data = self._data[self._at : self._at + length]
        self._at += length
        try:
            if len(data) == length:
                return data.decode()
        except UnicodeDecodeError as error:
            raise InvalidRequest(_WRONG) from error
        raise InvalidRequest(_WRONG)


def _piece(out: bytearray, piece: Piece) -> None:
    info = _DELETED if piece.text is None else _STRING
    info |= 0 if piece.left is None else _ORIGIN
    info |= 0 if piece.right is None else _RIGHT
    out.append(info)
    for place in (piece.left, piece.right):
        if place is not None:
            _number(out, *place)
    if piece.left is None and piece.right is None:
        _number(out, 1)
        _string(out, piece.root or "")
    if piece.text is None:
        _number(out, piece.length)
    else:
        _string(out, piece.text)


def _string(out: bytearray, text: str) -> None:
    data = text.encode()
    _number(out, len(data))
    out += data


def _number(out: bytearray, *values: int) -> None:
    for value in values:
        while value > 0x7F:
            out.append(0x80 | value & 0x7F)
            value >>= 7
        out.append(value)
