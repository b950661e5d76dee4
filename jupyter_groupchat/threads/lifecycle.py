"""Threads themselves: starting, changing, leaving and deleting them, and one's own marks in them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from jupyter_groupchat.errors import Conflict, NotAllowed
from jupyter_groupchat.invitation_types import Ended
from jupyter_groupchat.threads import filling, messages, models, profiles, requests, retention
from jupyter_groupchat.threads.access import enter, is_owner
from jupyter_groupchat.threads.delivery import Close, Tidings
from jupyter_groupchat.threads.happenings import ThreadDeleted
from jupyter_groupchat.threads.internal import ThreadBegin
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Member, Mode, Role, Thread, ThreadSummary
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import thread_json
from jupyter_groupchat.wire.events import ThreadGone, ThreadJoined

_MODES = {
    Mode.AUTO: "let the assistant speak when it has something to add",
    Mode.MENTION: "asked the assistant to speak only when mentioned",
    Mode.QUIET: "asked the assistant to be quiet unless mentioned",
}
#: Settings that the audit log tells as they are.
_TOLD = ("title", "mode", "model", "approval", "keep_days")
#: What is said of who comes by a link.
_APPROVAL = {True: "decides who joins by a link from now on", False: "lets everybody in who has a link"}


def create(work: Work, actor: Actor, command: commands.ThreadCreate) -> dict[str, Any]:
    """Start a thread; the caller becomes its owner."""
    may_have_one_more(work, actor)
    thread = new_thread(work.now, actor, command.title, command.mode, command.instructions, command.notebook)
    work.new_thread(thread, owner_of(work, actor, thread))
    tell_of_new(work, actor, thread)
    return answer(work, actor, thread.id)


def begin(work: Work, actor: Actor, command: ThreadBegin, thread: Thread) -> dict[str, Any]:
    """Begin to write a thread that is to be the caller's (``filling``)."""
    if command.source is not None:
        enter(work, actor, command.source, Act.COPY)
    may_have_one_more(work, actor)
    return filling.begin(work, thread)


def finish(work: Work, actor: Actor, thread: Thread) -> Thread:
    """Let the caller into the thread that was written, as its owner, who has read what is in it."""
    may_have_one_more(work, actor)
    filling.require(work, thread.id)
    thread = replace(thread, updated_at=work.now)
    work.finish_thread(thread, owner_of(work, actor, thread))
    tell_of_new(work, actor, thread)
    return thread


def patch(work: Work, actor: Actor, command: commands.ThreadPatch) -> dict[str, Any]:
    """Change a thread's settings. To change anything in an archived one, it has to be brought back."""
    thread, member = enter(work, actor, command.thread, Act.READ)
    _require_allowed(work, actor, command)
    changes = _changes(work, thread, command)
    if not changes:
        return answer(work, actor, thread.id)

    changed = work.change_thread(thread, **changes)
    told: dict[str, Any] = {key: changes[key] for key in _TOLD if key in changes}
    told |= {"archived": changed.archived} if "archived_at" in changes else {}
    told |= {"instructions": len(changed.instructions)} if "instructions" in changes else {}
    work.tx.audit.append(thread.id, actor.username, "thread.patch", told, work.now)
    for words in _said(member, changed, changes):
        messages.say(work, thread.id, member, words)
    if "keep_days" in changes:
        work.delivery.expires = True
    if "archived_at" in changes and changed.archived:
        work.delivery.happenings.append(ThreadDeleted(thread_id=thread.id))
    work.delivery.tidings.append(Tidings(thread.id))
    return answer(work, actor, thread.id)


def _require_allowed(work: Work, actor: Actor, command: commands.ThreadPatch) -> None:
    """What somebody may not set, they may not set to what it is, either."""
    settings = (command.title, command.mode, command.instructions)
    if "keep_days" in command.model_fields_set:  # null is a value of it
        enter(work, actor, command.thread, Act.KEEP)
    if "model" in command.model_fields_set or any(value is not None for value in settings):  # null is a model, too
        enter(work, actor, command.thread, Act.SETTINGS)
    if command.approval is not None:
        enter(work, actor, command.thread, Act.ADMIT)
    if command.archived is not None:
        enter(work, actor, command.thread, Act.ARCHIVE)


def _changes(work: Work, thread: Thread, command: commands.ThreadPatch) -> dict[str, Any]:
    """The fields of the thread that will be others than they are."""
    wanted: dict[str, Any] = {key: getattr(command, key) for key in ("title", "mode", "instructions", "approval")}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    wanted |= {key: getattr(command, key) for key in ("model", "keep_days") if key in command.model_fields_set}
    changes = {key: value for key, value in wanted.items() if value != getattr(thread, key)}
    if changes and thread.archived and command.archived is not False:
        raise Conflict("This thread is archived. Bring it back before you change it.")
    if changes.get("model") is not None:
        models.require(work, changes["model"])
    if command.archived is not None and command.archived != thread.archived:
        changes["archived_at"] = work.now if command.archived else None
    return changes


def _said(member: Member, changed: Thread, changes: Collection[str]) -> Iterator[str]:
    """What the thread is told of changes to it."""
    if "title" in changes:
        yield f"{member.name} renamed the thread to “{changed.title}”."
    if "mode" in changes:
        yield f"{member.name} {_MODES[changed.mode]}."
    if "model" in changes:
        yield f"{member.name} {models.told(changed.model)}."
    if "approval" in changes:
        yield f"{member.name} {_APPROVAL[changed.approval]}."
    if "keep_days" in changes:
        yield retention.words(member, changed)


