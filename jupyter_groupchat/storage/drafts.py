"""Drafts that members write together, and who wrote in them. What they say is in their documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.drafts import draft_writers, drafts
from jupyter_groupchat.storage.tables.threads import thread_options, threads
from jupyter_groupchat.storage.values import micros, time
from jupyter_groupchat.types import Draft

_COLUMNS = [drafts.c[name] for name in ("id", "opened_by", "opened_at", "changed_at")]
_this = (drafts.c.thread == param("thread"), drafts.c.id == param("id"))

_ADD = Statement(insert(drafts).values(params("thread", "id", "opened_by", "opened_at")).inline())
_GET = Statement(select(*_COLUMNS).where(*_this))
_LIST = Statement(select(*_COLUMNS).where(drafts.c.thread == param("thread")).order_by(drafts.c.opened_at, drafts.c.id))
_CHANGED = Statement(update(drafts).where(*_this).values(params("changed_at")))
_ALL = Statement(
    select(*_COLUMNS, threads.c.id, thread_options.c.keep_days)
    .join(threads, threads.c.key == drafts.c.thread)
    .outerjoin(thread_options, thread_options.c.thread == drafts.c.thread)
    .order_by(func.coalesce(drafts.c.changed_at, drafts.c.opened_at), drafts.c.id)
)
_DELETE = Statement(delete(drafts).where(*_this))
_ADD_WRITER = Statement(insert(draft_writers).values(params("draft", "client", "username", "at")).inline())
_WRITERS = Statement(
    select(draft_writers.c.client, draft_writers.c.username)
    .where(draft_writers.c.draft == param("draft"))
    .order_by(draft_writers.c.at, draft_writers.c.client)
)


class Drafts(Noun):
    """Rows of ``drafts`` and ``draft_writers``."""

    def add(self, draft: Draft) -> None:
        """Add a draft. Raises NotFound when there is no such thread."""
        thread = self._session.key_of(draft.thread_id)
        self._run(_ADD, thread=thread, id=draft.id, opened_by=draft.opened_by, opened_at=micros(draft.opened_at))

    def get(self, thread_id: str, id: str) -> Draft | None:
        """The draft, None when the thread has none of that id."""
        thread = self._session.key(thread_id)
        row = None if thread is None else self._run(_GET, thread=thread, id=id).fetchone()
        return None if row is None else _draft(row, thread_id)

    def list(self, thread_id: str) -> list[Draft]:
        """The thread's drafts, oldest first."""
        thread = self._session.key(thread_id)
        return [] if thread is None else [_draft(row, thread_id) for row in self._run(_LIST, thread=thread)]

    def all(self) -> Sequence[tuple[Draft, int | None]]:
        """The drafts of all threads, those first that nobody has changed for long; after how many days their threads
        delete messages."""
        return [(_draft(row[:4], row[4]), row[5]) for row in self._run(_ALL)]

    def changed(self, draft: Draft, at: datetime) -> None:
        """Somebody changed what a draft says, or what goes along with it."""
        thread = self._session.key_of(draft.thread_id)
        self._run(_CHANGED, thread=thread, id=draft.id, changed_at=micros(at))

    def delete(self, thread_id: str, id: str) -> bool:
        """Delete a draft and the record of who wrote in it; false when there is none."""
        thread = self._session.key(thread_id)
        return thread is not None and self._run(_DELETE, thread=thread, id=id).rowcount > 0

    def add_writer(self, id: str, client: int, username: str, at: datetime) -> None:
        """Somebody wrote in a draft under a client id. One that is taken fails the transaction."""
        self._run(_ADD_WRITER, draft=id, client=client, username=username, at=micros(at))

    def writers(self, id: str) -> dict[int, str]:
        """Who wrote in a draft, by client id, in the order in which they began to."""
        return dict(self._run(_WRITERS, draft=id).fetchall())


def _draft(row: tuple[Any, ...], thread_id: str) -> Draft:
    id, opened_by, opened_at, changed_at = row
    return Draft(
        id=id,
        thread_id=thread_id,
        opened_by=opened_by,
        opened_at=time(opened_at),
        changed_at=None if changed_at is None else time(changed_at),
    )
