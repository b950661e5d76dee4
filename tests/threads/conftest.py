"""A service on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.service import ThreadService
from tests.doubles import ANA, BEN, Clock, Party


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The URL of a database file that is not there yet."""
    return f"sqlite:///{tmp_path / 'groupchat.sqlite'}"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """An open store on a new SQLite file."""
    store = Store(database, busy_timeout=30)
    store.open()
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    """Noon."""
    return Clock()


@pytest.fixture
async def service(store: Store) -> AsyncIterator[ThreadService]:
    """A running service that is alone on its database."""
    service = ThreadService(store)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def party(service: ThreadService) -> Party:
    """Ana's thread, in which Ben is too."""
    return await Party.of(service, ANA, BEN)
