"""People who write whatever happens, and a look at what became of it."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from functools import partial
from itertools import count
from typing import Any

from pycrdt import Doc
from tornado.httpclient import HTTPClientError

from tests.doubles import until
from tests.durability.rounds import every_message, follow, open_all, pages, same
from tests.server.client import Client, Person, Refused

#: Messages that each has under way at a time.
IN_FLIGHT = 4
#: Seconds that they wait after a refusal or a failed connection.
REST = 0.05


class Writer:
    """Somebody who behaves as the browser does: what was not acknowledged is sent again, with the same id.

    ``doors`` are ways to the chat. When one is closed, the next is tried, with the replicas that are there already.
    """

    def __init__(self, doors: Sequence[Person], thread: str) -> None:
        self.name = doors[0].name
        self.thread = thread
        self.bodies: dict[str, str] = {}
        self.acknowledged: set[str] = set()
        self.refusals: list[Refused] = []
        self.connections = 0
        self.replicas: dict[str, Doc[Any]] = {}
        self.generation: str | None = None  #: which chat they are of
        self._doors = deque(doors)
        self._client: Client | None = None
        self._waiting: deque[str] = deque()
        self._numbers = count()

    async def client(self) -> Client:
        """A connection with the thread open, by whichever door."""
        while self._client is None or self._client.closed:
            try:
                client = await self._doors[0].connect()
                self.connections += 1
                if client.generation != self.generation:
                    self.replicas, self.generation = {}, client.generation
                client.replicas = self.replicas
                await open_all(client, self.thread)
            except (OSError, HTTPClientError):
                self._doors.rotate(-1)
                await asyncio.sleep(REST)
            except Refused as refused:
                self._refused(refused)
                client.close()
                await asyncio.sleep(REST)
            else:
                self._client = client
        return self._client

    async def write(self, messages: int) -> None:
        """Write so many messages; returns when all are acknowledged."""
        for number in [next(self._numbers) for _ in range(messages)]:
            id = f"{self.name.lower()}-{number}"
            self.bodies[id] = f"{self.name}: line {number}, naïve → 🤔"
            self._waiting.append(id)
        while self.acknowledged < self.bodies.keys():
            client = await self.client()
            await asyncio.gather(*(self._one_after_another(client) for _ in range(IN_FLIGHT)))

    def leave(self) -> None:
        """Hang up."""
        if self._client is not None:
            self._client.close()

    async def _one_after_another(self, client: Client) -> None:
        while self._waiting and not client.closed:
            id = self._waiting.popleft()
            try:
                await client.post(self.thread, self.bodies[id], id=id)
            except ConnectionError:
                self._waiting.append(id)
            except Refused as refused:
                self._waiting.append(id)
                self._refused(refused)
                await asyncio.sleep(REST)
            else:
                self.acknowledged.add(id)

    def _refused(self, refused: Refused) -> None:
        if refused.code != "storage_unavailable":
            raise refused
        self.refusals.append(refused)


async def compare(writers: Sequence[Writer], doors: Sequence[Person]) -> None:
    """What was acknowledged is there once, in the tables and in everybody's replicas, which are all equal."""
    thread = writers[0].thread
    newcomers = [await door.connect() for door in doors]
    for client in newcomers:
        await open_all(client, thread)
    for writer in writers:
        theirs = await writer.client()
        await follow(theirs, newcomers[0], thread)
        await until(partial(same, theirs, newcomers[0], thread))
    for client in newcomers[1:]:
        await until(partial(same, client, newcomers[0], thread))
    bodies = {id: body for writer in writers for id, body in writer.bodies.items()}
    for messages in (pages(newcomers[0], thread), await every_message(doors[0], thread)):
        assert sorted(message["seq"] for message in messages) == list(range(len(messages)))
        written = {message["id"]: message["body"] for message in messages if message["id"] in bodies}
        assert written == bodies
        assert max(Counter(message["id"] for message in messages).values()) == 1
    for client in newcomers:
        client.close()
