"""This project: a bare Jupyter server with the extension, spoken to as its browser side does.

A client subscribes to the thread's document and to its newest page, fetches what it misses of both, and follows to the
next page when the thread's document says that there is one. It posts by command and is answered after the commit.
"""

from __future__ import annotations

import asyncio
import json
import sys
import uuid
from collections.abc import Callable, Container, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

from pycrdt import Doc, Map, MapEvent

from benchmarks import servers, text
from benchmarks.identity import token
from benchmarks.servers import Server
from benchmarks.sockets import TEXT, Socket, connect
from jupyter_groupchat.types import PAGE_SIZE
from jupyter_groupchat.wire import frames

EXTENSIONS = ("jupyter_groupchat",)
API = "groupchat/api/"
#: The peer has no assistant, and no limit on how fast one person may write.
OPTIONS = {"GroupChat.assistant_enabled": False, "GroupChat.commands_per_second": 1_000_000}
_PATIENCE = 60.0
_UNANSWERED = 200
#: The panel's: so many messages before a page begins it is opened.
_AHEAD = 16


class Ours:
    """``Side`` for this project."""

    name = "jupyter_groupchat"

    def serve(
        self, home: Path | None = None, options: Mapping[str, object] | None = None
    ) -> AbstractAsyncContextManager[Server]:
        """A server with the extension."""
        return servers.serve(sys.executable, EXTENSIONS, {**OPTIONS, **(options or {})}, home)

    async def chat(self, server: Server, members: int, messages: int) -> OurChat:
        """A thread with so many messages, opened by everybody."""
        people = [await Person.connect(server, f"user{number}") for number in range(members)]
        thread = await new_thread(people)
        await fill(people[0], thread, messages)
        for person in people:
            await person.open(thread)
        return OurChat(server, thread, people)


class OurChat:
    """``Chat`` for this project."""

    def __init__(self, server: Server, thread: str, people: list[Person]) -> None:
        self.thread = thread
        self.people = people
        self.members = len(people)
        self._server = server

    def post(self, member: int, body: str) -> str:
        """Give the command."""
        message_id = uuid.uuid4().hex
        self.people[member].send("message.post", message_id, thread=self.thread, body=body)
        return message_id

    def seen(self, member: int) -> dict[str, float]:
        """Decoded when asked for; the time is that of the frame's arrival."""
        return self.people[member].seen()

    def answered(self, member: int) -> dict[str, float]:
        """When each command of a member was answered."""
        return self.people[member].answered

    async def kept(self) -> set[str]:
        """Read back over REST."""
        kept: set[str] = set()
        before = ""
        while True:
            path = f"{API}threads/{self.thread}/messages?limit=256{before}"
            answer = await asyncio.to_thread(self._server.rest, "GET", path, None, "user0")
            if not answer["messages"]:
                return kept
            kept |= {message["id"] for message in answer["messages"]}
            before = f"&before_seq={answer['messages'][-1]['seq']}"

    def close(self) -> None:
        """Everybody leaves."""
        for person in self.people:
            person.close()


