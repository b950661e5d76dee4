"""Other servers on the same database: hearing what they committed, and who is there."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Mapping
from typing import Any, Literal

from jupyter_groupchat.rooms.audience import Audience
from jupyter_groupchat.rooms.presence import Presence, Presences
from jupyter_groupchat.storage.bus import BEHIND, REPLACED, Bus
from jupyter_groupchat.threads import news
from jupyter_groupchat.threads.cursors import Cursors
from jupyter_groupchat.threads.delivery import Close, Delivery
from jupyter_groupchat.threads.happenings import StopAsked, ThreadDeleted
from jupyter_groupchat.threads.pipeline import Pipeline
from jupyter_groupchat.wire.events import DraftCursorMoved, Event, ThreadGone

log = logging.getLogger(__name__)

_PRESENCE, _CURSOR, _HELLO, _BYE = "presence", "cursor", "hello", "bye"


class Neighbours:
    """This server's place on the bus. Lives on the event loop; what it hears goes through the core thread, in order."""

    presences: Presences
    cursors: Cursors

    def __init__(self, bus: Bus, pipeline: Pipeline, audience: Audience, deliver: Callable[[Delivery], None]) -> None:
        self._bus = bus
        self._audience = audience
        self._pipeline = pipeline
        self._deliver = deliver
        self._server_id = pipeline.context.server_id
        self._alone = not pipeline.context.shared
        # While the database is away the oldest go: what is said here is said again, or in the tables.
        self._outbox: deque[tuple[str, dict[str, Any]]] = deque(maxlen=1_000)
        self._sending: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._absorbing: set[asyncio.Future[Any]] = set()

    def start(self) -> None:
        """Begin to hear."""
        if self._alone:
            return
        loop = asyncio.get_running_loop()

        def heard(topic: str, payload: dict[str, Any]) -> None:
            if payload.get("server") != self._server_id and not loop.is_closed():
                loop.call_soon_threadsafe(self._heard, topic, payload)

        self._unsubscribe = self._bus.subscribe(heard)
        self._send(_HELLO, {})

    async def stop(self) -> None:
        """Say good-bye and hear no more. The bus stays open; it is not ours."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._send(_BYE, {})
        if self._sending is not None:
            await asyncio.wait([self._sending], timeout=0.3)
            self._sending.cancel()

    def tell(self, username: str, event: Event) -> None:
        """Tell a person who may be connected elsewhere."""
        self._send(news.TOPIC, news.event_payload(username, event, self._server_id))

    def presence(self, thread_id: str, presence: Presence) -> None:
        """Tell who is here on this server."""
        self._send(_PRESENCE, {"thread": thread_id, "here": presence.here, "typing": presence.typing})

    def cursor(self, event: DraftCursorMoved) -> None:
        """Tell where somebody's cursor is in a draft."""
        self._send(_CURSOR, {"moved": event.model_dump(mode="json")})

    def catch_up(self, doc_ids: list[str]) -> None:
        """Read what others wrote to documents, whether or not they told of it."""
        delivery = Delivery()
        delivery.heads = dict.fromkeys(doc_ids, 0)
        self._absorb(delivery)

    def show_out(self) -> None:
        """End the channels of those who are no longer members, whether or not their removal was told here."""
        listening = self._audience.people()
        if listening and not self._alone and self._pipeline.running:
            self._keep(self._pipeline.call(lambda: self._read(self._gone(listening)), self._deliver))

    # -- hearing

    def _heard(self, topic: str, payload: dict[str, Any]) -> None:
        if not self._pipeline.running:
            # Said before the good-bye, and on its way until now.
            return
        if topic == news.TOPIC:
            self._absorb(news.unpack(payload))
        elif topic == _PRESENCE:
            presence = Presence(tuple(payload["here"]), tuple(payload["typing"]))
            self.presences.elsewhere(payload["thread"], payload["server"], presence)
        elif topic == _CURSOR:
            self.cursors.elsewhere(DraftCursorMoved.model_validate(payload["moved"]))
        elif topic == _HELLO:
            self.presences.repeat()
        elif topic == _BYE:
            self.presences.gone(payload["server"])
        elif topic == REPLACED:
            self._keep(self._pipeline.call(self._look))
        elif topic == BEHIND:
            # Others may have told of something meanwhile that was not heard.
            future = self._pipeline.call(
                self._pipeline.context.rooms.audiences, lambda heard: self.catch_up(list(heard))
            )
            self._keep(future)
            self.show_out()
            self._send(_HELLO, {})  # they may have said who is there in the meantime
            self.presences.repeat()

    def _absorb(self, delivery: Delivery) -> None:
        """By way of the core thread, so that it comes after what that has handed over before."""
        if not self._pipeline.running:
            return
        self._keep(self._pipeline.call(lambda: self._read(delivery), self._deliver))

    def _read(self, delivery: Delivery) -> Delivery:
        """On the core thread."""
        context = self._pipeline.context
        if delivery.heads:
            with self._pipeline.store.reading() as tx:
                for doc_id, seq in delivery.heads.items():
                    updates = context.rooms.catch_up(tx.documents, doc_id, seq or None)
                    delivery.updates += [(doc_id, update) for update in updates]
        for stop in delivery.stops:
            if stop.message in context.streaming:
                happening = StopAsked(thread_id=stop.thread_id, message=stop.message, by=stop.by)
                delivery.happenings.append(happening)
        for close in delivery.closes:
            if close.doc is not None:
                context.rooms.drop(close.doc)
            elif close.why == "deleted":
                context.rooms.forget(close.thread_id)
                delivery.happenings.append(ThreadDeleted(thread_id=close.thread_id))
        return delivery

    def _look(self) -> None:
        """On the core thread: the store finds out by itself what became of it."""
        with self._pipeline.store.reading():
            pass

    def _gone(self, listening: Mapping[str, Collection[str]]) -> Delivery:
        """On the core thread: the ends of channels that should be there no more."""
        delivery = Delivery()
        with self._pipeline.store.reading() as tx:
            for thread_id, usernames in listening.items():
                thread = tx.threads.get(thread_id)
                members = {member.username for member in tx.members.list(thread_id)} if thread else set[str]()
                for username in sorted(set(usernames) - members):
                    why: Literal["removed", "deleted"] = "removed" if thread else "deleted"
                    delivery.closes.append(Close(thread_id, username, why))
                    gone = ThreadGone(thread=thread_id, title=thread.title if thread else "A thread", why=why)
                    delivery.events.append((username, gone))
        return delivery

    def _keep(self, future: asyncio.Future[Any]) -> None:
        self._absorbing.add(future)
        future.add_done_callback(self._absorbed)

    def _absorbed(self, future: asyncio.Future[Any]) -> None:
        self._absorbing.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            log.warning("What another server wrote could not be read; it will be tried again. %s", error)

    # -- sending: one at a time, so that what was said last is heard last

    def _send(self, topic: str, payload: dict[str, Any]) -> None:
        if self._alone:
            return
        self._outbox.append((topic, {"server": self._server_id, **payload}))
        if self._sending is None or self._sending.done():
            self._sending = asyncio.get_running_loop().create_task(self._send_all())

    async def _send_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._outbox:
            topic, payload = self._outbox.popleft()
            try:
                await loop.run_in_executor(None, self._bus.publish, topic, payload)
            except Exception as error:
                log.warning("Other servers could not be told of “%s”. %s", topic, error)
