"""Chance that can be repeated, and databases that can be taken away."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Iterator
from random import Random, SystemRandom
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.postgres import postgresql_server
from tests.server.conftest import model
from tests.threads.conftest import database, store

__all__ = ["database", "model", "postgresql_server", "store"]


@pytest.fixture
def chance() -> Random:
    """What decides when things break. A failing test tells its seed; ``SEED=... pytest tests/faults`` repeats it."""
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(2**32))
    sys.stdout.write(f"SEED={seed}\n")
    return Random(seed)


class Database:
    """A PostgreSQL database of the tests' own, which can be taken away from everybody."""

    def __init__(self, server: str) -> None:
        self._server = server
        self.name = f"test_{uuid.uuid4().hex[:12]}"
        self.url = urlsplit(server)._replace(path=f"/{self.name}").geturl()

    def make(self) -> None:
        """Create it."""
        self._execute(f"CREATE DATABASE {self.name}")

    def drop(self) -> None:
        """Remove it, whoever is connected."""
        self._execute(f"DROP DATABASE {self.name} WITH (FORCE)")

    def go_away(self) -> None:
        """Let nobody in, throw out who is, and be found no more."""
        self._execute(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false")
        while True:
            self._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")
            try:
                self._execute(f"ALTER DATABASE {self.name} RENAME TO {self.name}_away")
            except psycopg.errors.ObjectInUse:  # somebody was just coming in
                continue
            return

    def come_back(self) -> None:
        """Let everybody in again."""
        self._execute(f"ALTER DATABASE {self.name}_away RENAME TO {self.name}")
        self._execute(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="module")
def postgresql(postgresql_server: str) -> Iterator[Database]:
    """An empty database."""
    database = Database(postgresql_server)
    database.make()
    yield database
    database.drop()
