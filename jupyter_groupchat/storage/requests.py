"""Who asks to be let into threads with approval."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from jupyter_groupchat.invitation_types import JoinRequest
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.invitations import join_requests
from jupyter_groupchat.storage.tables.members import members
from jupyter_groupchat.storage.tables.threads import threads
from jupyter_groupchat.storage.values import micros_or_none, time_or_none
from jupyter_groupchat.types import Role

_FIELDS = ("username", "name", "avatar", "role", "invitation", "asked_at", "times")
_select = select(threads.c.id, *(join_requests.c[name] for name in _FIELDS)).join(
    threads, threads.c.key == join_requests.c.thread
)
_this = (join_requests.c.thread == param("thread"), join_requests.c.username == param("username_"))
_waits = join_requests.c.asked_at.is_not(None)
_in_order = (join_requests.c.asked_at, join_requests.c.username)

_PUT = Statement(
    lambda insert: (
        insert(join_requests)
        .values(params("thread", *_FIELDS))
        .on_conflict_do_update(index_elements=["thread", "username"], set_=params(*_FIELDS[1:]))
        .inline()
    )
)
_GET = Statement(_select.where(*_this))
_WAITING = Statement(_select.where(join_requests.c.thread == param("thread"), _waits).order_by(*_in_order))
_COUNT = Statement(select(func.count()).where(join_requests.c.thread == param("thread"), _waits))
_OF = Statement(_select.where(join_requests.c.username == param("username"), _waits).order_by(*_in_order))
_END = Statement(update(join_requests).where(*_this, _waits).values(asked_at=None))
_DELETE = Statement(delete(join_requests).where(*_this))
#: By thread key, for the threads that somebody owns.
WAITING_FOR = Statement(
    select(join_requests.c.thread, func.count())
    .join(members, members.c.thread == join_requests.c.thread)
    .where(members.c.username == param("username"), members.c.role == Role.OWNER.value, _waits)
    .group_by(join_requests.c.thread)
)


def _request(row: tuple[Any, ...]) -> JoinRequest:
    thread_id, username, name, avatar, role, invitation, asked_at, times = row
    return JoinRequest(
        thread_id=thread_id,
        username=username,
        name=name,
        avatar=avatar,
        role=Role(role),
        invitation=invitation,
        asked_at=time_or_none(asked_at),
        times=times,
    )


class Requests(Noun):
    """Rows of ``join_requests``: one a person and thread."""

    def put(self, request: JoinRequest) -> None:
        """Keep that somebody asks, or asks again. Raises NotFound when there is no such thread."""
        fields = {name: getattr(request, name) for name in _FIELDS} | {"asked_at": micros_or_none(request.asked_at)}
        self._run(_PUT, thread=self._session.key_of(request.thread_id), **fields)

    def get(self, thread_id: str, username: str) -> JoinRequest | None:
        """The person's request, also when they no longer wait."""
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_GET, thread=thread, username_=username).fetchone()
        return None if row is None else _request(row)

    def waiting(self, thread_id: str) -> list[JoinRequest]:
        """Who waits, the longest first."""
        thread = self._session.key(thread_id)
        return [] if thread is None else [_request(row) for row in self._run(_WAITING, thread=thread)]

    def count(self, thread_id: str) -> int:
        """How many wait."""
        thread = self._session.key(thread_id)
        return 0 if thread is None else int(self._run(_COUNT, thread=thread).fetchone()[0])

    def of(self, username: str) -> list[JoinRequest]:
        """Where the person waits, the longest first."""
        return [_request(row) for row in self._run(_OF, username=username)]

    def end(self, thread_id: str, username: str) -> bool:
        """The person no longer waits; that they asked stays known. False when they did not wait."""
        thread = self._session.key(thread_id)
        return thread is not None and self._run(_END, thread=thread, username_=username).rowcount > 0

    def delete(self, thread_id: str, username: str) -> None:
        """Forget that the person ever asked."""
        thread = self._session.key(thread_id)
        if thread is not None:
            self._run(_DELETE, thread=thread, username_=username)
