"""The one way in which anything changes, and the one place from which anything is read.

Here is the event loop's side: what comes in is handed to the core thread (``pipeline``) or to readers (``queries``),
and what the core thread committed is delivered.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import NotAllowed
from jupyter_groupchat.rooms.audience import Audience, Subscriber, Subscription
from jupyter_groupchat.rooms.presence import Presence, Presences
from jupyter_groupchat.rooms.registry import Rooms
from jupyter_groupchat.storage.bus import Bus, LocalBus
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import cells, copying, files, filling, guests, imports, profiles, servers
from jupyter_groupchat.threads.access import in_reach, refuse_impostors, refuse_null
from jupyter_groupchat.threads.acquaintances import Acquaintances
from jupyter_groupchat.threads.cursors import Cursors
from jupyter_groupchat.threads.delivery import Delivery
from jupyter_groupchat.threads.handlers import carry_out, remembered_as
from jupyter_groupchat.threads.happenings import Happening, Typed
from jupyter_groupchat.threads.internal import (
    DraftWrite,
    FilePut,
    InternalCommand,
    PicturePut,
    ReplyPicture,
)
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.neighbours import Neighbours
from jupyter_groupchat.threads.opening import Opened, open_document
from jupyter_groupchat.threads.passes import Passes
from jupyter_groupchat.threads.people import Accounts, People
from jupyter_groupchat.threads.pipeline import Pipeline
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.queries import Queries, visible
from jupyter_groupchat.threads.readings import Readings
from jupyter_groupchat.threads.upkeep import Upkeep
from jupyter_groupchat.threads.work import Context
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire import commands, frames
from jupyter_groupchat.wire.commands import AnyCommand
from jupyter_groupchat.wire.events import DraftCursorMoved, Event, PresenceChanged

log = logging.getLogger(__name__)

#: Seconds that the core thread has to finish what waits when the service stops.
_STOP = 1.0


class ThreadService(Readings):
    """Threads, and everything that happens in them. All methods belong to one event loop.

    ``store`` must be open. ``bus`` connects servers on one database; without one, this is the only server.
    ``models`` are what a thread's model may be.
    """

    def __init__(
        self,
        store: Store,
        bus: Bus | None = None,
        limits: Limits | None = None,
        *,
        policy: Policy | None = None,
        assistant_name: str = "Assistant",
        models: Sequence[str] = (),
        server_id: str | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.server_id = server_id or servers.new_id()
        clock = clock or _utcnow
        super().__init__(Queries(store, clock), policy or Policy())
        bus = bus or LocalBus()
        self._store = store
        self._observers: dict[Callable[[Happening], None], None] = {}

        # On the event loop.
        self._audience = Audience(self._came_or_went)
        self._people = People()
        self._accounts = Accounts(store, self._people, self._in_reader)
        # On the core thread.
        self._rooms = Rooms()
        context = Context(
            rooms=self._rooms,
            limits=self.limits,
            policy=self.policy,
            clock=clock,
            server_id=self.server_id,
            assistant_name=assistant_name,
            models=tuple(models),
            shared=not isinstance(bus, LocalBus),
        )
        self._pipeline = Pipeline(store, context, carry_out, self._deliver)
        # Between servers, and now and then.
        self._neighbours = Neighbours(bus, self._pipeline, self._audience, self._deliver)
        self._presences = Presences(self._listening, self._presence_changed, self._neighbours.presence)
        self._neighbours.presences = self._presences
        self.acquaintances = Acquaintances(store, self._in_reader, self.execute, self.policy)
        self.passes = Passes(store, self._in_reader, self.execute, self.policy, self.limits, clock)
        self._clock = clock
        self._cursors = Cursors(self._audience, self._people, self._neighbours.cursor)
        self._neighbours.cursors = self._cursors
        self._upkeep = Upkeep(self._pipeline, self._neighbours, self._audience, self._in_reader, self.execute)

    async def start(self) -> None:
        """Begin to work. Replies of servers that are no more become ``interrupted``."""
        self._pipeline.start()
        self._neighbours.start()
        await self._upkeep.start()

    async def stop(self) -> None:
        """End within two seconds: what was acknowledged is kept, what was not fails, channels are closed."""
        await self._upkeep.stop()
        await self.acquaintances.close()
        self._presences.close()
        self._audience.close_all("stopped")
        if not await self._pipeline.stop(_STOP):
            log.warning("The core thread still waits for the database; what it has not committed is not kept.")
        await self._accounts.close()
        await self._neighbours.stop()
        self.end_reading()

    # -- changing

    async def execute(self, actor: Actor, command: AnyCommand | InternalCommand) -> dict[str, Any]:
        """Carry out a command. Returns, after the commit, what the wire calls the answer:

        ``{"thread": ThreadJson}`` for create, copy, patch and accept, or ``{"waiting": WaitingJson}`` for an accept
        that the owner has to confirm; ``{"message": MessageJson}`` for post, edit, mark, draft.send and reply.begin;
        ``{"member": MemberJson}`` for member.put, member.patch and request.admit; ``{"invitation": InvitationJson}``
        with its ``code`` for invitation.create; ``{"draft": DraftJson}`` for draft.open
        and draft.patch; ``{"cell": CellReceiptJson}``
        for cell.put; ``{"file": FileJson}`` for file.put; ``{"read_seq": int}`` for read.put;
        ``{"profile": ProfileJson}`` for changes of the caller's own; else ``{}``.

        Raises a GroupChatError when it was refused; then nothing was changed.
        """
        refuse_null(command)
        if actor.is_guest:
            guests.require_allowed(actor, command, self._clock())
        if isinstance(command, commands.Typing):
            await self._typing(actor, command)
            return {}
        if isinstance(command, commands.DraftCursor):
            self._cursors.move(actor, command)
            return {}
        if isinstance(command, commands.ThreadCopy):
            return await self._copy(actor, command)
        answer = await self._pipeline.order(actor, command, await self._prepare(actor, command))
        if "profile" in answer:
            self.acquaintances.follow(actor)
        return answer

    async def bring_in(self, actor: Actor, imported: imports.Imported) -> dict[str, Any]:
        """Start a thread of the caller's with what was said elsewhere: ``{"thread": ThreadJson}``.

        Nobody is told of its messages, the assistant neither.
        """
        models = self._pipeline.context.models
        wanted = await self._in_reader(lambda: imports.prepare(imported, actor, self.limits, models, self._clock()))
        return await filling.fill(self._pipeline.order, actor, wanted)

    async def write(self, actor: Actor, doc_id: str, data: bytes) -> None:
        """Take a client's update of a document that it may write; drafts are the only ones. Raises a GroupChatError.

        What was asked for on one connection is carried out in that order, commands and updates alike.
        """
        name = names.parse(doc_id)
        if name.draft is None:
            raise NotAllowed("Documents are written by the server only.")
        await self.execute(actor, DraftWrite(id="write", thread=name.thread_id, draft=name.draft, data=data))

    def tell(self, username: str, event: Event) -> None:
        """Send an event to one person, wherever they are connected."""
        self._people.tell(username, event)
        self._neighbours.tell(username, event)

    async def _prepare(self, actor: Actor, command: AnyCommand | InternalCommand) -> Any:
        """What a command needs that takes too long for the core thread."""
        if isinstance(command, commands.CellPut):
            return await self._in_reader(lambda: cells.clean(command))
        if isinstance(command, FilePut):
            await self._in_reader(lambda: self._queries.may_post(actor, command.thread))
            # Not among the readers: a large picture keeps its thread for a second, and others want to read.
            return await asyncio.to_thread(files.examine, command, self.limits)
        if isinstance(command, ReplyPicture):
            return await asyncio.to_thread(files.examine, command, self.limits)
        if isinstance(command, PicturePut):
            return await asyncio.to_thread(profiles.prepare, command, self.limits)
        return None

    async def _copy(self, actor: Actor, command: commands.ThreadCopy) -> dict[str, Any]:
        wanted = await self._in_reader(lambda: self._to_copy(actor, command))
        if wanted is None:
            return await self._pipeline.order(actor, command)
        return await filling.fill(self._pipeline.order, actor, wanted)

    def _to_copy(self, actor: Actor, command: commands.ThreadCopy) -> filling.Filling | None:
        """None for a command that was carried out before."""
        with self._store.reading() as tx:
            visible(tx, actor, command.thread)
            if tx.commands.result(actor.username, remembered_as(command)) is not None:
                return None
            return copying.prepare(tx, actor, command, self._clock())

    async def _typing(self, actor: Actor, command: commands.Typing) -> None:
        refuse_impostors(actor)
        in_reach(actor, command.thread)
        if not self._audience.listens(names.thread_document(command.thread), actor.username):
            await self._in_reader(lambda: self._queries.is_member(actor, command.thread))
        self._set_typing(command.thread, actor.username, command.typing)

    def _set_typing(self, thread_id: str, username: str, typing: bool) -> None:
        self._presences.typing(thread_id, username, typing)
        self._observe(Typed(thread_id=thread_id, username=username, typing=typing))

    # -- listening

    async def subscribe(self, actor: Actor, doc_id: str, subscriber: Subscriber) -> Subscription:
        """Let ``subscriber`` hear of a document's updates. Having a thread's document open is being here."""

        def listen(opened: Opened) -> Subscription:
            return self._audience.add(doc_id, actor.username, subscriber, opened.data, writable=opened.writable)

        subscription: Subscription = await self._pipeline.call(
            lambda: open_document(self._store, self._rooms, actor, doc_id, listening=True), listen
        )
        return subscription

    async def state(self, actor: Actor, doc_id: str) -> bytes:
        """The server's state vector of a document (sync step 1)."""
        return await self._read(actor, doc_id)

    async def difference(self, actor: Actor, doc_id: str, state_vector: bytes) -> bytes:
        """What somebody with ``state_vector`` misses of a document (sync step 2). InvalidRequest when it is none."""
        return await self._read(actor, doc_id, state_vector)

    def presence_of(self, thread_id: str) -> PresenceChanged:
        """Who is here now, for somebody who has just opened the thread."""
        return _presence_event(thread_id, self._presences.of(thread_id))

    def cursors_of(self, doc_id: str) -> list[DraftCursorMoved]:
        """Where the cursors of others are in a draft, for somebody who has just opened it."""
        return self._cursors.of(doc_id)

    def person(self, username: str, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` with the person's events; returns how to end that."""
        return self._people.add(username, listener)

    def watch(self, observer: Callable[[Happening], None]) -> Callable[[], None]:
        """Call ``observer`` with what happens in all threads; returns how to end that. For the assistant."""
        self._observers[observer] = None

        def close() -> None:
            self._observers.pop(observer, None)

        return close

    async def _read(self, actor: Actor, doc_id: str, state_vector: bytes | None = None) -> bytes:
        opened: Opened = await self._pipeline.call(
            lambda: open_document(self._store, self._rooms, actor, doc_id, state_vector)
        )
        return opened.data

    def _listening(self, thread_id: str) -> list[str]:
        return self._audience.usernames(names.thread_document(thread_id))

    def _came_or_went(self, doc_id: str) -> None:
        name = names.parse(doc_id)
        if name.is_thread:
            self._presences.refresh(name.thread_id)
        elif name.draft is not None:
            self._cursors.came_or_went(doc_id)

    def _presence_changed(self, thread_id: str, presence: Presence) -> None:
        event = _presence_event(thread_id, presence)
        for username in self._listening(thread_id):
            self._people.tell(username, event)

    # -- delivering, after the commit

    def _deliver(self, delivery: Delivery) -> None:
        """In this order: nobody who was removed hears more, and who gets an answer has heard all that led to it."""
        for close in delivery.closes:
            self._audience.close(close.thread_id, close.username, close.why, close.doc)
            if close.username is None:
                self._cursors.ended(close.thread_id, close.doc)
        for doc_id, update in delivery.updates:
            if doc_id in self._audience:
                self._audience.update(doc_id, frames.body(frames.Step.UPDATE, update))
        for thread_id, username in delivery.posted:
            self._presences.typing(thread_id, username, False)
        for future, answer, error in delivery.answers:
            if future.done():
                continue
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)
        for username, event in delivery.events:
            self._people.tell(username, event)
        for happening in delivery.happenings:
            self._observe(happening)
        for tidings in delivery.tidings:
            self._accounts.note(tidings)
        self._upkeep.fold(delivery.folds)
        if delivery.expires:
            self._upkeep.expire()

    def _observe(self, happening: Happening) -> None:
        for observer in list(self._observers):
            try:
                observer(happening)
            except Exception:
                # What a watcher makes of it must not keep people from their answers.
                log.exception("A watcher failed on %s.", type(happening).__name__)


def _utcnow() -> datetime:
    return datetime.now(UTC)


def _presence_event(thread_id: str, presence: Presence) -> PresenceChanged:
    return PresenceChanged(thread=thread_id, here=list(presence.here), typing=list(presence.typing))
