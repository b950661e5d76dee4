"""The database as somebody sees it who goes around the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import psycopg

from jupyter_groupchat.storage.store import Store


def connect(store: Store) -> Any:
    """A connection of the driver's own, each of whose statements is a transaction."""
    if store.path is not None:
        return sqlite3.connect(store.path, isolation_level=None)
    return psycopg.connect(plain(store), autocommit=True)


def execute(store: Store, sql: str) -> list[tuple[Any, ...]]:
    """Run one statement; its rows."""
    with closing(connect(store)) as connection:
        cursor = connection.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def plain(store: Store) -> str:
    """The store's URL as PostgreSQL's own tools take it."""
    url = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return url.replace("+", "%20")  # SQLAlchemy's way to write a space, which they do not know
