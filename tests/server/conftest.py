"""One server for all tests here that do not need one of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.client import Person
from tests.server.process import ServerProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server with generous limits."""
    with ServerProcess(
        tmp_path_factory.mktemp("server"),
        people=("Ana", "Ben", "Eve", "Assistant"),
        options={"commands_per_second": 10_000.0},
    ) as server:
        yield server


@pytest.fixture
def ana(server: ServerProcess) -> Person:
    """Who starts threads."""
    return Person(server, "Ana")


@pytest.fixture
def ben(server: ServerProcess) -> Person:
    """Who is invited."""
    return Person(server, "Ben")


@pytest.fixture
def eve(server: ServerProcess) -> Person:
    """Who is in nobody's thread."""
    return Person(server, "Eve")
