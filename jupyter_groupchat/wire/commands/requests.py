"""Commands about requests to be let in."""

from __future__ import annotations

from typing import Literal

from jupyter_groupchat.wire.commands.command import ThreadCommand
from jupyter_groupchat.wire.fields import Username


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
