"""What the server tells a client unasked, as text frames on the socket.

Documents say what a thread holds; events say what concerns a person: their list, their rights, their quota.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from jupyter_groupchat.types import Role
from jupyter_groupchat.wire.commands.drafts import Place
from jupyter_groupchat.wire.shapes import MemberJson


class Event(BaseModel):
    """Something that happened, for the clients of one person."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Connected(Event):
    """The first word on a connection: which chat this is. Copies of documents of another ``generation`` are void.

    It is another one when all of the chat was put back from a backup.
    """

    event: Literal["connected"] = "connected"
    generation: str


class ThreadUpdated(Event):
    """A thread in the person's list changed: a new message, a rename, its members, a read mark of their own."""

    event: Literal["thread.updated"] = "thread.updated"
    thread: str
    title: str
    last_seq: int
    unread: int
    mentions: int  #: unread messages that mention the person
    author_name: str | None = None  #: of the new message, where there is one
    preview: str | None = None  #: its first 120 characters
    mentioned: bool = False  #: the new message mentions the person
    muted: bool = False
    members: list[MemberJson] | None = None  #: who is in it now, where that changed or somebody looks different


class ThreadJoined(Event):
    """The person is now a member of a thread."""

    event: Literal["thread.joined"] = "thread.joined"
    thread: str
    title: str
    role: Role


class ThreadGone(Event):
    """The person is no longer a member, or the thread was deleted. Its channels are closed."""

    event: Literal["thread.gone"] = "thread.gone"
    thread: str
    title: str
    why: Literal["removed", "left", "deleted"]


class RoleChanged(Event):
    """The person's role in a thread changed."""

    event: Literal["role.changed"] = "role.changed"
    thread: str
    role: Role


class JoinRequested(Event):
    """For the owner: who asks to be let into a thread changed. ``name`` is set when somebody new asks."""

    event: Literal["thread.requested"] = "thread.requested"
    thread: str
    title: str
    waiting: int  #: people who wait now
    username: str | None = None
    name: str | None = None


class RequestEnded(Event):
    """The person no longer waits to be let into a thread, and is not in it. Who is let in gets ``thread.joined``."""

    event: Literal["request.ended"] = "request.ended"
    thread: str
    title: str
    why: Literal["declined", "withdrawn", "deleted"]


class ProfileChanged(Event):
    """The person changed what they are called or how they look, perhaps in another window."""

    event: Literal["profile.changed"] = "profile.changed"


class PresenceChanged(Event):
    """Who is here and who is typing in a thread that the connection has open."""

    event: Literal["presence"] = "presence"
    thread: str
    here: list[str]
    typing: list[str]


class AssistantNotice(Event):
    """Something that the assistant tells one person only, such as that their replies are used up."""

    event: Literal["assistant.notice"] = "assistant.notice"
    thread: str
    message: str
    text: str
    until: str | None = None


class DraftCursorMoved(Event):
    """Where somebody's cursor is in a draft that the connection has open: after which letters, null for the start."""

    event: Literal["draft.cursor"] = "draft.cursor"
    thread: str
    draft: str
    username: str
    anchor: Place | None
    head: Place | None
    here: bool  #: false when they no longer have the draft open


class DraftEnded(Event):
    """A draft was sent, as ``message``, or discarded; by nobody when it became too old. Its channels are closed."""

    event: Literal["draft.ended"] = "draft.ended"
    thread: str
    draft: str
    by: str | None
    message: str | None = None


class ReportsChanged(Event):
    """For operators: a message was reported (``new``), or a report closed. ``open`` is how many wait."""

    event: Literal["reports.changed"] = "reports.changed"
    open: int
    new: bool


class ChannelRefused(Event):
    """What was sent on a channel was refused; the client's copy is wrong and must be discarded."""

    event: Literal["channel.refused"] = "channel.refused"
    channel: int
    message: str


AnyEvent = Annotated[
    Connected
    | ThreadUpdated
    | ThreadJoined
    | ThreadGone
    | RoleChanged
    | JoinRequested
    | RequestEnded
    | ProfileChanged
    | PresenceChanged
    | AssistantNotice
    | DraftCursorMoved
    | DraftEnded
    | ReportsChanged
    | ChannelRefused,
    Field(discriminator="event"),
]
