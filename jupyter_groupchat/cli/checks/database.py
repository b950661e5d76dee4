"""Can the chat's database be used, is it in order, and is it safe from others?"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from jupyter_groupchat.cli.checks.findings import Finding, fine, note, problem
from jupyter_groupchat.errors import SchemaTooNew, StorageUnavailable
from jupyter_groupchat.storage import backup, versions
from jupyter_groupchat.storage.store import Store

_LITTLE, _SOME = 100_000_000, 1_000_000_000  #: free bytes
#: SQLite's log needs memory that processes share, which these do not give.
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "lustre", "beegfs", "ceph"})


def check(url: str) -> Iterator[Finding]:
    """Read the database from end to end. Nothing is changed, and none is made."""
    store = Store(url)
    try:
        if store.path is None:
            yield from _remote(store)
        else:
            yield from _file(store, store.path)
    finally:
        store.close()


def _remote(store: Store) -> Iterator[Finding]:
    try:
        revision = store.revision()
        if revision is None:
            yield note("The database can be reached and is empty: the first server that uses it sets it up.")
            return
        yield from _schema(revision)
        if revision == versions.HEAD:
            with store.reading() as tx:
                threads = len(tx.threads.all_ids())
            yield fine(f"The database can be reached and holds {threads:,} threads.")
            yield from _audit(store)
    except SchemaTooNew as error:
        yield problem(error.message, "pip install --upgrade jupyter_groupchat")
    except StorageUnavailable as error:
        reason = f" ({error.__cause__})" if error.__cause__ else ""
        yield problem(
            f"{error.message}{' '.join(reason.split())}",
            "See that the database runs, and that GroupChat.database_url names its host, its user and its password.",
        )


def _file(store: Store, path: Path) -> Iterator[Finding]:
    yield from _place(path)
    if not path.exists():
        yield note(f"There is no chat yet; the first use makes it: {path}.")
        return
    if not os.access(path, os.R_OK | os.W_OK):
        yield problem(f"{path} cannot be read and written by this account.", f"chown {_account()} {path}")
        return
    yield from _permissions(path)
    try:
        contents = backup.check(path)
    except SchemaTooNew as error:
        yield problem(error.message, "pip install --upgrade jupyter_groupchat")
        return
    except StorageUnavailable as error:
        yield problem(error.message, "Restore a backup: jupyter groupchat restore FILE")
        return
    yield fine(
        f"The database is in order: {contents.threads:,} threads, {contents.messages:,} messages, "
        f"{contents.size / 1e6:,.1f} MB in {path}."
    )
    yield from _schema(contents.schema)
    if contents.schema == versions.HEAD:
        yield from _audit(store)


def _place(path: Path) -> Iterator[Finding]:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        yield problem(f"Nothing can be written in {folder} by this account.", f"chown {_account()} {folder}")
    kind = _file_system(folder)
    if kind in _NETWORK:
        yield problem(
            f"The database is on a network file system ({kind}), which can damage SQLite files.",
            "Choose a local disk, or PostgreSQL, by GroupChat.database_url.",
        )
    free = shutil.disk_usage(folder).free
    needed = path.stat().st_size if path.exists() else 0
    if free < _LITTLE:
        yield problem(f"The disk has {free / 1e6:,.0f} MB left.", "Free some space, then: jupyter groupchat compact")
    elif free < max(_SOME, needed):
        yield note(f"The disk has {free / 1e6:,.0f} MB left; a backup takes {needed / 1e6:,.0f} MB.")
    else:
        yield fine(f"The disk has {free / 1e9:,.1f} GB left.")


def _permissions(path: Path) -> Iterator[Finding]:
    open_to_others = False
    for file in (path, *(Path(f"{path}{log}") for log in ("-wal", "-shm"))):
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            open_to_others = True
            yield problem(f"Other accounts on this machine may open {file}.", f"chmod 600 {file}")
    mode = path.parent.stat().st_mode
    if mode & 0o022 and not mode & stat.S_ISVTX:
        open_to_others = True
        yield problem(f"Other accounts may replace files in {path.parent}.", f"chmod go-w {path.parent}")
    if not open_to_others:
        yield fine("Nobody but this account may open the database.")


def _schema(revision: str) -> Iterator[Finding]:
    if revision != versions.HEAD:
        yield note(
            f"The database has schema {revision}; the next start of a server makes it {versions.HEAD}.",
            "Make a backup first: jupyter groupchat backup FILE",
        )


def _audit(store: Store) -> Iterator[Finding]:
    with store.reading() as tx:
        broken = tx.audit.verify()
        altered = list(tx.evidence.altered())
    for id, what in altered:
        yield problem(f"Line {id} of the audit log: {what}", "Find out who could write to the database.")
    if broken is None:
        yield fine("The audit log is as it was written.")
    else:
        yield problem(
            f"Line {broken} of the audit log is not as it was written, or is missing.",
            "Find out who could write to the database; compare with a backup.",
        )


def _file_system(folder: Path) -> str | None:
    """What kind of file system a folder is on, where the system tells."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    kinds = {line.split()[1]: line.split()[2] for line in mounts if len(line.split()) > 2}
    folder = folder.resolve()
    return next((kinds[str(place)] for place in (folder, *folder.parents) if str(place) in kinds), None)


def _account() -> str:
    return str(os.geteuid()) if hasattr(os, "geteuid") else "this account"
