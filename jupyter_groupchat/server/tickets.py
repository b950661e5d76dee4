"""Tickets: what lets a person's kernel take part in one thread in the person's name, for a short while.

Why they are signed, and with what: docs/decisions/0007-signed-tickets.md.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyter_server.auth import IdentityProvider, User
from tornado import web

from jupyter_groupchat.types import Actor

#: ``Authorization: groupchat-ticket <ticket>``
SCHEME = "groupchat-ticket"
#: Seconds that a ticket is good for, and seconds from the person's consent on within which it can be renewed.
LASTS, RENEWABLE = 15 * 60, 12 * 3600
_PURPOSE = b"jupyter_groupchat: tickets for kernels, version 1"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket and what it says; times in seconds since 1970."""

    value: str
    username: str
    name: str
    thread: str
    ends: int  #: when it is no longer good
    until: int  #: when it can no longer be renewed

    @property
    def actor(self) -> Actor:
        """Who asks with it."""
        until = datetime.fromtimestamp(self.until, UTC)
        return Actor(username=self.username, name=self.name, via="kernel", thread=self.thread, until=until)

    @property
    def ends_at(self) -> datetime:
        """When it is no longer good."""
        return datetime.fromtimestamp(self.ends, UTC)


class Tickets:
    """Issues tickets and knows its own. ``urls`` is where a kernel beside this server reaches it, best first."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self.urls: tuple[str, ...] = ()
        self._key = hmac.digest(secret, _PURPOSE, "sha256")
        self._clock = clock

    def issue(self, actor: Actor, thread: str) -> Ticket:
        """A ticket for a thread; one that is asked for with a ticket does not outlast the first one's time."""
        now = int(self._clock())
        until = int(actor.until.timestamp()) if actor.until else now + RENEWABLE
        ends = min(now + LASTS, until)
        said = _encoded(json.dumps([actor.username, actor.name, thread, ends, until]).encode())
        return Ticket(f"{said}.{self._sign(said)}", actor.username, actor.name, thread, ends, until)

    def read(self, value: str) -> Ticket | None:
        """What a ticket says; None when it is not one of ours, or no longer good."""
        said, _, signature = value.partition(".")
        if not value.isascii() or not hmac.compare_digest(signature, self._sign(said)):
            return None
        ticket = Ticket(value, *json.loads(base64.urlsafe_b64decode(said)))
        return ticket if self._clock() < ticket.ends else None

    def left(self, ticket: Ticket) -> float:
        """Seconds until it is no longer good."""
        return ticket.ends - self._clock()

    def _sign(self, said: str) -> str:
        return _encoded(hmac.digest(self._key, said.encode(), "sha256"))


class TicketHolders(IdentityProvider):
    """Knows a caller by the ticket, and by nothing else: a cookie beside it counts for nothing."""

    def __init__(self, tickets: Tickets, **traits: Any) -> None:
        super().__init__(**traits)
        self._tickets = tickets

    def get_user(self, handler: web.RequestHandler) -> User | None:
        """The person in whose name the ticket was issued."""
        ticket = self.ticket(handler)
        return User(ticket.username, ticket.name, ticket.name) if ticket else None

    def ticket(self, handler: web.RequestHandler) -> Ticket | None:
        """The caller's ticket, while it is good."""
        return self._tickets.read(shown_by(handler) or "")

    def is_token_authenticated(self, handler: web.RequestHandler) -> bool:
        """No browser adds a ticket by itself, so none can be made to."""
        return True

    def should_check_origin(self, handler: web.RequestHandler) -> bool:
        """Kernels name no origin; a page of another one that has a ticket is not to use it."""
        return True


def shown_by(handler: web.RequestHandler) -> str | None:
    """The ticket in a request's header, be it good or not."""
    scheme, _, value = handler.request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == SCHEME else None


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
