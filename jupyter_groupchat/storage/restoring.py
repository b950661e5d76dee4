"""A whole chat put back from a backup, while its servers run.

All of it is one transaction, in which nobody else writes: what was there is kept as a backup first, and until the
commit nothing has changed for anybody. Servers then find another generation (see ``Store``) and begin anew.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from jupyter_groupchat.errors import Conflict, SchemaTooNew, StorageUnavailable
from jupyter_groupchat.storage import versions
from jupyter_groupchat.storage.backup import backup, check, copy_file, flush, logs, opened
from jupyter_groupchat.storage.store import Store

#: Seconds to wait until nobody writes.
_PATIENCE = 60


def restore(file: Path, url: str, *, by: str, keep: Path | None = None) -> Path | None:
    """Put the backup ``file`` in the place of the chat at ``url``; where what was there is kept, None for nothing.

    ``by`` is for the audit: who does it. What was there goes to the new file ``keep``, or beside the database (for
    PostgreSQL, beside ``file``). Raises Conflict, SchemaTooNew, and StorageUnavailable when the backup is damaged;
    nothing is changed then.
    """
    live = Store(url, busy_timeout=_PATIENCE)
    try:
        with opened(file) as copy:
            assert copy.path is not None
            kept = keep or _beside(live.path or file)
            if kept.exists():
                raise Conflict(f"{kept} exists. Nothing was changed; choose another name.")
            _prepare(copy, file, by)
            if live.path is None or _is_in_order(live.path):
                return _replace(live, copy.path, kept)
            return _put_in_place(copy.path, live.path, kept)
    finally:
        live.close()


def _prepare(copy: Store, file: Path, by: str) -> None:
    """What is another in the chat for having been restored."""
    with file.open("rb") as data:
        sha256 = hashlib.file_digest(data, "sha256").hexdigest()
    with copy.writing() as tx:
        tx.begin_anew()
        tx.replies.abandon()
        tx.audit.append(None, by, "chat.restore", {"sha256": sha256}, datetime.now(UTC))
    copy.close()  # which leaves all of it in the one file


def _is_in_order(database: Path) -> bool:
    """Whether there is a database into which a backup can go. Raises SchemaTooNew."""
    try:
        return database.exists() and versions.check_sqlite(database) is not None and bool(check(database))
    except SchemaTooNew:
        raise
    except StorageUnavailable:
        return False


def _replace(live: Store, source: Path, kept: Path) -> Path | None:
    anything = live.revision() is not None
    live.open()
    with live.alone() as tx:
        if anything:
            backup(live, kept)
        tx.replace_all(source)
    return kept if anything else None


def _put_in_place(source: Path, database: Path, kept: Path) -> Path | None:
    """Where there is no database, or a damaged one, which is moved out of the way: nobody may be at it."""
    incoming = database.with_name(f".{database.name}.{os.getpid()}")
    try:
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        copy_file(source, incoming)
        moved = database.exists()
        if moved:
            _set_aside(database, kept)
        os.rename(incoming, database)
        flush(database.parent)
    except OSError as error:
        raise StorageUnavailable(f"The backup could not be restored: {error}.") from error
    finally:
        incoming.unlink(missing_ok=True)
    return kept if moved else None


def _set_aside(database: Path, kept: Path) -> None:
    """Rename the database, unless somebody is at it."""
    try:
        with closing(sqlite3.connect(database, timeout=1)) as connection:
            alone = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
    except sqlite3.OperationalError:
        alone = False
    except sqlite3.DatabaseError:
        alone = True  # so damaged that nobody can have it open
    if not alone:
        raise Conflict(f"{database} is damaged and in use: stop the server first. Nothing was changed.")
    os.rename(database, kept)
    for log, beside in zip(logs(database), logs(kept), strict=True):
        with suppress(FileNotFoundError):  # beside another file, SQLite would take it for that one's
            os.rename(log, beside)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
