"""Messages that members write together: beginning, writing, discarding and sending them.

A draft's document is the only one that clients write. Each of their updates is checked by the room and tried on a
replica that may break; see docs/decisions/0008-drafts-are-tried-first.md. What goes along with the text is changed by
commands, and kept in the thread's document.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, NotFound, TooLarge
from jupyter_groupchat.rooms.draft_room import FOREIGN, Change, DraftRoom
from jupyter_groupchat.threads import files, messages
from jupyter_groupchat.threads.access import as_operator, enter, enter_to_write
from jupyter_groupchat.threads.delivery import Close
from jupyter_groupchat.threads.internal import DraftExpire, DraftWrite
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Attachments, Draft, Thread
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import draft_json
from jupyter_groupchat.wire.events import DraftEnded
from jupyter_groupchat.wire.fields import MOST_BROUGHT

NO_DRAFT = "There is no such draft: it was sent or discarded, or there never was one."

#: An update may take so many times the bytes of the longest message: deletions and numbers come beside the text.
_UPDATE = 4
#: So many times as many letters as the longest message has bytes may ever be written in one draft.
_REWRITTEN = 2
#: Copies that may write in one draft: each window that somebody opens it in is one.
_COPIES = 500
#: Who began with a text of their own is kept as a writer under this client id, which no copy has; who wrote no letter
#: but deleted some, or let something go along, under a negative one.
_START = 0
#: How far off the time at which a draft was changed may be.
_SELDOM = timedelta(hours=1)
#: Messages that are looked through for a file at a time.
_AT_ONCE = 200


def begin(work: Work, actor: Actor, command: commands.DraftOpen) -> dict[str, Any]:
    """Begin a draft in a thread."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.DRAFT)
    work.lock(thread.id)
    messages.check_size(work, command.text)
    brought = _brought(work, actor, thread, command, Attachments())
    limit = work.limits.drafts_per_thread
    if len(work.rows.drafts.list(thread.id)) >= limit:
        raise Conflict(f"{limit} drafts are open in this thread. Send or discard one first.", limit=limit)
    draft = Draft(id=secrets.token_urlsafe(12), thread_id=thread.id, opened_by=actor.username, opened_at=work.now)
    work.tx.drafts.add(draft)
    if command.text:
        work.draft_text(draft).set(command.text)
    begun = bool(command.text) or brought != Attachments()
    if begun:
        work.tx.drafts.add_writer(draft.id, _START, actor.username, work.now)
    board = work.board(thread.id)
    board.put_draft(draft, [actor.username] if begun else [])
    board.set_attachments(draft.id, brought)
    return {"draft": draft_json(draft, brought)}


def write(work: Work, actor: Actor, command: DraftWrite) -> dict[str, Any]:
    """Take a client's update into a draft."""
    draft = _enter(work, actor, command.thread, command.draft)[1]
    limit = _UPDATE * work.limits.body_bytes
    if len(command.data) > limit:
        raise TooLarge(f"One change of a draft holds at most {limit // 1024} kB.", limit=limit)
    work.context.spoiled.check(actor.username)
    room = work.draft(draft)
    change = room.new_in(command.data)
    writers = work.rows.drafts.writers(draft.id)
    _check_client(change, room, writers, actor)
    try:
        attempt = room.attempt(change, _REWRITTEN * work.limits.body_bytes)
    except InvalidRequest:
        work.context.spoiled.note(actor.username)
        raise
    if attempt is None:
        return {}
    size = len(attempt.text.encode())
    if size > work.limits.body_bytes and size > len(room.text.encode()):
        room.give_up()
        work.context.spoiled.note(actor.username)
        messages.check_size(work, attempt.text)

    work.draft_text(draft)
    room.take(change, attempt)
    if change.client is None:
        _take_part(work, draft, actor, writers)
    elif change.client not in writers:
        _add_writer(work, draft, actor, writers, change.client)
    _note_change(work, draft)
    return {}


