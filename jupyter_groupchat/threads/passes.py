"""Passes: what a guest shows with every request. Lives on the event loop.

A pass is 32 random bytes in a cookie, of which only the SHA-256 is kept and looked up, as of an invitation's code.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from jupyter_groupchat.errors import Conflict, InvitationGone, NotAllowed, ThreadFull
from jupyter_groupchat.invitation_types import Ended, Guest, Invitation
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads import invitations
from jupyter_groupchat.threads.access import ARCHIVED
from jupyter_groupchat.threads.allowance import Allowance
from jupyter_groupchat.threads.guesses import Guesses
from jupyter_groupchat.threads.internal import GuestEnter
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.types import GUEST, Actor, Thread
from jupyter_groupchat.wire.commands import RequestWithdraw, ThreadLeave
from jupyter_groupchat.wire.shapes import GuestLinkJson
from jupyter_groupchat.wire.times import to_wire

_BYTES = 32
_LOOKS_RIGHT = re.compile(r"[A-Za-z0-9_-]{43}")
_SPENT = {
    Ended.ENDED: "Your access as a guest has ended.",
    Ended.REMOVED: "You were removed from this thread.",
    Ended.DENIED: "You were not let into this thread.",
    Ended.LEFT: "You left this thread.",
    Ended.DELETED: "This thread was deleted.",
}
_NONE = "You are no guest here. Follow the link that you were sent."
_WAITING = "The owner of this thread has not let you in yet."
_ELSEWHERE = "You are a guest of another thread in this browser. Leave that one first, then follow the link again."


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a pass. ``waiting`` is true until the thread's owner has let them in."""

    guest: Guest
    title: str  #: of the thread
    invited_by: str  #: the name of who made the link
    waiting: bool

    @property
    def actor(self) -> Actor:
        """The holder, as who asks for something. Raises NotAllowed for one who waits."""
        if self.waiting:
            raise NotAllowed(_WAITING, reason="waiting")
        guest = self.guest
        return Actor(username=guest.username, name=guest.name, via="guest", thread=guest.thread_id, until=guest.ends_at)


class Passes:
    """Lets guests in, and knows them again."""

    def __init__(
        self,
        store: Store,
        in_reader: Callable[[Callable[[], Any]], Awaitable[Any]],
        execute: Callable[..., Awaitable[dict[str, Any]]],
        policy: Policy,
        limits: Limits,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._in_reader = in_reader
        self._execute = execute
        self._policy = policy
        self._limits = limits
        self._clock = clock
        self._guesses = Guesses()
        self._entries = Allowance(20, 30.0, "Many guests came in from your network.")

    async def peek(self, code: str, address: str) -> GuestLinkJson:
        """What a code opens. Raises InvitationGone, NotAllowed, Conflict and RateLimited.

        ``address`` is the caller's, who is nobody yet: wrong codes are counted by it.
        """
        self._policy.require_guests()
        found: GuestLinkJson = await self._guessing(address, lambda: self._in_reader(partial(self._peek, code)))
        return found

    async def enter(self, code: str, name: str, address: str, value: str | None) -> tuple[Holder, str]:
        """Come in by a code under a name; who that is now, and their pass.

        ``value`` is the pass that the caller has. Where it is good for the same thread, nothing is used up.
        """
        self._policy.require_guests()
        thread: Thread = await self._guessing(address, lambda: self._in_reader(partial(self._opened_by, code)))
        known = await self._known(value)
        if known is not None and value is not None:
            if known.guest.thread_id != thread.id:
                raise Conflict(_ELSEWHERE, reason="elsewhere")
            if thread.approval or not known.waiting:
                return known, value
        self._entries.check(address)
        username, new = GUEST + secrets.token_urlsafe(9), secrets.token_urlsafe(_BYTES)
        actor = Actor(username=username, name=name, via="guest")
        command = GuestEnter(id=secrets.token_urlsafe(12), code=code, pass_hash=invitations.hash_of(new))
        await self._guessing(address, lambda: self._execute(actor, command))
        self._entries.note(address)
        await self.leave(value)  # who waited waits no more, where the link alone is enough by now
        return await self.holder(new), new

    async def holder(self, value: str | None) -> Holder:
        """Who holds a pass. Raises NotAllowed, with the ``reason`` why it opens nothing."""
        self._policy.require_guests()
        if value is None or not _LOOKS_RIGHT.fullmatch(value):
            raise NotAllowed(_NONE, reason="none")
        holder: Holder = await self._in_reader(partial(self._holder, invitations.hash_of(value)))
        return holder

    async def leave(self, value: str | None) -> None:
        """The holder of a pass goes, or waits no longer. Nothing happens where it opens nothing."""
        known = await self._known(value)
        if known is None:
            return
        kind = RequestWithdraw if known.waiting else ThreadLeave
        guest = known.guest
        actor = Actor(username=guest.username, name=guest.name, via="guest", thread=guest.thread_id)
        await self._execute(actor, kind(id=secrets.token_urlsafe(12), thread=guest.thread_id))

    async def _known(self, value: str | None) -> Holder | None:
        try:
            return await self.holder(value)
        except NotAllowed:
            return None

    async def _guessing(self, address: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """What comes of trying a code. Wrong ones are counted."""
        self._guesses.check(address)
        try:
            return await work()
        except InvitationGone as error:
            if error.details.get("reason") == "unknown":
                self._guesses.wrong(address)
            raise

    # -- beside the event loop

    def _peek(self, code: str) -> GuestLinkJson:
        with self._store.reading() as tx:
            link, thread = _opened(tx, code)
            invitations.refuse_dead(link, self._clock())
            if link.expires_at is None:
                raise _unknown()
            if thread.archived:
                raise Conflict(ARCHIVED, reason="archived")
            limit = self._limits.members
            if tx.members.count(thread.id) >= limit:
                raise ThreadFull(f"This thread is full: it has {limit} members.", limit=limit)
            return {
                "thread_id": thread.id,
                "title": thread.title,
                "invited_by": _name_of(tx, link),
                "ends_at": to_wire(link.expires_at),
                "asks_owner": thread.approval,
            }

    def _opened_by(self, code: str) -> Thread:
        with self._store.reading() as tx:
            return _opened(tx, code)[1]

    def _holder(self, pass_hash: str) -> Holder:
        with self._store.reading() as tx:
            guest = tx.guests.by_pass_hash(pass_hash)
            if guest is None:
                raise NotAllowed(_NONE, reason="none")
            ended = guest.ended or (Ended.ENDED if self._clock() >= guest.ends_at else None)
            if ended is not None:
                raise NotAllowed(_SPENT[ended], reason=ended.value)
            link, thread = tx.invitations.get(guest.invitation), tx.threads.get(guest.thread_id)
            return Holder(
                guest,
                title=thread.title if thread else "",
                invited_by=_name_of(tx, link) if link else "",
                waiting=tx.members.get(guest.thread_id, guest.username) is None,
            )


def _opened(tx: Transaction, code: str) -> tuple[Invitation, Thread]:
    """The guest link that has a code, open or not, and its thread. Raises InvitationGone."""
    link = tx.invitations.by_code_hash(invitations.hash_of(code))
    thread = tx.threads.get(link.thread_id) if link and link.guest else None
    if link is None or thread is None:
        raise _unknown()
    return link, thread


def _unknown() -> InvitationGone:
    return InvitationGone(invitations.UNKNOWN, reason="unknown")


def _name_of(tx: Transaction, link: Invitation) -> str:
    """The name of who made a link."""
    member = tx.members.get(link.thread_id, link.created_by)
    return member.name if member else link.created_by
