"""The chat of one server process: what is below the sockets, started at the first request, stopped with the server.

Importing this module imports databases, CRDTs and models: nothing that runs while a server starts may do so.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from jupyter_groupchat.assistant.catch_up import CatchUp
from jupyter_groupchat.assistant.models import Models
from jupyter_groupchat.assistant.quota import Left
from jupyter_groupchat.assistant.runner import Assistant
from jupyter_groupchat.errors import Conflict, GroupChatError
from jupyter_groupchat.server.assistant import assistant, dictation, language_models
from jupyter_groupchat.server.log import Notes
from jupyter_groupchat.server.options import Options
from jupyter_groupchat.server.rates import Rates
from jupyter_groupchat.server.tickets import Tickets
from jupyter_groupchat.storage.bus import Bus, bus_of
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import FilePut, PicturePut
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.transfer.source import Source
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import AnyCommand, ReplyAsk, TicketCreate
from jupyter_groupchat.wire.shapes import TicketJson
from jupyter_groupchat.wire.times import to_wire

#: The close code of a socket whose server begins anew, since all of the chat was put back from a backup.
REPLACED = 4410
#: How long clients get to say goodbye, in seconds.
_FAREWELL = 0.4
_STOPS = (1001, "The server is stopping.")
_ANEW = (REPLACED, "The chat was put back from a backup.")
_NOBODY = "No assistant is switched on at this server."


class Client(Protocol):
    """An open socket, as far as the end of the chat concerns it."""

    def go_away(self, code: int, reason: str) -> None:
        """Close it."""


class Host:
    """Holds the service, and who is connected to it."""

    def __init__(
        self, options: Options, notes: Notes, store: Store, bus: Bus, service: ThreadService, helper: Assistant | None
    ) -> None:
        self.options = options
        self.notes = notes
        self.service = service
        self.rates = Rates(options.commands_per_second)
        #: Open connections of guests, by username.
        self.guest_sockets: Counter[str] = Counter()
        self._clients: set[Client] = set()
        self._deserted = asyncio.Event()
        self._is_over = False
        self._store = store
        self._bus = bus
        self._assistant = helper
        #: Where people can dictate.
        self.dictation = dictation(options, service)
        #: Set where there is a server that kernels can reach.
        self.tickets: Tickets | None = None

    @classmethod
    async def start(
        cls,
        options: Options,
        notes: Notes,
        replaced: Callable[[], object] = lambda: None,
        *,
        answering: bool = True,
    ) -> Host:
        """Open the database and begin to work; with ``answering``, so does the assistant. Raises StorageUnavailable.

        ``replaced`` is called when all of the chat was put back from a backup: this one is good for nothing any more.
        """
        started = time.monotonic()
        store = Store(options.database_url)
        loop = asyncio.get_running_loop()
        store.replaced = lambda: loop.call_soon_threadsafe(replaced)
        await asyncio.to_thread(store.open)
        models = Models(language_models(options) if options.assistant_enabled else [])
        bus: Bus | None = None
        try:
            bus = await asyncio.to_thread(bus_of, options.database_url)
            service = ThreadService(
                store,
                bus,
                _limits(options),
                policy=_policy(options),
                assistant_name=options.assistant_name,
                models=models.choices,
            )
            await service.start()
        except BaseException:
            if bus is not None:
                await asyncio.to_thread(bus.close)
            await asyncio.to_thread(store.close)
            raise
        helper = assistant(options, models, service) if answering else None
        if helper is not None:
            helper.start()
        notes.info("started", seconds=round(time.monotonic() - started, 3), assistant=helper is not None)
        return cls(options, notes, store, bus, service, helper)

    @property
    def generation(self) -> str:
        """Which chat this is: copies of documents of another one are void."""
        return self._store.generation

    @property
    def is_replaced(self) -> bool:
        """Whether all of the chat was put back from a backup since this one began."""
        return self._store.is_replaced

    @property
    def has_assistant(self) -> bool:
        """Whether anybody answers."""
        return self._assistant is not None

    @property
    def models(self) -> Models:
        """Who answers; nobody where there is no assistant."""
        return self._assistant.models if self._assistant else Models([])

    def source(self, actor: Actor, thread_id: str) -> Source:
        """A thread for an export, read as the caller may read it."""
        return Source(self._store, thread_id, actor)

    async def replies_left(self, actor: Actor) -> Left | None:
        """What somebody has left of the assistant's replies; None where nothing is limited."""
        return await self._assistant.replies_left(actor.username, actor.thread) if self._assistant else None

    async def catch_up(self, actor: Actor, thread_id: str, since_seq: int | None) -> CatchUp:
        """What somebody missed in a thread. Raises Conflict where there is no assistant."""
        if self._assistant is None:
            await self.service.thread(actor, thread_id)  # for whom it is none of their business
            raise Conflict(_NOBODY)
        return await self._assistant.catch_up(actor, thread_id, since_seq)

    async def execute(self, actor: Actor, command: AnyCommand | FilePut | PicturePut, base_url: str) -> dict[str, Any]:
        """Carry out a command and log that it was; ``base_url`` is the server's, as the caller sees it."""
        started = time.monotonic()
        outcome = "ok"
        self.service.acquaintances.seen(actor)
        try:
            if isinstance(command, ReplyAsk) and not self.has_assistant:
                await self.service.thread(actor, command.thread)  # for whom it is none of their business
                raise Conflict(_NOBODY)
            result = await self.service.execute(actor, command)
            if isinstance(command, TicketCreate):
                result = {"ticket": self._ticket(actor, command.thread, base_url)}
        except GroupChatError as error:
            outcome = error.code
            raise
        finally:
            took = round((time.monotonic() - started) * 1_000, 1)
            thread = getattr(command, "thread", None)
            self.notes.debug("command", do=command.do, user=actor.username, thread=thread, outcome=outcome, ms=took)
        invitation = result.get("invitation")
        if invitation and "code" in invitation:
            url = guest_url if invitation["guest"] else join_url
            result = {**result, "invitation": {**invitation, "url": url(base_url, invitation["code"])}}
        return result

    def _ticket(self, actor: Actor, thread: str, base_url: str) -> TicketJson:
        if self.tickets is None:
            raise Conflict("No tickets are to be had here.")
        ticket = self.tickets.issue(actor, thread)
        urls = list(dict.fromkeys((*self.tickets.urls, base_url)))
        return {"value": ticket.value, "thread": thread, "expires_at": to_wire(ticket.ends_at), "urls": urls}

    def enter(self, client: Client) -> None:
        """A client connected."""
        self._clients.add(client)
        self._deserted.clear()
        if self._is_over:
            client.go_away(*_STOPS)

    def leave(self, client: Client) -> None:
        """A client is gone."""
        self._clients.discard(client)
        if not self._clients:
            self._deserted.set()

    async def stop(self, *, replaced: bool = False) -> None:
        """End within two seconds, with what was acknowledged kept; clients are told whether the chat was replaced."""
        began = time.monotonic()
        self._is_over = True
        if self._assistant is not None:
            await self._assistant.stop()
        if self._clients:
            for client in list(self._clients):
                client.go_away(*(_ANEW if replaced else _STOPS))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._deserted.wait(), _FAREWELL)
        if self.dictation is not None:
            await self.dictation.close()
        await self.service.stop()
        await asyncio.to_thread(self._bus.close)
        await asyncio.to_thread(self._store.close)
        self.notes.info("stopped", seconds=round(time.monotonic() - began, 3))