def patch(work: Work, actor: Actor, command: commands.DraftPatch) -> dict[str, Any]:
    """Change what goes along with a draft."""
    thread, draft = _enter(work, actor, command.thread, command.draft)
    before = work.board_view(thread.id).attachments(draft.id)
    now = _brought(work, actor, thread, command, before)
    if now != before:
        board = work.board(thread.id)
        board.set_attachments(draft.id, now)
        _take_part(work, draft, actor, work.rows.drafts.writers(draft.id))
        _delete_files(work, actor, draft, set(before.files) - set(now.files))
        _note_change(work, draft)
    return {"draft": draft_json(draft, now)}


def discard(work: Work, actor: Actor, command: commands.DraftClose) -> dict[str, Any]:
    """Discard a draft."""
    thread, draft = _enter(work, actor, command.thread, command.draft)
    enter(work, actor, command.thread, Act.DISCARD, own=draft.opened_by == actor.username)
    _delete_files(work, actor, draft, work.board_view(thread.id).attachments(draft.id).files)
    _end(work, actor, thread, draft)
    work.tx.audit.append(thread.id, actor.username, "draft.close", {"draft": draft.id}, work.now)
    return {}


def expire(work: Work, actor: Actor, command: DraftExpire) -> dict[str, Any]:
    """Discard a draft in which nobody has written for as long as the thread keeps its messages."""
    thread = as_operator(work, actor, command.thread)
    work.lock(thread.id)
    draft = work.rows.drafts.get(thread.id, command.draft)
    if draft is not None and is_due(draft, work.policy.days(work.thread(thread.id).keep_days), work.now):
        _delete_files(work, actor, draft, work.board_view(thread.id).attachments(draft.id).files)
        _end(work, None, thread, draft)
        work.tx.audit.append(thread.id, actor.username, "draft.expire", {"draft": draft.id}, work.now)
    return {}


def is_due(draft: Draft, keep_days: int | None, now: datetime) -> bool:
    """Whether a draft is older than a thread that keeps messages so long keeps it."""
    return keep_days is not None and (draft.changed_at or draft.opened_at) < now - timedelta(days=keep_days)


def send(work: Work, actor: Actor, command: commands.DraftSend) -> dict[str, Any]:
    """Send a draft as the caller's message. Those who wrote in it and still are members are credited."""
    thread, draft = _enter(work, actor, command.thread, command.draft)
    if work.message(thread.id, command.id) is not None:
        # A repeat of this command was answered before it came here.
        raise Conflict("Another message in this thread has this id.", id=command.id)
    writers = work.rows.drafts.writers(draft.id).values()
    members = work.members(thread.id)
    credits = tuple(name for name in dict.fromkeys(writers) if name != actor.username and name in members)
    brought = work.board_view(thread.id).attachments(draft.id)
    post = commands.MessagePost(
        id=command.id,
        thread=command.thread,
        body=work.draft(draft).text,
        reply_to=brought.reply_to,
        cells=list(brought.cells),
        files=list(brought.files),
    )
    answer = messages.post(work, actor, post, credits)
    _end(work, actor, thread, draft, command.id)
    return answer


def _enter(work: Work, actor: Actor, thread_id: str, draft_id: str) -> tuple[Thread, Draft]:
    """The thread and the draft, for a member who may write in it; other servers keep away from both until the end."""
    thread, _ = enter_to_write(work, actor, thread_id, Act.DRAFT)
    work.lock(thread.id)
    draft = work.rows.drafts.get(thread.id, draft_id)
    if draft is None:
        raise NotFound(NO_DRAFT)
    return thread, draft


