"""The schema, for SQLite and PostgreSQL alike.

Columns hold what both databases and their drivers take as it is: times are microseconds since 1970 in UTC,
enumerations are their values, lists are JSON. A thread has an integer key besides its id, and a message's key is
``thread key << 32 | seq``: the order of messages, the search index and "the newest fifty" then need no index of their
own, and 100,000 messages stay small on disk.

What a deleted thread leaves behind: its usage (deleting a thread gives nobody new replies), its audit lines and, until
``Store.compact`` comes by, its messages, which nobody can reach any more.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

SEQ_BITS = 32

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

#: SQLite's row ids are columns of type INTEGER, whatever their size.
Key = BigInteger().with_variant(Integer(), "sqlite")
Time = BigInteger


def _thread(**options: Any) -> Column[int]:
    return Column("thread", Key, ForeignKey("threads.key", ondelete="CASCADE"), nullable=False, **options)


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

members = Table(
    "members",
    metadata,
    _thread(primary_key=True),
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

invitations = Table(
    "invitations",
    metadata,
    Column("id", Text, primary_key=True),
    _thread(index=True),
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

# Threads that are gone and whose messages are still to be removed.
deleted_threads = Table(
    "deleted_threads",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=False),
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
    _thread(primary_key=True),
    Column("username", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

documents = Table(
    "documents",
    metadata,
    Column("key", Key, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    _thread(index=True),
    Column("last_seq", Integer, nullable=False),
)

# Apart from documents, whose rows change with every update: SQLite writes a changed row anew, blob and all.
snapshots = Table(
    "snapshots",
    metadata,
    Column("document", Key, ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("through_seq", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),  # bz2
)

updates = Table(
    "updates",
    metadata,
    Column("document", Key, ForeignKey("documents.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

commands = Table(
    "commands",
    metadata,
    Column("key", Key, primary_key=True),
    Column("username", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("at", Time, nullable=False, index=True),
    Column("result", Text, nullable=False),
    UniqueConstraint("username", "id"),
)

replies = Table(
    "replies",
    metadata,
    Column("id", Text, primary_key=True),
    _thread(index=True),
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
    _thread(index=True),
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

files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    _thread(primary_key=True, index=True),
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

# What a thread has been set to beside its row in ``threads``; one without a row here has the defaults.
thread_options = Table(
    "thread_options",
    metadata,
    _thread(primary_key=True, autoincrement=False),
    Column("approval", Boolean, nullable=False),  # who comes by a link waits for the owner
    Column("keep_days", Integer),  # messages older than that are deleted
    Column("kept_from", Integer),  # messages before this seq were looked at for that
    Column("model", Text),  # one of the operator's models, or null for what the operator set
)

# Who came by a link to a thread with approval: those who wait, and those who asked before.
join_requests = Table(
    "join_requests",
    metadata,
    _thread(primary_key=True),
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

# People who chose a name or a picture, and where people are found by name everybody who has used the chat.
people = Table(
    "people",
    metadata,
    Column("username", Text, primary_key=True),
    Column("name", Text, nullable=False),  # as the identity provider says
    Column("avatar", Text),
    Column("display_name", Text),  # the person's own
    Column("picture", Text),  # SHA-256 of a blob
    Column("seen_at", Time, nullable=False),
    Index(None, "picture"),
    sqlite_with_rowid=False,
)

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

# Messages that members write together. What they say is in the draft's document.
drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, primary_key=True),
    _thread(index=True),
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

# Who wrote a message together with its author.
credits = Table(
    "credits",
    metadata,
    Column("message", Key, ForeignKey("messages.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("username", Text, primary_key=True),
    Column("place", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

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

# Threads that are still being written, a page at a time: nobody is in them yet.
unfinished_threads = Table(
    "unfinished_threads",
    metadata,
    _thread(primary_key=True, autoincrement=False),
    Column("server", Text, nullable=False),
    Column("at", Time, nullable=False),  # when it was last written
)

# Which chat this is: another one since all of it was put back from a backup. One row.
generation = Table("generation", metadata, Column("id", Text, primary_key=True), sqlite_with_rowid=False)
