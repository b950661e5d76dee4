"""Threads and what they are set to."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table, Text

from jupyter_groupchat.storage.tables.base import Key, Time, metadata, thread_key

threads = Table(
    "threads",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("last_seq", Integer, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("title", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("notebook", Text),
    Column("archived_at", Time),
    Column("created_at", Time, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("instructions", Text, nullable=False),
    sqlite_autoincrement=True,  # a key is never used twice, so nothing can come to belong to another thread
)

# What a thread has been set to beside its row in ``threads``; one without a row here has the defaults.
thread_options = Table(
    "thread_options",
    metadata,
    thread_key(primary_key=True, autoincrement=False),
    Column("approval", Boolean, nullable=False),  # who comes by a link waits for the owner
    Column("keep_days", Integer),  # messages older than that are deleted
    Column("kept_from", Integer),  # messages before this seq were looked at for that
    Column("model", Text),  # one of the operator's models, or null for what the operator set
)

# Threads that are still being written, a page at a time: nobody is in them yet.
unfinished_threads = Table(
    "unfinished_threads",
    metadata,
    thread_key(primary_key=True, autoincrement=False),
    Column("server", Text, nullable=False),
    Column("at", Time, nullable=False),  # when it was last written
)

# Threads that are gone and whose messages are still to be removed.
deleted_threads = Table(
    "deleted_threads",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=False),
)