def guest_url(base_url: str, code: str) -> str:
    """The link that lets a guest in. A fragment is not sent to servers, so the code is in nobody's log."""
    return f"{base_url}groupchat/guest/#{code}"


def join_url(base_url: str, code: str) -> str:
    """The link that joins a thread, ready to send.

    Behind JupyterHub, where this server may be one person's, it leads everybody to the server that is theirs.
    """
    own, hub = os.environ.get("JUPYTERHUB_SERVICE_PREFIX"), os.environ.get("JUPYTERHUB_BASE_URL")
    if own and hub and base_url.endswith(own):
        base_url = f"{base_url.removesuffix(own)}{hub}hub/user-redirect/"
    return f"{base_url}lab?groupchat-join={code}"


def _limits(options: Options) -> Limits:
    return Limits(
        body_bytes=options.body_bytes,
        members=options.members_per_thread,
        threads_per_person=options.threads_per_person,
        cells_per_thread=options.cells_per_thread,
        files_per_thread=options.files_per_thread,
        file_bytes=options.file_bytes,
        file_types=tuple(options.file_types),
    )


def _policy(options: Options) -> Policy:
    return Policy(
        operators=frozenset(options.operators),
        thread_creators=frozenset(options.thread_creators),
        invitation_links=options.invitation_links,
        people_can_be_added=options.people_can_be_added,
        guests_allowed=options.guests_allowed,
        guest_days=options.guest_days,
        keep_days=options.retention_days,
        audit_bodies=options.audit_bodies,
        shielded=frozenset(options.shielded_accounts),
        shielded_in_groups=options.shielded_in_groups,
    )
