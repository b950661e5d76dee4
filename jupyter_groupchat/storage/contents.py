"""All that a chat's database holds: out of PostgreSQL into a file, and out of a file into either kind of database.

A file is an SQLite database of the same schema, so that what is kept of a chat does not depend on where it runs.
Notices are left out: they are no part of what a chat holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from jupyter_groupchat.storage import search
from jupyter_groupchat.storage.session import Session
from jupyter_groupchat.storage.tables import metadata

_AT_ONCE = 2_000  # rows
_BODIES = "SELECT key, body FROM messages WHERE body <> ''"


def take_out(source: Session, target: Session) -> None:
    """Copy everything that PostgreSQL holds into an SQLite database that is new but for its schema."""
    for table in metadata.sorted_tables:
        marks = ", ".join("?" * len(table.columns))
        target.connection.execute(f"DELETE FROM {table.name}")
        with source.connection.cursor(name="rows") as rows:  # on the server: not all of it at once
            rows.itersize = _AT_ONCE
            rows.execute(f"SELECT {_names(table)} FROM {table.name}")
            target.connection.executemany(f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks})", rows)
    _index(target, target.connection.execute(_BODIES))


def put_in(target: Session, file: Path) -> None:
    """Put what a file holds in the place of everything. Nobody else may write meanwhile; the file is only read.

    On SQLite the file stays attached to the connection.
    """
    if target.dialect.name == "sqlite":
        _attach(target.connection, file)
    else:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
            _load(target, source)


def _attach(target: Any, file: Path) -> None:
    """Table by table within SQLite. The words of the search index are tables, too, behind a virtual one."""
    target.execute("ATTACH ? AS incoming", (f"{file.absolute().as_uri()}?mode=ro",))
    found = target.execute(
        "SELECT name FROM incoming.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name <> 'notices' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    target.execute("PRAGMA defer_foreign_keys = ON")  # until the commit, when all of it is there
    for (name,) in found:
        columns = ", ".join(f'"{row[1]}"' for row in target.execute(f'PRAGMA main.table_info("{name}")'))
        target.execute(f'DELETE FROM main."{name}"')
        target.execute(f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM incoming."{name}"')


def _load(target: Session, source: sqlite3.Connection) -> None:
    """Row by row into PostgreSQL, whose readers go on reading what was there."""
    driver = target.connection
    driver.execute("DELETE FROM messages_search")
    for table in reversed(metadata.sorted_tables):  # what refers to others first
        driver.execute(f"DELETE FROM {table.name}")
    for table in metadata.sorted_tables:
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({_names(table)}) FROM STDIN") as copy:
            for row in source.execute(f"SELECT {_names(table)} FROM {table.name}"):
                copy.write_row(row)
        if "key" in table.columns and table.columns["key"].autoincrement is not False:
            # A key is never used twice, not even those of what was there before.
            driver.execute(
                f"SELECT setval(sequence, greatest(nextval(sequence), (SELECT max(key) FROM {table.name})))"
                f" FROM (SELECT pg_get_serial_sequence('{table.name}', 'key')::regclass AS sequence) AS of_key"
            )
    _index(target, source.execute(_BODIES))


def _index(target: Session, rows: Iterable[tuple[int, str]]) -> None:
    for some in _batches(rows):
        search.add_all(target, some)


def _batches(rows: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        yield some


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)
