"""Messages that are deleted because they are older than the thread, or the server's operator, keeps them.

What stays of one is its place, its author and the mark after how many days it went, as of one that was deleted by hand.
Lines of the thread's own stay as they are: they say who came and went. A reply that is being written is let alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from jupyter_groupchat.documents import names
from jupyter_groupchat.storage.retention import Oldest
from jupyter_groupchat.threads import files
from jupyter_groupchat.threads.access import as_operator
from jupyter_groupchat.threads.delivery import Tidings
from jupyter_groupchat.threads.internal import MessagesExpire
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Member, MessageKind, MessageRow, MessageStatus, Thread

#: Messages that one transaction looks at: it keeps the core thread for some hundredths of a second.
BATCH = 64
#: Of the smaller things that were kept of messages.
_DECISIONS = 4 * BATCH


def words(member: Member, thread: Thread) -> str:
    """What the thread says of it."""
    if thread.keep_days is None:
        return f"{member.name} lets messages be kept."
    return f"{member.name} has messages deleted after {thread.keep_days} days."


def is_due(oldest: Oldest, policy: Policy, now: datetime) -> bool:
    """Whether there is something to delete, or to look at, in a thread."""
    days = policy.days(oldest.keep_days)
    return days is not None and _began(oldest.at, oldest.thread_at, oldest.imported) < now - timedelta(days=days)


def expire(work: Work, actor: Actor, command: MessagesExpire) -> dict[str, Any]:
    """Delete what is too old among the next few messages; ``{"more": bool}``, whether there may be more."""
    thread = as_operator(work, actor, command.thread)
    work.lock(thread.id)  # another server may be at it, too
    thread = work.thread(thread.id)
    days = work.policy.days(thread.keep_days)
    if days is None:
        return {"more": False}
    before = work.now - timedelta(days=days)
    rows = work.rows.retention.next(thread.id, BATCH)
    old = list(_old(rows, thread, before))
    if not old:
        return {"more": False}

    gone = [row for row in old if not row.deleted and row.kind is not MessageKind.SYSTEM]
    work.tx.retention.looked_at(thread.id, old[-1].seq + 1)
    for row in gone:
        _forget(work, row, days)
    too_old = [id for id in work.rows.files.before(thread.id, before) if files.is_there(work, thread.id, id)]
    for id in too_old:
        files.take_out(work, thread.id, id)
    work.tx.decisions.expire(thread.id, before, _DECISIONS)
    if gone or too_old:
        details = {"messages": len(gone), "files": len(too_old), "days": days}
        work.tx.audit.append(thread.id, actor.username, "messages.expire", details, work.now)
        work.delivery.tidings.append(Tidings(thread.id))
    # The log still says what was written; its snapshot no longer does.
    work.delivery.folds += sorted({names.page_document(thread.id, names.page_of(row.seq)) for row in gone})
    return {"more": len(old) == BATCH}


def _old(rows: list[MessageRow], thread: Thread, before: datetime) -> Iterator[MessageRow]:
    """From the first on, until one is young enough: what follows is younger."""
    for row in rows:
        young = began(row, thread) >= before
        if young or row.status is MessageStatus.STREAMING:
            return
        yield row


def began(row: MessageRow, thread: Thread) -> datetime:
    """Since when a message is as old as it is."""
    return _began(row.created_at, thread.created_at, row.kind is MessageKind.IMPORT)


def _began(at: datetime, thread_at: datetime, imported: bool) -> datetime:
    """When a message's time began. What an import says of that may lie in the future."""
    return min(at, thread_at) if imported else at


def _forget(work: Work, row: MessageRow, days: int) -> None:
    work.tx.messages.delete(row.thread_id, row.id)
    work.page_of(row).expire(row.id, days)
    if row.kind is MessageKind.ASSISTANT:
        work.tx.replies.forget_manifest(row.id)
