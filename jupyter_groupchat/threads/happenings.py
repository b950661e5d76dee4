"""What the service tells its watchers (the assistant) after it was committed.

Only the server process that carried out a command tells of it, so that one assistant answers once. The exceptions are
``Typed``, which concerns everybody, and ``StopAsked``, which is told where the reply is being written.
"""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_groupchat.types import Actor, Member, MessageRow, SharedCell, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A person (or their kernel) wrote a message; ``answered`` is the message that it replies to."""

    thread: Thread
    message: MessageRow
    members: tuple[Member, ...]
    answered: MessageRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An author changed a message's text."""

    thread: Thread
    message: MessageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CellShared:
    """A cell was shared or brought up to date. ``first`` when it was not shared before."""

    thread: Thread
    cell: SharedCell
    by: Actor
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAsked:
    """Somebody asked for a reply about ``message``.

    ``model`` is the one that they want, where it is not the thread's; ``beside`` the id of the reply to which this is
    to be a second opinion.
    """

    thread: Thread
    message: MessageRow
    by: Actor
    model: str | None = None
    beside: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAsked:
    """Somebody asked to stop the reply with the id ``message``, which this server process is writing."""

    thread_id: str
    message: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Somebody began or stopped typing."""

    thread_id: str
    username: str
    typing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadDeleted:
    """A thread is gone, or was archived: nothing more is to be written in it."""

    thread_id: str


Happening = Posted | Edited | CellShared | ReplyAsked | StopAsked | Typed | ThreadDeleted
