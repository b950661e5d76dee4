"""What people and threads cost while nothing happens: the server's own memory, in kilobytes each."""

from __future__ import annotations

import asyncio

from benchmarks.bench import Bench
from benchmarks.chats import Chat, Side
from benchmarks.figures import Line
from benchmarks.servers import Server
from benchmarks.works.posts import MEMBERS

_THREADS = 200
_CLIENTS = 200
_MESSAGES = 20
_TARGETS = {"client": 60.0, "thread": 30.0}
#: Threads used before the first measurement: the caches are full, and what is imported at the first use is.
_BEFORE = 400
#: The peer is given a tenth: what it keeps of each thread is so much more that this is enough to see it.
_PEERS_PART = 10
#: Seconds until rooms that nobody looks at have left.
_SETTLE = 4.0


async def memory(bench: Bench) -> list[Line]:
    """Two hundred threads that were written in and left, then two hundred clients who look at ten other threads."""
    idle, client = await _memory(bench, bench.ours, 1)
    peer_idle, peer_client = await _memory(bench, bench.peer, _PEERS_PART)
    return [
        Line(
            what=f"memory of a connected client, {bench.much(_CLIENTS)} of them",
            unit="kB",
            ours=[client],
            peer=[peer_client],
            target=f"at most {_TARGETS['client']:g} kB",
            hit=client <= _TARGETS["client"],
        ),
        Line(
            what=f"memory of an idle thread, {bench.much(_THREADS)} of them",
            unit="kB",
            ours=[idle],
            peer=[peer_idle],
            target=f"at most {_TARGETS['thread']:g} kB",
            hit=idle <= _TARGETS["thread"],
            note=f"after {bench.much(_BEFORE)} others, "
            + ("too few to fill" if bench.quick else "which filled")
            + " the caches",
        ),
    ]


async def _memory(bench: Bench, side: Side, part: int) -> tuple[float, float]:
    """Kilobytes of an idle thread and of a client, measured with one ``part``-th of the threads."""
    threads, clients = max(1, bench.much(_THREADS) // part), bench.much(_CLIENTS)
    async with side.serve() as server:
        for _ in range(bench.much(_BEFORE) // part):
            await _use(side, server)
        empty = await _settled(server)
        for _ in range(threads):
            await _use(side, server)
        idle = await _settled(server)
        chats = [await side.chat(server, MEMBERS, _MESSAGES) for _ in range(max(1, clients // MEMBERS))]
        full = await _settled(server)
        for chat in chats:
            chat.close()
    grown = (idle - empty) / threads / 1_000, (full - idle) / sum(chat.members for chat in chats) / 1_000
    bench.say(f"memory, {side.name}: {grown[0]:.0f} kB a thread, {grown[1]:.0f} kB a client")
    return grown


async def _use(side: Side, server: Server) -> None:
    """Write in a new thread, and leave."""
    chat: Chat = await side.chat(server, 1, _MESSAGES)
    chat.close()


async def _settled(server: Server) -> int:
    await asyncio.sleep(_SETTLE)
    return server.memory()
