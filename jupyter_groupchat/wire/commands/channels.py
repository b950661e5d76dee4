"""Commands about channels to documents; for the socket only."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from jupyter_groupchat.wire.commands.command import Command
from jupyter_groupchat.wire.fields import Count


class Subscribe(Command):
    """Open a channel to a document. Socket only.

    ``thread:<thread id>``, ``page:<thread id>:<n>`` or ``draft:<thread id>:<draft id>``.
    """

    do: Literal["subscribe"] = "subscribe"
    doc: Annotated[
        str,
        StringConstraints(
            pattern=r"^(thread:[A-Za-z0-9_-]{1,64}|page:[A-Za-z0-9_-]{1,64}:(0|[1-9][0-9]{0,8})"
            r"|draft:[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,64})$"
        ),
    ]


class Unsubscribe(Command):
    """Close a channel. Socket only."""

    do: Literal["unsubscribe"] = "unsubscribe"
    channel: Count
