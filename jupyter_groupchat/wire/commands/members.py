"""Commands about who is in a thread, and about their kernels."""

from __future__ import annotations

from typing import Literal

from jupyter_groupchat.types import Role
from jupyter_groupchat.wire.commands.command import ThreadCommand
from jupyter_groupchat.wire.fields import Username


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


class TicketCreate(ThreadCommand):
    """Let one's kernel take part in this thread, in one's name. A ticket is renewed by asking for one with it."""

    do: Literal["ticket.create"] = "ticket.create"
    via: Literal["kernel"] = "kernel"
