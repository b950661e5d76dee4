"""What people and threads cost while nothing happens: the server's own memory, in kilobytes each."""

from __future__ import annotations

import asyncio

from benchmarks.bench import Bench
from benchmarks.chats import Chat, Side
from benchmarks.figures import Line, middle
from benchmarks.servers import Server
from benchmarks.works.posts import MEMBERS

_THREADS = 200
_CLIENTS = 200
_MESSAGES = 20
_TARGETS = {"client": 60.0, "thread": 30.0}
#: Threads used before the first measurement: the caches are full, and what is imported at the first use is.
_BEFORE = 40
#: Seconds until rooms that nobody looks at have left.
_SETTLE = 4.0


async def memory(bench: Bench) -> list[Line]:
    """Two hundred threads that were written in and left, then two hundred clients who look at ten other threads."""
    mine, peer = await bench.pairs("memory", lambda side: _memory(bench, side))
    threads = [one for one, _ in mine]
    clients = [one for _, one in mine]
    return [
        Line(
            what=f"memory of a connected client, {bench.much(_CLIENTS)} of them",
            unit="kB",
            ours=clients,
            peer=[one for _, one in peer],
            target=f"at most {_TARGETS['client']:g} kB",
            hit=middle(clients) <= _TARGETS["client"],
        ),
        Line(
            what=f"memory of an idle thread, {bench.much(_THREADS)} of them",
            unit="kB",
            ours=threads,
            peer=[one for one, _ in peer],
            target=f"at most {_TARGETS['thread']:g} kB",
            hit=middle(threads) <= _TARGETS["thread"],
            note=f"after {_BEFORE} others that filled the caches",
        ),
    ]


async def _memory(bench: Bench, side: Side) -> tuple[float, float]:
    """Kilobytes of an idle thread and of a client."""
    threads, clients = bench.much(_THREADS), bench.much(_CLIENTS)
    async with side.serve() as server:
        for _ in range(_BEFORE):
            await _use(side, server)
        empty = await _settled(server)
        for _ in range(threads):
            await _use(side, server)
        idle = await _settled(server)
        chats = [await side.chat(server, MEMBERS, _MESSAGES) for _ in range(max(1, clients // MEMBERS))]
        full = await _settled(server)
        for chat in chats:
            chat.close()
    return (idle - empty) / threads / 1_000, (full - idle) / sum(chat.members for chat in chats) / 1_000


async def _use(side: Side, server: Server) -> None:
    """Write in a new thread, and leave."""
    chat: Chat = await side.chat(server, 1, _MESSAGES)
    chat.close()


async def _settled(server: Server) -> int:
    await asyncio.sleep(_SETTLE)
    return server.memory()
