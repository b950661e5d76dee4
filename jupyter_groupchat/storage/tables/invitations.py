"""Invitation links, and who asks to be let in by one."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, false

from jupyter_groupchat.storage.tables.base import Time, metadata, thread_key

invitations = Table(
    "invitations",
    metadata,
    Column("id", Text, primary_key=True),
    thread_key(index=True),
    Column("code_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("expires_at", Time),
    Column("max_uses", Integer),
    Column("uses", Integer, nullable=False),
    Column("revoked_at", Time),
    Column("guest", Boolean, nullable=False, server_default=false()),
)

# Who came by a link to a thread with approval: those who wait, and those who asked before.
join_requests = Table(
    "join_requests",
    metadata,
    thread_key(primary_key=True),
    Column("username", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("avatar", Text),
    Column("role", Text, nullable=False),
    Column("invitation", Text, nullable=False),
    Column("asked_at", Time),  # null for those who no longer wait
    Column("times", Integer, nullable=False),  # how often they asked
    Index(None, "username"),
    sqlite_with_rowid=False,
)
