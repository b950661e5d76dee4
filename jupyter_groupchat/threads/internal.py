"""Commands that come from within: the assistant's, by which a reply comes to be, grows and ends, and the operator's.

They take the same way as everybody's commands (``ThreadService.execute``); for any other actor they do not exist.
``FilePut``, ``PicturePut`` and ``DraftWrite`` are everybody's: they are here because bytes are no JSON.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jupyter_groupchat.reply_types import Decision, Manifest, ToolUse
from jupyter_groupchat.types import MessageStatus, Role
from jupyter_groupchat.wire.commands import Command, ThreadCommand
from jupyter_groupchat.wire.fields import Code, Identifier, Username

#: How something that the model did for one person ended.
Ended = Literal[MessageStatus.COMPLETE, MessageStatus.FAILED, MessageStatus.CANCELLED]


class Usage(BaseModel):
    """Tokens that one reply took, as the endpoint counted them where it did."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt_tokens: Annotated[int, Field(ge=0)] = 0
    completion_tokens: Annotated[int, Field(ge=0)] = 0


class SentRequest(BaseModel):
    """What the model was told, for operators who keep that. ``since`` is when the oldest message in it was written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(repr=False)]
    since: datetime


class CitedPage(BaseModel):
    """A page of the web that a reply cites."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, StringConstraints(pattern=r"^https?://")]
    title: str


class ReplyBegin(ThreadCommand):
    """Start a reply: its message appears with status ``streaming``, and a job with a lease is kept.

    ``reply_id`` becomes the message's id; left out, ``id`` does. ``about`` is the message that is answered and
    ``asked`` says whether a person asked (a mention, a reply, the button) or the assistant chose to speak.
    ``model`` is who will write it, ``model_name`` what members call it where that differs, and ``model_why`` why it is
    this one, where nobody simply set it. ``beside`` is the reply to which it is a second opinion. ``for_shielded`` says
    whether it is written for people of whom one is shielded; None where the model was not asked.
    """

    do: Literal["reply.begin"] = "reply.begin"
    reply_id: Identifier | None = None
    about: Identifier
    asked_by: Username
    asked: bool
    model: str | None = None
    model_name: str | None = None
    model_why: str | None = None
    beside: Identifier | None = None
    for_shielded: bool | None = None


class ReplyAppend(ThreadCommand):
    """Append to a streaming reply. The hot path: one update row, one room write, nothing else."""

    do: Literal["reply.append"] = "reply.append"
    message: Identifier
    text: Annotated[str, Field(min_length=1)]


class ReplyTools(ThreadCommand):
    """Show with a reply which tools it has used so far, and how each ended."""

    do: Literal["reply.tools"] = "reply.tools"
    message: Identifier
    tools: tuple[ToolUse, ...]


class ReplyPicture(ThreadCommand):
    """Put a picture into the thread and show it with a reply that is being written."""

    do: Literal["reply.picture"] = "reply.picture"
    message: Identifier
    name: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    data: Annotated[bytes, Field(repr=False)]


class ToolUsed(ThreadCommand):
    """Keep in the audit log that a tool was used for a reply, whatever became of the reply."""

    do: Literal["tool.used"] = "tool.used"
    message: Identifier
    use: ToolUse


class ReplySeal(ThreadCommand):
    """End a reply. ``error`` says to people why it failed; ``body``, where given, replaces what was streamed;
    ``links`` are what it cites from the web. ``request`` is None unless the operator keeps it."""

    do: Literal["reply.seal"] = "reply.seal"
    message: Identifier
    status: Literal[MessageStatus.COMPLETE, MessageStatus.FAILED, MessageStatus.CANCELLED, MessageStatus.INTERRUPTED]
    error: str | None = None
    body: str | None = None
    model: str | None = None
    manifest: Manifest | None = None
    usage: Usage | None = None
    request: SentRequest | None = None
    links: tuple[CitedPage, ...] = ()


class DecisionPut(ThreadCommand):
    """Keep what the assistant decided about a message. ``shown`` with the message, where silence might puzzle.

    ``usage`` is what the model took to decide; people are not charged for it. ``manifest`` is what it was told of, and
    ``request`` that itself, None unless the operator keeps it.
    """

    do: Literal["decision.put"] = "decision.put"
    message: Identifier
    decision: Decision
    shown: bool = False
    usage: Usage | None = None
    manifest: Manifest | None = None
    request: SentRequest | None = None


class FilePut(ThreadCommand):
    """Put a file into a thread, for messages to name."""

    do: Literal["file.put"] = "file.put"
    name: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    data: Annotated[bytes, Field(repr=False)]


