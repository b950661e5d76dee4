"""What a client may ask for: one model a command. REST calls and socket frames are parsed into these.

Each is in the module of its noun; this is all of them. The TypeScript side (``labextension/src/client/commands.ts``)
is generated from here.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from jupyter_groupchat.wire.commands.cells import CellDelete, CellPut
from jupyter_groupchat.wire.commands.channels import Subscribe, Unsubscribe
from jupyter_groupchat.wire.commands.command import Command, ThreadCommand
from jupyter_groupchat.wire.commands.drafts import (
    DraftClose,
    DraftCursor,
    DraftOpen,
    DraftPatch,
    DraftSend,
)
from jupyter_groupchat.wire.commands.files import FileDelete
from jupyter_groupchat.wire.commands.invitations import InvitationAccept, InvitationCreate, InvitationDelete
from jupyter_groupchat.wire.commands.members import MemberDelete, MemberPatch, MemberPut, TicketCreate
from jupyter_groupchat.wire.commands.messages import (
    MessageDelete,
    MessageEdit,
    MessageMark,
    MessagePost,
    ReactionCommand,
    ReactionDelete,
    ReactionPut,
)
from jupyter_groupchat.wire.commands.profiles import PictureDelete, ProfilePatch
from jupyter_groupchat.wire.commands.replies import ReplyAsk, ReplyStop
from jupyter_groupchat.wire.commands.reports import MessageReport, ReportClose
from jupyter_groupchat.wire.commands.requests import RequestAdmit, RequestDecline, RequestWithdraw
from jupyter_groupchat.wire.commands.threads import (
    MutePut,
    ReadPut,
    ThreadCopy,
    ThreadCreate,
    ThreadDelete,
    ThreadLeave,
    ThreadPatch,
    Typing,
)

__all__ = [
    "AnyCommand",
    "CellDelete",
    "CellPut",
    "Command",
    "DraftClose",
    "DraftCursor",
    "DraftOpen",
    "DraftPatch",
    "DraftSend",
    "FileDelete",
    "InvitationAccept",
    "InvitationCreate",
    "InvitationDelete",
    "MemberDelete",
    "MemberPatch",
    "MemberPut",
    "MessageDelete",
    "MessageEdit",
    "MessageMark",
    "MessagePost",
    "MessageReport",
    "MutePut",
    "PictureDelete",
    "ProfilePatch",
    "ReactionCommand",
    "ReactionDelete",
    "ReactionPut",
    "ReadPut",
    "ReplyAsk",
    "ReplyStop",
    "ReportClose",
    "RequestAdmit",
    "RequestDecline",
    "RequestWithdraw",
    "SocketCommand",
    "Subscribe",
    "ThreadCommand",
    "ThreadCopy",
    "ThreadCreate",
    "ThreadDelete",
    "ThreadLeave",
    "ThreadPatch",
    "TicketCreate",
    "Typing",
    "Unsubscribe",
]

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
