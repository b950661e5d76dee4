"""Backups while the chat is used."""

from __future__ import annotations

import stat
from pathlib import Path
from threading import Event
from threading import Thread as Flow

import pytest

from jupyter_groupchat.errors import Conflict, SchemaTooNew, StorageUnavailable
from jupyter_groupchat.storage import versions
from jupyter_groupchat.storage.backup import backup, check, opened
from jupyter_groupchat.storage.store import Store
from tests.storage.conftest import sqlite_url
from tests.storage.raw import execute
from tests.storage.things import Stage, minutes, post


def bodies(store: Store) -> list[str]:
    """What the thread says, the newest first."""
    with store.reading() as tx:
        return [message.body for message in tx.messages.newest("t1", 1_000_000)]


def test_a_backup_holds_what_was_there_at_one_moment(store: Store, tmp_path: Path) -> None:
    """While somebody writes; it is for its owner only, and leaves nothing beside it."""
    stage = Stage(store)
    enough, stop = Event(), Event()

    def write() -> None:
        while not stop.is_set():
            stage.post("x" * 1_000)
            if len(bodies(store)) > 20:
                enough.set()

    writer = Flow(target=write)
    writer.start()
    assert enough.wait(60)
    contents = backup(store, tmp_path / "copy.sqlite")
    stop.set()
    writer.join()
    assert contents == check(tmp_path / "copy.sqlite")
    assert (contents.schema, contents.threads) == (versions.HEAD, 1)
    assert 20 < contents.messages <= len(bodies(store))
    assert stat.S_IMODE((tmp_path / "copy.sqlite").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if "groupchat" not in path.name) == ["copy.sqlite"]


def test_a_backup_is_a_chat_of_its_own(store: Store, tmp_path: Path) -> None:
    """It can be searched, its audit log is whole, and it can be written in, wherever the chat itself is."""
    stage = Stage(store)
    stage.post("Look at cell 3, @bob", mentions=("bob",))
    with store.writing() as tx:
        tx.audit.append("t1", "ana", "thread.create", {"title": "Thread t1"}, minutes(0))
    backup(store, tmp_path / "copy.sqlite")
    with opened(tmp_path / "copy.sqlite") as copy:
        with copy.reading() as tx:
            assert [message.seq for message in tx.messages.search("cell", username="bob")] == [0]
            assert tx.members.unread("t1", "bob") == (1, 1)
            assert tx.audit.verify() is None
        with copy.writing() as tx:
            assert post(tx, "goes on").seq == 1
    assert check(tmp_path / "copy.sqlite").messages == 1


def test_a_damaged_backup_is_refused(sqlite: Store, tmp_path: Path) -> None:
    """As are a newer version's and something that is no backup."""
    stage = Stage(sqlite)
    for _ in range(50):
        stage.post("x" * 1_000)
    copy = tmp_path / "copy.sqlite"
    backup(sqlite, copy)
    sqlite.close()
    whole = copy.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-50_000] + b"\xff" * 50_000, b"Dear diary, " * 1_000, b""):
        copy.write_bytes(damaged)
        with pytest.raises(StorageUnavailable), opened(copy):
            pass
    execute(sqlite, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        backup(sqlite, tmp_path / "newer.sqlite")


def test_a_backup_overwrites_nothing(sqlite: Store, tmp_path: Path) -> None:
    """Neither a file that is there, nor is anything left of a backup that fails."""
    Stage(sqlite)
    (tmp_path / "copy.sqlite").write_text("mine")
    with pytest.raises(Conflict):
        backup(sqlite, tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "mine"
    with pytest.raises(StorageUnavailable):
        backup(sqlite, tmp_path / "no" / "such" / "place")
    with pytest.raises(StorageUnavailable, match="no chat"):
        backup(Store(sqlite_url(tmp_path / "nowhere")), tmp_path / "other.sqlite")
    assert not (tmp_path / "other.sqlite").exists()
