"""A server for programs, with the notebook reader as its assistant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_groupchat.kernel.client import ThreadClient
from tests.server.process import ServerProcess


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server with Ana and Ben."""
    folder: Path = tmp_path_factory.mktemp("kernel")
    with ServerProcess(folder, options={"commands_per_second": 10_000.0}) as server:
        yield server


@pytest.fixture
def ana(server: ServerProcess) -> Iterator[ThreadClient]:
    """Ana's program."""
    with ThreadClient(server.url, server.token("Ana")) as client:
        yield client


@pytest.fixture
def ben(server: ServerProcess) -> Iterator[ThreadClient]:
    """Ben's program."""
    with ThreadClient(server.url, server.token("Ben")) as client:
        yield client
