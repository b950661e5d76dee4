"""The rooms of one server process: loaded from the log when needed, kept while they are used."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from time import monotonic
from typing import Protocol, cast

from jupyter_groupchat.documents import names
from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.rooms.audience import Audience
from jupyter_groupchat.rooms.draft_room import DraftRoom
from jupyter_groupchat.rooms.room import Room
from jupyter_groupchat.types import StoredDocument

AnyRoom = Room[YThread] | Room[YPage] | DraftRoom


class Documents(Protocol):
    """What rooms need of the log: a transaction's ``documents``."""

    def load(self, doc_id: str) -> StoredDocument:
        """A document with everything after its snapshot."""

    def since(self, doc_id: str, seq: int) -> list[tuple[int, bytes]]:
        """What was written after ``seq``; where it was folded away, the snapshot first, as an update."""


#: Bytes of documents that stay in memory; a replica takes about ten times what its document has as bytes.
KEEP = 4_000_000
#: What a room counts at least.
SMALLEST = 4_000


class Rooms:
    """Rooms of ``keep`` bytes of documents, the least recently used leave first. Belongs to the core thread.

    Subscribers are not held here (see ``audience``), so a room may leave memory while people look at its document:
    nothing happens there, and it is loaded again as soon as something does. Other processes may write to the same log,
    so ``heard`` tells how much of it each document's audience on this server was told of.
    """

    def __init__(self, keep: int = KEEP) -> None:
        self._keep = keep
        self._rooms: OrderedDict[str, AnyRoom] = OrderedDict()
        self._heard: dict[str, int] = {}
        self._absent: set[str] = set()

    def __len__(self) -> int:
        return len(self._rooms)

    def __contains__(self, doc_id: str) -> bool:
        return doc_id in self._rooms

    def thread(self, documents: Documents, thread_id: str) -> Room[YThread]:
        """The room of a thread's own document."""
        return cast(Room[YThread], self.load(documents, names.thread_document(thread_id)))

    def page(self, documents: Documents, thread_id: str, page: int) -> Room[YPage]:
        """The room of a page."""
        return cast(Room[YPage], self.load(documents, names.page_document(thread_id, page)))

    def draft(self, documents: Documents, thread_id: str, draft_id: str) -> DraftRoom:
        """The room of a draft."""
        return cast(DraftRoom, self.load(documents, names.draft_document(thread_id, draft_id)))

    def load(self, documents: Documents, doc_id: str) -> AnyRoom:
        """The room of a document, from memory or from the log."""
        room = self._rooms.get(doc_id)
        if room is None:
            room = self._rooms[doc_id] = _room(doc_id, documents.load(doc_id))
        self._rooms.move_to_end(doc_id)
        room.used = monotonic()
        return room

    def discard(self, doc_ids: Iterable[str]) -> None:
        """Forget replicas that may hold what was rolled back."""
        for doc_id in doc_ids:
            self._rooms.pop(doc_id, None)

    def forget(self, thread_id: str) -> None:
        """A thread is gone."""
        for doc_id in [*self._rooms, *self._heard]:
            if names.parse(doc_id).thread_id == thread_id:
                self._rooms.pop(doc_id, None)
                self._heard.pop(doc_id, None)

    def drop(self, doc_id: str) -> None:
        """A document is gone."""
        self._rooms.pop(doc_id, None)
        self._heard.pop(doc_id, None)

    def folded(self, doc_id: str, seq: int) -> None:
        """The log of a document up to ``seq`` is now a snapshot."""
        room = self._rooms.get(doc_id)
        if room is not None:
            room.updates = max(0, room.seq - seq)

    def trim(self) -> None:
        """Let the least recently used go, until the others fit. The one that was used last stays."""
        size = sum(max(room.size, SMALLEST) for room in self._rooms.values())
        while size > self._keep and len(self._rooms) > 1:
            _, room = self._rooms.popitem(last=False)
            size -= max(room.size, SMALLEST)

    def let_go(self, before: float) -> int:
        """Let those go that were not used since ``before``, by the monotonic clock; how many that were."""
        unused = [doc_id for doc_id, room in self._rooms.items() if room.used < before]
        for doc_id in unused:
            del self._rooms[doc_id]
        return len(unused)

    # -- what others write

    def listen(self, doc_id: str, seq: int) -> None:
        """Somebody begins to listen, who will be told of everything after ``seq``."""
        self._heard.setdefault(doc_id, seq)

    def heard(self, doc_id: str) -> int | None:
        """How much of the log the audience was told of, None where nobody listens."""
        return self._heard.get(doc_id)

    def told(self, doc_id: str, seq: int) -> None:
        """The audience is told of everything up to ``seq``."""
        if doc_id in self._heard:
            self._heard[doc_id] = max(seq, self._heard[doc_id])

    def catch_up(self, documents: Documents, doc_id: str, seq: int | None) -> list[bytes]:
        """Take in what other servers wrote, known to reach ``seq``; the updates that the audience has not heard of.

        Nothing for a document that nobody here listens to and that is not in memory.
        """
        room, heard = self._rooms.get(doc_id), self._heard.get(doc_id)
        known = [at for at in (room.seq if room else None, heard) if at is not None]
        if not known or (seq is not None and min(known) >= seq):
            return []
        rows = documents.since(doc_id, min(known))
        if room is not None:
            room.apply(row for row in rows if row[0] > room.seq)
        if heard is None or not rows:
            return []
        self._heard[doc_id] = max(heard, rows[-1][0])
        return [update for at, update in rows if at > heard]

    def audiences(self) -> dict[str, int]:
        """The documents that somebody listens to, and how much of each was told."""
        return dict(self._heard)

    def prune(self, audience: Audience) -> None:
        """Forget what was heard of documents without an audience since the last call.

        Not at once: who subscribes is known here a moment before the audience knows.
        """
        absent = {doc_id for doc_id in self._heard if doc_id not in audience}
        for doc_id in absent & self._absent:
            del self._heard[doc_id]
        self._absent = absent - self._absent


def _room(doc_id: str, stored: StoredDocument) -> AnyRoom:
    if names.is_draft(doc_id):
        return DraftRoom(doc_id, stored)
    return Room(doc_id, YPage, stored) if names.is_page(doc_id) else Room(doc_id, YThread, stored)
