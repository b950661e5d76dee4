"""How long a mention takes to reach the model, in short and in long threads."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import pytest

from jupyter_groupchat.assistant.openai_model import OpenAIModel
from tests.assistant.endpoints import Endpoint, chunk
from tests.assistant.stage import ANA, BEN, Room, a_stage, share, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

#: More messages than one request reads, and many more.
SHORT, LONG = 300, 4_000
#: How often each is asked at least, and where the machine is busy at most.
ROUNDS, TRIES = 3, 60


async def first_byte(endpoint: Endpoint, room: Room, count: int) -> float:
    """Seconds from a mention to the arrival of the request at the endpoint; the reply is the so-many-th."""
    endpoint.arrived.clear()
    began = perf_counter()
    posted = asyncio.ensure_future(room.post(ANA, "@assistant what is x?"))
    await endpoint.arrived.wait()
    taken = perf_counter() - began
    await posted
    await until(lambda: len(room.replies) == count and room.replies[-1].status == "complete")
    return taken


async def test_a_long_thread_reaches_the_model_as_soon_as_a_short_one(tmp_path: Path, endpoint: Endpoint) -> None:
    """In turns; the fastest of each is compared, so that what else the machine does counts for neither."""
    endpoint.stream(chunk("Yes."), chunk(finish="stop"))
    async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url)) as stage:
        rooms = []
        for count in (SHORT, LONG):
            room = await stage.party(BEN, mode="mention")
            await share(room, f"s{count}", "x = 1")
            for start in range(0, count, 100):
                await room.party.fill(BEN, 100, start=start)
            # Its newest page, on which the replies appear.
            room.page = await room.party.look(ANA, count // 256)
            rooms.append(room)
        taken: dict[int, list[float]] = {SHORT: [], LONG: []}
        for number in range(1, TRIES + 1):
            for room, count in zip(rooms, taken, strict=True):
                taken[count].append(await first_byte(endpoint, room, number))
            if number >= ROUNDS and min(taken[LONG]) < 2 * min(taken[SHORT]) + 0.01:
                return
        pytest.fail(f"{min(taken[LONG]):.3f} s in a long thread, {min(taken[SHORT]):.3f} s in a short one.")
