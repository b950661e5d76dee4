"""Stop, whatever a reply is waiting for at that moment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.wire.commands import ReplyStop
from tests.assistant.endpoints import Endpoint, chunk
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, until
from tests.assistant.test_own_tools import Plain, Probe
from tests.assistant.test_whole_way import calling
from tests.doubles import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

#: Seconds within which Stop is seen by everybody, and how often it is tried where the machine is busy.
AT_ONCE, TRIES = 0.1, 30

Waits = Callable[[Path, Endpoint], AbstractAsyncContextManager[Stage]]


@asynccontextmanager
async def own_tool(folder: Path, tool: Probe) -> AsyncIterator[Stage]:
    """A stage whose model calls a tool."""
    model = ScriptedModel()
    model.say("why", ToolCall("a", "probe", {}))
    async with a_stage(folder, model, own_tools=(tool,), tool_timeout=PATIENCE) as stage:
        yield stage


@asynccontextmanager
async def that_awaits(folder: Path, endpoint: Endpoint) -> AsyncIterator[Stage]:
    """An operator's coroutine."""
    async with own_tool(folder, Probe(lambda *_: asyncio.sleep(PATIENCE))) as stage:
        yield stage


@asynccontextmanager
async def that_blocks(folder: Path, endpoint: Endpoint) -> AsyncIterator[Stage]:
    """An operator's function."""
    over = threading.Event()
    async with own_tool(folder, Plain(lambda *_: over.wait(PATIENCE))) as stage:
        yield stage
    over.set()


@asynccontextmanager
async def that_blocks_in_a_coroutine(folder: Path, endpoint: Endpoint) -> AsyncIterator[Stage]:
    """An operator's coroutine that should have been a function."""
    over = threading.Event()
    async with own_tool(folder, Probe(lambda *_: over.wait(PATIENCE))) as stage:
        yield stage
    over.set()


@asynccontextmanager
async def a_search_of_the_web(folder: Path, endpoint: Endpoint) -> AsyncIterator[Stage]:
    """The endpoint searches, and says nothing so far."""
    endpoint.stream(chunk("Let me look."), asyncio.Event())
    async with a_stage(folder, OpenAIModel(base_url=endpoint.url), web_search=True) as stage:
        yield stage


@asynccontextmanager
async def a_picture(folder: Path, endpoint: Endpoint) -> AsyncIterator[Stage]:
    """The images API paints."""
    for _ in range(TRIES):
        endpoint.stream(calling("make_image", {"prompt": "A red fox"}), chunk(finish="tool_calls"))
        endpoint.say(asyncio.Event())
    async with a_stage(folder, OpenAIModel(base_url=endpoint.url), image_model="brush-1") as stage:
        yield stage


async def stopped(room: Room, count: int) -> float:
    """The seconds from Stop to where everybody sees a reply ended; the reply waits for something before."""
    began = monotonic()
    await room.party.do(BEN, ReplyStop, message=room.replies[-1].id)
    reply = await room.replied(count)
    taken = monotonic() - began
    assert reply.status == "cancelled"
    assert all(use["status"] == "stopped" for use in reply.reply.get("tools", ()))
    return taken


@pytest.mark.parametrize(
    "waits",
    [
        that_awaits,
        that_blocks,
        that_blocks_in_a_coroutine,
        a_search_of_the_web,
        a_picture,
    ],
)
async def test_stop_takes_effect_at_once(tmp_path: Path, endpoint: Endpoint, waits: Waits) -> None:
    """In a tenth of a second, in one of some tries at least: a machine that does other things may delay one."""
    async with waits(tmp_path, endpoint) as stage:
        room = await stage.party(BEN)
        for count in range(1, TRIES + 1):
            await room.post(ANA, "@assistant why?")
            await until(partial(is_waiting, room, count))
            if await stopped(room, count) < AT_ONCE:
                return
        pytest.fail(f"None of {TRIES} replies was stopped within {AT_ONCE} seconds.")


def is_waiting(room: Room, count: int) -> bool:
    """Whether the newest of so many replies has come to where it waits."""
    if len(room.replies) < count:
        return False
    reply = room.replies[-1]
    return bool(reply.body) or any(use["status"] == "running" for use in reply.reply.get("tools", ()))
