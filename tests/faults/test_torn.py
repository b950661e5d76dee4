"""Connections that tear while people write."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random

import pytest

from tests.faults.cable import Cable
from tests.faults.crowd import Writer, compare
from tests.server.client import Person
from tests.server.process import ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

NAMES = ("Ana", "Ben", "Cleo")


async def test_torn_connections_lose_and_double_nothing(tmp_path: Path, chance: Random) -> None:
    """In the midst of frames, again and again: what was acknowledged is there once, and everybody sees the same."""
    options = {"assistant_enabled": False, "commands_per_second": 100_000.0}
    with ServerProcess(tmp_path, people=NAMES, options=options) as server:
        ana, *others = (Person(server, name) for name in NAMES)
        thread = await ana.new_thread()
        for other in others:
            await ana.invite(thread, other)
        async with Cable(server, chance, tears=30) as cable:
            writers = [Writer([cable.person(name)], thread) for name in NAMES]
            rounds = 0
            while cable.tears:
                await asyncio.gather(*(writer.write(10) for writer in writers))
                rounds += 1
                assert rounds < 20
            await asyncio.gather(*(writer.write(3) for writer in writers))
            assert sum(writer.connections for writer in writers) > 20
            await compare(writers, [ana])
