"""A cable between clients and a server, which tears now and then."""

from __future__ import annotations

import asyncio
import copy
from random import Random

from tests.server.client import Person
from tests.server.process import ServerProcess

#: Bytes in both directions after which a connection tears: between these.
LIVES = (1_500, 12_000)


class Cable:
    """Hands on what it gets until a connection has used up its bytes: the last piece is cut at any byte.

    A torn connection is gone at the client's end. At the server's end it may stay for long, as when a machine falls
    asleep: the server then sends into the void. After ``tears`` the cable holds, for connections that were there too.
    """

    def __init__(self, server: ServerProcess, chance: Random, tears: int) -> None:
        self._server = server
        self._chance = chance
        self.tears = tears
        self._listening: asyncio.Server
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Cable:
        self._listening = await asyncio.start_server(self._take, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        for task in self._tasks:
            task.cancel()
        for writer in self._writers:
            writer.transport.abort()

    def person(self, name: str) -> Person:
        """Somebody who reaches the server through the cable."""
        far = copy.copy(self._server)
        far._port = self._listening.sockets[0].getsockname()[1]
        return Person(far, name)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", self._server._port)
        self._writers += [writer, there[1]]
        life = _Life(self._chance.randint(*LIVES))
        for source, target in ((reader, there[1]), (there[0], writer)):
            task = asyncio.create_task(self._carry(source, target, life, (writer, there[1])))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        life: _Life,
        ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
    ) -> None:
        while data := await _read(source):
            if life.over:  # it tore while nothing came this way
                return
            if self.tears and len(data) >= life.left:
                target.write(data[: life.left])
                self._tear(life, ends)
                return
            life.left -= len(data)
            target.write(data)
        if not life.over:  # one of them said goodbye
            target.close()

    def _tear(self, life: _Life, ends: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        life.over = True
        self.tears -= 1
        ends[0].transport.abort()
        if self._chance.random() < 0.5:
            ends[1].transport.abort()


class _Life:
    """What is left of a connection, in bytes in both directions."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.over = False


async def _read(source: asyncio.StreamReader) -> bytes:
    try:
        return await source.read(65_536)
    except ConnectionError:
        return b""
