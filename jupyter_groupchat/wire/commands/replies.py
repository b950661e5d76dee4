"""Commands about the assistant's replies."""

from __future__ import annotations

from typing import Literal

from jupyter_groupchat.wire.commands.command import ThreadCommand
from jupyter_groupchat.wire.fields import Identifier, ModelName


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
