"""What a client may ask for: one model a command. REST calls and socket frames are parsed into these.

The TypeScript side (``labextension/src/client/commands.ts``) is generated from this module.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jupyter_groupchat.types import Mode, Role
from jupyter_groupchat.wire.fields import (
    MAX_COUNT,
    Body,
    Code,
    Count,
    Days,
    DisplayName,
    Emoji,
    Identifier,
    Instructions,
    ModelName,
    Path,
    Title,
    Username,
)

#: Cells, or files, that one message can bring along.
MOST_BROUGHT = 20


class Command(BaseModel):
    """A request to change something. The client chooses ``id``; a repeat of it returns the first result."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=False)

    id: Identifier


class ThreadCommand(Command):
    """A command about one thread."""

    thread: Identifier


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


class MemberPut(ThreadCommand):
    """Add somebody who has used the chat at this server, where its operator lets people be added by name."""

    do: Literal["member.put"] = "member.put"
    username: Username
    role: Role = Role.MEMBER


class MemberPatch(ThreadCommand):
    """Give a member another role; ``owner`` hands the thread over."""

    do: Literal["member.patch"] = "member.patch"
    username: Username
    role: Role


class MemberDelete(ThreadCommand):
    """Remove a member: their channels close at once, what they wrote stays."""

    do: Literal["member.delete"] = "member.delete"
    username: Username


class InvitationCreate(ThreadCommand):
    """Make an invitation link. ``expires_in`` is in seconds, null for never; ``max_uses`` null for any number.

    One for a ``guest`` opens the thread, and nothing else, to people without an account, as reviewers and until it
    expires, which it must, and after ``guest_days`` at the latest.
    """

    do: Literal["invitation.create"] = "invitation.create"
    role: Role = Role.MEMBER
    expires_in: Annotated[int, Field(ge=1, le=366 * 86_400)] | None = 7 * 86_400
    max_uses: Annotated[int, Field(ge=1, le=1_000)] | None = None
    guest: bool = False


class InvitationDelete(ThreadCommand):
    """Revoke an invitation: its link dies at once."""

    do: Literal["invitation.delete"] = "invitation.delete"
    invitation: Identifier


class InvitationAccept(Command):
    """Join the thread that the code opens, or ask its owner to be let in, where the thread is set so."""

    do: Literal["invitation.accept"] = "invitation.accept"
    code: Code


class RequestAdmit(ThreadCommand):
    """Let somebody in who asks to join; the owner's to do."""

    do: Literal["request.admit"] = "request.admit"
    username: Username


class RequestDecline(ThreadCommand):
    """Do not let somebody in who asks to join; the owner's to do."""

    do: Literal["request.decline"] = "request.decline"
    username: Username


class RequestWithdraw(ThreadCommand):
    """No longer ask to be let in."""

    do: Literal["request.withdraw"] = "request.withdraw"


class ProfilePatch(Command):
    """Change what the caller is called here. Null is what the identity provider says; a field left out stays."""

    do: Literal["profile.patch"] = "profile.patch"
    name: DisplayName | None = None


class PictureDelete(Command):
    """Take the caller's picture away; the one that the identity provider has shows again."""

    do: Literal["picture.delete"] = "picture.delete"


class MessagePost(ThreadCommand):
    """Write a message; the command's id is the message's id."""

    do: Literal["message.post"] = "message.post"
    body: Body
    reply_to: Identifier | None = None
    cells: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []
    files: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []


class MessageEdit(ThreadCommand):
    """Change the text of one's own message."""

    do: Literal["message.edit"] = "message.edit"
    message: Identifier
    body: Body


class MessageDelete(ThreadCommand):
    """Delete a message: its author or the owner may. A mark stays that one was here."""

    do: Literal["message.delete"] = "message.delete"
    message: Identifier


class MessageMark(ThreadCommand):
    """Pin a message, or mark it as agreed (a decision of the group). A field that is left out stays."""

    do: Literal["message.mark"] = "message.mark"
    message: Identifier
    pinned: bool | None = None
    agreed: bool | None = None


class MessageReport(ThreadCommand):
    """Show a message to the people who run the server, with a reason. Nobody in the thread learns of it."""

    do: Literal["message.report"] = "message.report"
    message: Identifier
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]


class ReportClose(Command):
    """Close a report that was looked at; operators only. The copy of the message is deleted."""

    do: Literal["report.close"] = "report.close"
    report: Identifier


class ReactionCommand(ThreadCommand):
    """A reaction of the caller's."""

    message: Identifier
    emoji: Emoji


class ReactionPut(ReactionCommand):
    """React to a message."""

    do: Literal["reaction.put"] = "reaction.put"


class ReactionDelete(ReactionCommand):
    """Take a reaction back."""

    do: Literal["reaction.delete"] = "reaction.delete"


