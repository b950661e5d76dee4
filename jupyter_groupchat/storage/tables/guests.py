"""People without an account."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text

from jupyter_groupchat.storage.tables.base import Key, Time, metadata

# Guests: who came by a link without an account, and what lets them in. Those who wait for the owner are here, too.
guests = Table(
    "guests",
    metadata,
    Column("username", Text, primary_key=True),
    # None once the thread is deleted: its guests are told so, for as long as they would have been in.
    Column("thread", Key, ForeignKey("threads.key", ondelete="SET NULL"), index=True),
    Column("name", Text, nullable=False),
    Column("invitation", Text, nullable=False),
    Column("pass_hash", Text, nullable=False, unique=True),
    Column("came_at", Time, nullable=False),
    Column("ends_at", Time, nullable=False, index=True),
    Column("ended", Text),  # why their access ended before its time
    sqlite_with_rowid=False,
)
