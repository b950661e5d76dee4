"""A language model's endpoint on the loopback (Chat Completions, streamed) that writes at a pace and knows when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import perf_counter

#: Seconds from the request to the first byte: what models take at the least.
_THINK = 0.3


class Model:
    """Answers every request with ``pieces``, ``pace`` seconds apart."""

    def __init__(self, pieces: Sequence[str], pace: float) -> None:
        self.url = ""
        self.began: list[float] = []  #: when the first byte of each answer was written (``perf_counter``)
        self._pieces = pieces
        self._pace = pace

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Model]:
        """Serve until the block is left."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        async with server:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(length.partition(b":")[2]))
                await self._answer(writer)

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        await asyncio.sleep(_THINK)
        start = perf_counter()
        for number, piece in enumerate(self._pieces):
            await asyncio.sleep(start + number * self._pace - perf_counter())
            if number == 0:
                self.began.append(perf_counter())
            writer.write(_event({"index": 0, "delta": {"content": piece}, "finish_reason": None}))
        writer.write(_event({"index": 0, "delta": {}, "finish_reason": "stop"}))
        writer.write(_chunk(b"data: [DONE]\n\n") + _chunk(b""))
        await writer.drain()


def _event(choice: dict[str, object]) -> bytes:
    body = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "loopback", "choices": [choice]}
    return _chunk(f"data: {json.dumps(body)}\n\n".encode())


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)
