"""A store of either kind, for the suite that every store must pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_groupchat.storage.store import Store
from tests.postgres import postgresql_server, postgresql_url
from tests.storage.things import Stage

__all__ = ["postgresql_server", "postgresql_url"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open store on an empty database."""
    store = Store(url, busy_timeout=30)
    store.open()
    yield store
    store.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    """An open store on SQLite, for what only a file can suffer."""
    store = Store(sqlite_url(tmp_path), busy_timeout=30)
    store.open()
    yield store
    store.close()


@pytest.fixture
def stage(store: Store) -> Stage:
    """The store with Ana's thread ``t1``, in which Bob is too."""
    return Stage(store)


def sqlite_url(directory: Path) -> str:
    """The URL of a database file in ``directory``."""
    return f"sqlite:///{directory / 'groupchat.sqlite'}"
