"""What whoever keeps the server allows. The server makes each of these an option."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jupyter_groupchat.errors import NotAllowed
from jupyter_groupchat.types import Actor

ALONE = "Your account can only be in threads of your own here. Nothing was changed; start a thread to talk in."
FOR_ONE = "This thread is for one person: the operator of this server lets nobody else be in it."
GUESTS_OFF = "Guests are not let in at this server: its operator lets only people with an account take part."
LINKS_OFF = "Invitation links are switched off at this server. Ask the people who run it to add somebody."

ADDING_OFF = "People are not added by name at this server. Send them an invitation link."


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules for everybody at this server."""

    operators: frozenset[str] = frozenset()  #: usernames of those who keep the server
    thread_creators: frozenset[str] = frozenset()  #: usernames; empty for everybody
    invitation_links: bool = True
    people_can_be_added: bool = False  #: by name, without a link
    guests_allowed: bool = False  #: people without an account, by a link; needs ``invitation_links``
    guest_days: int = 30  #: after which a guest's access ends at the latest
    audit_bodies: bool = False  #: what people wrote is kept with the audit log
    keep_days: int | None = None  #: messages older than that are deleted, in every thread
    shielded: frozenset[str] = frozenset()  #: usernames of people who are looked after
    shielded_in_groups: bool = True  #: whether these may be in threads with others

    def may_create(self, username: str) -> bool:
        """Whether somebody may start threads."""
        return not self.thread_creators or username in self.thread_creators

    def days(self, thread: int | None) -> int | None:
        """How many days messages are kept where a thread says ``thread``: the shorter counts; None for ever."""
        return min((days for days in (self.keep_days, thread) if days is not None), default=None)

    def is_shielding(self, members: Iterable[str]) -> bool:
        """Whether one of the members is looked after."""
        return not self.shielded.isdisjoint(members)

    def is_for_one(self, members: Iterable[str]) -> bool:
        """Whether one of the members has to be alone in their threads."""
        return not self.shielded_in_groups and self.is_shielding(members)

    def require_company(self, members: Iterable[str], username: str, *, themselves: bool) -> None:
        """Raise NotAllowed when somebody cannot be in a thread with its members. ``themselves`` hear why, or others."""
        present = set(members) - {username}
        if not present:
            return
        if self.is_for_one([username]):
            raise NotAllowed(ALONE if themselves else f"“{username}” can only be in threads of their own here.")
        if self.is_for_one(present):
            raise NotAllowed(FOR_ONE)

    def require_operator(self, actor: Actor) -> None:
        """Raise NotAllowed for somebody who does not keep the server."""
        if not actor.is_operator and (actor.via is not None or actor.username not in self.operators):
            raise NotAllowed("Only those whom GroupChat.operators names read what was reported, and close it.")

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

    @property
    def has_guests(self) -> bool:
        """Whether guests are let in."""
        return self.guests_allowed and self.invitation_links

    def require_guests(self) -> None:
        """Raise NotAllowed where guests are not let in."""
        if not self.has_guests:
            raise NotAllowed(GUESTS_OFF, reason="off")

    def require_adding(self) -> None:
        """Raise NotAllowed where people are not added by name."""
        if not self.people_can_be_added:
            raise NotAllowed(ADDING_OFF)
