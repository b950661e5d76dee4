"""What the assistant does and did, and what it cost."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from jupyter_groupchat.storage.tables.base import Key, Time, metadata, thread_key

replies = Table(
    "replies",
    metadata,
    Column("id", Text, primary_key=True),
    thread_key(index=True),
    Column("about", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("server", Text, nullable=False),
    Column("lease_until", Time, nullable=False),
    Index(
        "replies_unfinished_idx",
        "lease_until",
        sqlite_where=text("status IN ('queued', 'running')"),
        postgresql_where=text("status IN ('queued', 'running')"),
    ),
)

manifests = Table(
    "manifests",
    metadata,
    Column("reply", Text, ForeignKey("replies.id", ondelete="CASCADE"), primary_key=True),
    Column("data", LargeBinary, nullable=False),  # zlib of JSON
)

decisions = Table(
    "decisions",
    metadata,
    Column("key", Key, primary_key=True),
    thread_key(index=True),
    Column("message", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("emoji", Text),
    Column("model", Text),
    Column("tokens", Integer, nullable=False),
    Column("at", Time, nullable=False),
)

usage = Table(
    "usage",
    metadata,
    Column("key", Key, primary_key=True),
    Column("thread_id", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("at", Time, nullable=False, index=True),
    Index(None, "username", "at"),
)

# What the assistant does for one person alone at the moment, so that it is done once at a time.
asides = Table(
    "asides",
    metadata,
    Column("username", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    Column("server", Text, nullable=False),
    Column("lease_until", Time, nullable=False),
    sqlite_with_rowid=False,
)
