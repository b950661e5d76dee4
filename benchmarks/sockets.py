"""A WebSocket client that costs little, so that twenty of them in one process do not measure themselves.

It notes when each frame arrived and hands it on; whoever listens does as little as it can while the clock runs.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlsplit

TEXT = 1
BINARY = 2
_CLOSE = 8
_PING = 9
_PONG = 10

#: Called with the time of arrival (``perf_counter``), the opcode and the payload.
Listener = Callable[[float, int, bytes], None]


class Closed(Exception):
    """The server closed the connection, or never accepted it."""


class Socket(asyncio.Protocol):
    """One connection (RFC 6455, without extensions)."""

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._early: list[tuple[float, int, bytes]] = []  # frames that arrived before somebody listened
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._upgraded = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.received = 0  #: bytes, frame heads included, the handshake not

    def listen(self, listener: Listener) -> None:
        """Hand every frame to ``listener``, those that were early first."""
        self._listener = listener
        for frame in self._early:
            listener(*frame)
        self._early.clear()

    def text(self, text: str) -> None:
        """Send a text frame."""
        self._send(TEXT, text.encode())

    def binary(self, data: bytes) -> None:
        """Send a binary frame."""
        self._send(BINARY, data)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    # -- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The TCP connection stands."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._end(str(exc or "the connection was closed"))

    def data_received(self, data: bytes) -> None:
        """Take frames from what arrived."""
        at = perf_counter()
        self._buffer += data
        if not self._upgraded and not self._take_upgrade():
            return
        buffer = self._buffer
        start, end = 0, len(buffer)
        while end - start >= 2:
            opcode, length, head = buffer[start] & 0x0F, buffer[start + 1], 2
            if length == 126:
                head = 4
            elif length == 127:
                head = 10
            if end - start < head:
                break
            if head > 2:
                length = int.from_bytes(buffer[start + 2 : start + head], "big")
            if end - start < head + length:
                break
            self._frame(at, opcode, bytes(buffer[start + head : start + head + length]))
            start += head + length
        self.received += start
        del buffer[:start]

    def _frame(self, at: float, opcode: int, payload: bytes) -> None:
        if opcode in (TEXT, BINARY):
            if self._listener is None:
                self._early.append((at, opcode, payload))
            else:
                self._listener(at, opcode, payload)
        elif opcode == _PING:
            self._send(_PONG, payload)
        elif opcode == _CLOSE:
            self._end(f"{int.from_bytes(payload[:2], 'big')} {payload[2:].decode(errors='replace')}")
            self.close()

    def _take_upgrade(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        self._upgraded = True
        if b" 101 " in head.split(b"\r\n", 1)[0]:
            self.opened.set_result(None)
        else:
            self._end(head.decode(errors="replace"))
        return True

    def _send(self, opcode: int, payload: bytes) -> None:
        """Masked, as a client must, with a key of zeros: the payload stays as it is."""
        if self._transport is None or self.closed.done():
            raise Closed(self.closed.result() if self.closed.done() else "not connected")
        length = len(payload)
        if length < 126:
            size = bytes((0x80 | length,))
        elif length <= 0xFFFF:
            size = b"\xfe" + length.to_bytes(2, "big")
        else:
            size = b"\xff" + length.to_bytes(8, "big")
        self._transport.write(bytes((0x80 | opcode,)) + size + b"\0\0\0\0" + payload)

    def _end(self, why: str) -> None:
        if not self.closed.done():
            self.closed.set_result(why)
        if not self.opened.done():
            self.opened.set_exception(Closed(why))


async def connect(url: str, token: str = "") -> Socket:
    """Connect to an ``http://`` URL as a WebSocket. Raises Closed when the server does not want that."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *([f"Authorization: token {token}"] if token else []),
    ]
    loop = asyncio.get_running_loop()
    assert parts.hostname
    assert parts.port
    transport, socket = await loop.create_connection(Socket, parts.hostname, parts.port)
    transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    await socket.opened
    return socket
