"""Messages as the tables index them; the page documents are the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, literal_column, select, update

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage import search
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.members import members
from jupyter_groupchat.storage.tables.messages import authors, credits, mentions, message_edits, messages
from jupyter_groupchat.storage.tables.threads import deleted_threads, threads
from jupyter_groupchat.storage.values import (
    list_from_json,
    list_to_json,
    message_key,
    micros,
    packed,
    seq_of,
    time,
    unpacked,
)
from jupyter_groupchat.types import ASSISTANT, MessageKind, MessageRow, MessageStatus

# As numbers in the table. Append only.
_KINDS = (MessageKind.HUMAN, MessageKind.ASSISTANT, MessageKind.KERNEL, MessageKind.SYSTEM, MessageKind.IMPORT)
_STATUSES = (
    MessageStatus.COMPLETE,
    MessageStatus.STREAMING,
    MessageStatus.FAILED,
    MessageStatus.CANCELLED,
    MessageStatus.INTERRUPTED,
)
KIND_NUMBER = {kind: number for number, kind in enumerate(_KINDS)}
_STATUS_NUMBER = {status: number for number, status in enumerate(_STATUSES)}

COLUMNS = [
    messages.c.key,
    messages.c.id,
    authors.c.username,
    authors.c.name,
    messages.c.kind,
    messages.c.status,
    messages.c.deleted,
    messages.c.created_at,
    messages.c.body,
    messages.c.reply_to,
    messages.c.mentions,
    messages.c.cells,
    messages.c.files,
]
_select = select(*COLUMNS).join(authors, authors.c.key == messages.c.author)
_between = messages.c.key.between(param("first"), param("last"))

_ADD_AUTHOR = Statement(
    lambda insert: insert(authors).values(params("username", "name")).on_conflict_do_nothing().inline()
)
_AUTHOR = Statement(
    select(authors.c.key).where(authors.c.username == param("username"), authors.c.name == param("name"))
)
_ADD = Statement(
    insert(messages)
    .values(
        params(
            "key", "thread", "id", "author", "kind", "status", "deleted", "created_at", "body", "reply_to", "mentions",
            "cells", "files",
        )
    )
    .inline()
)  # fmt: skip
_COUNT_OWN = Statement(
    update(members)
    .where(members.c.thread == param("in_thread"), members.c.username == param("by"))
    .values(own_after_read=members.c.own_after_read + 1)
)
_COUNT_FOR_ALL = Statement(
    update(members).where(members.c.thread == param("in_thread")).values(own_after_read=members.c.own_after_read + 1)
)
_ADD_MENTION = Statement(
    lambda insert: insert(mentions).values(params("thread", "username", "seq")).on_conflict_do_nothing().inline()
)
_REMOVE_MENTION = Statement(
    delete(mentions).where(
        mentions.c.thread == param("thread"), mentions.c.username == param("username"), mentions.c.seq == param("seq")
    )
)
_ADD_CREDIT = Statement(insert(credits).values(params("message", "username", "place")).inline())
_REMOVE_CREDITS = Statement(delete(credits).where(credits.c.message == param("message")))
_CREDITS = Statement(
    select(credits.c.message, credits.c.username)
    .where(credits.c.message.between(param("first"), param("last")))
    .order_by(credits.c.message, credits.c.place)
)
_GET = Statement(_select.where(messages.c.id == param("id"), messages.c.thread == param("thread")))
_NEWEST = Statement(_select.where(_between).order_by(messages.c.key.desc()).limit(param("limit")))
_BY_KEY = Statement(
    select(*COLUMNS, threads.c.id)
    .join(authors, authors.c.key == messages.c.author)
    .join(threads, threads.c.key == messages.c.thread)
    .where(messages.c.key == param("key"))
)
_BY_ID = Statement(
    select(*COLUMNS, threads.c.id)
    .join(authors, authors.c.key == messages.c.author)
    .join(threads, threads.c.key == messages.c.thread)
    .where(messages.c.id == param("id"))
    .order_by(messages.c.key)
)
_DELETED = Statement(select(deleted_threads.c.key).limit(literal_column("1")))
_BODIES = Statement(
    select(messages.c.key, messages.c.body).where(_between).order_by(messages.c.key).limit(param("limit"))
)
_DELETE = Statement(delete(messages).where(_between))
_SWEPT = Statement(delete(deleted_threads).where(deleted_threads.c.key == param("key")))
_COUNT = Statement(select(func.count()).select_from(messages).where(_between))
_SET_BODY = Statement(update(messages).where(messages.c.key == param("key_")).values(params("body", "mentions")))
_SET_STATUS = Statement(
    update(messages).where(messages.c.key == param("key_")).values(params("status", "body", "mentions"))
)
_SET_FILES = Statement(update(messages).where(messages.c.key == param("key_")).values(params("files")))
_EMPTY = Statement(
    update(messages)
    .where(messages.c.key == param("key_"))
    .values(body="", mentions=None, cells=None, files=None, deleted=True)
)
_ADD_EDIT = Statement(insert(message_edits).values(params("message", "body", "at")).inline())
_EDITS = Statement(
    select(message_edits.c.body, message_edits.c.at)
    .where(message_edits.c.message == param("message"))
    .order_by(message_edits.c.key)
)
_REMOVE_EDITS = Statement(delete(message_edits).where(message_edits.c.message == param("message")))


def message(row: tuple[Any, ...], thread_id: str) -> MessageRow:
    """The message in a row of ``COLUMNS``."""
    key, id, author, name, kind, status, deleted, created_at, body, reply_to, mentioned, cells, files = row[:13]
    return MessageRow(
        id=unpacked(id),
        thread_id=thread_id,
        seq=seq_of(key),
        author=author,
        author_name=name,
        kind=_KINDS[kind],
        status=_STATUSES[status],
        deleted=bool(deleted),
        created_at=time(created_at),
        body=body,
        reply_to=reply_to,
        mentions=list_from_json(mentioned),
        cells=list_from_json(cells),
        files=list_from_json(files),
    )


class Messages(Noun):
    """Rows of ``messages``, with their words in the search index and their mentions."""

    def add(self, message: MessageRow) -> None:
        """Add a message under a ``seq`` from ``threads.next_seq``. An id or seq that is taken fails the transaction."""
        thread = self._session.key_of(message.thread_id)
        row = self._values(thread, message)
        self._run(_ADD, **row)
        search.add(self._session, row["key"], message.body)
        self._mention(thread, message.seq, message.author, message.mentions)
        self._credit([(row["key"], message.credits)])
        if message.kind is MessageKind.SYSTEM:  # nobody's news
            self._run(_COUNT_FOR_ALL, in_thread=thread)
        elif message.author != ASSISTANT:
            self._run(_COUNT_OWN, in_thread=thread, by=message.author)

    def add_read(self, thread_id: str, messages: Iterable[MessageRow]) -> None:
        """Add messages, as many as there may be, to a thread whose members have read so far already."""
        thread = self._session.key_of(thread_id)
        messages = list(messages)
        rows = [self._values(thread, message) for message in messages]
        self._session.run_many(_ADD, rows)
        self._credit((row["key"], message.credits) for row, message in zip(rows, messages, strict=True))
        search.add_all(self._session, [(row["key"], row["body"]) for row in rows])

    def get(self, thread_id: str, id: str) -> MessageRow | None:
        """The message, None when the thread has none of that id."""
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_GET, id=packed(id), thread=thread).fetchone()
        return None if row is None else message(row, thread_id)

    def newest(self, thread_id: str, limit: int, before_seq: int | None = None) -> list[MessageRow]:
        """At most ``limit`` messages, those before ``before_seq`` where it is given, newest first."""
        thread = self._session.key(thread_id)
        if thread is None:
            return []
        last = message_key(thread + 1, -1) if before_seq is None else message_key(thread, before_seq - 1)
        rows = self._run(_NEWEST, first=message_key(thread, 0), last=last, limit=limit)
        return [message(row, thread_id) for row in rows]

    def with_credits(self, thread_id: str, rows: list[MessageRow]) -> list[MessageRow]:
        """The same messages of one thread, with who wrote them together with their authors."""
        thread = self._session.key(thread_id)
        if thread is None or not rows:
            return rows
        seqs = [row.seq for row in rows]
        found: dict[int, tuple[str, ...]] = {}
        for key, username in self._run(
            _CREDITS, first=message_key(thread, min(seqs)), last=message_key(thread, max(seqs))
        ):
            found[seq_of(key)] = (*found.get(seq_of(key), ()), username)
        return [replace(row, credits=found[row.seq]) if row.seq in found else row for row in rows]

    def count(self, thread_id: str) -> int:
        """How many messages the thread has, deleted ones among them."""
        thread = self._session.key(thread_id)
        if thread is None:
            return 0
        row = self._run(_COUNT, first=message_key(thread, 0), last=message_key(thread + 1, -1)).fetchone()
        return int(row[0])

    def set_body(self, thread_id: str, id: str, body: str, mentions: tuple[str, ...], at: datetime) -> None:
        """Edit a message; what it said goes to its history. Raises NotFound."""
        key, old = self._row(thread_id, id)
        self._run(_SET_BODY, key_=key, body=body, mentions=list_to_json(mentions))
        self._run(_ADD_EDIT, message=key, body=old.body, at=micros(at))
        self._reindex(key, old.body, body)
        self._forget_mentions(thread_id, old)
        self._mention(self._session.key_of(thread_id), old.seq, old.author, mentions)

    def add_version(self, thread_id: str, id: str, body: str, until: datetime) -> None:
        """Keep what a message said until a moment, after what it said before that. Raises NotFound."""
        key, _ = self._row(thread_id, id)
        self._run(_ADD_EDIT, message=key, body=body, at=micros(until))

    def versions(self, thread_id: str, id: str) -> list[tuple[str, datetime]]:
        """What a message said, each with when that was written, oldest first; the last is what it says now.

        Raises NotFound.
        """
        key, row = self._row(thread_id, id)
        edits = self._run(_EDITS, message=key).fetchall()
        written = [row.created_at, *(time(at) for _, at in edits)]
        return list(zip([*(body for body, _ in edits), row.body], written, strict=True))

    def of_id(self, id: str) -> Sequence[MessageRow]:
        """The messages of all threads that have an id; copies of a thread may share it."""
        return [message(row, row[-1]) for row in self._run(_BY_ID, id=packed(id))]

    def set_status(
        self,
        thread_id: str,
        id: str,
        status: MessageStatus,
        body: str | None = None,
        mentions: tuple[str, ...] | None = None,
    ) -> None:
        """Set a reply's status, its body as far as it came, and whom it mentions. Raises NotFound."""
        key, old = self._row(thread_id, id)
        new = old.body if body is None else body
        mentioned = old.mentions if mentions is None else mentions
        self._run(_SET_STATUS, key_=key, status=_STATUS_NUMBER[status], body=new, mentions=list_to_json(mentioned))
        self._reindex(key, old.body, new)
        if mentioned != old.mentions:
            self._forget_mentions(thread_id, old)
            self._mention(self._session.key_of(thread_id), old.seq, old.author, mentioned)

    def set_files(self, thread_id: str, id: str, files: tuple[str, ...]) -> None:
        """Name other files with a message. Raises NotFound."""
        key, _ = self._row(thread_id, id)
        self._run(_SET_FILES, key_=key, files=list_to_json(files))

    def delete(self, thread_id: str, id: str) -> None:
        """Empty a message, its history and its place in the search index; a mark that it was there stays.

        Raises NotFound.
        """
        key, old = self._row(thread_id, id)
        self._run(_EMPTY, key_=key)
        self._run(_REMOVE_EDITS, message=key)
        self._run(_REMOVE_CREDITS, message=key)
        search.remove(self._session, key, old.body)
        self._forget_mentions(thread_id, old)

    def search(self, query: str, *, username: str, thread_id: str | None = None, limit: int = 50) -> list[MessageRow]:
        """The newest messages with all words of ``query``, in threads that ``username`` is a member of."""
        within = None
        if thread_id is not None:
            thread = self._session.key(thread_id)
            if thread is None or self._session.run(_IS_MEMBER, thread=thread, username=username).fetchone() is None:
                return []
            within = message_key(thread, 0), message_key(thread + 1, -1)
        keys = search.find(self._session, query, username=username, within=within, limit=limit)
        rows = (self._run(_BY_KEY, key=key).fetchone() for key in keys)
        return [message(row, row[-1]) for row in rows]

    def search_in(self, query: str, thread_id: str, limit: int) -> list[MessageRow]:
        """The newest messages of a thread with all words of ``query``, whoever asks."""
        thread = self._session.key(thread_id)
        if thread is None:
            return []
        within = message_key(thread, 0), message_key(thread + 1, -1)
        keys = search.find(self._session, query, username="", within=within, limit=limit)
        rows = (self._run(_BY_KEY, key=key).fetchone() for key in keys)
        return [message(row, thread_id) for row in rows]

    def sweep(self, limit: int) -> bool:
        """Remove at most ``limit`` messages of deleted threads; whether there may be more."""
        row = self._run(_DELETED).fetchone()
        if row is None:
            return False
        (thread,) = row
        first, last = message_key(thread, 0), message_key(thread + 1, -1)
        rows = self._run(_BODIES, first=first, last=last, limit=limit).fetchall()
        for key, body in rows:
            search.remove(self._session, key, body)
        if rows:
            self._run(_DELETE, first=first, last=rows[-1][0])
        if len(rows) < limit:
            self._run(_SWEPT, key=thread)
        return True

    def merge_words(self, pages: int) -> bool:
        """Merge so much of SQLite's search index; whether there may be more to merge."""
        return search.merge(self._session, pages)

    def _row(self, thread_id: str, id: str) -> tuple[int, MessageRow]:
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_GET, id=packed(id), thread=thread).fetchone()
        if row is None:
            raise NotFound("There is no such message.")
        return row[0], message(row, thread_id)

    def _values(self, thread: int, message: MessageRow) -> dict[str, Any]:
        return {
            "key": message_key(thread, message.seq),
            "thread": thread,
            "id": packed(message.id),
            "author": self._author(message.author, message.author_name),
            "kind": KIND_NUMBER[message.kind],
            "status": _STATUS_NUMBER[message.status],
            "deleted": message.deleted,
            "created_at": micros(message.created_at),
            "body": message.body,
            "reply_to": message.reply_to,
            "mentions": list_to_json(message.mentions),
            "cells": list_to_json(message.cells),
            "files": list_to_json(message.files),
        }

    def _author(self, username: str, name: str) -> int:
        session, who = self._session, (username, name)
        key = session.author_keys.get(who) or session.new_author_keys.get(who)
        if key is None:
            self._run(_ADD_AUTHOR, username=username, name=name)
            key = session.new_author_keys[who] = self._run(_AUTHOR, username=username, name=name).fetchone()[0]
        return key

    def _mention(self, thread: int, seq: int, author: str, usernames: tuple[str, ...]) -> None:
        for username in usernames:
            if username not in (author, ASSISTANT):
                self._run(_ADD_MENTION, thread=thread, username=username, seq=seq)

    def _credit(self, credited: Iterable[tuple[int, tuple[str, ...]]]) -> None:
        for key, usernames in credited:
            for place, username in enumerate(usernames):
                self._run(_ADD_CREDIT, message=key, username=username, place=place)

    def _forget_mentions(self, thread_id: str, message: MessageRow) -> None:
        thread = self._session.key_of(thread_id)
        for username in message.mentions:
            self._run(_REMOVE_MENTION, thread=thread, username=username, seq=message.seq)

    def _reindex(self, key: int, old: str, new: str) -> None:
        if old != new:
            search.remove(self._session, key, old)
            search.add(self._session, key, new)


_IS_MEMBER = Statement(
    select(members.c.thread).where(members.c.thread == param("thread"), members.c.username == param("username"))
)
