"""What whoever keeps the server allows. The server makes each of these an option."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_groupchat.errors import NotAllowed

LINKS_OFF = "Invitation links are switched off at this server. Ask the people who run it to add somebody."


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules for everybody at this server."""

    thread_creators: frozenset[str] = frozenset()  #: usernames; empty for everybody
    invitation_links: bool = True
    keep_days: int | None = None  #: messages older than that are deleted, in every thread

    def may_create(self, username: str) -> bool:
        """Whether somebody may start threads."""
        return not self.thread_creators or username in self.thread_creators

    def days(self, thread: int | None) -> int | None:
        """How many days messages are kept where a thread says ``thread``: the shorter counts; None for ever."""
        return min((days for days in (self.keep_days, thread) if days is not None), default=None)

    def require_creator(self, username: str) -> None:
        """Raise NotAllowed for somebody who may start none."""
        if not self.may_create(username):
            raise NotAllowed(
                "Only people whom the operator of this server has chosen start threads here. "
                "Ask one of them to start it and to invite you."
            )

    def require_links(self) -> None:
        """Raise NotAllowed where there are no invitation links."""
        if not self.invitation_links:
            raise NotAllowed(LINKS_OFF)
