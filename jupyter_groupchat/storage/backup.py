"""A whole chat as a file, and such files: an SQLite database of the newest schema, wherever the chat itself is."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyter_groupchat.errors import Conflict, StorageUnavailable
from jupyter_groupchat.storage import versions
from jupyter_groupchat.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a database file holds."""

    schema: str
    threads: int
    messages: int
    size: int  #: bytes


def backup(store: Store, target: Path) -> Contents:
    """Copy a chat, as it is at one moment, to the new file ``target``; what it holds. ``store`` need not be open.

    Writers are not kept waiting. The copy is checked before it gets its name. Raises Conflict when ``target`` exists,
    and StorageUnavailable.
    """
    if target.exists():
        raise Conflict(f"{target} exists. Nothing was overwritten; choose another name.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        open(unfinished, "xb", opener=_for_owner_only).close()
        _copy(store, unfinished)
        contents = check(unfinished)
        flush(unfinished)
        os.rename(unfinished, target)
    except (OSError, sqlite3.Error) as error:
        raise StorageUnavailable(f"The backup could not be written: {error}. Nothing was kept of it.") from error
    finally:
        for path in (unfinished, *logs(unfinished)):
            path.unlink(missing_ok=True)
    return contents


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


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    """A backup, checked, as a copy that may be changed and is gone afterwards: it is brought to the newest schema.

    Raises StorageUnavailable and SchemaTooNew.
    """
    check(file)
    with TemporaryDirectory(prefix="groupchat-") as folder:
        copy = Path(folder, "backup.sqlite")
        copy_file(file, copy)
        store = Store(f"sqlite:///{copy}")
        store.open()
        try:
            yield store
        finally:
            store.close()


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to a new one for its owner only, and see that it is on the disk. Raises StorageUnavailable."""
    try:
        with source.open("rb") as data, open(target, "xb", opener=_for_owner_only) as copy:
            shutil.copyfileobj(data, copy, 1 << 20)
        flush(target)
    except OSError as error:
        raise StorageUnavailable(f"{source} could not be copied: {error}.") from error


def logs(database: Path) -> tuple[Path, Path]:
    """What SQLite keeps beside a database file."""
    return Path(f"{database}-wal"), Path(f"{database}-shm")


def flush(path: Path) -> None:
    """See that a file, or a folder's list of files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _copy(store: Store, file: Path) -> None:
    if store.path is None:
        store.open()
        copy = Store(f"sqlite:///{file}")
        copy.open()
        try:
            with store.reading() as here, copy.writing() as there:
                here.copy_all(there)
        finally:
            copy.close()
    else:
        if versions.check_sqlite(store.path) is None:
            raise StorageUnavailable(f"There is no chat at {store.path} yet.")
        with closing(sqlite3.connect(store.path)) as here, closing(sqlite3.connect(file)) as there:
            here.backup(there)  # in one step: in several, each write of the server would make it start anew
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
