"""Backups of a chat on SQLite, while its server runs; PostgreSQL has tools of its own. Standard library only."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jupyter_groupchat.errors import Conflict, InvalidRequest, StorageUnavailable
from jupyter_groupchat.storage import versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database file holds."""

    schema: str
    threads: int
    messages: int
    size: int  #: bytes


def backup(url: str, target: Path) -> Contents:
    """Copy the database at ``url``, as it is at one moment, to the new file ``target``; what it holds.

    Writers are not kept waiting. The copy is checked before it gets its name. Raises Conflict when ``target`` exists,
    InvalidRequest and StorageUnavailable.
    """
    source = _path(url)
    if target.exists():
        raise Conflict(f"{target} exists. Nothing was overwritten; choose another name.")
    if versions.check_sqlite(source) is None:
        raise StorageUnavailable(f"There is no chat at {source} yet.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        open(unfinished, "xb", opener=_for_owner_only).close()
        with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(unfinished)) as here:
            there.backup(here)  # in one step: in several, each write of the server would make it start anew
            here.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        contents = check(unfinished)
        _flush(unfinished)
        os.rename(unfinished, target)
    except (OSError, sqlite3.Error) as error:
        raise StorageUnavailable(f"The backup could not be written: {error}. Nothing was kept of it.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return contents


def restore(path: Path, url: str) -> Path | None:
    """Put the backup ``path`` in the place of the database at ``url``; where the database before it is kept.

    The server must be stopped. Raises Conflict when it runs, SchemaTooNew, and StorageUnavailable when the backup is
    damaged; nothing is changed then.
    """
    check(path)
    target = _path(url)
    incoming = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("rb") as source, open(incoming, "xb", opener=_for_owner_only) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
        _flush(incoming)
        kept = _set_aside(target) if target.exists() else None
        os.rename(incoming, target)
        _flush(target.parent)
    except OSError as error:
        raise StorageUnavailable(f"The backup could not be restored: {error}.") from error
    finally:
        incoming.unlink(missing_ok=True)
    return kept


def check(path: Path) -> Contents:
    """Read a database file from end to end.

    Raises StorageUnavailable when it is damaged or not a chat's, and SchemaTooNew.
    """
    schema = versions.check_sqlite(path)
    if schema is None:
        raise StorageUnavailable(f"{path} holds no chat.")
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            found += [f"{row[0]} without its {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")][:5]
            counts = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED]
    except sqlite3.Error as error:
        raise StorageUnavailable(f"{path} is damaged: {error}.") from error
    if found != ["ok"]:
        raise StorageUnavailable(f"{path} is damaged: {'; '.join(found)}.")
    return Contents(schema=schema, threads=counts[0], messages=counts[1], size=path.stat().st_size)


_COUNTED = ("threads", "messages")


def _path(url: str) -> Path:
    scheme, _, path = url.partition(":///")
    if not scheme.startswith("sqlite") or not path:
        raise InvalidRequest("Only SQLite databases are copied here; back PostgreSQL up with pg_dump and pg_restore.")
    return Path(path)


def _set_aside(target: Path) -> Path:
    """Rename the database, once SQLite has merged the log into it, which it does only for whoever has it alone."""
    try:
        with closing(sqlite3.connect(target, timeout=1)) as connection:
            alone = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
    except sqlite3.OperationalError:
        alone = False
    except sqlite3.DatabaseError:
        alone = True  # damaged, which may be why a backup is restored
    if not alone:
        raise Conflict(
            f"{target} is in use: stop the server first. Nothing was changed. "
            "While it runs, --thread brings one thread back."
        )
    kept = target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    os.rename(target, kept)
    for log in ("-wal", "-shm"):  # a damaged one's; beside another file SQLite would take them for that one's
        with suppress(FileNotFoundError):
            os.rename(f"{target}{log}", f"{kept}{log}")
    return kept


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
