"""The audit log: a chain in which each line's hash covers the hash of the line before.

Who changes, removes or inserts a line breaks the chain from there on, unless all later lines are made anew; keep a copy
of the last hash elsewhere to notice that too. Outlives the threads that it tells of.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, or_, select, text

from jupyter_groupchat.storage import evidence
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.audit import audit
from jupyter_groupchat.storage.values import micros, time
from jupyter_groupchat.types import AuditBody, AuditEntry

_FIELDS = ("id", "thread_id", "actor", "action", "details", "at", "hash")
_COLUMNS = [audit.c[name] for name in _FIELDS]

_ADD = Statement(insert(audit).values(params(*_FIELDS)).inline())
_LAST = Statement(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(param("limit")))
_LIST = Statement(
    select(*_COLUMNS).where(audit.c.thread_id == param("thread_id")).order_by(audit.c.id.desc()).limit(param("limit"))
)
_LIST_ALL = Statement(select(*_COLUMNS).order_by(audit.c.id.desc()).limit(param("limit")))
_CHAIN = Statement(select(*_COLUMNS).where(audit.c.id > param("after")).order_by(audit.c.id).limit(param("limit")))
_EDITS = Statement(
    select(*_COLUMNS)
    .where(or_(audit.c.action == "message.edit", audit.c.action == "message.delete"))
    .order_by(audit.c.id)
)
#: One server at a time may add the next link; freed when its transaction ends.
_LOCK = Statement(text("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.audit'))"))
_AT_ONCE = 1_000


def _hash(previous: str, row: tuple[Any, ...]) -> str:
    line = json.dumps([previous, *row], separators=(",", ":"), sort_keys=True)
    return sha256(line.encode()).hexdigest()


def _entry(row: tuple[Any, ...]) -> AuditEntry:
    id, thread_id, actor, action, details, at, hash = row
    return AuditEntry(
        id=id,
        thread_id=thread_id,
        actor=actor,
        action=action,
        details=json.loads(details),
        at=time(at),
        hash=hash,
    )


class Audit(Noun):
    """Rows of ``audit``."""

    def append(
        self,
        thread_id: str | None,
        actor: str,
        action: str,
        details: dict[str, Any],
        at: datetime,
        body: AuditBody | None = None,
    ) -> None:
        """Add a line. ``details`` are JSON values: hashes and names, not what people wrote.

        That may be kept beside it, as ``body``; the line then has the body's hash and size; see ``evidence``.
        """
        if self._session.dialect.name == "postgresql":
            self._run(_LOCK)
        last_id, previous = self._run(_LAST, limit=1).fetchone() or (0, "")
        if body is not None:
            details = details | evidence.keep(self._session, last_id + 1, thread_id or "", body)
        canonical = json.dumps(details, separators=(",", ":"), sort_keys=True)
        row = (last_id + 1, thread_id, actor, action, canonical, micros(at))
        self._run(_ADD, **dict(zip(_FIELDS, (*row, _hash(previous, row)), strict=True)))

    def after(self, id: int, limit: int) -> list[AuditEntry]:
        """The lines after one, about everything, oldest first."""
        return [_entry(row) for row in self._run(_CHAIN, after=id, limit=limit)]

    def of_message(self, message: str) -> Sequence[AuditEntry]:
        """The lines about what became of a message's text, oldest first. It reads those of all messages."""
        return [entry for row in self._run(_EDITS) if (entry := _entry(row)).details["message"] == message]

    def list(self, thread_id: str | None, limit: int) -> list[AuditEntry]:
        """The newest lines about a thread, or about everything, newest first."""
        rows = (
            self._run(_LIST_ALL, limit=limit)
            if thread_id is None
            else self._run(_LIST, thread_id=thread_id, limit=limit)
        )
        return [_entry(row) for row in rows]

    def verify(self) -> int | None:
        """The id of the first line that is not as it was written, None when the chain is whole."""
        expected, previous = 1, ""
        while rows := self._run(_CHAIN, after=expected - 1, limit=_AT_ONCE).fetchall():
            for row in rows:
                if row[0] != expected or row[-1] != _hash(previous, row[:-1]):
                    return expected
                expected, previous = expected + 1, row[-1]
        return None
