"""What drivers say, in words for the reader."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from jupyter_groupchat.errors import StorageUnavailable

_TAKEN = "Somebody else changed the same thing at the same moment"
_AWAY = "The chat's database is not available"
#: By SQLite's primary result code.
_SQLITE = {
    sqlite3.SQLITE_BUSY: "The chat's database is locked by another process",
    sqlite3.SQLITE_LOCKED: "The chat's database is locked by another process",
    sqlite3.SQLITE_READONLY: "The chat's database may only be read",
    sqlite3.SQLITE_IOERR: "The disk under the chat's database fails",
    sqlite3.SQLITE_CORRUPT: "The chat's database is damaged; restore it from a backup",
    sqlite3.SQLITE_FULL: "The disk under the chat's database is full",
    sqlite3.SQLITE_CANTOPEN: "The chat's database cannot be opened",
    sqlite3.SQLITE_CONSTRAINT: _TAKEN,
    sqlite3.SQLITE_NOTADB: "The chat's database is not an SQLite file",
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
_SQLITE_OURS = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_TOOBIG)
_POSTGRESQL_OURS = ("22", "42")


def unavailable(error: Exception, *, committing: bool = False) -> Exception:
    """An error of a driver or of SQLAlchemy as StorageUnavailable, or as it is where this package is at fault.

    To be called when the transaction is over; ``committing`` if that was left to a server to do, so that a connection
    that broke does not tell what became of it.
    """
    cause = error.orig if isinstance(error, DBAPIError) and isinstance(error.orig, Exception) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF
        words, ours = _SQLITE.get(code), code in _SQLITE_OURS
    else:
        state = getattr(cause, "sqlstate", None) or ""
        words, ours = _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2]), state[:2] in _POSTGRESQL_OURS
    if ours:
        return cause
    if words is None and committing:
        return StorageUnavailable(
            f"{_AWAY}. It is not known whether the change was kept; the same command again tells."
        )
    said = f"{words or _AWAY}. Nothing was changed; try again."
    # ``retry``: the same transaction may well succeed now.
    return StorageUnavailable(said, retry=True) if words is _TAKEN else StorageUnavailable(said)
