"""The peer: jupyterlab-chat on jupyter-collaboration, in an environment of its own, spoken to as its browser side does.

A chat is a file. Opening it is ``PUT api/collaboration/session/<path>``, then a socket to
``api/collaboration/room/<format>:<type>:<file id>`` that speaks the y-protocols. Whoever writes a message appends a map
to the array ``messages`` of their replica and sends the update; the server then puts its own time on it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import uuid
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from pathlib import Path
from time import perf_counter, time
from typing import Any

from pycrdt import Array, ArrayEvent, Doc, Map

from benchmarks import servers, text
from benchmarks.chats import everybody_sees, until
from benchmarks.identity import token
from benchmarks.servers import Server
from benchmarks.sockets import Socket, connect
from jupyter_groupchat.wire.frames import Step, body

#: Pinned, so that two runs compare with the same thing.
PACKAGES = ("jupyterlab-chat==0.25.3", "jupyter-collaboration==5.0.4")
EXTENSIONS = ("jupyter_server_fileid", "jupyter_server_ydoc", "jupyterlab_chat")
_PATIENCE = 60.0


class Peer:
    """``Side`` for the peer."""

    name = "jupyterlab-chat"

    def __init__(self) -> None:
        self.python = _environment()

    @cached_property
    def versions(self) -> dict[str, str]:
        """What the environment holds, for the record."""
        command = [str(self.python), "-m", "pip", "list", "--format=json"]
        listed = subprocess.run(command, capture_output=True, check=True, text=True)
        wanted = {"jupyterlab_chat", "jupyter-collaboration", "jupyter_server", "pycrdt"}
        return {item["name"]: item["version"] for item in json.loads(listed.stdout) if item["name"] in wanted}

    def serve(self) -> AbstractAsyncContextManager[Server]:
        """A server with the extensions that jupyterlab-chat needs."""
        # Left rooms leave after a second instead of sixty: to the peer's advantage where memory is measured.
        return servers.serve(self.python, EXTENSIONS, {"YDocExtension.document_cleanup_delay": 1})

    async def chat(self, server: Server, members: int, messages: int) -> PeerChat:
        """A chat file with so many messages, opened by everybody."""
        path = f"{uuid.uuid4().hex}.chat"
        (server.home / "root" / path).write_text(json.dumps(_file(members, messages), indent=2))
        return await PeerChat.open(server, path, members)


class PeerChat:
    """``Chat`` for the peer."""

    def __init__(self, server: Server, path: str, people: list[Person]) -> None:
        self._server = server
        self._path = path
        self._people = people
        self.members = len(people)

    @classmethod
    async def open(cls, server: Server, path: str, members: int) -> PeerChat:
        """Connect everybody to a chat file."""
        people = [await Person.enter(server, path, f"user{number}") for number in range(members)]
        # A chat counts as being loaded, and messages as part of what is loaded, until its file was first written.
        people[0].post("Good morning.")
        await until(lambda: not people[0].loading, _PATIENCE)
        return cls(server, path, people)

    def post(self, member: int, body: str) -> str:
        """Append to one's own replica and send what changed."""
        return self._people[member].post(body)

    def seen(self, member: int) -> dict[str, float]:
        """Noted as updates arrive."""
        return self._people[member].seen

    async def kept(self) -> set[str]:
        """Ask the server with an empty replica."""
        person = await Person.enter(self._server, self._path, "auditor")
        person.close()
        return person.ids()

    async def stream(self, member: int, pieces: Sequence[str], pace: float) -> None:
        """Write a message piece by piece, as the peer's ``update_message(append=True)`` does, and wait for the end."""
        person = self._people[member]
        start = perf_counter()
        message_id = person.post("")
        await everybody_sees(self, [message_id], _PATIENCE)
        body = ""
        for number, piece in enumerate(pieces):
            await asyncio.sleep(start + number * pace - perf_counter())
            body += piece
            person.rewrite(message_id, body)
        await until(lambda: all(other.has_text(message_id, body) for other in self._people), _PATIENCE)

    def received(self, member: int) -> int:
        """Bytes that arrived at a member so far."""
        return self._people[member].received

    def close(self) -> None:
        """Everybody leaves."""
        for person in self._people:
            person.close()


