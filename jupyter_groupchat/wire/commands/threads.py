"""Commands about threads, and about the caller's place in one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from jupyter_groupchat.types import Mode
from jupyter_groupchat.wire.commands.command import Command, ThreadCommand
from jupyter_groupchat.wire.fields import MAX_COUNT, Count, Days, Instructions, ModelName, Path, Title


class ThreadCreate(Command):
    """Start a thread; the caller becomes its owner."""

    do: Literal["thread.create"] = "thread.create"
    title: Title
    notebook: Path | None = None
    instructions: Instructions = ""
    mode: Mode = Mode.AUTO


class ThreadPatch(ThreadCommand):
    """Change a thread's settings. A field that is left out stays.

    ``model`` is one of ``models`` in ``me``, "auto" for one that fits each question, or null for the server's default.
    With ``approval`` those who come by a link wait until the owner lets them in.
    ``keep_days`` is how many days messages are kept, null for ever; the owner's.
    """

    do: Literal["thread.patch"] = "thread.patch"
    title: Title | None = None
    instructions: Instructions | None = None
    mode: Mode | None = None
    archived: bool | None = None
    model: ModelName | None = None
    approval: bool | None = None
    keep_days: Days | None = None


class ThreadDelete(ThreadCommand):
    """Delete a thread with everything in it, for everybody."""

    do: Literal["thread.delete"] = "thread.delete"


class ThreadCopy(ThreadCommand):
    """Start a new thread with a copy of the messages up to and including ``through_seq``."""

    do: Literal["thread.copy"] = "thread.copy"
    title: Title | None = None
    through_seq: Count | None = None


class ThreadLeave(ThreadCommand):
    """Leave a thread. What the caller wrote stays."""

    do: Literal["thread.leave"] = "thread.leave"


class ReadPut(ThreadCommand):
    """Mark everything up to and including ``seq`` as read. Marks only move forward."""

    do: Literal["read.put"] = "read.put"
    seq: Annotated[int, Field(ge=-1, le=MAX_COUNT)]


class MutePut(ThreadCommand):
    """Switch one's own notifications for a thread off or on."""

    do: Literal["mute.put"] = "mute.put"
    muted: bool


class Typing(ThreadCommand):
    """Say that the caller is typing, or no longer is. Not kept; fades by itself after some seconds."""

    do: Literal["typing"] = "typing"
    typing: bool = True
