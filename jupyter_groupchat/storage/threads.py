"""Threads, and the list of somebody's threads."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, delete, func, insert, literal_column, select, update

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage import files as file_rows
from jupyter_groupchat.storage import guests as guest_rows
from jupyter_groupchat.storage import members as member_rows
from jupyter_groupchat.storage import messages as message_rows
from jupyter_groupchat.storage import requests as request_rows
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.members import members
from jupyter_groupchat.storage.tables.messages import SEQ_BITS, authors, mentions, messages
from jupyter_groupchat.storage.tables.threads import deleted_threads, thread_options, threads, unfinished_threads
from jupyter_groupchat.storage.values import micros, time, time_or_none
from jupyter_groupchat.types import Member, Mode, Role, Thread, ThreadSummary

_FIELDS = (
    "id",
    "title",
    "mode",
    "instructions",
    "notebook",
    "archived_at",
    "created_at",
    "created_by",
    "last_seq",
    "updated_at",
)
#: What is kept beside the row, where it differs from this.
_OPTIONS = {"approval": False, "keep_days": None, "model": None}
_COLUMNS = [threads.c.key, *(threads.c[name] for name in _FIELDS), *(thread_options.c[name] for name in _OPTIONS)]
_with_options = (thread_options, thread_options.c.thread == threads.c.key)

_INSERT = Statement(insert(threads).values(params(*_FIELDS)).returning(threads.c.key))
_GET = Statement(select(*_COLUMNS).outerjoin(*_with_options).where(threads.c.id == param("id")))
_LOCK = Statement(select(threads.c.key).where(threads.c.id == param("id")).with_for_update())
_IDS = Statement(
    select(threads.c.id).where(threads.c.key.not_in(select(unfinished_threads.c.thread))).order_by(threads.c.key)
)
_BE_UNFINISHED = Statement(
    lambda insert: (
        insert(unfinished_threads)
        .values(params("thread", "server", "at"))
        .on_conflict_do_update(index_elements=["thread"], set_=params("at"))
        .inline()
    )
)
_UNFINISHED = Statement(
    select(threads.c.id, unfinished_threads.c.server, unfinished_threads.c.at).join(
        threads, threads.c.key == unfinished_threads.c.thread
    )
)
_IS_UNFINISHED = Statement(select(unfinished_threads.c.thread).where(unfinished_threads.c.thread == param("thread")))
_FINISH = Statement(delete(unfinished_threads).where(unfinished_threads.c.thread == param("thread")))
_NEXT_SEQ = Statement(
    update(threads)
    .where(threads.c.id == param("thread_id"))
    .values(last_seq=threads.c.last_seq + 1, updated_at=param("at"))
    .returning(threads.c.key, threads.c.last_seq)
)
_DELETE = Statement(delete(threads).where(threads.c.key == param("thread")))
_ADD_DELETED = Statement(insert(deleted_threads).values(params("key")).inline())

_me = members.alias("me")
_OF = Statement(
    select(*_COLUMNS, _me.c.role, _me.c.muted, _me.c.read_seq, _me.c.own_after_read)
    .join(_me, _me.c.thread == threads.c.key)
    .outerjoin(*_with_options)
    .where(_me.c.username == param("username"))
    .order_by(threads.c.updated_at.desc(), threads.c.key.desc())
)
_MEMBERS_OF = Statement(
    select(members.c.thread, *member_rows.COLUMNS)
    .join(_me, _me.c.thread == members.c.thread)
    .where(_me.c.username == param("username"))
    .order_by(members.c.joined_at, members.c.username)
)
_MENTIONS_OF = Statement(
    select(mentions.c.thread, func.count())
    .join(_me, and_(_me.c.thread == mentions.c.thread, _me.c.username == mentions.c.username))
    .where(_me.c.username == param("username"), mentions.c.seq > _me.c.read_seq)
    .group_by(mentions.c.thread)
)
_LAST_MESSAGES_OF = Statement(
    select(*message_rows.COLUMNS)
    .select_from(_me)
    .join(threads, threads.c.key == _me.c.thread)
    .join(messages, messages.c.key == threads.c.key * literal_column(str(1 << SEQ_BITS)) + threads.c.last_seq)
    .join(authors, authors.c.key == messages.c.author)
    .where(_me.c.username == param("username"), threads.c.last_seq >= 0)
)


@cache
def _update(names: tuple[str, ...]) -> Statement:
    return Statement(update(threads).where(threads.c.id == param("thread_id")).values(params(*names)))


@cache
def _put_options(names: tuple[str, ...]) -> Statement:
    return Statement(
        lambda insert: (
            insert(thread_options)
            .values(params("thread", *_OPTIONS))
            .on_conflict_do_update(index_elements=["thread"], set_=params(*names))
            .inline()
        )
    )


def _value(name: str, value: Any) -> Any:
    return micros(value) if isinstance(value, datetime) else value


def _thread(row: tuple[Any, ...]) -> Thread:
    id, title, mode, instructions, notebook, archived_at, created_at, created_by, last_seq, updated_at = row[1:11]
    approval, keep_days, model = row[11:14]
    return Thread(
        id=id,
        title=title,
        mode=Mode(mode),
        instructions=instructions,
        notebook=notebook,
        archived_at=time_or_none(archived_at),
        created_at=time(created_at),
        created_by=created_by,
        last_seq=last_seq,
        updated_at=time(updated_at),
        approval=bool(approval),
        keep_days=keep_days,
        model=model,
    )


class Threads(Noun):
    """Rows of ``threads``."""

    def insert(self, thread: Thread) -> None:
        """Add a thread. An id that is taken fails the transaction."""
        row = self._run(_INSERT, **{name: _value(name, getattr(thread, name)) for name in _FIELDS}).fetchone()
        self._session.thread_keys[thread.id] = row[0]
        options = {name: getattr(thread, name) for name in _OPTIONS}
        if options != _OPTIONS:
            self._run(_put_options(tuple(_OPTIONS)), thread=row[0], **options)

    def get(self, id: str) -> Thread | None:
        """The thread, None when there is none."""
        row = self._run(_GET, id=id).fetchone()
        if row is None:
            return None
        self._session.thread_keys[id] = row[0]
        return _thread(row)

    def lock(self, id: str) -> bool:
        """Keep other servers from changing the thread until this transaction ends; false when there is none.

        For decisions about what may be there only once, such as the last free place. SQLite has one writer anyway.
        """
        return self._run(_LOCK, id=id).fetchone() is not None

    def update(self, id: str, **fields: Any) -> None:
        """Set fields of ``Thread``. Raises NotFound."""
        options = {name: fields.pop(name) for name in _OPTIONS if name in fields}
        if options:
            thread = self._session.key_of(id)
            self._run(_put_options(tuple(options)), **{**_OPTIONS, "thread": thread, **options})
        values = {name: _value(name, value) for name, value in fields.items()}
        if values and self._run(_update(tuple(sorted(values))), thread_id=id, **values).rowcount == 0:
            raise NotFound("There is no such thread.")

    def next_seq(self, id: str, at: datetime) -> int:
        """Take the thread's next ``seq``; others wait until this transaction ends. Raises NotFound."""
        row = self._run(_NEXT_SEQ, thread_id=id, at=micros(at)).fetchone()
        if row is None:
            raise NotFound("There is no such thread.")
        self._session.thread_keys[id] = row[0]
        return int(row[1])

    def delete(self, id: str) -> None:
        """Delete the thread for everybody; nothing happens when there is none.

        ``messages.sweep`` removes its messages, which for a long thread takes seconds.
        """
        thread = self._session.key(id)
        if thread is None:
            return
        hashes = file_rows.hashes(self._session, thread)
        guest_rows.end_all(self._session, thread)
        self._run(_DELETE, thread=thread)
        self._run(_ADD_DELETED, key=thread)
        for sha256 in hashes:
            file_rows.forget_if_orphaned(self._session, sha256)
        del self._session.thread_keys[id]

    def be_unfinished(self, id: str, server: str, at: datetime) -> None:
        """Say that a server still writes a thread, which nobody is in yet."""
        self._run(_BE_UNFINISHED, thread=self._session.key_of(id), server=server, at=micros(at))

    def is_unfinished(self, id: str) -> bool:
        """Whether a thread is there and still being written."""
        thread = self._session.key(id)
        return thread is not None and self._run(_IS_UNFINISHED, thread=thread).fetchone() is not None

    def unfinished(self) -> list[tuple[str, str, datetime]]:
        """The ids of threads that are still being written, by which server, and when that did so last."""
        return [(id, server, time(at)) for id, server, at in self._run(_UNFINISHED)]

    def finish(self, id: str) -> None:
        """Say that a thread is whole."""
        self._run(_FINISH, thread=self._session.key_of(id))

    def all_ids(self) -> list[str]:
        """Every thread's id, oldest first, but for those that are still being written."""
        return [row[0] for row in self._run(_IDS)]

    def of(self, username: str) -> list[ThreadSummary]:
        """The person's threads, the one that changed last first. Five statements, however many threads."""
        people: dict[int, list[Member]] = defaultdict(list)
        for row in self._run(_MEMBERS_OF, username=username):
            people[row[0]].append(member_rows.member(row[1:]))
        mentioned = dict(self._run(_MENTIONS_OF, username=username).fetchall())
        waiting = dict(self._run(request_rows.WAITING_FOR, username=username).fetchall())
        rows = self._run(_OF, username=username).fetchall()
        ids = {row[0]: row[1] for row in rows}
        last = {}
        for row in self._run(_LAST_MESSAGES_OF, username=username):
            thread = row[0] >> SEQ_BITS
            if thread in ids:
                last[thread] = message_rows.message(row, ids[thread])
        return [
            ThreadSummary(
                thread=_thread(row[:-4]),
                role=Role(row[-4]),
                muted=bool(row[-3]),
                unread=member_rows.unread(last_seq=row[9], read_seq=row[-2], own=row[-1]),
                mentions=mentioned.get(row[0], 0),
                members=tuple(people[row[0]]),
                last_message=last.get(row[0]),
                waiting=waiting.get(row[0], 0),
            )
            for row in rows
        ]