def delete(work: Work, actor: Actor, command: commands.ThreadDelete) -> dict[str, Any]:
    """Delete a thread with everything in it."""
    thread, _ = enter(work, actor, command.thread, Act.DELETE_THREAD)
    everybody = list(work.members(thread.id))
    requests.tell_deleted(work, thread)
    work.delete_thread(thread.id)
    work.tx.audit.append(thread.id, actor.username, "thread.delete", {"members": len(everybody)}, work.now)
    work.delivery.closes.append(Close(thread.id, None, "deleted"))
    for username in everybody:
        gone = ThreadGone(thread=thread.id, title=thread.title, why="deleted")
        work.delivery.events.append((username, gone))
    work.delivery.happenings.append(ThreadDeleted(thread_id=thread.id))
    return {}


def leave(work: Work, actor: Actor, command: commands.ThreadLeave) -> dict[str, Any]:
    """Leave a thread; what the caller wrote stays."""
    thread, member = enter(work, actor, command.thread, Act.READ)
    if actor.via == "kernel":
        raise NotAllowed("A kernel's ticket does not let you leave the thread.")
    if is_owner(member):
        raise Conflict("A thread needs its owner. Hand it over to another member first, or delete it.")
    messages.say(work, thread.id, member, f"{member.name} left.")
    work.delete_member(thread.id, member.username)
    if member.guest_until is not None:
        work.tx.guests.end(member.username, Ended.LEFT)
    work.tx.audit.append(thread.id, actor.username, "thread.leave", {}, work.now)
    work.delivery.closes.append(Close(thread.id, member.username, "left"))
    gone = ThreadGone(thread=thread.id, title=thread.title, why="left")
    work.delivery.events.append((member.username, gone))
    return {}


def read(work: Work, actor: Actor, command: commands.ReadPut) -> dict[str, Any]:
    """Move the caller's read mark forward."""
    thread, member = enter(work, actor, command.thread, Act.READ)
    seq = work.tx.members.mark_read(thread.id, member.username, command.seq)
    if seq != member.read_seq:
        work.members(thread.id)[member.username] = replace(member, read_seq=seq)
        work.delivery.tidings.append(Tidings(thread.id, username=member.username))
    return {"read_seq": seq}


def mute(work: Work, actor: Actor, command: commands.MutePut) -> dict[str, Any]:
    """Switch the caller's own notifications."""
    thread, member = enter(work, actor, command.thread, Act.READ)
    if member.muted != command.muted:
        work.tx.members.update(thread.id, member.username, muted=command.muted)
        work.members(thread.id)[member.username] = replace(member, muted=command.muted)
        work.delivery.tidings.append(Tidings(thread.id, username=member.username))
    return {}


def answer(work: Work, actor: Actor, thread_id: str) -> dict[str, Any]:
    """``{"thread": ...}`` as the caller sees it."""
    rows = work.rows
    thread, members = work.thread(thread_id), work.members(thread_id)
    me = members[actor.username]
    unread, mentioned = rows.members.unread(thread_id, me.username)
    newest = rows.messages.newest(thread_id, 1)
    summary = ThreadSummary(
        thread=thread,
        role=me.role,
        muted=me.muted,
        unread=unread,
        mentions=mentioned,
        members=tuple(members.values()),
        last_message=newest[0] if newest else None,
        waiting=rows.requests.count(thread_id) if is_owner(me) else 0,
    )
    return {"thread": thread_json(summary, me.read_seq)}


def new_thread(now: datetime, actor: Actor, title: str, mode: Mode, instructions: str, notebook: str | None) -> Thread:
    """An empty thread of the caller's, not added yet."""
    return Thread(
        id=secrets.token_urlsafe(12),
        title=title,
        mode=mode,
        instructions=instructions,
        notebook=notebook,
        archived_at=None,
        created_at=now,
        created_by=actor.username,
        last_seq=-1,
        updated_at=now,
    )


def owner_of(work: Work, actor: Actor, thread: Thread) -> Member:
    """The caller as the owner of a thread, who has read what is in it."""
    me = profiles.shown(work.rows, actor)
    return Member(
        username=actor.username,
        name=me.name,
        role=Role.OWNER,
        joined_at=work.now,
        invited_by=None,
        colour=0,
        avatar=me.avatar,
        read_seq=thread.last_seq,
    )


def tell_of_new(work: Work, actor: Actor, thread: Thread) -> None:
    """Tell the caller, and the audit log, of a new thread of theirs."""
    work.tx.audit.append(thread.id, actor.username, "thread.create", {"title": thread.title}, work.now)
    joined = ThreadJoined(thread=thread.id, title=thread.title, role=Role.OWNER)
    work.delivery.events.append((actor.username, joined))


def may_have_one_more(work: Work, actor: Actor) -> None:
    """Raise when the caller may start no further thread."""
    if actor.via is not None:
        raise NotAllowed("A kernel's ticket is for one thread; it does not let you start another.")
    work.policy.require_creator(actor.username)
    limit = work.limits.threads_per_person
    if len(work.rows.members.threads_of(actor.username)) >= limit:
        raise Conflict(
            f"You are in {limit} threads, and more are not possible. Leave or delete one first.", limit=limit
        )
