"""Who is in a thread, and how far each has read."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage.messages import KIND_NUMBER
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.members import members
from jupyter_groupchat.storage.tables.messages import authors, mentions, messages
from jupyter_groupchat.storage.tables.threads import threads
from jupyter_groupchat.storage.values import message_key, micros, micros_or_none, time, time_or_none
from jupyter_groupchat.types import Member, MessageKind, Role

_FIELDS = (
    "username",
    "name",
    "role",
    "joined_at",
    "invited_by",
    "colour",
    "avatar",
    "muted",
    "read_seq",
    "guest_until",
)
COLUMNS = [members.c[name] for name in _FIELDS]
_this = (members.c.thread == param("thread"), members.c.username == param("username_"))

_ADD = Statement(insert(members).values(params("thread", *_FIELDS, "own_after_read")).inline())
_GET = Statement(select(*COLUMNS).where(*_this))
_LIST = Statement(
    select(*COLUMNS).where(members.c.thread == param("thread")).order_by(members.c.joined_at, members.c.username)
)
_COUNT = Statement(select(func.count()).where(members.c.thread == param("thread")))
_REMOVE = Statement(delete(members).where(*_this))
_THREADS_OF = Statement(
    select(threads.c.id)
    .join(members, members.c.thread == threads.c.key)
    .where(members.c.username == param("username_"))
    .order_by(threads.c.key)
)
_OWN = Statement(
    select(func.count())
    .select_from(messages)
    .join(authors, authors.c.key == messages.c.author)
    .where(
        messages.c.key.between(param("first"), param("last")),
        or_(authors.c.username == param("username_"), messages.c.kind == KIND_NUMBER[MessageKind.SYSTEM]),
    )
)
_MARK = Statement(
    select(members.c.read_seq, threads.c.last_seq).join(threads).where(*_this).with_for_update(of=members)
)
_SET_MARK = Statement(
    update(members).where(*_this).values(read_seq=param("seq"), own_after_read=members.c.own_after_read - param("own"))
)
_UNREAD = Statement(
    select(threads.c.last_seq, members.c.read_seq, members.c.own_after_read).join(threads).where(*_this)
)
_MENTIONS = Statement(
    select(func.count()).where(
        mentions.c.thread == param("thread"),
        mentions.c.username == param("username_"),
        mentions.c.seq > param("read_seq"),
    )
)


@cache
def _update(names: tuple[str, ...]) -> Statement:
    return Statement(update(members).where(*_this).values(params(*names)))


def member(row: tuple[Any, ...]) -> Member:
    """The member in a row of ``COLUMNS``."""
    username, name, role, joined_at, invited_by, colour, avatar, muted, read_seq, guest_until = row
    return Member(
        username=username,
        name=name,
        role=Role(role),
        joined_at=time(joined_at),
        invited_by=invited_by,
        colour=colour,
        avatar=avatar,
        muted=bool(muted),
        read_seq=read_seq,
        guest_until=time_or_none(guest_until),
    )


def unread(*, last_seq: int, read_seq: int, own: int) -> int:
    """Messages of others after the read mark."""
    return max(0, last_seq - read_seq - own)


class Members(Noun):
    """Rows of ``members``."""

    def add(self, thread_id: str, member: Member) -> None:
        """Add a member. One who is there already fails the transaction. Raises NotFound."""
        thread = self._session.key_of(thread_id)
        times = {"joined_at": micros(member.joined_at), "guest_until": micros_or_none(member.guest_until)}
        fields = {name: getattr(member, name) for name in _FIELDS} | times
        own = self._own(thread, member.username, member.read_seq)
        self._run(_ADD, thread=thread, own_after_read=own, **fields)

    def get(self, thread_id: str, username: str) -> Member | None:
        """The member, None when the person is not in the thread or there is no thread."""
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_GET, thread=thread, username_=username).fetchone()
        return None if row is None else member(row)

    def threads_of(self, username: str) -> list[str]:
        """Ids of the threads that the person is in."""
        return [row[0] for row in self._run(_THREADS_OF, username_=username)]

    def list(self, thread_id: str) -> list[Member]:
        """The members, in the order in which they came."""
        thread = self._session.key(thread_id)
        return [] if thread is None else [member(row) for row in self._run(_LIST, thread=thread)]

    def count(self, thread_id: str) -> int:
        """How many members the thread has."""
        thread = self._session.key(thread_id)
        return 0 if thread is None else int(self._run(_COUNT, thread=thread).fetchone()[0])

    def update(self, thread_id: str, username: str, **fields: Any) -> None:
        """Set fields of ``Member``, save for ``read_seq``. Raises NotFound."""
        values = {name: micros(value) if isinstance(value, datetime) else value for name, value in fields.items()}
        statement = _update(tuple(sorted(values)))
        thread = self._session.key_of(thread_id)
        if self._run(statement, thread=thread, username_=username, **values).rowcount == 0:
            raise NotFound("There is no such member.")

    def remove(self, thread_id: str, username: str) -> bool:
        """Remove a member; false when there was none."""
        thread = self._session.key(thread_id)
        return thread is not None and self._run(_REMOVE, thread=thread, username_=username).rowcount > 0

    def mark_read(self, thread_id: str, username: str, seq: int) -> int:
        """Move the read mark forward to ``seq``, at most to the last message; where it is then. Raises NotFound."""
        thread = self._session.key_of(thread_id)
        row = self._run(_MARK, thread=thread, username_=username).fetchone()
        if row is None:
            raise NotFound("There is no such member.")
        before, last = row
        seq = min(seq, last)
        if seq <= before:
            return int(before)
        own = self._own(thread, username, before, seq)
        self._run(_SET_MARK, thread=thread, username_=username, seq=seq, own=own)
        return seq

    def unread(self, thread_id: str, username: str) -> tuple[int, int]:
        """Others' messages after the read mark, and how many of them mention the person."""
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_UNREAD, thread=thread, username_=username).fetchone()
        if row is None:
            return 0, 0
        last_seq, read_seq, own = row
        mentioned = self._run(_MENTIONS, thread=thread, username_=username, read_seq=read_seq).fetchone()[0]
        return unread(last_seq=last_seq, read_seq=read_seq, own=own), mentioned

    def _own(self, thread: int, username: str, after: int, through: int | None = None) -> int:
        last = message_key(thread + 1, -1) if through is None else message_key(thread, through)
        first = message_key(thread, after + 1)
        return int(self._run(_OWN, first=first, last=last, username_=username).fetchone()[0])
