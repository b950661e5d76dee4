"""What a browser does, in Python: REST calls and a socket with replicas of documents."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from pycrdt import Doc
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.wire import frames
from tests.server.process import PATIENCE, ServerProcess

_ids = itertools.count()
_addresses = (f"198.{high}.{low}.1" for high in itertools.count(18) for low in range(256))


class Refused(Exception):
    """The server said no."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: str = error["code"]
        self.message: str = error["message"]
        self.details: dict[str, Any] = error["details"]


def new_id() -> str:
    """An id that no other command of this process has."""
    return f"t{next(_ids)}"


@dataclass(frozen=True)
class Person:
    """Somebody's REST calls, as a script with a token makes them."""

    server: ServerProcess
    name: str

    @property
    def username(self) -> str:
        """The stable name."""
        return self.name.lower()

    @property
    def headers(self) -> dict[str, str]:
        """What says who calls."""
        return {"Authorization": f"token {self.server.token(self.name)}"}

    @property
    def api(self) -> str:
        """Where this person's calls go, with a slash at the end."""
        return self.server.api

    async def fetch(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, **query: Any
    ) -> HTTPResponse:
        """An answer as it came. ``body`` is sent as JSON, text and bytes as they are."""
        if body is not None and not isinstance(body, str | bytes):
            body = json.dumps(body)
        request = HTTPRequest(
            f"{self.api}{path}{'?' if query else ''}{urlencode(query)}",
            method=method,
            headers=self.headers if headers is None else headers,
            body=body,
            allow_nonstandard_methods=True,
            connect_timeout=PATIENCE,
            request_timeout=PATIENCE,
            follow_redirects=False,
        )
        return await AsyncHTTPClient().fetch(request, raise_error=False)

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        response = await self.fetch(method, path, body, **options)
        return response.code, json.loads(response.body) if response.body else None

    async def ask(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The JSON of an answer. Raises Refused."""
        status, answer = await self.call(method, path, body, **query)
        if status >= 400:
            raise Refused(answer["error"])
        return answer

    async def new_thread(self, title: str = "Churn review") -> str:
        """The id of a new thread of this person's."""
        thread: str = (await self.ask("POST", "threads", {"title": title}))["thread"]["id"]
        return thread

    async def invite(self, thread: str, other: Person, role: str = "member") -> None:
        """Make somebody a member, by a link."""
        made = await self.ask("POST", f"threads/{thread}/invitations", {"role": role})
        await other.ask("POST", "invitations/accept", {"code": made["invitation"]["code"]})

    async def connect(self) -> Client:
        """A new socket."""
        return await Client.connect(self)


@dataclass(frozen=True)
class Guest(Person):
    """Somebody without an account, in a browser of their own: its cookies below the guests' page.

    ``address`` is where they are, for a server that trusts its proxy.
    """

    name: str = "Hana Sato"
    cookies: dict[str, str] = field(default_factory=lambda: {"_xsrf": "c0ffee"})
    address: str = field(default_factory=lambda: next(_addresses))

    @property
    def headers(self) -> dict[str, str]:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": jar, "X-XSRFToken": self.cookies["_xsrf"], "X-Real-Ip": self.address}

    @property
    def api(self) -> str:
        return f"{self.server.url}groupchat/guest/api/"

    @property
    def passes(self) -> list[str]:
        """The names of the cookies that hold a pass."""
        return [name for name in self.cookies if name.startswith("groupchat-guest")]

    async def fetch(self, *arguments: Any, **options: Any) -> HTTPResponse:
        """The same; what the answer says of cookies is done."""
        response = await super().fetch(*arguments, **options)
        for line in response.headers.get_list("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return response

    async def enter(self, code: str) -> str:
        """Come in; the thread's id."""
        thread: str = (await self.ask("POST", "enter", {"code": code, "name": self.name}))["thread_id"]
        return thread


@dataclass(eq=False)
class Client:
    """One socket of a person's, with the documents that it has open."""

    person: Person
    events: list[dict[str, Any]] = field(default_factory=list)
    unasked: list[dict[str, Any]] = field(default_factory=list)  #: answers to nothing: errors without ``re``
    replicas: dict[str, Doc[Any]] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    received: list[tuple[str, Any]] = field(default_factory=list)  #: everything, in order: what and its value
    bytes_received: int = 0
    generation: str | None = None  #: which chat the replicas are of
    close_code: int | None = None
    closed: bool = False

    def __post_init__(self) -> None:
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._docs: dict[int, str] = {}
        self._synced: dict[str, asyncio.Future[None]] = {}
        self._changed = asyncio.Event()
        self._socket: WebSocketClientConnection

    @classmethod
    async def connect(cls, person: Person, headers: dict[str, str] | None = None) -> Client:
        """Open a socket, with other headers than the person's token where some are given. Raises HTTPClientError."""
        client = cls(person)
        request = HTTPRequest(
            f"ws{person.api.removeprefix('http')}socket",
            headers=person.headers if headers is None else headers,
            connect_timeout=PATIENCE,
            request_timeout=PATIENCE,
        )
        client._socket = await websocket_connect(
            request, on_message_callback=client._take, max_message_size=64 * 1024 * 1024
        )
        await client.until(lambda: client.generation or client.closed)
        return client

    async def command(self, do: str, *, id: str | None = None, **fields: Any) -> dict[str, Any]:
        """Give a command and wait for its answer. Raises Refused."""
        return await self.send(do, id=id, **fields)

    def send(self, do: str, *, id: str | None = None, **fields: Any) -> asyncio.Future[dict[str, Any]]:
        """Give a command; the future has its answer."""
        id = id or new_id()
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[id] = answer
        self.send_raw(json.dumps({"id": id, "do": do, **fields}))
        return answer

    def send_raw(self, data: str | bytes) -> None:
        """Send a frame as it is. Raises ConnectionError when the connection is closed."""
        try:
            writing = self._socket.write_message(data, binary=isinstance(data, bytes))
        except WebSocketClosedError as error:
            raise ConnectionError("closed") from error
        # A connection that tears meanwhile is known by ``closed``, and by answers that do not come.
        writing.add_done_callback(lambda written: written.cancelled() or written.exception())

    async def post(self, thread: str, body: str, **fields: Any) -> dict[str, Any]:
        """Write a message; the message as the server made it."""
        message: dict[str, Any] = (await self.command("message.post", thread=thread, body=body, **fields))["message"]
        return message

    async def open(self, doc: str) -> Doc[Any]:
        """Subscribe to a document and fetch what the replica misses; it follows from then on."""
        answer = await self.command("subscribe", doc=doc)
        replica = self.replicas.setdefault(doc, Doc())
        channel = self.channels[doc] = answer["channel"]
        self._docs[channel] = doc
        self._synced[doc] = asyncio.get_running_loop().create_future()
        self.send_raw(frames.build(channel, frames.Step.STATE_VECTOR, replica.get_state()))
        await asyncio.wait_for(self._synced[doc], PATIENCE)
        return replica

    def write(self, doc: str, change: Callable[[], object]) -> None:
        """Change the replica of a draft, and send that."""
        replica, told = self.replicas[doc], list[bytes]()
        observing = replica.observe(lambda event: told.append(event.update))
        change()
        replica.unobserve(observing)
        for update in told:
            self.send_raw(frames.build(self.channels[doc], frames.Step.UPDATE, update))

    def thread(self, thread: str) -> YThread:
        """The replica of a thread's document."""
        return YThread(self.replicas[f"thread:{thread}"])

    def page(self, thread: str, number: int = 0) -> YPage:
        """The replica of a page."""
        return YPage(self.replicas[f"page:{thread}:{number}"])

    async def until(self, condition: Callable[[], object]) -> Any:
        """Wait until ``condition()`` is true, looking again whenever something came; what it returned."""
        async with asyncio.timeout(PATIENCE):
            while not (found := condition()):
                self._changed.clear()
                await self._changed.wait()
            return found

    async def event(self, name: str, **fields: Any) -> dict[str, Any]:
        """Wait for an event with these fields, whether it came before or comes yet."""

        def first() -> dict[str, Any] | None:
            fitting = (event for event in self.events if event["event"] == name and fields.items() <= event.items())
            return next(fitting, None)

        found: dict[str, Any] = await self.until(first)
        return found

    async def gone(self) -> int | None:
        """Wait until the connection is closed; the close code."""
        await self.until(lambda: self.closed)
        return self.close_code

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _take(self, data: str | bytes | None) -> None:
        if data is None:
            self.closed = True
            self.close_code = self._socket.close_code
            under_way: list[asyncio.Future[Any]] = [*self._answers.values(), *self._synced.values()]
            for waiting in under_way:
                if not waiting.done():
                    waiting.set_exception(ConnectionError(f"closed with {self.close_code}"))
                    waiting.exception()  # nobody may be waiting for it any more
        elif isinstance(data, bytes):
            self.bytes_received += len(data)
            self._take_frame(frames.parse(data))
        else:
            self.bytes_received += len(data.encode())
            self._take_text(json.loads(data))
        self._changed.set()

    def _take_text(self, value: dict[str, Any]) -> None:
        if "event" in value:
            self.received.append(("event", value))
            self.events.append(value)
            self.generation = value.get("generation", self.generation)
            return
        self.received.append(("answer", value))
        answer = self._answers.pop(value["re"], None)
        if answer is None:
            self.unasked.append(value)
        elif "error" in value:
            answer.set_exception(Refused(value["error"]))
        else:
            answer.set_result(value["ok"])

    def _take_frame(self, frame: frames.Frame) -> None:
        doc = self._docs[frame.channel]
        self.received.append((frame.step.name, doc))
        if frame.step is frames.Step.STATE_VECTOR:
            # The server asks for what it misses of a draft.
            missing = self.replicas[doc].get_update(frame.payload)
            self.send_raw(frames.build(frame.channel, frames.Step.DIFFERENCE, missing))
            return
        self.replicas[doc].apply_update(frame.payload)
        if frame.step is frames.Step.DIFFERENCE and not self._synced[doc].done():
            self._synced[doc].set_result(None)
