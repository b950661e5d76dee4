"""The log of documents: a snapshot each, and the updates since. This is the truth about every thread."""

from __future__ import annotations

import bz2

from sqlalchemy import delete, func, insert, select, update

from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.documents import documents, snapshots, updates
from jupyter_groupchat.types import StoredDocument

_NEXT = Statement(
    update(documents)
    .where(documents.c.id == param("doc_id"))
    .values(last_seq=documents.c.last_seq + 1)
    .returning(documents.c.key, documents.c.last_seq)
)
_CREATE = Statement(
    lambda insert: insert(documents).values(params("id", "thread") | {"last_seq": 0}).on_conflict_do_nothing().inline()
)
_APPEND = Statement(insert(updates).values(params("document", "seq", "data")).inline())
_GET = Statement(
    select(documents.c.key, documents.c.last_seq, snapshots.c.through_seq, snapshots.c.data)
    .outerjoin(snapshots, snapshots.c.document == documents.c.key)
    .where(documents.c.id == param("doc_id"))
)
_SINCE = Statement(
    select(updates.c.seq, updates.c.data)
    .where(updates.c.document == param("document"), updates.c.seq > param("seq"))
    .order_by(updates.c.seq)
)
_KEY = Statement(select(documents.c.key).where(documents.c.id == param("doc_id")))
_LOCK = Statement(select(documents.c.key).where(documents.c.id == param("doc_id")).with_for_update())
_THROUGH = Statement(select(snapshots.c.through_seq).where(snapshots.c.document == param("document")))
_ADD_SNAPSHOT = Statement(insert(snapshots).values(params("document", "through_seq", "data")).inline())
_SET_SNAPSHOT = Statement(
    update(snapshots).where(snapshots.c.document == param("document_")).values(params("through_seq", "data"))
)
_FOLDED = Statement(
    delete(updates).where(updates.c.document == param("document"), updates.c.seq <= param("through_seq"))
)
_LARGE = Statement(
    select(documents.c.id)
    .outerjoin(snapshots, snapshots.c.document == documents.c.key)
    .where(documents.c.last_seq - func.coalesce(snapshots.c.through_seq, 0) >= param("min_updates"))
    .order_by(documents.c.key)
)
_DELETE = Statement(delete(documents).where(documents.c.id == param("doc_id")))
_DELETE_ALL = Statement(delete(documents).where(documents.c.thread == param("thread")))


class Snapshot:
    """A document's content, packed as it is kept. Packing takes some ten milliseconds: not within a transaction."""

    def __init__(self, content: bytes) -> None:
        self.data = bz2.compress(content)


class Documents(Noun):
    """Rows of ``documents``, ``snapshots`` and ``updates``."""

    def append(self, doc_id: str, thread_id: str, update: bytes) -> int:
        """Add an update, and its number: 1, 2, 3 ... in the order of commits, whoever writes."""
        row = self._run(_NEXT, doc_id=doc_id).fetchone()
        if row is None:
            self._run(_CREATE, id=doc_id, thread=self._session.key_of(thread_id))
            row = self._run(_NEXT, doc_id=doc_id).fetchone()
        self._run(_APPEND, document=row[0], seq=row[1], data=update)
        return int(row[1])

    def load(self, doc_id: str) -> StoredDocument:
        """What was written so far; empty for a document that nobody wrote."""
        row = self._run(_GET, doc_id=doc_id).fetchone()
        if row is None:
            return StoredDocument(snapshot=None, updates=(), seq=0)
        key, last_seq, through_seq, data = row
        newer = self._run(_SINCE, document=key, seq=through_seq or 0)
        return StoredDocument(
            snapshot=None if data is None else bz2.decompress(data),
            updates=tuple(update for _, update in newer),
            seq=last_seq,
        )

    def since(self, doc_id: str, seq: int) -> list[tuple[int, bytes]]:
        """What was written after ``seq``, each update with its number.

        Where some of it was folded away, the snapshot comes first, as the update that stands for all up to its number.
        """
        row = self._run(_GET, doc_id=doc_id).fetchone()
        if row is None:
            return []
        key, _, through_seq, data = row
        found = []
        if through_seq is not None and seq < through_seq:
            found.append((through_seq, bz2.decompress(data)))
            seq = through_seq
        found.extend(self._run(_SINCE, document=key, seq=seq).fetchall())
        return found

    def fold(self, doc_id: str, snapshot: Snapshot, through_seq: int) -> bool:
        """Put ``snapshot`` in the place of all updates up to and including ``through_seq``, which it must hold.

        False, and nothing changed, when another server folded as far already or the document is gone.
        """
        row = self._run(_LOCK, doc_id=doc_id).fetchone()
        if row is None:
            return False
        (document,) = row
        row = self._run(_THROUGH, document=document).fetchone()
        data = snapshot.data
        if row is None:
            self._run(_ADD_SNAPSHOT, document=document, through_seq=through_seq, data=data)
        elif row[0] < through_seq:
            self._run(_SET_SNAPSHOT, document_=document, through_seq=through_seq, data=data)
        else:
            return False
        self._run(_FOLDED, document=document, through_seq=through_seq)
        return True

    def large(self, min_updates: int) -> list[str]:
        """Ids of the documents with at least so many updates to fold."""
        return [row[0] for row in self._run(_LARGE, min_updates=min_updates)]

    def delete(self, doc_id: str) -> None:
        """Delete a document with all that was ever written in it; one that nobody wrote does no harm."""
        self._run(_DELETE, doc_id=doc_id)

    def delete_thread(self, thread_id: str) -> None:
        """Delete all of a thread's documents."""
        thread = self._session.key(thread_id)
        if thread is not None:
            self._run(_DELETE_ALL, thread=thread)
