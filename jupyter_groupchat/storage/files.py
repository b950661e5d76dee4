"""Attachments and images of shared cells. Their bytes are kept once for each hash."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, select

from jupyter_groupchat.storage.session import Noun, Session
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.files import blobs, files
from jupyter_groupchat.storage.tables.people import people
from jupyter_groupchat.storage.values import micros, time
from jupyter_groupchat.types import StoredFile

_FIELDS = ("id", "name", "media_type", "size", "sha256", "uploaded_by", "created_at")
_COLUMNS = [files.c[name] for name in _FIELDS]

_ADD = Statement(insert(files).values(params("thread", *_FIELDS)).inline())
_ADD_BLOB = Statement(lambda insert: insert(blobs).values(params("sha256", "data")).on_conflict_do_nothing().inline())
_GET = Statement(select(*_COLUMNS).where(files.c.thread == param("thread"), files.c.id == param("id")))
_LIST = Statement(select(*_COLUMNS).where(files.c.thread == param("thread")).order_by(files.c.created_at, files.c.id))
_BEFORE = Statement(select(files.c.id).where(files.c.thread == param("thread"), files.c.created_at < param("before")))
_DATA = Statement(select(blobs.c.data).where(blobs.c.sha256 == param("sha256")))
_DELETE = Statement(
    delete(files).where(files.c.thread == param("thread"), files.c.id == param("id")).returning(files.c.sha256)
)
_HASHES = Statement(select(files.c.sha256).where(files.c.thread == param("thread")).distinct())
_DELETE_BLOB = Statement(
    delete(blobs).where(
        blobs.c.sha256 == param("sha256"),
        ~exists().where(files.c.sha256 == blobs.c.sha256),
        ~exists().where(people.c.picture == blobs.c.sha256),
    )
)


def hashes(session: Session, thread: int) -> list[str]:
    """The hashes of a thread's files."""
    return [row[0] for row in session.run(_HASHES, thread=thread)]


def forget_if_orphaned(session: Session, sha256: str) -> None:
    """Delete bytes that no file and nobody's picture names any more."""
    session.run(_DELETE_BLOB, sha256=sha256)


def _file(row: tuple[Any, ...], thread_id: str) -> StoredFile:
    id, name, media_type, size, sha256, uploaded_by, created_at = row
    return StoredFile(
        id=id,
        thread_id=thread_id,
        name=name,
        media_type=media_type,
        size=size,
        sha256=sha256,
        uploaded_by=uploaded_by,
        created_at=time(created_at),
    )


class Files(Noun):
    """Rows of ``files`` and ``blobs``."""

    def add(self, file: StoredFile, data: bytes) -> None:
        """Keep a file of a thread; its bytes are kept once, whoever else has the same. Raises NotFound."""
        thread = self._session.key_of(file.thread_id)
        fields = {name: getattr(file, name) for name in _FIELDS} | {"created_at": micros(file.created_at)}
        self._run(_ADD_BLOB, sha256=file.sha256, data=data)
        self._run(_ADD, thread=thread, **fields)

    def get(self, thread_id: str, id: str) -> StoredFile | None:
        """The file, None when the thread has none of that id."""
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_GET, thread=thread, id=id).fetchone()
        return None if row is None else _file(row, thread_id)

    def data(self, sha256: str) -> bytes | None:
        """The bytes, None when nothing has this hash. Whether the caller may see them is the caller's to know."""
        row = self._run(_DATA, sha256=sha256).fetchone()
        return None if row is None else bytes(row[0])

    def before(self, thread_id: str, at: datetime) -> list[str]:
        """Ids of the thread's files that were there before a moment, images of cells among them."""
        thread = self._session.key(thread_id)
        return [] if thread is None else [row[0] for row in self._run(_BEFORE, thread=thread, before=micros(at))]

    def list(self, thread_id: str) -> list[StoredFile]:
        """The thread's files, oldest first."""
        thread = self._session.key(thread_id)
        return [] if thread is None else [_file(row, thread_id) for row in self._run(_LIST, thread=thread)]

    def delete(self, thread_id: str, id: str) -> bool:
        """Delete a file, and its bytes when no other file has them; false when there is none."""
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_DELETE, thread=thread, id=id).fetchone()
        if row is None:
            return False
        forget_if_orphaned(self._session, row[0])
        return True
