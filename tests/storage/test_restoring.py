"""A whole chat put back while it is used, on either database, also from the other one's backup."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path
from threading import Event
from threading import Thread as Flow
from time import monotonic

import pytest

from jupyter_groupchat.errors import ChatReplaced, Conflict, StorageUnavailable
from jupyter_groupchat.reply_types import ABANDONED
from jupyter_groupchat.storage.backup import backup, check
from jupyter_groupchat.storage.bus import REPLACED, bus_of
from jupyter_groupchat.storage.restoring import restore
from jupyter_groupchat.storage.store import Store
from tests.storage.conftest import sqlite_url
from tests.storage.raw import execute
from tests.storage.test_backup import bodies
from tests.storage.things import Stage, a_job, add_thread, post


@pytest.fixture
def copy(stage: Stage, tmp_path: Path) -> Path:
    """A backup with the message “before”, after which “after” was said."""
    stage.post("before")
    backup(stage.store, tmp_path / "copy.sqlite")
    stage.post("after")
    return tmp_path / "copy.sqlite"


def again(store: Store, url: str) -> Store:
    """A server's store that begins anew."""
    store.close()
    fresh = Store(url, busy_timeout=30)
    fresh.open()
    return fresh


def test_all_is_as_it_was_and_goes_on(url: str, store: Store, copy: Path) -> None:
    """Messages, members, search and audit; what was said since is in the backup that is made before."""
    kept = restore(copy, url, by="root")
    assert kept is not None
    assert check(kept).messages == 2
    fresh = again(store, url)
    assert bodies(fresh) == ["before"]
    with fresh.reading() as tx:
        assert [message.seq for message in tx.messages.search("before", username="bob")] == [0]
        assert tx.messages.search("after", username="bob") == []
        assert tx.audit.verify() is None
        (line,) = tx.audit.list(None, 1)
        assert (line.actor, line.action) == ("root", "chat.restore")
    with fresh.writing() as tx:
        assert post(tx, "goes on").seq == 1
    assert restore(kept, url, by="root") is not None
    fresh = again(fresh, url)
    assert bodies(fresh) == ["after", "before"]
    fresh.close()


def test_who_began_before_is_told_and_writes_nothing(url: str, store: Store, copy: Path) -> None:
    """Their store says so once, and refuses for ever: nothing of what they have in memory gets into the other chat."""
    told: list[str] = []
    store.replaced = lambda: told.append("replaced")
    assert restore(copy, url, by="root") is not None
    for begin in (store.writing, store.reading, store.writing):
        with pytest.raises(ChatReplaced), begin():
            pytest.fail("it was let in")
    assert told == ["replaced"]
    fresh = again(store, url)
    assert bodies(fresh) == ["before"]
    assert fresh.generation != store.generation
    fresh.close()


def test_nothing_that_was_acknowledged_is_missing_from_what_is_kept(url: str, store: Store, copy: Path) -> None:
    """Somebody writes all the time: each message is in the chat until then, or was refused."""
    began, acknowledged = Event(), list[str]()

    def write() -> None:
        try:
            for number in range(100_000):
                with store.writing() as tx:
                    post(tx, f"number {number}")
                acknowledged.append(f"number {number}")
                began.set()
        except ChatReplaced:
            return

    writer = Flow(target=write)
    writer.start()
    assert began.wait(60)
    kept = restore(copy, url, by="root")
    writer.join(60)
    assert not writer.is_alive()
    assert kept is not None
    before = Store(f"sqlite:///{kept}")
    assert bodies(before)[::-1] == ["before", "after", *acknowledged]
    before.close()
    fresh = again(store, url)
    assert bodies(fresh) == ["before"]
    fresh.close()


def test_servers_are_told(url: str, store: Store, copy: Path) -> None:
    """By the bus, on which they go on hearing each other."""
    bus, heard = bus_of(url), {topic: Event() for topic in (REPLACED, "news")}
    bus.subscribe(lambda topic, _: heard[topic].set())
    restore(copy, url, by="root")
    assert heard[REPLACED].wait(60)
    fresh = again(store, url)
    with fresh.writing() as tx:
        tx.notify("news", {})
    assert heard["news"].wait(60)
    bus.close()
    fresh.close()


def test_replies_that_were_being_written_are_nobodys(url: str, store: Store, stage: Stage, tmp_path: Path) -> None:
    """The server that wrote them goes on with something else; the next one to look ends them."""
    with store.writing() as tx:
        tx.replies.add(a_job())
    backup(store, tmp_path / "copy.sqlite")
    restore(tmp_path / "copy.sqlite", url, by="root")
    fresh = again(store, url)
    with fresh.reading() as tx:
        assert [job.server for job in tx.replies.unfinished()] == [ABANDONED]
    fresh.close()


