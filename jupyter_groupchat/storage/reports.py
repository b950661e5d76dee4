"""Messages that somebody wants the operator to look at. They outlive their threads, with a copy until one is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.reports import reports
from jupyter_groupchat.storage.values import micros, time, time_or_none
from jupyter_groupchat.types import Report

_FIELDS = ("id", "thread_id", "message", "author", "body", "reported_by", "reason", "at", "closed_at", "closed_by")
_select = select(*(reports.c[name] for name in _FIELDS))
_open = reports.c.closed_at.is_(None)

_ADD = Statement(insert(reports).values(params(*_FIELDS[:-2])).inline())
_GET = Statement(_select.where(reports.c.id == param("id")))
_LIST_OPEN = Statement(_select.where(_open).order_by(reports.c.at.desc(), reports.c.id).limit(param("limit")))
_LIST = Statement(_select.order_by(reports.c.at.desc(), reports.c.id).limit(param("limit")))
_COUNT_OPEN = Statement(select(func.count()).select_from(reports).where(_open))
_SINCE = Statement(
    select(reports.c.at)
    .where(reports.c.reported_by == param("username"), reports.c.at >= param("since"))
    .order_by(reports.c.at)
)
_OF = Statement(
    select(reports.c.id).where(
        reports.c.reported_by == param("username"),
        reports.c.thread_id == param("thread_id"),
        reports.c.message == param("message"),
    )
)
_CLOSE = Statement(
    update(reports).where(reports.c.id == param("id_"), _open).values(params("closed_at", "closed_by", "body"))
)


def _report(row: tuple[Any, ...]) -> Report:
    id, thread_id, message, author, body, reported_by, reason, at, closed_at, closed_by = row
    return Report(
        id=id,
        thread_id=thread_id,
        message=message,
        author=author,
        body=body,
        reported_by=reported_by,
        reason=reason,
        at=time(at),
        closed_at=time_or_none(closed_at),
        closed_by=closed_by,
    )


class Reports(Noun):
    """Rows of ``reports``."""

    def add(self, report: Report) -> None:
        """Add an open report."""
        fields = {name: getattr(report, name) for name in _FIELDS[:-2]} | {"at": micros(report.at)}
        self._run(_ADD, **fields)

    def get(self, id: str) -> Report | None:
        """The report, None when there is none."""
        row = self._run(_GET, id=id).fetchone()
        return None if row is None else _report(row)

    def list(self, limit: int, *, closed: bool = False) -> list[Report]:
        """The newest reports first: those that are open or, with ``closed``, all."""
        return [_report(row) for row in self._run(_LIST if closed else _LIST_OPEN, limit=limit)]

    def count_open(self) -> int:
        """How many wait to be looked at."""
        return int(self._run(_COUNT_OPEN).fetchone()[0])

    def has(self, username: str, thread_id: str, message: str) -> bool:
        """Whether somebody has reported a message already."""
        found = self._run(_OF, username=username, thread_id=thread_id, message=message)
        return found.fetchone() is not None

    def times_since(self, username: str, since: datetime) -> tuple[datetime, ...]:
        """When somebody reported something since a moment, the first first."""
        rows = self._run(_SINCE, username=username, since=micros(since))
        return tuple(time(row[-1]) for row in rows)

    def close(self, id: str, by: str, at: datetime) -> bool:
        """Close a report and forget what the message said; false when it is not open."""
        found = self._run(_CLOSE, id_=id, closed_by=by, closed_at=micros(at), body="")
        return bool(found.rowcount)