class Person:
    """One client: a replica and its socket."""

    def __init__(self, username: str, socket: Socket) -> None:
        self.seen: dict[str, float] = {}
        self._username = username
        self._socket = socket
        self._doc: Doc[Any] = Doc()
        self._messages = self._doc.get("messages", type=Array)
        self._state = self._doc.get("state", type=Map)
        self._subscription: object = None
        self._at = 0.0
        self._synced = asyncio.get_running_loop().create_future()

    @classmethod
    async def enter(cls, server: Server, path: str, username: str) -> Person:
        """Open a chat and wait until the replica holds what the server has."""
        session = await asyncio.to_thread(
            server.rest, "PUT", f"api/collaboration/session/{path}", {"format": "text", "type": "chat"}, username
        )
        room = f"api/collaboration/room/text:chat:{session['fileId']}?sessionId={session['sessionId']}"
        person = cls(username, await connect(f"{server.url}{room}", token(username)))
        person._socket.listen(person._receive)
        person._socket.binary(body(Step.STATE_VECTOR, person._doc.get_state()))
        await asyncio.wait_for(person._synced, _PATIENCE)
        person._subscription = person._messages.observe(person._changed)
        return person

    @property
    def loading(self) -> bool:
        """Whether the server has yet to write the file that it read."""
        return bool(self._state.get("dirty", True))

    @property
    def received(self) -> int:
        """Bytes that arrived so far."""
        return self._socket.received

    def post(self, body_: str) -> str:
        """What the peer's ``addMessage`` does in a browser."""
        message_id = str(uuid.uuid4())
        before = self._doc.get_state()
        self._messages.append(Map(_message(message_id, self._username, body_, time(), raw_time=True)))
        self._socket.binary(body(Step.UPDATE, self._doc.get_update(before)))
        return message_id

    def rewrite(self, message_id: str, body_: str) -> None:
        """Give one's own message another text."""
        before = self._doc.get_state()
        message = self._message(message_id)
        if message is None:
            raise RuntimeError("The message that was being written is gone.")
        message["body"] = body_
        self._socket.binary(body(Step.UPDATE, self._doc.get_update(before)))

    def has_text(self, message_id: str, body_: str) -> bool:
        """Whether a message has that text here."""
        message = self._message(message_id)
        return message is not None and bool(message["body"] == body_)

    def _message(self, message_id: str) -> Map[Any] | None:
        newest_first = (self._messages[at] for at in reversed(range(len(self._messages))))
        return next((message for message in newest_first if message["id"] == message_id), None)

    def ids(self) -> set[str]:
        """The messages in the replica."""
        return {message["id"] for message in self._messages.to_py() or []}

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _receive(self, at: float, opcode: int, data: bytes) -> None:
        if data[:1] != b"\0":  # awareness, or a word about saving
            return
        payload = data[_payload_at(data) :]
        if data[1] == Step.STATE_VECTOR:
            self._socket.binary(body(Step.DIFFERENCE, self._doc.get_update(payload)))
            return
        self._at = at
        self._doc.apply_update(payload)
        if data[1] == Step.DIFFERENCE and not self._synced.done():
            self._synced.set_result(None)

    def _changed(self, event: ArrayEvent) -> None:
        at = self._at or perf_counter()
        for change in event.delta:  # type: ignore[attr-defined]
            for message in change.get("insert", ()):
                self.seen.setdefault(message["id"], at)


def _environment() -> Path:
    """The interpreter of an environment with the peer in it; made at the first run, and again for other versions."""
    place = servers.CACHE / "peer"
    done = place / "installed.json"
    python = place / "bin" / "python"
    if done.exists() and json.loads(done.read_text()) == list(PACKAGES):
        return python
    servers.CACHE.mkdir(exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
    subprocess.run([python, "-m", "pip", "install", "-qq", *PACKAGES], check=True)
    done.write_text(json.dumps(PACKAGES))
    return python


def _file(members: int, messages: int) -> dict[str, Any]:
    users = {f"user{number}": _user(f"user{number}") for number in range(members)}
    start = time() - messages
    written = [
        _message(str(uuid.uuid4()), f"user{number % members}", text.message(number), start + number, raw_time=False)
        for number in range(messages)
    ]
    return {"messages": written, "users": users, "attachments": {}, "metadata": {"id": str(uuid.uuid4())}}


def _user(username: str) -> dict[str, Any]:
    return {"username": username, "name": username.title(), "display_name": username.title()}


def _message(message_id: str, sender: str, body_: str, at: float, *, raw_time: bool) -> dict[str, Any]:
    return {"type": "msg", "id": message_id, "body": body_, "time": at, "sender": sender, "raw_time": raw_time}


def _payload_at(data: bytes) -> int:
    """Where the content begins: after two bytes and a length of seven bits a byte."""
    at = 2
    while data[at] & 0x80:
        at += 1
    return at + 1