def test_a_key_is_never_used_twice(url: str, store: Store, copy: Path) -> None:
    """What belonged to a thread that came after the backup can come to belong to no other."""
    with store.writing() as tx:
        add_thread(tx, "t2", "ana")
    key = "SELECT key FROM threads ORDER BY key DESC LIMIT 1"
    ((second,),) = execute(store, key)
    restore(copy, url, by="root")
    fresh = again(store, url)
    with fresh.writing() as tx:
        add_thread(tx, "t3", "ana")
    ((third,),) = execute(fresh, key)
    assert third > second
    fresh.close()


def test_a_chat_moves_to_where_there_was_none(store: Store, copy: Path, tmp_path: Path) -> None:
    """On another machine, and from the one kind of database to the other; nothing is kept of nothing."""
    url = sqlite_url(tmp_path / "elsewhere")
    assert restore(copy, url, by="root") is None
    other = Store(url)
    other.open()
    assert bodies(other) == ["before"]
    other.close()


@pytest.mark.postgresql
def test_a_chat_moves_to_postgresql(sqlite: Store, postgresql_url: str, tmp_path: Path) -> None:
    """With what PostgreSQL keeps in its own way: search, and keys that count on."""
    stage = Stage(sqlite)
    stage.post("Schöne Grüße")
    backup(sqlite, tmp_path / "copy.sqlite")
    assert restore(tmp_path / "copy.sqlite", postgresql_url, by="root") is None
    other = Store(postgresql_url)
    with other.reading() as tx:
        assert [message.seq for message in tx.messages.search("grusse", username="bob")] == [0]
    with other.writing() as tx:
        add_thread(tx, "t2", "ana")
        assert post(tx, "goes on", thread_id="t2").seq == 0
    other.close()


def test_a_backup_mends_a_damaged_database(sqlite: Store, tmp_path: Path) -> None:
    """What is left of it is kept, its log too, and does not get into the restored one."""
    Stage(sqlite).post("before")
    backup(sqlite, tmp_path / "copy.sqlite")
    sqlite.close()
    assert sqlite.path is not None
    sqlite.path.write_bytes(b"Dear diary, " * 1_000)
    Path(f"{sqlite.path}-wal").write_bytes(b"log")
    kept = restore(tmp_path / "copy.sqlite", str(sqlite.url), by="root")
    assert kept is not None
    assert kept.read_bytes().startswith(b"Dear diary")
    assert bodies(again(sqlite, str(sqlite.url))) == ["before"]


def test_what_cannot_be_restored_changes_nothing(url: str, store: Store, copy: Path, tmp_path: Path) -> None:
    """A damaged backup, or no place for what was there."""
    kept = tmp_path / "kept.sqlite"
    kept.write_text("mine")
    with pytest.raises(Conflict):
        restore(copy, url, by="root", keep=kept)
    with pytest.raises(StorageUnavailable):
        restore(copy, url, by="root", keep=tmp_path / "no" / "such" / "place")
    copy.write_bytes(copy.read_bytes()[:-20_000])
    with pytest.raises(StorageUnavailable):
        restore(copy, url, by="root")
    assert kept.read_text() == "mine"
    assert bodies(store) == ["after", "before"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


_RESTORE = (
    "import sys; from pathlib import Path; from jupyter_groupchat.storage.restoring import restore;"
    " print(flush=True); restore(Path(sys.argv[1]), sys.argv[2], by='root', keep=Path(sys.argv[3]))"
)


def _run(copy: Path, url: str, seconds: float | None) -> None:
    """Put a backup back in a process of its own, which is killed after so many seconds."""
    kept = copy.with_name(f"kept-{secrets.token_hex(4)}")
    command = [sys.executable, "-c", _RESTORE, str(copy), url, str(kept)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it begins
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()


def test_one_that_is_killed_leaves_either_chat_whole(url: str, store: Store, stage: Stage, tmp_path: Path) -> None:
    """At any moment: the old one until the commit, the new one from then on, and never a part of both."""
    copies: dict[int, Path] = {}
    for size in (1_000, 3_000):
        with store.writing() as tx:
            for number in range(size - tx.messages.count("t1")):
                post(tx, f"said{size} {number}")
        copies[size] = tmp_path / f"{size}.sqlite"
        backup(store, copies[size])
    store.close()
    began = monotonic()
    _run(copies[1_000], url, None)
    whole, there = monotonic() - began, 1_000
    for part in range(1, 9):
        _run(copies[4_000 - there], url, whole * part / 9)
        fresh = Store(url, busy_timeout=30)
        fresh.open()
        with fresh.reading() as tx:
            found = tx.messages.count("t1")
            assert found in copies
            assert len(tx.messages.search("said3000", username="bob", limit=5_000)) == found - 1_000
            assert len(tx.messages.search("said1000", username="bob", limit=5_000)) == 1_000
            assert tx.audit.verify() is None
        there = found
        fresh.close()
