"""One server for all tests here that do not need one of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.model_endpoint import ModelEndpoint
from tests.server.client import Person
from tests.server.process import ServerProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server with generous limits, on which nobody but people writes."""
    with ServerProcess(
        tmp_path_factory.mktemp("server"),
        people=("Ana", "Ben", "Eve", "Gus", "Assistant"),
        options={"commands_per_second": 10_000.0, "assistant_enabled": False},
        config={"ServerApp": {"authorizer_class": "tests.server.authorizer.GusReads"}},
        environment={"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as server:
        yield server


@pytest.fixture(scope="module")
def model() -> Iterator[ModelEndpoint]:
    """An endpoint that answers, and writes recordings down, when told to."""
    with ModelEndpoint().running() as model:
        yield model


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
