"""The door of every handler: is the caller a member, and does the role allow it?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from jupyter_groupchat.threads import permissions
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import NO_THREAD, Work
from jupyter_groupchat.types import Actor, Member, MessageRow, Role, Thread

ARCHIVED = "This thread is archived: it can be read, but nothing more is written in it."
NO_MESSAGE = "There is no such message in this thread."
WAS_DELETED = "This message was deleted."
NO_FILE = "There is no such file in this thread."


def refuse_impostors(actor: Actor) -> None:
    """Raise NotAllowed for a person who signed in under a username that can be nobody's."""
    if permissions.is_impostor(actor):
        raise NotAllowed(f"The username “{actor.username}” cannot be a person's here. Sign in under another name.")


def in_reach(actor: Actor, thread_id: str) -> None:
    """Raise NotFound when the actor's ticket is for another thread."""
    if actor.thread is not None and actor.thread != thread_id:
        raise NotFound(NO_THREAD)


def enter(work: Work, actor: Actor, thread_id: str, act: Act, *, own: bool = False) -> tuple[Thread, Member]:
    """The thread and the caller as its member, who may ``act`` there. To a stranger, the thread does not exist."""
    in_reach(actor, thread_id)
    thread = work.thread(thread_id)
    member = work.members(thread_id).get(actor.username)
    if member is None:
        raise NotFound(NO_THREAD)
    permissions.require(permissions.may(member.role, act, own=own, via=actor.via))
    return thread, member


def enter_to_write(work: Work, actor: Actor, thread_id: str, act: Act, *, own: bool = False) -> tuple[Thread, Member]:
    """The same, for a thread that is not archived."""
    thread, member = enter(work, actor, thread_id, act, own=own)
    if thread.archived:
        raise Conflict(ARCHIVED)
    return thread, member


def as_assistant(work: Work, actor: Actor, thread_id: str) -> Thread:
    """The thread, for the assistant. To anybody else there is no such command, so there is no such thing."""
    if not actor.is_assistant:
        raise NotFound("There is no such command.")
    return work.thread(thread_id)


def as_operator(work: Work, actor: Actor, thread_id: str) -> Thread:
    """The thread, for whoever keeps the server. To anybody else there is no such command."""
    if not actor.is_operator:
        raise NotFound("There is no such command.")
    return work.thread(thread_id)


def existing(work: Work, thread_id: str, message_id: str) -> MessageRow:
    """A message that is there and was not deleted."""
    row = work.message(thread_id, message_id)
    if row is None:
        raise NotFound(NO_MESSAGE)
    if row.deleted:
        raise Conflict(WAS_DELETED)
    return row


def is_owner(member: Member) -> bool:
    """Whether the thread is the member's."""
    return member.role is Role.OWNER


def refuse_null(command: Iterable[tuple[str, Any]]) -> None:
    """Raise InvalidRequest for a text that not every database keeps; ``command`` is a model's names and values."""
    for name, value in command:
        if isinstance(value, str) and "\0" in value:
            raise InvalidRequest("A text may not hold a null character.", field=name)
