"""Reports to the operator."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from jupyter_groupchat.storage.tables.base import Time, metadata

# Messages that somebody wants the operator to look at, with a copy: what is reported may be deleted meanwhile.
reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("thread_id", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Time, nullable=False, index=True),
    Column("closed_at", Time),
    Column("closed_by", Text),
)
