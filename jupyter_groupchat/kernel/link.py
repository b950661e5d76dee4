"""A program's connection to the server: REST calls, and one socket that is kept up by a thread of its own."""

from __future__ import annotations

import json
import random
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from websocket import WebSocket, WebSocketBadStatusException, WebSocketException, create_connection

from jupyter_groupchat.errors import (
    Conflict,
    GroupChatError,
    InvalidRequest,
    InvitationGone,
    NotAllowed,
    NotFound,
    RateLimited,
    StorageUnavailable,
    ThreadFull,
    TooLarge,
)
from jupyter_groupchat.wire import frames
from jupyter_groupchat.wire.commands import Command, Subscribe, Unsubscribe
from jupyter_groupchat.wire.events import AssistantNotice

_ERRORS: dict[str, type[GroupChatError]] = {
    error.code: error
    for error in (
        InvalidRequest, NotAllowed, NotFound, Conflict, ThreadFull, InvitationGone, TooLarge, StorageUnavailable,
    )
}  # fmt: skip

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 5.0
#: How long an unused connection may be silent, in seconds: the server pings twice in that time.
_SILENCE = 75.0


@dataclass
class Channel:
    """A document that is kept open. ``state`` gives the replica's state vector, ``take`` gets what comes, ``anew`` is
    told that all so far is void, since the chat was put back from a backup; they are called on the link's thread, which
    alone touches the replica.
    """

    doc: str
    state: Callable[[], bytes]
    take: Callable[[frames.Step, bytes], None]
    refused: Callable[[GroupChatError], object]
    anew: Callable[[], object]
    number: int | None = None


@dataclass
class _Asked:
    command: Command
    answer: Future[dict[str, Any]] = field(default_factory=Future)


