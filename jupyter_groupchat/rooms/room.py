"""A room: the replica of one document on the core thread, and how far into the log it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from pycrdt import Doc, Subscription, Transaction

from jupyter_groupchat.documents.ydraft import YDraft
from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.types import StoredDocument
from jupyter_groupchat.wire import frames

View = TypeVar("View", YThread, YPage, YDraft)


class Room(Generic[View]):
    """A replica with its view. Belongs to the core thread.

    ``seq`` is the last update of the log that the replica holds, ``updates`` how many the log holds beside the
    snapshot, ``size`` how many bytes it was read from and grew by, ``used`` when it was last asked for (monotonic).
    Between ``open`` and ``close`` everything written through ``view`` becomes one update.
    """

    def __init__(self, doc_id: str, view: Callable[[Doc[Any]], View], stored: StoredDocument) -> None:
        self.doc_id = doc_id
        self._doc = replica(stored)
        self.view: View = view(self._doc)
        self.seq = stored.seq
        self.updates = len(stored.updates)
        self.size = len(stored.snapshot or b"") + sum(map(len, stored.updates))
        self.used = 0.0
        self._transaction: Transaction | None = None
        self._observing: Subscription | None = None
        self._written: list[bytes] = []

    @property
    def is_open(self) -> bool:
        """Whether something may be written now."""
        return self._transaction is not None

    def open(self) -> View:
        """Begin, or go on, to write."""
        if self._transaction is None:
            # Only while writing: an observed document is never collected (pycrdt 0.14.13), its room long gone.
            self._observing = self._doc.observe(lambda event: self._written.append(event.update))
            self._transaction = self._doc.transaction()
            self._transaction.__enter__()
        return self.view

    def close(self) -> bytes | None:
        """End writing. What was written as one update, None when nothing was."""
        if self._transaction is None or self._observing is None:
            return None
        self._transaction.__exit__(None, None, None)
        self._doc.unobserve(self._observing)
        self._transaction = self._observing = None
        written, self._written = self._written, []
        # One transaction makes at most one update; observers that write in turn would make more, and there are none.
        return written[0] if written else None

    def appended(self, seq: int, update: bytes) -> None:
        """The log took ``update``, which ``close`` returned, as its update number ``seq``."""
        self.seq = seq
        self.updates += 1
        self.size += len(update)

    def apply(self, updates: Iterable[tuple[int, bytes]]) -> None:
        """Take in what other servers wrote, as the log holds it."""
        # The rows are chosen by ``seq``, so it moves only when all of them are in.
        for seq, update in list(updates):
            self._doc.apply_update(update)
            self.appended(seq, update)

    def state(self) -> bytes:
        """The state vector."""
        return bytes(self._doc.get_state())

    def difference(self, state_vector: bytes) -> bytes:
        """What somebody with ``state_vector`` misses. Raises InvalidRequest when it is no state vector."""
        try:
            clients, at = frames.read_varuint(state_vector, 0)
            # pycrdt (0.14.13) makes room for all that are announced before it looks for them: 500 MB for four bytes.
            if 2 * clients <= len(state_vector) - at:
                return bytes(self._doc.get_update(state_vector))
        except (InvalidRequest, ValueError) as error:
            raise InvalidRequest("That is no state vector.") from error
        raise InvalidRequest("That is no state vector.")


def replica(stored: StoredDocument) -> Doc[Any]:
    """A document of its own, as the log has it."""
    doc: Doc[Any] = Doc()
    with doc.transaction():
        if stored.snapshot is not None:
            doc.apply_update(stored.snapshot)
        for update in stored.updates:
            doc.apply_update(update)
    return doc


def page_view(stored: StoredDocument) -> YPage:
    """A page, only to be read."""
    return YPage(replica(stored))


def thread_view(stored: StoredDocument) -> YThread:
    """A thread's document, only to be read."""
    return YThread(replica(stored))


def merged(stored: StoredDocument) -> bytes:
    """The snapshot that replaces a stored document's snapshot and updates."""
    return bytes(replica(stored).get_update())
