"""Commands about messages and reactions to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from jupyter_groupchat.wire.commands.command import ThreadCommand
from jupyter_groupchat.wire.fields import MOST_BROUGHT, Body, Emoji, Identifier


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
