"""Writing messages, and all that is done to them afterwards."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, NotFound, TooLarge
from jupyter_groupchat.reply_types import JobStatus
from jupyter_groupchat.threads import files, mentions, permissions, profiles, replies, retention
from jupyter_groupchat.threads.access import NO_MESSAGE, enter, enter_to_write, existing
from jupyter_groupchat.threads.delivery import Tidings
from jupyter_groupchat.threads.happenings import Edited, Posted
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Member, Message, MessageKind, MessageRow, MessageStatus, Thread
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import message_json

_BLANK = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]*")


def post(work: Work, actor: Actor, command: commands.MessagePost, credits: tuple[str, ...] = ()) -> dict[str, Any]:
    """Write a message. The same id from the same author again is the same message."""
    thread, member = enter(work, actor, command.thread, Act.POST)
    known = work.message(command.thread, command.id)
    if known is not None:
        return _again(work, actor, known)
    thread, member = enter_to_write(work, actor, command.thread, Act.POST)
    _check_body(work, command.body, may_be_blank=bool(command.cells or command.files))
    answered = check_brought(work, command.thread, command.reply_to, command.cells, command.files)

    if (member.name, member.avatar) != (actor.name, actor.avatar) and actor.via is None:
        now = profiles.shown(work.rows, actor)
        if (member.name, member.avatar) != (now.name, now.avatar):
            member = replace(member, name=now.name, avatar=now.avatar)
            work.put_member(thread.id, member)
    message = Message(
        id=command.id,
        thread_id=thread.id,
        seq=work.next_seq(thread.id),
        author=actor.username,
        author_name=member.name,
        kind=MessageKind.KERNEL if actor.via == "kernel" else MessageKind.HUMAN,
        via=None if actor.is_guest else actor.via,
        body=command.body,
        created_at=work.now,
        edited_at=None,
        deleted=False,
        reply_to=command.reply_to,
        mentions=_mentions(work, thread, command.body),
        reactions={},
        status=MessageStatus.COMPLETE,
        files=tuple(command.files),
        cells=tuple(command.cells),
        credits=credits,
    )
    row = work.add(message)
    delivery = work.delivery
    delivery.posted.append((thread.id, actor.username))
    delivery.tidings.append(Tidings(thread.id, message.seq))
    members = tuple(work.members(thread.id).values())
    delivery.happenings.append(Posted(thread=work.thread(thread.id), message=row, members=members, answered=answered))
    return {"message": message_json(message)}


def say(work: Work, thread_id: str, author: Member, body: str) -> None:
    """Write a line of the thread's own: somebody joined, the title changed. It is nobody's news."""
    message = Message(
        id=secrets.token_urlsafe(12),
        thread_id=thread_id,
        seq=work.next_seq(thread_id),
        author=author.username,
        author_name=author.name,
        kind=MessageKind.SYSTEM,
        via=None,
        body=body,
        created_at=work.now,
        edited_at=None,
        deleted=False,
        reply_to=None,
        mentions=(),
        reactions={},
        status=MessageStatus.COMPLETE,
        files=(),
        cells=(),
    )
    work.add(message)
    work.delivery.tidings.append(Tidings(thread_id))


def edit(work: Work, actor: Actor, command: commands.MessageEdit) -> dict[str, Any]:
    """Change the text of one's own message; what it said before is kept for the audit."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.READ)
    row = existing(work, command.thread, command.message)
    own = row.author == actor.username and row.kind in (MessageKind.HUMAN, MessageKind.KERNEL)
    enter(work, actor, command.thread, Act.EDIT, own=own)
    _check_body(work, command.body, may_be_blank=bool(row.cells or row.files))
    mentioned = _mentions(work, thread, command.body)
    work.tx.messages.set_body(thread.id, row.id, command.body, mentioned, work.now)
    before = work.body(row.body, row.created_at)
    work.tx.audit.append(thread.id, actor.username, "message.edit", {"message": row.id}, work.now, before)
    page = work.page_of(row)
    page.set_body(row.id, command.body, work.now, mentioned)
    work.delivery.happenings.append(Edited(thread=thread, message=replace(row, body=command.body, mentions=mentioned)))
    if set(mentioned) != set(row.mentions):
        work.delivery.tidings.append(Tidings(thread.id))
    return {"message": message_json(page.message(thread.id, row.id))}


