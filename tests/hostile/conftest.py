"""Servers that are ill-treated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import postgresql_server
from tests.server.process import ServerProcess
from tests.threads.conftest import database, store

__all__ = ["database", "postgresql_server", "store"]

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
