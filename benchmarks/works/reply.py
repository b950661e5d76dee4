"""A streamed reply: what it costs those who watch, and how soon they see it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from benchmarks import text
from benchmarks.bench import Bench
from benchmarks.figures import Line, middle, percentile
from benchmarks.model import Model
from benchmarks.ours import Person, new_thread

_CHARACTERS = 4_000
_PIECE = 20
#: Seconds between two pieces: more than the assistant waits to send several together, so that each goes by itself.
_PACE = 0.05
_ASKS = 30
_BYTES_TARGET = 3.0
_FIRST_TARGET = 60.0
#: An assistant without a quota, at the loopback's model.
ASSISTANT_OPTIONS: dict[str, object] = {
    "GroupChat.assistant_enabled": True,
    "GroupChat.api_key": "none",
    "GroupChat.model": "loopback",
    "GroupChat.replies_per_hour": None,
    "GroupChat.replies_per_day": None,
    "GroupChat.tokens_per_day": None,
}


@dataclass(frozen=True)
class Watched:
    """One reply as another member received it."""

    first: float  #: milliseconds from the model's first byte to the first text
    received: int  #: bytes from there to the end
    complete: bool


async def reply(bench: Bench) -> list[Line]:
    """Bytes a character of a long reply, and how long the first text takes."""
    words = "".join(text.message(number) for number in range(bench.much(_CHARACTERS) // text.LENGTH + 1))
    pieces = [words[at : at + _PIECE] for at in range(0, bench.much(_CHARACTERS), _PIECE)]
    long = await _ask(bench, pieces, bench.rounds)
    short = await _ask(bench, pieces[:3], bench.much(_ASKS))
    peer = [await _peer(bench, pieces) for _ in range(bench.rounds)]
    each = [one.received / bench.much(_CHARACTERS) for one in long]
    firsts = [one.first for one in short]
    return [
        Line(
            what=f"a reply of {bench.much(_CHARACTERS):,} characters in pieces of {_PIECE}, to each member",
            unit="bytes/character",
            pairs=False,
            ours=each,
            peer=[received / bench.much(_CHARACTERS) for received in peer],
            target=f"at most {_BYTES_TARGET:g}",
            hit=middle(each) <= _BYTES_TARGET and all(one.complete for one in long),
            note="the peer's figure is for its `update_message(append=True)`, with which its assistants stream",
        ),
        Line(
            what="first byte from the model to first text at another member's socket, median",
            unit="ms",
            ours=[middle(firsts)],
            target=f"at most {_FIRST_TARGET:g} ms",
            hit=middle(firsts) <= _FIRST_TARGET,
            note=f"p90 {percentile(firsts, 0.9):.1f} ms of {len(firsts)}",
        ),
    ]


async def _ask(bench: Bench, pieces: list[str], times: int) -> list[Watched]:
    watched: list[Watched] = []
    async with (
        Model(pieces, _PACE).running() as model,
        bench.ours.serve(options={**ASSISTANT_OPTIONS, "GroupChat.base_url": model.url}) as server,
    ):
        people = [await Person.connect(server, f"user{number}") for number in range(3)]
        thread = await new_thread(people)
        for person in people:
            await person.open(thread)
        for number in range(times):
            watched.append(await _watch(people, thread, model, number))
            bench.say(f"reply {number + 1} of {times}: {watched[-1]}")
        for person in people:
            person.close()
    return watched


async def _watch(people: list[Person], thread: str, model: Model, number: int) -> Watched:
    """The first asks, the last watches."""
    known = set(people[-1].replies())
    watching = asyncio.ensure_future(people[-1].first_text(known))
    people[0].send("message.post", f"ask{number}", thread=thread, body=f"@assistant {text.message(number)}")
    message_id, at, received = await watching
    await people[-1].until(lambda: people[-1].replies()[message_id] != "streaming")
    status = people[-1].replies()[message_id]
    return Watched((at - model.began[-1]) * 1_000, people[-1].socket.received - received, status == "complete")


async def _peer(bench: Bench, pieces: list[str]) -> int:
    async with bench.peer.serve() as server:
        chat = await bench.peer.chat(server, 3, 0)
        before = chat.received(2)
        await chat.stream(0, pieces, _PACE)
        received = chat.received(2) - before
        chat.close()
        bench.say(f"reply of the peer: {received:,} bytes")
        return received
