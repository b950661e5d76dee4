"""The log of documents."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text

from jupyter_groupchat.storage.tables.base import Key, metadata, thread_key

documents = Table(
    "documents",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    thread_key(index=True),
    Column("last_seq", Integer, nullable=False),
)

# Apart from documents, whose rows change with every update: SQLite writes a changed row anew, blob and all.
snapshots = Table(
    "snapshots",
    metadata,
    Column("document", Key, ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("through_seq", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # bz2
)

updates = Table(
    "updates",
    metadata,
    Column("document", Key, ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
