"""Twenty people in one thread: at a steady pace, and all at once."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from time import perf_counter

from benchmarks import text
from benchmarks.bench import Bench
from benchmarks.chats import Chat, Side, chatting, everybody_sees
from benchmarks.figures import Line, middle, percentile

MEMBERS = 20
PACE = 20  #: messages a second, of all together
BURST = 200
#: Messages that the thread has before.
LENGTHS = (0, 1_000, 5_000)
#: The part of the peer's p99, and the multiple of its throughput, that is to be reached.
_STEADY_TARGETS = {0: 1.0, 1_000: 0.1, 5_000: 0.1}
_BURST_TARGET = 10.0
_SECONDS = 20
_PATIENCE = 60.0


@dataclass(frozen=True)
class Steady:
    """How a steady pace went; times in milliseconds, over all pairs of a message and another member."""

    p50: float
    p99: float
    sent: int
    unseen: int  #: pairs that did not arrive within the patience; they count with what they took so far
    lost: int  #: messages that are not there any more, or never were


@dataclass(frozen=True)
class Burst:
    """How a burst went."""

    rate: float  #: messages a second, from the first post to the last arrival at the last member
    shown: int  #: messages that everybody saw
    lost: int


async def steady(bench: Bench) -> list[Line]:
    """Post to seen by the others, at a steady pace."""
    lines: list[Line] = []
    for length in LENGTHS:
        work = partial(_steady, messages=bench.much(length), seconds=bench.much(_SECONDS))
        ours, peer = await bench.pairs(f"steady at {length:,}", work)
        share = _STEADY_TARGETS[length]
        reached = middle([one.p99 / other.p99 for one, other in zip(ours, peer, strict=True)])
        lines += [
            Line(
                what=f"post to seen, {bench.much(length):,} messages before, p50",
                unit="ms",
                ours=[one.p50 for one in ours],
                peer=[one.p50 for one in peer],
            ),
            Line(
                what=f"post to seen, {bench.much(length):,} messages before, p99",
                unit="ms",
                ours=[one.p99 for one in ours],
                peer=[one.p99 for one in peer],
                target="at most the peer's" if share == 1 else f"at most {share:g} of the peer's",
                hit=reached <= share,
                note=_losses(ours, peer),
            ),
        ]
    return lines


async def burst(bench: Bench) -> list[Line]:
    """Two hundred messages as fast as they can be sent, until everybody has them."""
    lines: list[Line] = []
    for length in LENGTHS:
        for senders in (1, 5):
            work = partial(_burst, messages=bench.much(length), senders=senders, amount=bench.much(BURST))
            ours, peer = await bench.pairs(f"burst of {senders} at {length:,}", work)
            reached = middle([one.rate / other.rate for one, other in zip(ours, peer, strict=True)])
            who = "one client" if senders == 1 else f"{senders} clients"
            lines.append(
                Line(
                    what=f"burst of {bench.much(BURST)} from {who}, {bench.much(length):,} messages before",
                    unit="messages/s",
                    ours=[one.rate for one in ours],
                    peer=[one.rate for one in peer],
                    target=f"at least {_BURST_TARGET:g} times the peer's, none lost",
                    hit=reached >= _BURST_TARGET and not any(one.lost for one in ours),
                    note=_losses(ours, peer),
                )
            )
    return lines


async def _steady(side: Side, *, messages: int, seconds: int) -> Steady:
    async with chatting(side, MEMBERS, messages) as chat:
        sent: dict[str, tuple[int, float]] = {}
        start = perf_counter()
        for number in range(seconds * PACE):
            await asyncio.sleep(max(0.0, start + number / PACE - perf_counter()))
            author = number % MEMBERS
            at = perf_counter()
            sent[chat.post(author, text.message(number))] = author, at
        await everybody_sees(chat, sent, _PATIENCE)
        end = perf_counter()
        waits: list[float] = []
        unseen = 0
        for member in range(MEMBERS):
            seen = chat.seen(member)
            for message_id, (author, at) in sent.items():
                if author != member:
                    waits.append((seen.get(message_id, end) - at) * 1_000)
                    unseen += message_id not in seen
        return Steady(percentile(waits, 0.5), percentile(waits, 0.99), len(sent), unseen, await _lost(chat, sent))


async def _burst(side: Side, *, messages: int, senders: int, amount: int) -> Burst:
    async with chatting(side, MEMBERS, messages) as chat:
        start = perf_counter()
        sent = [chat.post(number % senders, text.message(number)) for number in range(amount)]
        await everybody_sees(chat, sent, _PATIENCE)
        arrivals = [
            max(chat.seen(member).get(message_id, math.inf) for member in range(MEMBERS)) for message_id in sent
        ]
        shown = [at for at in arrivals if at < math.inf]
        # Where some never came, what did come is counted over the whole time that was waited.
        took = (max(shown) if len(shown) == len(sent) else perf_counter()) - start
        return Burst(len(shown) / took, len(shown), await _lost(chat, sent))


async def _lost(chat: Chat, sent: Sequence[str] | dict[str, tuple[int, float]]) -> int:
    kept = await chat.kept()
    return sum(message_id not in kept for message_id in sent)


def _losses(ours: Sequence[Steady | Burst], peer: Sequence[Steady | Burst]) -> str:
    lost = ", ".join(str(one.lost) for one in ours), ", ".join(str(one.lost) for one in peer)
    return f"lost: {lost[0]}; the peer: {lost[1]}"
