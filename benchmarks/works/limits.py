"""What the machine itself can do, and how close this project comes to it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from benchmarks import servers, text
from benchmarks.bench import Bench
from benchmarks.chats import chatting, everybody_sees
from benchmarks.figures import Line
from benchmarks.works.posts import MEMBERS

_COMMITS = 4_000
_MESSAGES = 2_000
_PATIENCE = 120.0
#: What one message brings to one member, frame heads included: its page's update, the thread's, and the list's event.
_FRAME = 700


async def limits(bench: Bench) -> list[Line]:
    """Raw commits, raw fan-out, and as many messages as this project takes."""
    commits: list[float] = []
    fanout: list[float] = []
    sustained: list[float] = []
    for number in range(bench.rounds):
        commits.append(_commits(bench.much(_COMMITS)))
        fanout.append(await _fanout(bench.much(_MESSAGES)))
        sustained.append(await _sustained(bench, bench.much(_MESSAGES)))
        bench.say(f"limits, round {number + 1}: {commits[-1]:.0f}, {fanout[-1]:.0f}, {sustained[-1]:.0f} a second")
    return [
        Line(what="raw SQLite: transactions of one row, on disk (WAL, synchronous=FULL)", unit="1/s", ours=commits),
        Line(
            what=f"raw sockets: {_FRAME} bytes to {MEMBERS} clients, in asyncio, without a database",
            unit="messages/s",
            ours=fanout,
        ),
        Line(
            what=f"this project: {bench.much(_MESSAGES):,} messages as fast as five people send, to {MEMBERS} clients",
            unit="messages/s",
            ours=sustained,
        ),
    ]


def _commits(amount: int) -> float:
    home = servers.scratch()
    try:
        connection = sqlite3.connect(home / "raw.sqlite", isolation_level=None)
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("create table messages (id integer primary key, body text)")
        start = perf_counter()
        for number in range(amount):
            connection.execute("begin immediate")
            connection.execute("insert into messages (body) values (?)", (text.message(number % 100),))
            connection.execute("commit")
        took = perf_counter() - start
        connection.close()
        return amount / took
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _fanout(amount: int) -> float:
    """The sender's process is the receivers' process, as in the other works; the server is in a process of its own."""
    async with _echo() as port:
        arrived = [0] * MEMBERS
        done = asyncio.get_running_loop().create_future()
        writers: list[asyncio.StreamWriter] = []

        async def receive(reader: asyncio.StreamReader, member: int) -> None:
            while arrived[member] < amount * _FRAME:
                arrived[member] += len(await reader.read(1 << 16))
            if not done.done() and min(arrived) >= amount * _FRAME:
                done.set_result(None)

        async with asyncio.TaskGroup() as receiving:
            for member in range(MEMBERS):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writers.append(writer)
                receiving.create_task(receive(reader, member))
            await asyncio.sleep(0.1)
            start = perf_counter()
            for _ in range(amount):
                writers[0].write(b"x" * _FRAME)
            await done
            took = perf_counter() - start
        for writer in writers:
            writer.close()
        return amount / took


@asynccontextmanager
async def _echo() -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.fanout", str(_FRAME), stdout=asyncio.subprocess.PIPE, cwd=servers.ROOT
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


async def _sustained(bench: Bench, amount: int) -> float:
    async with chatting(bench.ours, MEMBERS, 0) as chat:
        start = perf_counter()
        sent = [chat.post(number % 5, text.message(number)) for number in range(amount)]
        if not await everybody_sees(chat, sent, _PATIENCE):
            return 0.0
        return amount / (max(chat.seen(member)[message] for member in range(MEMBERS) for message in sent) - start)
