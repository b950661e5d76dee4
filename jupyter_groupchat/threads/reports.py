"""Messages that members report to whoever keeps the server.

Nobody in the thread learns of it: the lines in the audit log belong to no thread, so that its owner does not read them.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound, RateLimited
from jupyter_groupchat.threads.access import enter, existing
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, MessageKind, Report
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.events import ReportsChanged

#: The time in which a person may report so many messages as ``Limits`` says.
WINDOW = timedelta(hours=1)


def report(work: Work, actor: Actor, command: commands.MessageReport) -> dict[str, Any]:
    """Report a message; what it says now is kept for the operator."""
    thread, _ = enter(work, actor, command.thread, Act.REPORT)
    row = existing(work, thread.id, command.message)
    if row.kind is MessageKind.SYSTEM:
        raise NotAllowed("Lines about what happened in the thread cannot be reported.")
    if row.author == actor.username:
        raise NotAllowed("This is a message of your own. You can delete it yourself.")
    if work.rows.reports.has(actor.username, thread.id, row.id):
        raise Conflict("You have reported this message already.")
    _refuse_many(work, actor)
    made = Report(
        id=secrets.token_urlsafe(12),
        thread_id=thread.id,
        message=row.id,
        author=row.author,
        body=work.view(row).body(row.id),
        reported_by=actor.username,
        reason=command.reason,
        at=work.now,
    )
    work.tx.reports.add(made)
    details = {"report": made.id, "thread": thread.id, "message": row.id, "author": row.author}
    work.tx.audit.append(None, actor.username, "message.report", details, work.now)
    _tell(work, new=True)
    return {}


def close(work: Work, actor: Actor, command: commands.ReportClose) -> dict[str, Any]:
    """Close a report: it was looked at. The copy of the message goes; that there was a report stays."""
    work.policy.require_operator(actor)
    found = work.rows.reports.get(command.report)
    if found is None:
        raise NotFound("There is no such report.")
    if found.closed_at is not None:
        return {}
    work.tx.reports.close(found.id, actor.username, work.now)
    details = {"report": found.id, "thread": found.thread_id, "message": found.message}
    work.tx.audit.append(None, actor.username, "report.close", details, work.now)
    _tell(work, new=False)
    return {}


def _refuse_many(work: Work, actor: Actor) -> None:
    times = work.rows.reports.times_since(actor.username, work.now - WINDOW)
    limit = work.limits.reports_per_hour
    if len(times) >= limit:
        wait = (times[-limit] + WINDOW - work.now).total_seconds()
        raise RateLimited(
            f"You reported {limit} messages within an hour. What you reported is kept; wait before you report more.",
            retry_after=round(max(wait, 1.0), 3),
        )


def _tell(work: Work, *, new: bool) -> None:
    event = ReportsChanged(open=work.rows.reports.count_open(), new=new)
    work.delivery.events += [(username, event) for username in sorted(work.policy.operators)]
