"""What a kernel does with the ticket that its person's browser gave it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jupyter_groupchat.errors import GroupChatError, StorageUnavailable
from jupyter_groupchat.kernel.client import ThreadHandle
from jupyter_groupchat.kernel.link import Link
from jupyter_groupchat.wire.commands import TicketCreate
from jupyter_groupchat.wire.times import from_wire

_SCHEME = "groupchat-ticket"
#: Seconds that an address gets to answer before the next one is tried, and between tries to renew.
_REACH, _AGAIN = 5.0, 30.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as the server made it (``TicketJson``)."""

    value: str
    thread: str
    expires_at: float
    urls: tuple[str, ...]

    @classmethod
    def of(cls, json: Mapping[str, Any]) -> Ticket:
        """Raises KeyError and ValueError for what is none."""
        expires_at = from_wire(json["expires_at"]).timestamp()
        return cls(str(json["value"]), str(json["thread"]), expires_at, tuple(map(str, json["urls"])))


class TicketHolder:
    """A connection to one thread that renews its ticket; ``ended`` is called, on another thread, when that ends."""

    def __init__(self, ticket: Ticket, ended: Callable[[], None] = lambda: None, timeout: float = 60.0) -> None:
        self._ticket = ticket
        self._ended = ended
        self._closing = threading.Event()
        self._link, title = _reached(ticket, timeout)
        self.thread = ThreadHandle(self._link, ticket.thread, title)
        threading.Thread(target=self._renew, name="groupchat ticket", daemon=True).start()

    def close(self) -> None:
        """Let the ticket be."""
        self._closing.set()
        self._link.close()

    def _renew(self) -> None:
        while not self._closing.wait(max(0.0, (self._ticket.expires_at - time.time()) * 2 / 3)):
            try:
                self._renewed()
            except (StorageUnavailable, TimeoutError):
                if self._ticket.expires_at <= time.time() or self._closing.wait(_AGAIN):
                    break
            except GroupChatError:
                break
            else:
                if self._ticket.expires_at - time.time() < _AGAIN:  # it is renewed for no longer than that
                    break
        if not self._closing.is_set():
            self.close()
            self._ended()

    def _renewed(self) -> None:
        answer = self._link.request(TicketCreate(id=uuid.uuid4().hex, thread=self._ticket.thread))
        self._ticket = Ticket.of(answer["ticket"])
        self._link.show(self._ticket.value)


def _reached(ticket: Ticket, timeout: float) -> tuple[Link, str]:
    """A connection by the first address that answers, and the thread's title. Raises GroupChatError."""
    problem: GroupChatError = StorageUnavailable("The ticket names no address of the server.")
    for url in ticket.urls:
        link = Link(url, ticket.value, timeout=_REACH, scheme=_SCHEME)
        try:
            title: str = link.get("threads", ticket.thread)["thread"]["title"]
        except (GroupChatError, ValueError) as error:
            problem = error if isinstance(error, GroupChatError) else problem
            with suppress(RuntimeError):
                link.close()
        else:
            link.timeout = timeout
            return link, title
    raise problem
