"""Which schemas this version of the package knows. Standard library only: servers ask while they start."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from jupyter_groupchat.errors import SchemaTooNew, StorageUnavailable

#: Every schema there has been, oldest first: the revisions in ``migrations/versions``.
REVISIONS = ("0001", "0002", "0003")
HEAD = REVISIONS[-1]


def check_sqlite(path: Path) -> str | None:
    """The schema of the database file at ``path``; None when there is none yet. The file is only read.

    Raises SchemaTooNew, and StorageUnavailable when the file cannot be read or is something else.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
            others = row is None and connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None
    except sqlite3.Error as error:
        raise StorageUnavailable(f"The chat's database {path} cannot be read: {error}.") from error
    if others:
        raise StorageUnavailable(f"{path} is a database of something else; it was left untouched.")
    return check(row[0] if row else None, str(path))


def check(revision: str | None, where: str) -> str | None:
    """``revision`` when this version knows it. Raises SchemaTooNew."""
    if revision is not None and revision not in REVISIONS:
        raise SchemaTooNew(
            f"The chat's database {where} was written by a newer version of jupyter_groupchat (schema {revision}, "
            f"this version knows {HEAD}). It was left untouched: install the newer version, or choose another database."
        )
    return revision
