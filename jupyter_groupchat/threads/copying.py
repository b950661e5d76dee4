"""Copies of threads: what was said, under the names that its authors had, for other people."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads import filling, lifecycle
from jupyter_groupchat.threads.access import enter
from jupyter_groupchat.threads.filling import Filling
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import NO_THREAD, Work
from jupyter_groupchat.types import Actor, Message, MessageKind, MessageRow, MessageStatus
from jupyter_groupchat.wire import commands

#: Messages that are read at once.
_CHUNK = 1_000


def prepare(tx: Transaction, actor: Actor, command: commands.ThreadCopy, now: datetime) -> Filling:
    """Work a copy out, beside the core thread; the caller may read the source, which is only read.

    Cells are not copied: they were shared with the people of that thread.
    """
    source = tx.threads.get(command.thread)
    if source is None:
        raise NotFound(NO_THREAD)
    title = command.title or f"{source.title[:190]} (copy)"
    new = lifecycle.new_thread(now, actor, title, source.mode, source.instructions, source.notebook)
    rows = _to_copy(tx, source.id, command.through_seq)
    thread = replace(
        new, model=source.model, approval=source.approval, keep_days=source.keep_days, last_seq=len(rows) - 1
    )
    ids = {row.id: secrets.token_urlsafe(12) for row in rows}
    messages = [_copied(row, thread.id, ids, seq) for seq, row in enumerate(rows)]
    return Filling(command, thread, filling.pages(thread.id, messages), source=source.id)


def copy(work: Work, actor: Actor, command: commands.ThreadCopy, filling: Filling) -> dict[str, Any]:
    """Let the caller into the copy that was written."""
    source, _ = enter(work, actor, command.thread, Act.COPY)
    thread = lifecycle.finish(work, actor, filling.thread)
    work.tx.audit.append(source.id, actor.username, "thread.copy", {"messages": thread.last_seq + 1}, work.now)
    return lifecycle.answer(work, actor, thread.id)


def _to_copy(tx: Transaction, thread_id: str, through_seq: int | None) -> list[MessageRow]:
    """Oldest first: what was said, without what happened there."""
    rows = [
        row
        for row in _newest_first(tx, thread_id, None if through_seq is None else through_seq + 1)
        if not row.deleted and row.kind is not MessageKind.SYSTEM and row.status is not MessageStatus.STREAMING
    ]
    return tx.messages.with_credits(thread_id, rows[::-1])


def _newest_first(tx: Transaction, thread_id: str, before_seq: int | None) -> Iterator[MessageRow]:
    while rows := tx.messages.newest(thread_id, _CHUNK, before_seq):
        yield from rows
        before_seq = rows[-1].seq


def _copied(row: MessageRow, thread_id: str, ids: dict[str, str], seq: int) -> Message:
    return Message(
        id=ids[row.id],
        thread_id=thread_id,
        seq=seq,
        author=row.author,
        author_name=row.author_name,
        kind=row.kind,
        via="kernel" if row.kind is MessageKind.KERNEL else None,
        body=row.body,
        created_at=row.created_at,
        edited_at=None,
        deleted=False,
        reply_to=ids.get(row.reply_to or ""),
        mentions=row.mentions,
        reactions={},
        status=row.status,
        files=(),
        cells=(),
        credits=row.credits,
    )
