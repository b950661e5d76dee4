"""What a long thread costs beside a short one."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks import servers, text
from benchmarks.bench import Bench
from benchmarks.chats import Chat, Side, everybody_sees
from benchmarks.figures import Line, middle
from benchmarks.ours import Person, fill, new_thread
from benchmarks.servers import Server
from jupyter_groupchat.types import PAGE_SIZE

_SHORT = 100
_LONG = 10_000
#: The peer puts each message in its place by looking at all of them: more would take the whole run.
_PEER_LONG = 2_000
_POSTS = 200
_MORE_TARGET = 1.2

_OPENINGS = 7
_OPEN_TARGET = 1.3
_DISK_TARGET = 3.0
_PATIENCE = 60.0


@dataclass(frozen=True)
class Opened:
    """What opening a thread took, until its newest page could be read."""

    milliseconds: float
    received: int


async def more(bench: Bench) -> list[Line]:
    """One message more in a long thread and in a short one, in turn, until another member has it."""
    long, short = await _more(bench, bench.ours, bench.much(_LONG))
    ratio = middle(long) / middle(short)
    peer_long, peer_short = await _more(bench, bench.peer, bench.much(_PEER_LONG))
    return [
        Line(
            what=f"one message more: after {bench.much(_LONG):,} by after {_SHORT}",
            unit="times",
            pairs=False,
            ours=[ratio],
            peer=[middle(peer_long) / middle(peer_short)],
            target=f"at most {_MORE_TARGET:g} times",
            hit=ratio <= _MORE_TARGET,
            note=(
                f"{middle(long):.2f} ms by {middle(short):.2f} ms; the peer, after {bench.much(_PEER_LONG):,}: "
                f"{middle(peer_long):.1f} ms by {middle(peer_short):.1f} ms"
            ),
        )
    ]


async def _more(bench: Bench, side: Side, length: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each post, in the long thread and in the short one."""
    async with side.serve() as server:
        chats = [await side.chat(server, 2, messages) for messages in (length, _SHORT)]
        times: tuple[list[float], list[float]] = [], []
        for number in range(bench.much(_POSTS)):
            for chat, took in zip(chats, times, strict=True):
                took.append(await _post(chat, text.message(number)))
        for chat in chats:
            chat.close()
        bench.say(f"one more, {side.name}: {middle(times[0]):.2f} ms by {middle(times[1]):.2f} ms")
        return times


async def _post(chat: Chat, body: str) -> float:
    start = perf_counter()
    message_id = chat.post(0, body)
    if not await everybody_sees(chat, [message_id], _PATIENCE):
        return _PATIENCE * 1_000
    return (chat.seen(1)[message_id] - start) * 1_000


async def archive(bench: Bench) -> list[Line]:
    """A hundred thousand messages: opening their thread, and their place on the disk."""
    # To the page as long as that: the newest page then holds as many messages as the short thread's.
    huge = bench.much(100_000) // PAGE_SIZE * PAGE_SIZE + _SHORT
    async with _filled(bench, huge) as (home, threads):
        size = sum(file.stat().st_size for file in (home / "data" / "groupchat").iterdir())
        opened: dict[str, list[Opened]] = {thread: [] for thread in threads}
        for number in range(bench.much(_OPENINGS)):
            async with bench.ours.serve(home) as server:
                await _warm(server)
                for thread in threads if number % 2 else reversed(threads):
                    opened[thread].append(await _open(server, thread))
    long, short = (opened[thread] for thread in threads)
    times = [one.milliseconds / other.milliseconds for one, other in zip(long, short, strict=True)]
    sizes = [one.received / other.received for one, other in zip(long, short, strict=True)]
    stored = size / ((huge + _SHORT) * text.LENGTH)
    what = f"open a thread of {huge:,} messages by one of {_SHORT}"
    return [
        Line(
            what=f"{what}: time until the newest page can be read",
            unit="times",
            ours=times,
            target=f"at most {_OPEN_TARGET:g} times",
            hit=middle(times) <= _OPEN_TARGET,
            note=f"{middle([one.milliseconds for one in long]):.1f} ms, read from the disk by a server just started",
        ),
        Line(
            what=f"{what}: bytes",
            unit="times",
            ours=sizes,
            target=f"at most {_OPEN_TARGET:g} times",
            hit=middle(sizes) <= _OPEN_TARGET,
            note=f"{middle([one.received for one in long]):,.0f} bytes",
        ),
        Line(
            what=f"disk for {huge + _SHORT:,} messages of {text.LENGTH} characters, by their text",
            unit="times",
            ours=[stored],
            target=f"at most {_DISK_TARGET:g} times",
            hit=stored <= _DISK_TARGET,
            note=f"{size / 2**20:.1f} MB, with everything: documents, search index, answers of commands",
        ),
    ]


@asynccontextmanager
async def _filled(bench: Bench, huge: int) -> AsyncIterator[tuple[Path, list[str]]]:
    """The directory of a server that was stopped, with a huge thread and a short one in it."""
    home = servers.scratch()
    try:
        async with bench.ours.serve(home) as server:
            people = [await Person.connect(server, name) for name in ("user0", "user1")]
            threads = []
            for length in (huge, _SHORT):
                thread = await new_thread(people)
                start = perf_counter()
                await fill(people[0], thread, length)
                bench.say(f"{length:,} messages written in {perf_counter() - start:.1f} s")
                threads.append(thread)
            for person in people:
                person.close()
        yield home, threads
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _warm(server: Server) -> None:
    """The first request imports; the first thread that is opened prepares statements."""
    person = await Person.connect(server, "warm")
    thread = await new_thread([person])
    await person.open(thread)
    person.close()


async def _open(server: Server, thread: str) -> Opened:
    """As member who is connected, and looks at the list of threads."""
    person = await Person.connect(server, "user1")
    before, start = person.socket.received, perf_counter()
    await person.open(thread)
    opened = Opened((perf_counter() - start) * 1_000, person.socket.received - before)
    person.close()
    return opened
