"""Messages by their age, and how far each thread was looked through for those that are older than it keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column, select

from jupyter_groupchat.storage import messages as message_rows
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.messages import SEQ_BITS, authors, messages
from jupyter_groupchat.storage.tables.threads import thread_options, threads
from jupyter_groupchat.storage.values import message_key, micros, time
from jupyter_groupchat.types import MessageKind, MessageRow

_kept_from = func.coalesce(thread_options.c.kept_from, 0)
_OLDEST = Statement(
    select(threads.c.id, thread_options.c.keep_days, threads.c.created_at, messages.c.created_at, messages.c.kind)
    .outerjoin(thread_options, thread_options.c.thread == threads.c.key)
    .join(messages, messages.c.key == threads.c.key * literal_column(str(1 << SEQ_BITS)) + _kept_from)
    .order_by(threads.c.key)
)
_KEPT_FROM = Statement(select(thread_options.c.kept_from).where(thread_options.c.thread == param("thread")))
_SET_KEPT_FROM = Statement(
    lambda insert: (
        insert(thread_options)
        .values(params("thread", "approval", "kept_from"))
        .on_conflict_do_update(index_elements=["thread"], set_=params("kept_from"))
        .inline()
    )
)
_NEXT = Statement(
    select(*message_rows.COLUMNS)
    .join(authors, authors.c.key == messages.c.author)
    .where(messages.c.key.between(param("first"), param("last")))
    .order_by(messages.c.key)
    .limit(param("limit"))
)
_COUNT = Statement(
    select(func.count()).where(
        messages.c.key.between(param("first"), param("last")),
        messages.c.created_at < param("before"),
        messages.c.kind != message_rows.KIND_NUMBER[MessageKind.SYSTEM],
        ~messages.c.deleted,
    )
)


@dataclass(frozen=True, slots=True)
class Oldest:
    """The first message of a thread that was not looked at, and how long the thread keeps its messages."""

    thread_id: str
    keep_days: int | None
    thread_at: datetime
    at: datetime
    imported: bool


class Retention(Noun):
    """Rows of ``messages`` from the oldest on, and the marks in ``thread_options``."""

    def oldest(self) -> list[Oldest]:
        """Of each thread that has one."""
        imported = message_rows.KIND_NUMBER[MessageKind.IMPORT]
        return [
            Oldest(id, days, time(thread_at), time(at), kind == imported)
            for id, days, thread_at, at, kind in self._run(_OLDEST)
        ]

    def next(self, thread_id: str, limit: int) -> list[MessageRow]:
        """The next messages to look at, deleted ones and lines of the thread's own among them. Raises NotFound."""
        thread = self._session.key_of(thread_id)
        row = self._run(_KEPT_FROM, thread=thread).fetchone()
        first = message_key(thread, (row and row[0]) or 0)
        rows = self._run(_NEXT, first=first, last=message_key(thread + 1, -1), limit=limit)
        return [message_rows.message(row, thread_id) for row in rows]

    def looked_at(self, thread_id: str, kept_from: int) -> None:
        """Those before ``kept_from`` need no further look. Raises NotFound."""
        thread = self._session.key_of(thread_id)
        self._run(_SET_KEPT_FROM, thread=thread, approval=False, kept_from=kept_from)

    def count(self, thread_id: str, before: datetime) -> int:
        """How many messages are older than a moment. It reads the whole thread."""
        thread = self._session.key(thread_id)
        if thread is None:
            return 0
        first, last = message_key(thread, 0), message_key(thread + 1, -1)
        return int(self._run(_COUNT, first=first, last=last, before=micros(before)).fetchone()[0])
