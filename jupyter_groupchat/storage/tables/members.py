"""Who is in a thread."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, Table, Text

from jupyter_groupchat.storage.tables.base import Time, metadata, thread_key

members = Table(
    "members",
    metadata,
    thread_key(primary_key=True),
    Column("username", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("joined_at", Time, nullable=False),
    Column("invited_by", Text),
    Column("colour", SmallInteger, nullable=False),
    Column("avatar", Text),
    Column("muted", Boolean, nullable=False),
    Column("read_seq", Integer, nullable=False),
    # Own messages and system messages after read_seq: unread is then arithmetic, whatever the length of the thread.
    Column("own_after_read", Integer, nullable=False),
    Column("guest_until", Time),  # null for those who have an account
    Index(None, "username"),
    sqlite_with_rowid=False,
)