class Person:
    """One client: a socket, and replicas that are brought up to date when somebody looks."""

    def __init__(self, username: str, server: Server, socket: Socket) -> None:
        self.username = username
        self.server = server
        self.socket = socket
        self.answered: dict[str, float] = {}
        self.events = 0
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._pages: dict[int, _Page] = {}
        self._thread: _Thread | None = None
        self._waiting: list[tuple[float, frames.Frame]] = []
        self._following: set[asyncio.Task[None]] = set()
        self._seen: dict[str, float] = {}
        self._news = asyncio.Event()
        self._at = 0.0
        socket.listen(self._receive)

    @classmethod
    async def connect(cls, server: Server, username: str) -> Person:
        """Open the socket."""
        return cls(username, server, await connect(f"{server.url}{API}socket", token(username)))

    def rest(self, method: str, path: str, body: Any = None) -> Any:
        """A REST call of this person's."""
        return self.server.rest(method, f"{API}{path}", body, self.username)

    def send(self, do: str, command_id: str, **fields: Any) -> None:
        """Give a command without waiting."""
        self.socket.text(json.dumps({"id": command_id, "do": do, **fields}))

    async def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """Give a command and wait for its answer."""
        command_id = uuid.uuid4().hex
        answer = self._answers[command_id] = asyncio.get_running_loop().create_future()
        self.send(do, command_id, **fields)
        return await asyncio.wait_for(answer, _PATIENCE)

    async def open(self, thread: str) -> None:
        """Open a thread as the panel does: its document, then its newest page."""
        channel = (await self.ask("subscribe", doc=f"thread:{thread}"))["channel"]
        opened = self._thread = _Thread(thread, channel)
        self.socket.binary(frames.build(channel, frames.Step.STATE_VECTOR, b"\0"))
        await self.until(lambda: opened.last_seq is not None)
        await self._follow()

    async def leave(self) -> None:
        """Close the thread; the connection stays."""
        if self._thread is not None:
            for channel in (self._thread.channel, *self._pages):
                await self.ask("unsubscribe", channel=channel)
        self._thread = None
        self._pages.clear()

    def seen(self) -> dict[str, float]:
        """When each message arrived that was not there when the thread was opened."""
        for at, frame in self._waiting:
            page = self._pages.get(frame.channel)
            if page is not None:
                page.apply(at, frame, self._seen)
        self._waiting.clear()
        return self._seen

    def replies(self) -> dict[str, str]:
        """The assistant's messages, each with its status."""
        self.seen()
        found: dict[str, str] = {}
        for page in self._pages.values():
            for message_id in page.messages.keys():  # noqa: SIM118 (pycrdt types the rest poorly)
                if page.messages[message_id]["kind"] == "assistant":
                    found[message_id] = page.messages[message_id]["status"]
        return found

    async def first_text(self, known: Container[str]) -> tuple[str, float, int]:
        """Wait for the first text of a reply that is not known: its id, when it came, and the bytes until then."""
        found: list[tuple[str, float, int]] = []

        def look() -> bool:
            received = self.socket.received
            self.seen()
            for page in self._pages.values():
                for message_id in page.messages.keys():  # noqa: SIM118 (pycrdt types the rest poorly)
                    message = page.messages[message_id]
                    if message["kind"] == "assistant" and message_id not in known and str(message["body"]):
                        found.append((message_id, self._at, received))
            return bool(found)

        await self.until(look)
        return found[0]

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    async def _follow(self) -> None:
        """Open the newest page, and afterwards each that is about to begin."""
        assert self._thread is not None
        first = self._thread.newest if self._thread.page is None else self._thread.page + 1
        last = self._thread.page = self._thread.next
        for number in range(first, last + 1):
            answer = await self.ask("subscribe", doc=f"page:{self._thread.id}:{number}")
            page = self._pages[answer["channel"]] = _Page(fresh=self._thread.opened)
            self.socket.binary(frames.build(answer["channel"], frames.Step.STATE_VECTOR, b"\0"))
            await self.until(partial(self._is_ready, page))
        self._thread.opened = True

    def _is_ready(self, page: _Page) -> bool:
        self.seen()
        return page.ready

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something, looking whenever a frame arrives."""
        async with asyncio.timeout(_PATIENCE):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def _receive(self, at: float, opcode: int, data: bytes) -> None:
        self._at = at
        self._news.set()
        if opcode == TEXT:
            if data.startswith(b'{"re"'):
                self._answer(at, json.loads(data))
            else:
                self.events += 1
            return
        frame = frames.parse(data)
        if self._thread is None or frame.channel != self._thread.channel:
            self._waiting.append((at, frame))
            return
        self._thread.apply(frame)
        if self._thread.has_more():
            following = asyncio.get_running_loop().create_task(self._follow())
            self._following.add(following)
            following.add_done_callback(self._following.discard)

    def _answer(self, at: float, value: dict[str, Any]) -> None:
        if "error" in value:
            raise RuntimeError(f"{self.username} was refused: {value['error']}")
        self.answered[value["re"]] = at
        waiting = self._answers.pop(value["re"], None)
        if waiting is not None:
            waiting.set_result(value["ok"])


class _Thread:
    """A replica of a thread's document, for what it says of pages."""

    def __init__(self, thread_id: str, channel: int) -> None:
        self.id = thread_id
        self.channel = channel
        self.last_seq: int | None = None
        self.page: int | None = None
        self.opened = False
        self._doc: Doc[Any] = Doc()
        self._meta = self._doc.get("meta", type=Map)

    def apply(self, frame: frames.Frame) -> None:
        """Take a frame in."""
        self._doc.apply_update(frame.payload)
        if "last_seq" in self._meta:
            self.last_seq = int(self._meta["last_seq"])

    def has_more(self) -> bool:
        """Whether there is a page after the newest that is open."""
        return self.opened and self.page is not None and self.next > self.page

    @property
    def newest(self) -> int:
        """The page of the newest message."""
        return max(0, self.last_seq or 0) // PAGE_SIZE

    @property
    def next(self) -> int:
        """The newest page that is open, or will be presently."""
        return max(0, (self.last_seq or 0) + _AHEAD) // PAGE_SIZE


class _Page:
    """A replica of a page. What a ``fresh`` one holds when it is opened is new as well."""

    def __init__(self, *, fresh: bool) -> None:
        self.ready = False
        self._fresh = fresh
        self._doc: Doc[Any] = Doc()
        self.messages: Map[Any] = self._doc.get("messages", type=Map)
        self._new: list[str] = []
        self._subscription = self.messages.observe(self._changed)

    def apply(self, at: float, frame: frames.Frame, seen: dict[str, float]) -> None:
        """Take a frame in; what it brings was seen ``at``."""
        self._doc.apply_update(frame.payload)
        if self.ready or self._fresh:
            for message_id in self._new:
                seen.setdefault(message_id, at)
        self._new.clear()
        if frame.step is frames.Step.DIFFERENCE:
            self.ready = True

    def _changed(self, event: MapEvent) -> None:
        changes: dict[str, dict[str, Any]] = event.keys  # type: ignore[attr-defined]
        self._new += [key for key, change in changes.items() if change["action"] == "add"]


async def new_thread(people: list[Person], title: str = "Churn review", **settings: Any) -> str:
    """A thread of the first of these people, which the others join."""
    owner = people[0]
    thread: str = (await asyncio.to_thread(owner.rest, "POST", "threads", {"title": title, **settings}))["thread"]["id"]
    made = await asyncio.to_thread(owner.rest, "POST", f"threads/{thread}/invitations", {})
    for person in people[1:]:
        await asyncio.to_thread(person.rest, "POST", "invitations/accept", {"code": made["invitation"]["code"]})
    return thread


async def fill(person: Person, thread: str, length: int) -> None:
    """Post until a thread has so many messages, those about who joined included; many at a time."""
    settings = (await asyncio.to_thread(person.rest, "GET", f"threads/{thread}"))["thread"]
    free = asyncio.Semaphore(_UNANSWERED)

    async def post(number: int) -> None:
        await person.ask("message.post", thread=thread, body=text.message(number))
        free.release()

    async with asyncio.TaskGroup() as posting:
        for number in range(settings["last_seq"] + 1, length):
            await free.acquire()
            posting.create_task(post(number))
