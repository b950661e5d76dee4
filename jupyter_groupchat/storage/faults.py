"""What drivers say, in words for the reader."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from jupyter_groupchat.errors import StorageUnavailable

_TAKEN = "Somebody else changed the same thing at the same moment"
_AWAY = "The chat's database is not available"
_SQLITE = {
    "locked": "The chat's database is locked by another process",
    "full": "The disk under the chat's database is full",
    "readonly": "The chat's database may only be read",
    "disk i/o": "The disk under the chat's database fails",
    "unable to open": "The chat's database cannot be opened",
    "malformed": "The chat's database is damaged; restore it from a backup",
    "not a database": "The chat's database is not an SQLite file",
}
#: By SQLSTATE, or its class.
_POSTGRESQL = {
    "23": _TAKEN,
    "40": _TAKEN,
    "25006": "The chat's database may only be read",
    "53100": "The disk under the chat's database is full",
    "55P03": "Another server holds a lock on the chat's database for too long",
}
#: Data that does not fit and SQL that is wrong: bugs of ours, which must show as what they are.
_OURS = ("22", "42")


def unavailable(error: Exception) -> Exception:
    """An error of a driver or of SQLAlchemy as StorageUnavailable, or as it is where this package is at fault.

    To be called when the transaction is over.
    """
    cause = error.orig if isinstance(error, DBAPIError) and isinstance(error.orig, Exception) else error
    if isinstance(cause, sqlite3.ProgrammingError):
        return cause
    if isinstance(cause, sqlite3.Error):
        words = _sqlite(cause)
    else:
        state = getattr(cause, "sqlstate", None) or ""
        if state[:2] in _OURS:
            return cause
        words = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    return StorageUnavailable(f"{words or _AWAY}. Nothing was changed; try again.")


def _sqlite(error: sqlite3.Error) -> str | None:
    if isinstance(error, sqlite3.IntegrityError):
        return _TAKEN
    said = str(error).lower()
    return next((words for sign, words in _SQLITE.items() if sign in said), None)
