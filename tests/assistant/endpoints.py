"""Chat Completions endpoints on the loopback: aimock for what is usual, and one that does exactly what it is told."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

#: Upper bound of every wait, in seconds.
PATIENCE = 60

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Aimock:
    """A running aimock. ``url`` is a base_url."""

    url: str

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Aimock]:
        """Starts one on a free port and ends it."""
        node = shutil.which("node") or str(Path(sys.prefix, "bin", "node"))
        llmock = ROOT / "labextension/node_modules/.bin/llmock"
        command = [
            node,
            str(llmock),
            "-p",
            "0",
            "-f",
            str(Path(__file__).with_name("aimock.json")),
            "--validate-on-load",
        ]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if found := re.search(r"listening on (http://127\.0\.0\.1:\d+)", line):
                    yield cls(f"{found.group(1)}/v1")
                    return
            raise RuntimeError(f"aimock did not start: {said}")
        finally:
            # The whole group, since ``node`` may be a script that starts it; at once, since it waits for idle clients.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=PATIENCE)

    def requests(self, holding: str) -> list[dict[str, Any]]:
        """The bodies of the requests that it was sent and that hold a text."""
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/__aimock/journal", timeout=PATIENCE) as answer:
            bodies = [entry["body"] for entry in json.load(answer)]
        return [body for body in bodies if holding in json.dumps(body, ensure_ascii=False)]


def chunk(text: str | None = None, **fields: Any) -> bytes:
    """One chunk of a streamed completion."""
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta | fields.pop("delta", {}), "finish_reason": fields.pop("finish", None)}
    value = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **fields}
    return f"data: {json.dumps(value)}\n\n".encode()


DONE = b"data: [DONE]\n\n"
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


def answer(status: int, body: Any, *headers: str) -> bytes:
    """A whole answer that is not a stream."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} X",
        "content-type: application/json",
        f"content-length: {len(raw)}",
        "connection: close",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + raw


@dataclass
class Endpoint:
    """Answers each request with the next script: bytes are sent, events waited for, then the connection is closed.

    The last script repeats. ``arrived`` is set when a request is there, ``waiting`` when it has come
    to an event, ``hung_up`` when a client left early.
    """

    scripts: list[Sequence[bytes | asyncio.Event]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def say(self, *script: bytes | asyncio.Event) -> None:
        """Adds a script."""
        self.scripts.append(script)

    def stream(self, *pieces: bytes | asyncio.Event) -> None:
        """Adds a script that is a stream of events."""
        self.say(STREAM, *pieces)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length.group(1)) if length else 0)
            self.headers.append(head)
            self.requests.append(json.loads(body))
            self.arrived.set()
            script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
            leaving = asyncio.ensure_future(self._watch(reader))
            for step in script:
                if isinstance(step, asyncio.Event):
                    self.waiting.set()
                    waiting = asyncio.ensure_future(step.wait())
                    await asyncio.wait([waiting, leaving], return_when=asyncio.FIRST_COMPLETED)
                    waiting.cancel()
                else:
                    writer.write(step)
                    await writer.drain()
            leaving.cancel()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        await reader.read(1)
        self.hung_up.set()
