"""Guests, and the passes that let them in. Only a hash of each pass is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from jupyter_groupchat.invitation_types import Ended, Guest
from jupyter_groupchat.storage.session import Noun, Session
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.guests import guests
from jupyter_groupchat.storage.tables.threads import threads
from jupyter_groupchat.storage.values import micros, time

_FIELDS = ("username", "name", "invitation", "came_at", "ends_at", "ended")
_select = select(threads.c.id, *(guests.c[name] for name in _FIELDS)).outerjoin(
    threads, threads.c.key == guests.c.thread
)

_ADD = Statement(insert(guests).values(params("thread", "pass_hash", *_FIELDS)).inline())
_GET = Statement(_select.where(guests.c.username == param("username")))
_BY_PASS_HASH = Statement(_select.where(guests.c.pass_hash == param("pass_hash")))
_DUE = Statement(
    _select.where(guests.c.ends_at <= param("now"), guests.c.ended.is_(None)).order_by(guests.c.ends_at).limit(100)
)
_END = Statement(
    update(guests).where(guests.c.username == param("username_"), guests.c.ended.is_(None)).values(params("ended"))
)
_END_ALL = Statement(
    update(guests)
    .where(guests.c.thread == param("thread_"))
    .values(name="", invitation="", ended=func.coalesce(guests.c.ended, Ended.DELETED))
)
_FORGET = Statement(delete(guests).where(guests.c.ends_at <= param("before"), guests.c.ended.is_not(None)))


def _guest(row: tuple[Any, ...]) -> Guest:
    thread_id, username, name, invitation, came_at, ends_at, ended = row
    return Guest(
        username=username,
        thread_id=thread_id or "",
        name=name,
        invitation=invitation,
        came_at=time(came_at),
        ends_at=time(ends_at),
        ended=None if ended is None else Ended(ended),
    )


def end_all(session: Session, thread: int) -> None:
    """The passes of a thread's guests open nothing from now on, for it is deleted; their names are forgotten."""
    session.run(_END_ALL, thread_=thread)


class Guests(Noun):
    """Rows of ``guests``."""

    def add(self, guest: Guest, pass_hash: str) -> None:
        """Add a guest. Raises NotFound when there is no such thread."""
        times = {"came_at": micros(guest.came_at), "ends_at": micros(guest.ends_at)}
        fields = {name: getattr(guest, name) for name in _FIELDS} | times
        self._run(_ADD, thread=self._session.key_of(guest.thread_id), pass_hash=pass_hash, **fields)

    def get(self, username: str) -> Guest | None:
        """The guest, None when there is none of that name."""
        row = self._run(_GET, username=username).fetchone()
        return None if row is None else _guest(row)

    def by_pass_hash(self, pass_hash: str) -> Guest | None:
        """Whose pass has this hash, whether or not it still opens anything."""
        row = self._run(_BY_PASS_HASH, pass_hash=pass_hash).fetchone()
        return None if row is None else _guest(row)

    def due(self, now: datetime) -> list[Guest]:
        """Some of those whose time is over and who were not told yet, the longest first."""
        return [_guest(row) for row in self._run(_DUE, now=micros(now))]

    def end(self, username: str, why: Ended) -> bool:
        """A guest's pass opens nothing from now on; false when it did not before."""
        return bool(self._run(_END, username_=username, ended=why).rowcount)

    def forget(self, before: datetime) -> None:
        """Forget passes whose time was over by then."""
        self._run(_FORGET, before=micros(before))
