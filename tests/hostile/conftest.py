"""Servers that are ill-treated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from jupyter_groupchat.storage.store import Store
from tests.postgres import postgresql_server
from tests.server.process import ServerProcess

__all__ = ["postgresql_server"]

# A slow machine is no reason to fail. What fails is printed with how to repeat it.
settings.register_profile("hostile", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("hostile")

NAMES = ("Ana", "Ben", "Eve")
OPTIONS = {"assistant_enabled": False, "commands_per_second": 100_000.0}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server."""
    with ServerProcess(tmp_path_factory.mktemp("hostile"), people=NAMES, options=OPTIONS) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store on a new SQLite file."""
    store = Store(f"sqlite:///{tmp_path / 'groupchat.sqlite'}", busy_timeout=30)
    store.open()
    yield store
    store.close()
