"""Files and their bytes."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from jupyter_groupchat.storage.tables.base import Time, metadata, thread_key

files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    thread_key(primary_key=True, index=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("uploaded_by", Text, nullable=False),
    Column("created_at", Time, nullable=False),
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
