"""What waits to be sent to one client: bounded, in order, and written in as few pieces as there is time for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from tornado.iostream import StreamClosedError

_TEXT = 0x81  # a whole message, of text
_BINARY = 0x82


class Stream(Protocol):
    """The part of tornado's IOStream that is used; the future is done when all was handed to the system."""

    def write(self, data: bytes, /) -> asyncio.Future[None]: ...


class Outbox:
    """Frames for one WebSocket client.

    tornado's ``write_message`` makes a task and a system call of every frame. Frames that are sent in the same round of
    the loop leave together here, and one write is under way at a time. A frame more when ``limit`` bytes wait already
    means that the client does not read: what waits is discarded and ``overflow`` called, once.
    """

    def __init__(self, stream: Stream, limit: int, overflow: Callable[[], None]) -> None:
        self._stream = stream
        self._limit = limit
        self._overflow = overflow
        self._loop = asyncio.get_running_loop()
        self._frames: list[bytes] = []
        self._waiting = 0  # bytes in _frames
        self._leaving = 0  # bytes in the write that is under way
        self._scheduled = False
        self._closed = False
        self._drained: asyncio.Future[None] | None = None

    def text(self, data: bytes) -> None:
        """Send a text frame of UTF-8."""
        self._send(_TEXT, data)

    def binary(self, data: bytes) -> None:
        """Send a binary frame."""
        self._send(_BINARY, data)

    def drained(self) -> asyncio.Future[None] | None:
        """None, or what to wait for before more is done for a client that leaves half the limit unread."""
        if self._closed or self._waiting + self._leaving <= self._limit // 2:
            return None
        if self._drained is None:
            self._drained = self._loop.create_future()
        return self._drained

    def finish(self) -> None:
        """Hand over what waits, then send nothing more."""
        self._flush()
        self.close()

    def close(self) -> None:
        """Discard what waits and send nothing more."""
        self._closed = True
        self._frames.clear()
        self._waiting = 0
        self._release()

    def _send(self, kind: int, data: bytes) -> None:
        if self._closed:
            return
        if self._waiting + self._leaving > self._limit:
            self.close()
            self._overflow()
            return
        head = _head(kind, len(data))
        self._frames += (head, data)
        self._waiting += len(head) + len(data)
        if not self._scheduled and not self._leaving:
            self._scheduled = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._scheduled = False
        if not self._frames or self._closed:
            return
        piece = b"".join(self._frames)
        self._frames.clear()
        self._waiting, self._leaving = 0, len(piece)
        try:
            self._stream.write(piece).add_done_callback(self._flushed)
        except StreamClosedError:
            self.close()

    def _flushed(self, written: asyncio.Future[None]) -> None:
        self._leaving = 0
        if written.cancelled() or written.exception() is not None:
            self.close()
            return
        self._flush()
        if self._waiting + self._leaving <= self._limit // 2:
            self._release()

    def _release(self) -> None:
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None


def _head(kind: int, length: int) -> bytes:
    """A WebSocket frame's head as a server sends it (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((kind, length))
    if length <= 0xFFFF:
        return bytes((kind, 126)) + length.to_bytes(2, "big")
    return bytes((kind, 127)) + length.to_bytes(8, "big")