class Link:
    """Asks, and hears. After a lost connection it connects again and asks again what was not answered, with the same
    ids: the server carries out each command once.
    """

    def __init__(self, base_url: str, token: str, *, timeout: float = 60.0, scheme: str = "token") -> None:
        self._api = f"{base_url.rstrip('/')}/groupchat/api/"
        self._scheme = scheme
        self._headers: dict[str, str] = {}
        self.show(token)
        self.timeout = timeout
        self._lock = threading.Lock()
        self._asked: dict[str, _Asked] = {}
        self._channels: dict[str, Channel] = {}
        self._notices: list[tuple[str, Callable[[AssistantNotice], object]]] = []
        self._socket: WebSocket | None = None
        self._generation: str | None = None  # which chat the replicas are of
        self._end: GroupChatError | None = None  # why nothing more is asked
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="groupchat", daemon=True)
        self._thread.start()

    def show(self, token: str) -> None:
        """Show another token, or another ticket, from the next call and connection on."""
        self._headers = {"Authorization": f"{self._scheme} {token}"}

    def get(self, *path: str, **query: str) -> Any:
        """Read a resource. Raises GroupChatError."""
        address = self._api + "/".join(quote(part, safe="") for part in path)
        request = Request(f"{address}?{urlencode(query)}" if query else address, headers=self._headers)
        try:
            with urlopen(request, timeout=self.timeout) as response:
                return json.load(response)
        except HTTPError as error:
            with error:
                raise _error_of(_body(error.read()), error.code) from None
        except (URLError, TimeoutError) as error:
            raise StorageUnavailable(f"The server cannot be reached: {error}") from None

    def request(self, command: Command) -> dict[str, Any]:
        """Ask for a change; what the server answered. Raises GroupChatError, and TimeoutError."""
        asked = _Asked(command)
        self._ask(asked)
        try:
            return asked.answer.result(self.timeout)
        except TimeoutError:
            with self._lock:
                self._asked.pop(command.id, None)
            raise

    def open(self, channel: Channel) -> None:
        """Keep a document open until ``shut``."""
        with self._lock:
            self._channels[channel.doc] = channel
            connected = self._socket is not None
        if connected:
            self._subscribe(channel)

    def shut(self, channel: Channel) -> None:
        """Let a document go."""
        with self._lock:
            self._channels.pop(channel.doc, None)
        if channel.number is not None:
            # Not kept: the next connection has other channels.
            self._send(_Asked(Unsubscribe(id=_new_id(), channel=channel.number)))

    def notices(self, thread_id: str, tell: Callable[[AssistantNotice], object]) -> Callable[[], None]:
        """Call ``tell``, on the link's thread, with what the assistant tells this person alone; what ends it."""
        entry = (thread_id, tell)
        with self._lock:
            self._notices.append(entry)

        def stop() -> None:
            with self._lock, suppress(ValueError):
                self._notices.remove(entry)

        return stop

    def close(self) -> None:
        """End the connection; what was not answered is given up."""
        self._closing.set()
        with self._lock:
            socket = self._socket
        if socket is not None:
            socket.abort()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    # -- on the link's own thread

    def _run(self) -> None:
        ended: GroupChatError = StorageUnavailable("The connection was closed.")
        try:
            self._keep_connected()
        except NotAllowed as error:
            ended = error
        finally:
            with self._lock:
                self._end = ended
                asked, self._asked = list(self._asked.values()), {}
            for one in asked:
                one.answer.set_exception(ended)

    def _keep_connected(self) -> None:
        wait = _FIRST_WAIT
        while not self._closing.is_set():
            with suppress(OSError, WebSocketException):  # the server may be starting
                socket = self._connect()
                wait = _FIRST_WAIT
                self._converse(socket)
            self._closing.wait(wait * random.uniform(0.5, 1))
            wait = min(2 * wait, _LONGEST_WAIT)

    def _connect(self) -> WebSocket:
        address = f"ws{self._api.removeprefix('http')}socket"
        try:
            return create_connection(
                address, header=self._headers, timeout=_SILENCE, suppress_origin=True, enable_multithread=True
            )
        except WebSocketBadStatusException as error:
            if error.status_code in (401, 403):
                raise NotAllowed("The server does not know this token.") from None
            raise

    def _converse(self, socket: WebSocket) -> None:
        with self._lock:
            self._socket = socket
            channels = list(self._channels.values())
            unanswered = [asked for asked in self._asked.values() if not isinstance(asked.command, Subscribe)]
            self._asked = {asked.command.id: asked for asked in unanswered}
        for channel in channels:
            self._subscribe(channel)
        for asked in unanswered:
            self._send(asked)
        with suppress(OSError, WebSocketException):  # the caller connects again
            while data := socket.recv():
                if isinstance(data, str):
                    self._hear(json.loads(data))
                else:
                    self._take(frames.parse(bytes(data)))
        with self._lock:
            self._socket = None
        socket.shutdown()

    def _hear(self, text: dict[str, Any]) -> None:
        if text.get("event") == "connected":
            self._belong(text["generation"])
        elif text.get("event") == "thread.gone":
            self._lose(text["thread"])
        elif text.get("event") == "assistant.notice":
            notice = AssistantNotice.model_validate(text)
            with self._lock:
                told = [tell for thread, tell in self._notices if thread == notice.thread]
            for tell in told:
                tell(notice)
        with self._lock:
            asked = self._asked.pop(text.get("re") or "", None)
        if asked is None:
            return
        if "error" in text:
            asked.answer.set_exception(_error_of(text["error"]))
        else:
            asked.answer.set_result(text["ok"])

    def _lose(self, thread: str) -> None:
        with self._lock:
            lost = [channel for channel in self._channels.values() if channel.doc.split(":")[1] == thread]
            for channel in lost:
                del self._channels[channel.doc]
        for channel in lost:
            channel.number = None  # the server has closed it
            channel.refused(NotFound("You are no longer a member of this thread, or it was deleted."))

    def _take(self, frame: frames.Frame) -> None:
        with self._lock:
            channel = next((c for c in self._channels.values() if c.number == frame.channel), None)
        if channel is not None and frame.step is not frames.Step.STATE_VECTOR:
            channel.take(frame.step, frame.payload)

    def _subscribe(self, channel: Channel) -> None:
        channel.number = None
        asked = _Asked(Subscribe(id=_new_id(), doc=channel.doc))
        asked.answer.add_done_callback(lambda answer: self._subscribed(channel, answer))
        self._ask(asked)

    def _subscribed(self, channel: Channel, answer: Future[dict[str, Any]]) -> None:
        error = answer.exception()
        if error is None:
            channel.number = answer.result()["channel"]
            frame = frames.build(channel.number, frames.Step.STATE_VECTOR, channel.state())
            if self._socket is not None:
                self._socket.send_binary(frame)
        elif isinstance(error, GroupChatError):
            with self._lock:
                self._channels.pop(channel.doc, None)
            channel.refused(error)

    def _belong(self, generation: str) -> None:
        """Each connection begins with this, before any document."""
        known, self._generation = self._generation, generation
        if known not in (None, generation):
            with self._lock:
                channels = list(self._channels.values())
            for channel in channels:
                channel.anew()

    # -- on any thread

    def _ask(self, asked: _Asked) -> None:
        with self._lock:
            if self._end is not None:
                raise self._end
            self._asked[asked.command.id] = asked
        self._send(asked)

    def _send(self, asked: _Asked) -> None:
        socket = self._socket
        if socket is not None:
            with suppress(OSError, WebSocketException):  # it is sent again on the next connection
                socket.send(asked.command.model_dump_json())


def _error_of(error: dict[str, Any], status: int = 500) -> GroupChatError:
    code, message = error.get("code", ""), error.get("message", f"The server answered {status}.")
    details = dict(error.get("details") or {})
    if code == RateLimited.code:
        return RateLimited(message, retry_after=float(details.pop("retry_after", 1.0)), **details)
    return _ERRORS.get(code, NotAllowed if status in (401, 403) else GroupChatError)(message, **details)


def _body(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except ValueError:
        return {}
    return body.get("error") or {} if isinstance(body, dict) else {}


def _new_id() -> str:
    return uuid.uuid4().hex
