"""Backups while the server runs, and restoring them when it does not."""

from __future__ import annotations

import stat
from pathlib import Path
from threading import Event
from threading import Thread as Flow

import pytest

from jupyter_groupchat.errors import Conflict, InvalidRequest, SchemaTooNew, StorageUnavailable
from jupyter_groupchat.storage import versions
from jupyter_groupchat.storage.backup import backup, check, restore
from jupyter_groupchat.storage.store import Store
from tests.storage.conftest import sqlite_url
from tests.storage.raw import execute
from tests.storage.things import Stage


def bodies(store: Store) -> list[str]:
    """What the thread says."""
    with store.reading() as tx:
        return [message.body for message in tx.messages.newest("t1", 10_000)]


def test_a_backup_holds_what_was_there_at_one_moment(sqlite: Store, tmp_path: Path) -> None:
    """While somebody writes; it is for its owner only, and leaves nothing beside it."""
    stage = Stage(sqlite)
    enough, stop = Event(), Event()

    def write() -> None:
        while not stop.is_set():
            stage.post("x" * 1_000)
            if len(bodies(sqlite)) > 20:
                enough.set()

    writer = Flow(target=write)
    writer.start()
    assert enough.wait(60)
    contents = backup(str(sqlite.url), tmp_path / "copy.sqlite")
    stop.set()
    writer.join()
    assert contents == check(tmp_path / "copy.sqlite")
    assert (contents.schema, contents.threads) == (versions.HEAD, 1)
    assert 20 < contents.messages <= len(bodies(sqlite))
    assert stat.S_IMODE((tmp_path / "copy.sqlite").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "groupchat" not in path.name) == ["copy.sqlite"]


def test_a_restored_backup_takes_the_place_of_the_database(sqlite: Store, tmp_path: Path) -> None:
    """The one before it is kept beside it, with all it had."""
    stage = Stage(sqlite)
    stage.post("before")
    backup(str(sqlite.url), tmp_path / "copy.sqlite")
    stage.post("after")
    sqlite.close()
    kept = restore(tmp_path / "copy.sqlite", str(sqlite.url))
    sqlite.open()
    assert bodies(sqlite) == ["before"]
    assert stage.post("goes on").seq == 1
    assert kept is not None
    assert check(kept).messages == 2


def test_a_backup_is_restored_where_there_was_nothing(sqlite: Store, tmp_path: Path) -> None:
    """On another machine, say."""
    Stage(sqlite).post("before")
    backup(str(sqlite.url), tmp_path / "copy.sqlite")
    assert restore(tmp_path / "copy.sqlite", sqlite_url(tmp_path / "elsewhere")) is None
    other = Store(sqlite_url(tmp_path / "elsewhere"))
    other.open()
    assert bodies(other) == ["before"]
    other.close()


def test_nothing_is_restored_under_a_server_that_runs(sqlite: Store, tmp_path: Path) -> None:
    """Even one that does nothing at the moment; it goes on unharmed."""
    stage = Stage(sqlite)
    backup(str(sqlite.url), tmp_path / "copy.sqlite")
    stage.post("after")
    with pytest.raises(Conflict, match="stop the server"):
        restore(tmp_path / "copy.sqlite", str(sqlite.url))
    stage.post("goes on")
    assert bodies(sqlite) == ["goes on", "after"]
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_backup_mends_a_damaged_database(sqlite: Store, tmp_path: Path) -> None:
    """What is left of it is kept, its log too, and does not get into the restored one."""
    stage = Stage(sqlite)
    stage.post("before")
    backup(str(sqlite.url), tmp_path / "copy.sqlite")
    sqlite.close()
    assert sqlite.path is not None
    sqlite.path.write_bytes(b"Dear diary, " * 1_000)
    Path(f"{sqlite.path}-wal").write_bytes(b"log")
    kept = restore(tmp_path / "copy.sqlite", str(sqlite.url))
    assert kept is not None
    assert kept.read_bytes().startswith(b"Dear diary")
    sqlite.open()
    assert bodies(sqlite) == ["before"]


def test_a_damaged_backup_is_refused(sqlite: Store, tmp_path: Path) -> None:
    """As are a newer version's and something that is no backup; the database stays."""
    stage = Stage(sqlite)
    for _ in range(50):
        stage.post("x" * 1_000)
    copy = tmp_path / "copy.sqlite"
    backup(str(sqlite.url), copy)
    sqlite.close()
    whole = copy.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-50_000] + b"\xff" * 50_000, b"Dear diary, " * 1_000, b""):
        copy.write_bytes(damaged)
        with pytest.raises(StorageUnavailable):
            restore(copy, str(sqlite.url))
    execute(sqlite, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        backup(str(sqlite.url), tmp_path / "newer.sqlite")
    execute(sqlite, f"UPDATE alembic_version SET version_num = '{versions.HEAD}'")
    assert len(bodies(sqlite)) == 50


def test_a_backup_overwrites_nothing(sqlite: Store, tmp_path: Path) -> None:
    """Neither a file that is there, nor is anything left of a backup that fails."""
    Stage(sqlite)
    (tmp_path / "copy.sqlite").write_text("mine")
    with pytest.raises(Conflict):
        backup(str(sqlite.url), tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "mine"
    with pytest.raises(StorageUnavailable):
        backup(str(sqlite.url), tmp_path / "no" / "such" / "place")
    with pytest.raises(StorageUnavailable, match="no chat"):
        backup(sqlite_url(tmp_path / "nowhere"), tmp_path / "other.sqlite")
    with pytest.raises(InvalidRequest, match="pg_dump"):
        backup("postgresql://localhost/chat", tmp_path / "other.sqlite")
    assert not (tmp_path / "other.sqlite").exists()