def _brought(
    work: Work,
    actor: Actor,
    thread: Thread,
    command: commands.DraftOpen | commands.DraftPatch,
    before: Attachments,
) -> Attachments:
    """What goes along with a draft after a command. Nothing is changed by this."""
    for id in command.files:
        file = work.rows.files.get(thread.id, id)
        if file is not None and file.uploaded_by != actor.username:
            raise NotAllowed("A file goes along with a draft by who put it into the thread.", file=id)
    without = set(command.without) if isinstance(command, commands.DraftPatch) else set()
    reply_to = command.reply_to if "reply_to" in command.model_fields_set else before.reply_to
    brought = Attachments(
        reply_to=reply_to,
        cells=_joined(before.cells, command.cells, without),
        files=_joined(before.files, command.files, without),
    )
    for kind, ids in (("cells", brought.cells), ("files", brought.files)):
        if len(ids) > MOST_BROUGHT:
            raise Conflict(f"A message brings at most {MOST_BROUGHT} {kind}.", limit=MOST_BROUGHT)
    messages.check_brought(work, thread.id, brought.reply_to, brought.cells, brought.files)
    return brought


def _joined(before: Iterable[str], more: Iterable[str], without: set[str]) -> tuple[str, ...]:
    return tuple(id for id in dict.fromkeys([*before, *more]) if id not in without)


def _delete_files(work: Work, actor: Actor, draft: Draft, ids: Iterable[str]) -> None:
    """Nothing stays behind that nobody can see; what goes along with another message, sent or not, stays."""
    for id in sorted(ids):
        if not _is_elsewhere(work, draft, id):
            files.remove(work, draft.thread_id, id, by=actor.username)


def _is_elsewhere(work: Work, draft: Draft, file_id: str) -> bool:
    """Whether a file goes along with another draft, or with a message: one since it came, which are few."""
    board = work.board_view(draft.thread_id)
    others = (other.id for other in work.rows.drafts.list(draft.thread_id) if other.id != draft.id)
    if any(file_id in board.attachments(other).files for other in others):
        return True
    file = work.rows.files.get(draft.thread_id, file_id)
    before: int | None = None
    while file is not None and (rows := work.rows.messages.newest(draft.thread_id, _AT_ONCE, before)):
        if any(file_id in row.files for row in rows):
            return True
        before = rows[-1].seq
        if rows[-1].created_at < file.created_at:
            break
    return False


def _take_part(work: Work, draft: Draft, actor: Actor, writers: dict[int, str]) -> None:
    """Somebody changed a draft without writing a letter."""
    if actor.username not in writers.values():
        _add_writer(work, draft, actor, writers, min([_START, *writers]) - 1)


def _note_change(work: Work, draft: Draft) -> None:
    if work.now - (draft.changed_at or draft.opened_at) > _SELDOM:
        work.tx.drafts.changed(draft, work.now)


def _add_writer(work: Work, draft: Draft, actor: Actor, writers: dict[int, str], client: int) -> None:
    work.tx.drafts.add_writer(draft.id, client, actor.username, work.now)
    if actor.username not in writers.values():
        work.board(draft.thread_id).put_draft(draft, dict.fromkeys([*writers.values(), actor.username]))


def _check_client(change: Change, room: DraftRoom, writers: dict[int, str], actor: Actor) -> None:
    """A copy belongs to who first wrote with it: nobody writes letters that another's copy would count as its own."""
    client = change.client
    if client is None or writers.get(client) == actor.username:
        return
    if client == _START or client in writers or room.knows(client):
        raise NotAllowed(FOREIGN)
    if len(writers) >= _COPIES:
        raise Conflict("This draft was opened so often that it is full. Send it, or go on in a new one.")


def _end(work: Work, actor: Actor | None, thread: Thread, draft: Draft, message: str | None = None) -> None:
    """Let go of a draft, and tell everybody. Without an actor it became too old."""
    by = None if actor is None else actor.username
    work.end_draft(draft)
    doc_id = names.draft_document(thread.id, draft.id)
    work.delivery.closes.append(Close(thread.id, None, "ended", doc_id))
    for username in work.members(thread.id):
        ended = DraftEnded(thread=thread.id, draft=draft.id, by=by, message=message)
        work.delivery.events.append((username, ended))