class PicturePut(Command):
    """Make a picture the caller's own."""

    do: Literal["picture.put"] = "picture.put"
    data: Annotated[bytes, Field(repr=False)]


class PersonSeen(Command):
    """Say that the caller is here, and bring threads up to date that show them as they were.

    The answer's ``more`` says that some are left, for which to ask again.
    """

    do: Literal["person.seen"] = "person.seen"


class DraftWrite(ThreadCommand):
    """Write in a draft: ``data`` is an update of its document, as the client sent it."""

    do: Literal["draft.write"] = "draft.write"
    draft: Identifier
    data: Annotated[bytes, Field(repr=False)]


class ThreadBegin(Command):
    """Begin to write a new thread of the caller's, which nobody sees yet; see ``filling``. ``source`` is copied."""

    do: Literal["thread.begin"] = "thread.begin"
    source: Identifier | None = None


class ThreadFill(ThreadCommand):
    """Write a piece of a thread that was begun."""

    do: Literal["thread.fill"] = "thread.fill"


class ThreadDiscard(ThreadCommand):
    """Delete what there is of a thread that was begun and will never be whole; the operator's."""

    do: Literal["thread.discard"] = "thread.discard"


class ThreadImport(Command):
    """Let the caller into a new thread with what was said elsewhere; see ``ThreadService.bring_in``."""

    do: Literal["thread.import"] = "thread.import"


class MessagesExpire(ThreadCommand):
    """Delete a few of the messages and files that are older than the thread keeps them; the operator's."""

    do: Literal["messages.expire"] = "messages.expire"


class DraftExpire(ThreadCommand):
    """Discard a draft in which nobody has written for as long as the thread keeps its messages; the operator's."""

    do: Literal["draft.expire"] = "draft.expire"
    draft: Identifier


class MemberPut(ThreadCommand):
    """Add a member, or give one another role, whoever is in the thread. ``by`` is for the audit: who the operator is.

    ``owner`` makes members of all owners until now, so that it mends a thread that has none. ``name`` is what somebody
    new is called.
    """

    do: Literal["operator.member.put"] = "operator.member.put"
    username: Username
    role: Role
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    by: str


class MemberRemove(ThreadCommand):
    """Remove a member, whoever is in the thread."""

    do: Literal["operator.member.remove"] = "operator.member.remove"
    username: Username
    by: str


class GuestEnter(Command):
    """Come in by a guest link, under the caller's name and with a pass of which this is the hash."""

    do: Literal["guest.enter"] = "guest.enter"
    code: Annotated[Code, Field(repr=False)]
    pass_hash: Annotated[str, Field(repr=False)]


class GuestEnd(ThreadCommand):
    """Take out a guest whose time is over; the operator's."""

    do: Literal["guest.end"] = "guest.end"
    username: Username


class AsideBegin(Command):
    """Begin to do something for one person alone; refused while it is done for them, on whatever server."""

    do: Literal["aside.begin"] = "aside.begin"
    asked_by: Username
    what: Literal["catch_up", "dictation"]


class AsideEnd(Command):
    """It has ended, however it did."""

    do: Literal["aside.end"] = "aside.end"
    asked_by: Username
    what: Literal["catch_up", "dictation"]


class CatchUpSeal(ThreadCommand):
    """A person was told in private what they missed: so many ``messages``, ``cells`` (share id to content hash) and
    ``files`` (id to SHA-256) were read.

    ``usage`` is None where the model said nothing.
    """

    do: Literal["catch_up.seal"] = "catch_up.seal"
    asked_by: Username
    since_seq: int
    messages: int
    cells: dict[str, str]
    files: dict[str, str]
    model: str
    status: Ended
    usage: Usage | None = None


class DictationSeal(Command):
    """A person's recording of so many bytes was written down, or was not. ``seconds`` is None where it does not say."""

    do: Literal["dictation.seal"] = "dictation.seal"
    asked_by: Username
    bytes: int
    seconds: float | None
    media_type: str
    model: str
    status: Ended


InternalCommand = (
    ReplyBegin
    | ReplyAppend
    | ReplyTools
    | ReplyPicture
    | ToolUsed
    | ReplySeal
    | DecisionPut
    | FilePut
    | PicturePut
    | PersonSeen
    | DraftWrite
    | ThreadBegin
    | ThreadFill
    | ThreadDiscard
    | ThreadImport
    | AsideBegin
    | AsideEnd
    | CatchUpSeal
    | DictationSeal
    | MessagesExpire
    | DraftExpire
    | MemberPut
    | MemberRemove
    | GuestEnter
    | GuestEnd
)
