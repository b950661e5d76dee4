"""A database file that another process locks for a while, again and again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import pytest

from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.assistant.runner import Assistant, Settings
from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor
from tests.assistant.stage import ScriptedModel
from tests.doubles import ANA, BEN, PATIENCE, Party, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

_OTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE threads SET title = 'theirs'")
print("locked", flush=True)
sys.stdin.readline()
"""


@asynccontextmanager
async def locked(database: str, chance: Random) -> AsyncIterator[None]:
    """Another process begins to write; in the end it goes, or is killed in the midst of it."""
    pipe = asyncio.subprocess.PIPE
    path = database.removeprefix("sqlite:///")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _OTHER, path, stdin=pipe, stdout=pipe)
    assert process.stdin is not None
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), PATIENCE) == b"locked\n"
    try:
        yield
    finally:
        if chance.random() < 0.5:
            process.kill()
        process.stdin.close()
        await process.wait()


class Patient:
    """Somebody who writes on, and repeats what was refused."""

    def __init__(self, party: Party, actor: Actor) -> None:
        self._party = party
        self._actor = actor
        self.written: list[str] = []
        self.refused: list[StorageUnavailable] = []
        self.enough = False

    async def write(self) -> None:
        """Until it is enough."""
        while not self.enough:
            id = f"{self._actor.username}-{len(self.written)}"
            try:
                await self._party.post(self._actor, f"this is {id}", id=id)
            except StorageUnavailable as error:
                self.refused.append(error)
            else:
                self.written.append(id)
            await asyncio.sleep(0.002)

    async def is_refused(self) -> None:
        """Wait for the next refusal."""
        so_far = len(self.refused)
        await until(lambda: len(self.refused) > so_far)

    async def has_written(self) -> None:
        """Wait for the next message."""
        so_far = len(self.written)
        await until(lambda: len(self.written) > so_far)


async def test_a_lock_that_comes_and_goes_costs_nothing(database: str, chance: Random) -> None:
    """Who writes meanwhile is told why it failed, reading goes on, and a reply that was under way comes to its end."""
    store = Store(database, busy_timeout=0.2)
    store.open()
    service = ThreadService(store)
    await service.start()
    party = await Party.of(service, ANA, BEN)
    page = await party.look(BEN, page=0)
    more = [asyncio.Event() for _ in range(3)]
    model = ScriptedModel()
    model.say("a story", "Once", *(piece for number, event in enumerate(more) for piece in (event, f" word{number}")))
    assistant = Assistant(service, Models([NamedModel(name="Scripted", model="scripted", endpoint=model)]), Settings())
    assistant.start()
    await party.post(ANA, "@assistant tell us a story")
    await until(lambda: page.bodies[-1] == "Once")

    people = [Patient(party, actor) for actor in (ANA, BEN)]
    writing = [asyncio.ensure_future(person.write()) for person in people]
    for event in more:
        async with locked(database, chance):
            event.set()
            await asyncio.gather(*(person.is_refused() for person in people))
            assert (await service.thread(BEN, party.thread))["title"] == "Churn review"
            assert page.bodies[0] == (await service.messages(ANA, party.thread, limit=256))[-2]["body"]
            await page.fetch(service, BEN)
        await asyncio.gather(*(person.has_written() for person in people))
    for person in people:
        person.enough = True
    await asyncio.gather(*writing)

    for error in (error for person in people for error in person.refused):
        assert error.message == "The chat's database is locked by another process. Nothing was changed; try again."
    await until(lambda: all(message.status == "complete" for message in page.messages))
    assert "Once word0 word1 word2" in page.bodies
    shown = [message.id for message in page.messages if message.author in ("ana", "ben")]
    for person in people:
        prefix = person.written[0][:4]
        assert [id for id in shown if id.startswith(prefix)] == person.written
    assert (await party.look(ANA, page=0)).messages == page.messages
    await assistant.stop()
    await service.stop()
    store.close()