def delete(work: Work, actor: Actor, command: commands.MessageDelete) -> dict[str, Any]:
    """Empty a message. A reply that is being written is stopped first."""
    enter_to_write(work, actor, command.thread, Act.READ)
    row = work.message(command.thread, command.message)
    if row is None:
        raise NotFound(NO_MESSAGE)
    thread, _ = enter(work, actor, command.thread, Act.DELETE, own=row.author == actor.username)
    if row.kind is MessageKind.SYSTEM:
        raise NotAllowed("Lines about what happened in the thread stay.")
    if row.deleted:
        return {}
    page = work.page_of(row)
    writers = (row.author, *page.message(thread.id, row.id).credits)
    if row.status is MessageStatus.STREAMING:
        replies.ask_to_stop(work, row, actor.username)
        work.tx.replies.set_status(row.id, JobStatus.CANCELLED, work.now)
        work.tx.messages.set_status(thread.id, row.id, MessageStatus.CANCELLED)
        work.after_commit(lambda: work.context.streaming.pop(row.id, None))
        page.set_status(row.id, MessageStatus.CANCELLED)
    work.tx.messages.delete(thread.id, row.id)
    said = work.body(page.body(row.id), retention.began(row, thread))
    details = {"message": row.id, "author": row.author}
    work.tx.audit.append(thread.id, actor.username, "message.delete", details, work.now, said)
    page.delete(row.id)
    if work.board_view(thread.id).is_marked(row.id):
        work.board(thread.id).set_marks(row.id, row.seq, ())
    files.forget(work, thread.id, row, writers)
    work.delivery.tidings.append(Tidings(thread.id))
    return {}


def mark(work: Work, actor: Actor, command: commands.MessageMark) -> dict[str, Any]:
    """Pin a message, or mark it as agreed."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.MARK)
    row = existing(work, command.thread, command.message)
    limit, board = work.limits.marks_per_thread, work.board_view(thread.id)
    if (command.pinned or command.agreed) and not board.is_marked(row.id) and board.mark_count() >= limit:
        raise Conflict(f"A thread holds at most {limit} marked messages. Take a mark away first.", limit=limit)
    page, changed = work.page_of(row), False
    for name, on in (("pinned", command.pinned), ("agreed", command.agreed)):
        if on is not None and page.set_mark(row.id, name, actor.username if on else None):
            changed = True
            work.tx.audit.append(
                thread.id, actor.username, "message.mark", {"message": row.id, "mark": name, "on": on}, work.now
            )
    message = page.message(thread.id, row.id)
    if changed:
        work.board(thread.id).set_marks(row.id, row.seq, message.marks)
    return {"message": message_json(message)}


def react(work: Work, actor: Actor, command: commands.ReactionPut) -> dict[str, Any]:
    """Add one's own reaction."""
    row = _reacted(work, actor, command)
    if work.view(row).reaction_count(row.id) >= work.limits.reactions_per_message:
        raise Conflict("This message has as many reactions as it can hold.")
    work.page_of(row).set_reaction(row.id, command.emoji, actor.username, True)
    return {}


def unreact(work: Work, actor: Actor, command: commands.ReactionDelete) -> dict[str, Any]:
    """Take one's own reaction back."""
    row = _reacted(work, actor, command)
    work.page_of(row).set_reaction(row.id, command.emoji, actor.username, False)
    return {}


def _reacted(work: Work, actor: Actor, command: commands.ReactionCommand) -> MessageRow:
    if actor.is_assistant:
        permissions.require(permissions.assistant_may(Act.REACT))
        if work.thread(command.thread).archived:
            raise Conflict("This thread is archived.")
    else:
        enter_to_write(work, actor, command.thread, Act.REACT)
    return existing(work, command.thread, command.message)


def _again(work: Work, actor: Actor, row: MessageRow) -> dict[str, Any]:
    if row.author != actor.username or row.kind not in (MessageKind.HUMAN, MessageKind.KERNEL):
        raise Conflict("Another message in this thread has this id.", id=row.id)
    return {"message": message_json(work.view(row).message(row.thread_id, row.id))}


def _mentions(work: Work, thread: Thread, body: str) -> tuple[str, ...]:
    if "@" not in body:
        return ()
    return mentions.find(body, work.members(thread.id).values(), (work.context.assistant_name,))


def _check_body(work: Work, body: str, *, may_be_blank: bool) -> None:
    check_size(work, body)
    if not may_be_blank and _BLANK.fullmatch(body):
        raise InvalidRequest("A message needs some text.")


def check_brought(
    work: Work, thread_id: str, reply_to: str | None, cells: Iterable[str], file_ids: Iterable[str]
) -> MessageRow | None:
    """The message that a text replies to, if it does. Raises NotFound for what is not in the thread."""
    answered = None if reply_to is None else work.message(thread_id, reply_to)
    if reply_to is not None and answered is None:
        raise NotFound("The message that this replies to is not in this thread.")
    for file in file_ids:
        if not files.is_there(work, thread_id, file):
            raise NotFound("The file is not in this thread.", file=file)
    for share in cells:
        if share not in work.board_view(thread_id):
            raise NotFound("The cell is not shared with this thread.", cell=share)
    return answered


def check_size(work: Work, body: str) -> None:
    """Raise TooLarge for a text that no message can hold."""
    limit = work.limits.body_bytes
    size = len(body.encode())
    if size > limit:
        raise TooLarge(
            f"A message holds at most {limit // 1024} kB of text; this one has {size // 1024 + 1}.", limit=limit
        )
