"""Commands about invitation links."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from jupyter_groupchat.types import Role
from jupyter_groupchat.wire.commands.command import Command, ThreadCommand
from jupyter_groupchat.wire.fields import Code, Identifier


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
