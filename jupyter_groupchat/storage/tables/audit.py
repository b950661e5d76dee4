"""The audit log."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from jupyter_groupchat.storage.tables.base import Key, Time, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),  # 1, 2, 3 ... without gaps
    Column("thread_id", Text, index=True),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("hash", Text, nullable=False),
)

# What people wrote that lines of ``audit`` vouch for by a hash, where the operator keeps that. It may go; they stay.
audit_bodies = Table(
    "audit_bodies",
    metadata,
    Column("line", Key, primary_key=True, autoincrement=False),
    Column("thread_id", Text, nullable=False),
    Column("since", Time, nullable=False),  # when the oldest of it was written
    Column("salt", Text, nullable=False),  # without it the hash of a short text would tell the text
    Column("body", Text, nullable=False),
)
