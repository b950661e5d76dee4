"""The values that speak of how people come in: invitations, who asks to be let in by one, and guests.

Plain and frozen, as in ``types``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jupyter_groupchat.types import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation by link. The code itself is never kept; ``uses`` counts who joined by it.

    One for a ``guest`` needs no account; who comes by it is in until it expires.
    """

    id: str
    thread_id: str
    role: Role
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    max_uses: int | None
    uses: int
    revoked_at: datetime | None
    guest: bool = False

    def open_at(self, now: datetime) -> bool:
        """Whether somebody can still join by it."""
        return (
            self.revoked_at is None
            and (self.expires_at is None or now < self.expires_at)
            and (self.max_uses is None or self.uses < self.max_uses)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """Somebody who came by a link to a thread with approval.

    ``asked_at`` is when they asked, None when they no longer wait; ``times`` counts how often they asked.
    """

    thread_id: str
    username: str
    name: str
    role: Role
    invitation: str  #: the id of the one whose link they came by
    asked_at: datetime | None
    times: int
    avatar: str | None = None


class Ended(StrEnum):
    """Why a guest's access ended: its time was over, somebody removed them, or did not let them in, or they left, or
    somebody deleted the thread."""

    ENDED = "ended"
    REMOVED = "removed"
    DENIED = "denied"
    LEFT = "left"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who came by a guest link, with a pass of which only a hash is kept, be they in already or waiting.

    ``ended`` is why their pass opens nothing any more, before its time or at it. With the thread deleted, nothing but
    that is known of them.
    """

    username: str
    thread_id: str  #: empty once the thread is deleted
    name: str
    invitation: str  #: the id of the one whose link they came by
    came_at: datetime
    ends_at: datetime
    ended: Ended | None = None
