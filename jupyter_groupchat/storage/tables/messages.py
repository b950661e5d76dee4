"""The index of messages; the page documents are the truth."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, SmallInteger, Table, Text, UniqueConstraint

from jupyter_groupchat.storage.tables.base import Key, Time, metadata, thread_key

SEQ_BITS = 32

# What authors were called when they wrote; a message names its row here.
authors = Table(
    "authors",
    metadata,
    Column("key", Key, primary_key=True),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("username", "name"),
)

messages = Table(
    "messages",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=False),  # thread key << SEQ_BITS | seq
    Column("thread", Key, nullable=False),
    Column("id", LargeBinary, nullable=False),  # values.packed
    Column("author", Key, ForeignKey("authors.key"), nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("body", Text, nullable=False),
    Column("reply_to", Text),
    Column("mentions", Text),
    Column("cells", Text),
    Column("files", Text),
    UniqueConstraint("id", "thread"),
)

# What a message said before it was edited.
message_edits = Table(
    "message_edits",
    metadata,
    Column("key", Key, primary_key=True),
    Column("message", Key, ForeignKey("messages.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("at", Time, nullable=False),
)

mentions = Table(
    "mentions",
    metadata,
    thread_key(primary_key=True),
    Column("username", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Who wrote a message together with its author.
credits = Table(
    "credits",
    metadata,
    Column("message", Key, ForeignKey("messages.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("username", Text, primary_key=True),
    Column("place", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
