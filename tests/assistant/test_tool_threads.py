"""Threads for the operator's tools."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from jupyter_groupchat.assistant.tool_threads import ToolThreads
from tests.doubles import PATIENCE, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def test_a_function_and_a_coroutine_have_a_thread_each() -> None:
    """And what they return or raise comes back."""
    threads = ToolThreads()

    async def coroutine() -> int:
        await asyncio.sleep(0)
        return threading.get_ident()

    used = [await threads.run(threading.get_ident), await threads.run(coroutine)]
    assert threading.get_ident() not in used
    with pytest.raises(ZeroDivisionError):
        await threads.run(lambda: 1 / 0)
    with pytest.raises(RuntimeError, match="KeyboardInterrupt"):
        await threads.run(interrupted)


def interrupted() -> None:
    """What a tool must not do to the server."""
    raise KeyboardInterrupt


async def test_so_many_at_once_and_those_that_were_given_up_count_on() -> None:
    """Otherwise a tool that hangs would take one thread after the other."""
    threads, go_on = ToolThreads(2), threading.Event()
    running: list[int] = []

    def block() -> None:
        running.append(threading.get_ident())
        assert go_on.wait(PATIENCE)

    uses = [asyncio.ensure_future(threads.run(block)) for _ in range(3)]
    try:
        await until(lambda: len(running) == 2)
        uses[0].cancel()
        await asyncio.wait([uses[0]])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.run(lambda: running.append(0)), 0.05)
        assert len(running) == 2
    finally:
        go_on.set()
    await asyncio.gather(*uses[1:])
    assert len(running) == 3
    assert await threads.run(lambda: "free") == "free"


async def test_what_can_be_awaited_is_cancelled_in_its_thread() -> None:
    """At once, and it can clean up."""
    threads, ended = ToolThreads(), threading.Event()
    begun = threading.Event()

    async def waits() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            ended.set()

    use: asyncio.Future[Any] = asyncio.ensure_future(threads.run(waits))
    await until(begun.is_set)
    use.cancel()
    with pytest.raises(asyncio.CancelledError):
        await use
    await until(ended.is_set)
