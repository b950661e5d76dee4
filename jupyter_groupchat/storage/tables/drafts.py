"""Drafts and who wrote in them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text

from jupyter_groupchat.storage.tables.base import Time, metadata, thread_key

# Messages that members write together. What they say is in the draft's document.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    thread_key(index=True),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Time, nullable=False),
    Column("changed_at", Time),  # null while it is as it was begun
    sqlite_with_rowid=False,
)

# Who wrote in a draft, and under which of their replicas' client ids.
draft_writers = Table(
    "draft_writers",
    metadata,
    Column("draft", Text, ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("client", BigInteger, primary_key=True, autoincrement=False),
    Column("username", Text, nullable=False),
    Column("at", Time, nullable=False),
    sqlite_with_rowid=False,
)