class CellPut(ThreadCommand):
    """Share a cell, or update one's shared cell. ``outputs`` as in nbformat 4.

    With ``update`` the cell must be shared already: what follows a notebook never brings a withdrawn cell back.
    """

    do: Literal["cell.put"] = "cell.put"
    share: Identifier
    notebook: Path
    cell_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    cell_type: Literal["code", "markdown", "raw"]
    source: Annotated[str, StringConstraints(max_length=1_000_000)]
    outputs: Annotated[list[dict[str, Any]], Field(max_length=1_000)] = []
    execution_count: Count | None = None
    live: bool = True
    update: bool = False


class CellDelete(ThreadCommand):
    """Withdraw a shared cell from the thread and from every later request."""

    do: Literal["cell.delete"] = "cell.delete"
    share: Identifier


class FileDelete(ThreadCommand):
    """Delete a file from a thread: who put it there or the owner may. Messages still name it."""

    do: Literal["file.delete"] = "file.delete"
    file: Identifier


class TicketCreate(ThreadCommand):
    """Let one's kernel take part in this thread, in one's name. A ticket is renewed by asking for one with it."""

    do: Literal["ticket.create"] = "ticket.create"
    via: Literal["kernel"] = "kernel"


class ReplyAsk(ThreadCommand):
    """Ask the assistant, or ask it again, about a message.

    ``model`` is one of ``models`` in ``me``; left out, it is the thread's. ``beside`` asks it for a second opinion: it
    is the id of a finished reply to the same message by another model, which this one does not see.
    """

    do: Literal["reply.ask"] = "reply.ask"
    message: Identifier
    model: ModelName | None = None
    beside: Identifier | None = None


class ReplyStop(ThreadCommand):
    """Stop a reply that is being written; any member may."""

    do: Literal["reply.stop"] = "reply.stop"
    message: Identifier


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


class DraftOpen(ThreadCommand):
    """Begin a message that members write together, with a text to start from and what goes along with it."""

    do: Literal["draft.open"] = "draft.open"
    text: Body = ""
    reply_to: Identifier | None = None
    cells: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []
    files: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []


class DraftCommand(ThreadCommand):
    """A command about one draft."""

    draft: Identifier


class DraftPatch(DraftCommand):
    """Change what goes along with a draft. ``reply_to`` is a message, or null for none; left out, it stays.

    ``cells`` and ``files``, one's own, are added to those that are there; ``without`` are cells and files that no
    longer go along. A file that is taken out is deleted.
    """

    do: Literal["draft.patch"] = "draft.patch"
    reply_to: Identifier | None = None
    cells: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []
    files: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []
    without: Annotated[list[Identifier], Field(max_length=2 * MOST_BROUGHT)] = []


class DraftClose(DraftCommand):
    """Discard a draft, for everybody: who began it or the owner may."""

    do: Literal["draft.close"] = "draft.close"


class DraftSend(DraftCommand):
    """Send a draft as the server has it, with what goes along: the caller is the author, the others are credited.

    The command's id is the message's id.
    """

    do: Literal["draft.send"] = "draft.send"


#: A letter of a draft: the client id of the replica that wrote it, and which of its letters it is.
Place = Annotated[list[Count], Field(min_length=2, max_length=2)]


class DraftCursor(DraftCommand):
    """Say where the caller's cursor is in a draft: after which letters, null for the beginning. Not kept. Socket only.

    ``here`` false says that it is nowhere.
    """

    do: Literal["draft.cursor"] = "draft.cursor"
    anchor: Place | None = None
    head: Place | None = None
    here: bool = True


class Subscribe(Command):
    """Open a channel to a document. Socket only.

    ``thread:<thread id>``, ``page:<thread id>:<n>`` or ``draft:<thread id>:<draft id>``.
    """

    do: Literal["subscribe"] = "subscribe"
    doc: Annotated[
        str,
        StringConstraints(
            pattern=r"^(thread:[A-Za-z0-9_-]{1,64}|page:[A-Za-z0-9_-]{1,64}:[0-9]{1,9}"
            r"|draft:[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,64})$"
        ),
    ]


class Unsubscribe(Command):
    """Close a channel. Socket only."""

    do: Literal["unsubscribe"] = "unsubscribe"
    channel: Count


AnyCommand = (
    ThreadCreate
    | ThreadPatch
    | ThreadDelete
    | ThreadCopy
    | ThreadLeave
    | MemberPut
    | MemberPatch
    | MemberDelete
    | InvitationCreate
    | InvitationDelete
    | InvitationAccept
    | RequestAdmit
    | RequestDecline
    | RequestWithdraw
    | ProfilePatch
    | PictureDelete
    | MessagePost
    | MessageEdit
    | MessageDelete
    | MessageMark
    | MessageReport
    | ReportClose
    | ReactionPut
    | ReactionDelete
    | CellPut
    | CellDelete
    | FileDelete
    | TicketCreate
    | ReplyAsk
    | ReplyStop
    | ReadPut
    | MutePut
    | Typing
    | DraftOpen
    | DraftPatch
    | DraftClose
    | DraftSend
    | DraftCursor
)
SocketCommand = Annotated[AnyCommand | Subscribe | Unsubscribe, Field(discriminator="do")]
