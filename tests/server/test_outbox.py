"""What waits for one client: in order, together, and bounded."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from tornado.iostream import IOStream

from jupyter_groupchat.server.outbox import Outbox
from tests.server.process import PATIENCE

pytestmark = pytest.mark.anyio

Ends = tuple[IOStream, IOStream]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    """Both ends of a connection."""
    ours, theirs = socket.socketpair()
    streams = IOStream(ours), IOStream(theirs)
    yield streams
    for stream in streams:
        stream.close()


def nothing() -> None:
    raise AssertionError("the client was dropped")


async def read_frame(stream: IOStream) -> tuple[int, bytes]:
    kind, length = await asyncio.wait_for(stream.read_bytes(2), PATIENCE)
    if length >= 126:
        length = int.from_bytes(await stream.read_bytes(2 if length == 126 else 8), "big")
    return kind, await stream.read_bytes(length)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
async def test_frames_of_every_length_arrive(ends: Ends, size: int) -> None:
    """a frame's head fits its length, short or long."""
    outbox = Outbox(ends[0], 1_000_000, nothing)
    outbox.text(b"a" * size)
    outbox.binary(b"b" * size)
    assert await read_frame(ends[1]) == (0x81, b"a" * size)
    assert await read_frame(ends[1]) == (0x82, b"b" * size)


async def test_frames_of_one_round_leave_together(ends: Ends) -> None:
    """what is sent in the same round of the loop is one write."""

    class Counting:
        writes = 0

        def write(self, data: bytes) -> asyncio.Future[None]:
            self.writes += 1
            return ends[0].write(data)

    stream = Counting()
    outbox = Outbox(stream, 1_000_000, nothing)
    for number in range(1_000):
        outbox.text(b"%d" % number)
    for number in range(1_000):
        assert await read_frame(ends[1]) == (0x81, b"%d" % number)
    assert stream.writes == 1


async def test_a_client_that_does_not_read_is_dropped_once(ends: Ends) -> None:
    """when more than the limit waits, what waits is discarded and the owner is told once."""
    dropped: list[int] = []
    outbox = Outbox(ends[0], 100_000, lambda: dropped.append(1))
    for _ in range(5_000):
        outbox.text(b"x" * 1_000)
        await asyncio.sleep(0)
        if dropped:
            break
    outbox.text(b"x" * 200_000)
    assert dropped == [1]


async def test_who_waits_for_room_goes_on_when_the_client_read(ends: Ends) -> None:
    """with half the limit unread there is something to wait for, and reading ends the wait."""
    outbox = Outbox(ends[0], 4_000_000, nothing)
    assert outbox.drained() is None
    for _ in range(3):
        outbox.binary(b"x" * 1_000_000)
    wait = outbox.drained()
    assert wait is not None
    for _ in range(3):
        await read_frame(ends[1])
    await asyncio.wait_for(wait, PATIENCE)
    assert outbox.drained() is None


async def test_nobody_waits_for_a_closed_outbox(ends: Ends) -> None:
    """closing ends every wait, and nothing is sent any more."""
    outbox = Outbox(ends[0], 1_000_000, nothing)
    outbox.binary(b"x" * 900_000)
    wait = outbox.drained()
    assert wait is not None
    outbox.close()
    outbox.text(b"late")
    await asyncio.wait_for(wait, PATIENCE)
    assert outbox.drained() is None


async def test_what_waits_is_handed_over_at_the_end(ends: Ends) -> None:
    """finishing sends what was said before the goodbye."""
    outbox = Outbox(ends[0], 1_000_000, nothing)
    outbox.text(b"last words")
    outbox.finish()
    outbox.text(b"too late")
    ends[0].close()
    assert await read_frame(ends[1]) == (0x81, b"last words")


async def test_a_torn_connection_is_no_error(ends: Ends) -> None:
    """writing to a connection that is gone raises nothing."""
    outbox = Outbox(ends[0], 1_000_000, nothing)
    ends[0].close()
    outbox.text(b"anybody there?")
    await asyncio.sleep(0)
    outbox.text(b"no")
