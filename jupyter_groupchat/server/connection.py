"""One client's conversation with the server over its socket; it knows nothing of HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import (
    ChatReplaced,
    Conflict,
    GroupChatError,
    InvalidRequest,
    RateLimited,
    StorageUnavailable,
    TooLarge,
)
from jupyter_groupchat.rooms.audience import Subscription, Why
from jupyter_groupchat.server import parsing
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.server.outbox import Outbox
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire import frames
from jupyter_groupchat.wire.commands import AnyCommand, Subscribe, Unsubscribe
from jupyter_groupchat.wire.events import (
    ChannelRefused,
    Connected,
    DraftCursorMoved,
    Event,
    PresenceChanged,
    ThreadGone,
)

#: Close codes beside those of RFC 6455.
ACCESS_ENDED = 4401  #: a ticket, or a guest's time in the thread
FORBIDDEN = 4403
TOO_SLOW = 4408

#: Commands that may be under way for one connection; with more, it is not read until one is answered.
_UNDER_WAY = 256
#: An update that holds nothing, as a client's sync step 2 does when it has nothing to offer.
_NOTHING = b"\x00\x00"
#: Seconds after which a database that was away is asked again.
_AGAIN = 0.5
#: Updates of one draft that may be refused before the connection is closed: an editor is refused now and then.
_REFUSALS = 20


@dataclass(slots=True)
class _Channel:
    number: int
    doc: str
    prefix: bytes
    subscription: Subscription | None = None
    refused: int = 0
    #: What the client is to send before more of it is taken: its state vector after a refusal, as a client with a new
    #: copy does, or all that the server misses, for which it was asked.
    wanted: frames.Step | None = None

    @property
    def writable(self) -> bool:
        return self.subscription is not None and self.subscription.writable


class Connection:
    """Commands in, answers, events and frames out. ``close(code, reason)`` ends it from this side."""

    def __init__(
        self, host: Host, actor: Actor, outbox: Outbox, base_url: str, close: Callable[[int, str], None]
    ) -> None:
        self._host = host
        self._actor = actor
        self._outbox = outbox
        self._base_url = base_url
        self._close = close
        self._channels: dict[int, _Channel] = {}
        self._by_doc: dict[str, _Channel] = {}
        self._last_number = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._room: asyncio.Future[None] | None = None
        self._fetching = asyncio.Lock()
        self._closed = False
        host.service.acquaintances.seen(actor)
        self._forget = host.service.person(actor.username, self._event)
        self._event(Connected(generation=host.generation))

    def end(self) -> None:
        """The client is gone, or to be gone: give back everything that it held."""
        if self._closed:
            return
        self._closed = True
        self._forget()
        self._outbox.close()
        for channel in list(self._channels.values()):
            self._drop(channel)
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    # -- what the client sends. The awaitable, where there is one, is to be awaited before more is read.

    def text(self, text: str) -> Awaitable[None] | None:
        """A text frame: a command."""
        re: str | None = None
        try:
            self._host.rates.take(self._actor.username)
            size = len(text) if text.isascii() else len(text.encode())
            value = parsing.parse_object(text)
            re = value["id"] if isinstance(value.get("id"), str) else None
            if size > self._host.options.frame_bytes:
                raise TooLarge(
                    f"This command has {size:,} bytes; {self._host.options.frame_bytes:,} are possible.",
                    limit=self._host.options.frame_bytes,
                )
            command = parsing.socket_command(text, value)
        except RateLimited as error:
            # Its id is worth a look all the same: without it the client could not tell which command to repeat.
            self._refuse(re or _id_of(text, self._host.options.frame_bytes), error)
            return self._outbox.drained()
        except GroupChatError as error:
            self._refuse(re, error)
            return self._outbox.drained()
        self._start(self._carry_out(command))
        return self._outbox.drained() or self._room_for_more()

    def binary(self, data: bytes) -> Awaitable[None] | None:
        """A binary frame: a question for what a replica misses, or an update of a document that clients may write."""
        try:
            self._host.rates.take(self._actor.username)
            if len(data) > self._host.options.frame_bytes:
                raise TooLarge("This frame is too large.", limit=self._host.options.frame_bytes)
            frame = frames.parse(data)
        except RateLimited as error:
            self._lost(data, error)
            self._refuse(None, error)
            return self._outbox.drained()
        except GroupChatError as error:
            self._refuse(None, error)
            return self._outbox.drained()
        channel = self._channels.get(frame.channel)
        if channel is None:
            self._event(ChannelRefused(channel=frame.channel, message="There is no such channel on this connection."))
        elif frame.step is frames.Step.STATE_VECTOR:
            self._met(channel, frame.step)
            self._start(self._difference(channel, frame.payload))
        elif channel.writable:
            self._met(channel, frame.step)
            if channel.wanted is None and frame.payload != _NOTHING:
                self._start(self._write(channel, frame.payload))
        elif frame.payload != _NOTHING:
            self._refuse_content(channel)
        return self._outbox.drained() or self._room_for_more()

    # -- what the service tells

    def update(self, doc_id: str, body: bytes) -> None:
        """An update was committed (``Subscriber``)."""
        channel = self._by_doc.get(doc_id)
        # Before the channel's number is known to the client it cannot use it: it asks for what it misses afterwards.
        if channel is not None and channel.subscription is not None:
            self._outbox.binary(channel.prefix + body)

    def closed(self, doc_id: str, why: Why) -> None:
        """The service ended a subscription (``Subscriber``); the person's ``thread.gone`` says why."""
        channel = self._by_doc.get(doc_id)
        if channel is not None:
            self._drop(channel)

    def _event(self, event: Event) -> None:
        thread = getattr(event, "thread", None)
        if thread is not None and self._actor.thread not in (None, thread):
            return  # a ticket's thread is all that its holder hears of
        if isinstance(event, PresenceChanged) and names.thread_document(event.thread) not in self._by_doc:
            return
        if isinstance(event, DraftCursorMoved) and names.draft_document(event.thread, event.draft) not in self._by_doc:
            return
        self._outbox.text(event.model_dump_json().encode())
        if self._actor.is_guest and isinstance(event, ThreadGone):
            self._close(ACCESS_ENDED, "Your access to this thread has ended.")

    # -- carrying out

    async def _carry_out(self, command: AnyCommand | Subscribe | Unsubscribe) -> None:
        try:
            ok: dict[str, Any]
            if isinstance(command, Subscribe):
                ok = await self._subscribe(command)
            elif isinstance(command, Unsubscribe):
                ok = self._unsubscribe(command)
            else:
                ok = await self._host.execute(self._actor, command, self._base_url)
        except ChatReplaced:
            return  # the connection is closed in a moment, and the client asks again on its next one
        except GroupChatError as error:
            self._refuse(command.id, error)
        else:
            self._outbox.text(to_json({"re": command.id, "ok": ok}))
            if isinstance(command, Subscribe):
                self._welcome(self._by_doc.get(command.doc))

    async def _subscribe(self, command: Subscribe) -> dict[str, Any]:
        known = self._by_doc.get(command.doc)
        if known is not None:
            raise Conflict("This connection has that document open already.", channel=known.number)
        limit = self._host.options.subscriptions
        if len(self._channels) >= limit:
            raise Conflict(f"One connection can have {limit} documents open. Close one first.", limit=limit)
        self._last_number += 1
        channel = _Channel(self._last_number, command.doc, frames.write_varuint(self._last_number))
        self._channels[channel.number] = self._by_doc[channel.doc] = channel
        try:
            subscription = await self._host.service.subscribe(self._actor, command.doc, self)
        except BaseException:
            self._drop(channel)
            raise
        if self._channels.get(channel.number) is not channel:  # closed meanwhile
            subscription.close()
            raise Conflict("The channel was closed while it was being opened.")
        channel.subscription = subscription
        name = names.parse(command.doc)
        if name.is_thread:
            # Who was here before needs no telling others, so nobody else tells this connection.
            self._event(self._host.service.presence_of(name.thread_id))
        return {"channel": channel.number, "writable": subscription.writable}

    def _welcome(self, channel: _Channel | None) -> None:
        """Tell a client that has just opened a draft where the others are."""
        if channel is not None and names.is_draft(channel.doc):
            for event in self._host.service.cursors_of(channel.doc):
                self._event(event)

    def _unsubscribe(self, command: Unsubscribe) -> dict[str, Any]:
        channel = self._channels.get(command.channel)
        if channel is None:
            raise InvalidRequest("There is no such channel on this connection.", channel=command.channel)
        self._drop(channel)
        return {}

    async def _difference(self, channel: _Channel, state_vector: bytes) -> None:
        # One after the other, and none before the last was read: who asks for much is not thereby a slow client.
        async with self._fetching:
            while (reading := self._outbox.drained()) is not None:
                await reading
            missing: bytes | None = None
            while missing is None and self._channels.get(channel.number) is channel:
                try:
                    missing = await self._host.service.difference(self._actor, channel.doc, state_vector)
                except StorageUnavailable:
                    # Nothing is wrong with the client's copy: it gets what it misses when the database is back.
                    await asyncio.sleep(_AGAIN)
                except GroupChatError as error:
                    self._event(ChannelRefused(channel=channel.number, message=error.message))
                    return
            if missing is not None and self._channels.get(channel.number) is channel:
                self._outbox.binary(channel.prefix + frames.body(frames.Step.DIFFERENCE, missing))
        if channel.writable:
            # What the client wrote while it was away is missing here.
            await self._ask(channel, 0)

    # -- what clients write

    async def _write(self, channel: _Channel, update: bytes) -> None:
        try:
            await self._host.service.write(self._actor, channel.doc, update)
        except StorageUnavailable:
            # Nothing is wrong with what came. It is asked for again when the database is back.
            self._want(channel, frames.Step.DIFFERENCE, _AGAIN)
        except GroupChatError as error:
            self._refuse_update(channel, error)

    def _lost(self, data: bytes, error: RateLimited) -> None:
        """A frame came too fast. Where it was an update, later ones build on it: all is asked for again."""
        with suppress(InvalidRequest):
            frame = frames.parse(data)
            channel = self._channels.get(frame.channel)
            if channel is not None and channel.writable and frame.step is not frames.Step.STATE_VECTOR:
                self._want(channel, frames.Step.DIFFERENCE, error.retry_after)

    def _want(self, channel: _Channel, step: frames.Step, after: float) -> None:
        """Take nothing more from a client but all that the server misses, and ask for it in a while."""
        if channel.wanted is None:
            channel.wanted = step
            self._start(self._ask(channel, after))

    async def _ask(self, channel: _Channel, after: float) -> None:
        state: bytes | None = None
        while state is None and self._channels.get(channel.number) is channel:
            if after:
                await asyncio.sleep(after)
            try:
                state = await self._host.service.state(self._actor, channel.doc)
            except StorageUnavailable:
                after = _AGAIN
            except GroupChatError as error:
                self._event(ChannelRefused(channel=channel.number, message=error.message))
                return
        if state is not None and self._channels.get(channel.number) is channel:
            self._outbox.binary(channel.prefix + frames.body(frames.Step.STATE_VECTOR, state))

    def _met(self, channel: _Channel, step: frames.Step) -> None:
        """The client sent what it was to send, and may go on. One that begins anew may in any case."""
        if channel.wanted is step or step is frames.Step.STATE_VECTOR:
            channel.wanted = None

    def _refuse_update(self, channel: _Channel, error: GroupChatError) -> None:
        if channel.wanted is frames.Step.STATE_VECTOR or self._channels.get(channel.number) is not channel:
            return  # it builds on what was refused, and the client is told already; or the draft has ended
        channel.wanted = frames.Step.STATE_VECTOR
        channel.refused += 1
        self._host.notes.debug("refused", user=self._actor.username, code=error.code, doc=channel.doc)
        if channel.refused > _REFUSALS:
            self._close(FORBIDDEN, "Updates that cannot be taken were sent again and again.")
            return
        self._event(ChannelRefused(channel=channel.number, message=error.message))

    # -- refusing

    def _refuse(self, re: str | None, error: GroupChatError) -> None:
        self._host.notes.debug("refused", user=self._actor.username, code=error.code)
        self._outbox.text(to_json({"re": re, "error": error.to_json()}))

    def _refuse_content(self, channel: _Channel) -> None:
        channel.refused += 1
        if channel.refused > 1:
            self._host.notes.debug("closed", user=self._actor.username, code=FORBIDDEN, doc=channel.doc)
            self._close(FORBIDDEN, "Content was sent again on a read-only channel.")
            return
        message = "Documents are written by the server only. Nothing was applied; discard your copy and send commands."
        self._event(ChannelRefused(channel=channel.number, message=message))

    # -- housekeeping

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin something; what is begun first is first in the service's queue."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _drop(self, channel: _Channel) -> None:
        self._channels.pop(channel.number, None)
        if self._by_doc.get(channel.doc) is channel:
            del self._by_doc[channel.doc]
        if channel.subscription is not None:
            channel.subscription.close()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._room is not None and len(self._tasks) < _UNDER_WAY // 2 and not self._room.done():
            self._room.set_result(None)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._host.notes.broke("socket", error)
            self._close(1011, "The server failed. Unanswered commands can be sent again.")

    def _room_for_more(self) -> asyncio.Future[None] | None:
        if len(self._tasks) < _UNDER_WAY:
            return None
        if self._room is None or self._room.done():
            self._room = asyncio.get_running_loop().create_future()
        return self._room


def _id_of(text: str, limit: int) -> str | None:
    if len(text) > limit:
        return None
    try:
        found = parsing.parse_object(text).get("id")
    except InvalidRequest:
        return None
    return found if isinstance(found, str) else None
