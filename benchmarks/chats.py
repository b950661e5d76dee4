"""What a work asks of either side: a thread with people in it who write and see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import perf_counter
from typing import Protocol

from benchmarks.servers import Server

_POLL = 0.05


class Chat(Protocol):
    """A thread whose members are connected, each over a socket of its own."""

    members: int

    def post(self, member: int, body: str) -> str:
        """Write a message, without waiting for anything; returns its id. The id is known before it is sent."""

    def seen(self, member: int) -> dict[str, float]:
        """When each message that a member did not have at first arrived at their socket (``perf_counter``)."""

    async def kept(self) -> set[str]:
        """The ids of all messages that somebody sees who opens the thread now."""

    def close(self) -> None:
        """Disconnect everybody."""


class Side(Protocol):
    """This project or the peer."""

    name: str

    def serve(self) -> AbstractAsyncContextManager[Server]:
        """A running server with nothing in it."""

    async def chat(self, server: Server, members: int, messages: int) -> Chat:
        """A new thread that already has so many messages, with everybody connected and up to date."""


async def until(condition: Callable[[], bool], patience: float) -> bool:
    """Wait for something, looking every 50 ms; False when it takes more than ``patience`` seconds."""
    deadline = perf_counter() + patience
    while not condition():
        if perf_counter() > deadline:
            return False
        await asyncio.sleep(_POLL)
    return True


async def everybody_sees(chat: Chat, ids: Iterable[str], patience: float) -> bool:
    """Wait until every message arrived at every member."""
    wanted = set(ids)
    return await until(lambda: all(wanted <= chat.seen(member).keys() for member in range(chat.members)), patience)


@asynccontextmanager
async def chatting(side: Side, members: int, messages: int) -> AsyncIterator[Chat]:
    """A server with one thread, for as long as the block takes."""
    async with side.serve() as server:
        chat = await side.chat(server, members, messages)
        try:
            yield chat
        finally:
            chat.close()
