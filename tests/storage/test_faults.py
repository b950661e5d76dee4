"""What databases suffer: each fault is a clear error, nothing is half done, and the next command works."""

from __future__ import annotations

import os
import pwd
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier
from threading import Thread as Flow

import pytest

from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.storage.store import Store
from tests.storage.conftest import sqlite_url
from tests.storage.raw import connect, execute
from tests.storage.things import Stage, minutes, post
from tests.storage.writer import TOGETHER

PATIENCE = 60


def test_a_lock_held_elsewhere_fails_the_command_in_time_and_the_next_works(stage: Stage, url: str) -> None:
    """Readers are not kept waiting by it at all."""
    impatient = Store(url, busy_timeout=0.1)
    impatient.open()
    with closing(connect(stage.store)) as other:
        other.execute("BEGIN IMMEDIATE" if stage.store.path else "BEGIN")
        other.execute("UPDATE threads SET title = 'theirs'")
        with pytest.raises(StorageUnavailable, match=r"lock.*Nothing was changed"), impatient.writing() as tx:
            post(tx)
        with impatient.reading() as tx:
            thread = tx.threads.get("t1")
            assert thread is not None
            assert thread.title == "Thread t1"
        other.execute("ROLLBACK")
    with impatient.writing() as tx:
        assert post(tx).seq == 0
    impatient.close()


def test_a_full_disk_fails_the_command_and_keeps_what_there_was(sqlite: Store) -> None:
    """When there is room again, all goes on."""
    stage = Stage(sqlite)
    kept = stage.post("kept")

    def limit(pages: int) -> None:
        with sqlite.reading() as tx:
            tx._session.connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    def fill() -> None:
        with sqlite.writing() as tx:
            for _ in range(500):
                post(tx, "x" * 10_000)

    limit(1)  # SQLite takes it as the size that the file has
    with pytest.raises(StorageUnavailable, match="full"):
        fill()
    with sqlite.reading() as tx:
        assert tx.messages.newest("t1", 10) == [kept]
    limit(1_000_000)
    assert stage.post().seq == 1


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root may write everywhere; let the system take us for somebody else."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_file_that_may_only_be_read_is_refused_and_left_untouched() -> None:
    """Clearly, and at the start."""
    with tempfile.TemporaryDirectory() as directory:
        url = sqlite_url(Path(directory))
        store = Store(url)
        store.open()
        Stage(store)
        store.close()
        assert store.path is not None
        store.path.chmod(0o444)
        Path(directory).chmod(0o555)
        before = store.path.read_bytes()
        with unprivileged(), pytest.raises(StorageUnavailable, match="database"):
            Store(url).open()
        assert store.path.read_bytes() == before
        Path(directory).chmod(0o755)


def test_a_directory_that_may_not_be_written_is_refused() -> None:
    """With the path that cannot be made."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o555)
        with unprivileged(), pytest.raises(StorageUnavailable, match=r"groupchat\.sqlite cannot be created"):
            Store(sqlite_url(Path(directory) / "new")).open()
        Path(directory).chmod(0o755)


@pytest.mark.postgresql
def test_a_standby_that_may_only_be_read_says_so(postgresql_url: str) -> None:
    """It can be read meanwhile."""
    Store(postgresql_url).open()
    store = Store(postgresql_url + "%20-cdefault_transaction_read_only%3Don")
    store.open()
    with pytest.raises(StorageUnavailable, match="only be read"):
        Stage(store)
    with store.reading() as tx:
        assert tx.threads.all_ids() == []
    store.close()


def test_a_damaged_file_is_named_as_such(sqlite: Store) -> None:
    """With what to do about it."""
    Stage(sqlite).post()
    sqlite.close()
    execute(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)")
    assert sqlite.path is not None
    with sqlite.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 200)
    with pytest.raises(StorageUnavailable, match=r"cannot be read|damaged"):
        Store(str(sqlite.url)).open()


def test_a_killed_writer_leaves_exactly_what_it_committed(stage: Stage, url: str) -> None:
    """At any moment: all of a transaction or nothing, and everything that was acknowledged."""
    kept, number = -1, 0
    for _ in range(3):
        command = [sys.executable, "-m", "tests.storage.writer", url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(random.randint(5, 60)):
                kept, number = map(int, writer.stdout.readline().split())
            writer.kill()
            said = writer.stdout.read().splitlines()
        whole = [line.split() for line in said if len(line.split()) == 2]
        kept, number = map(int, whole[-1]) if whole else (kept, number)
        with stage.store.writing() as tx:  # waits for PostgreSQL to notice that its client is gone
            assert tx.threads.lock("t1")
        with stage.store.reading() as tx:
            messages = tx.messages.newest("t1", 10_000)
            document = tx.documents.load("page:t1:0")
        assert [message.seq for message in messages] == list(range(len(messages)))[::-1]
        assert len(messages) % TOGETHER == 0
        assert len(messages) in (kept + 1, kept + 1 + TOGETHER)  # the last one may have been kept and not yet said
        assert document.seq == len(document.updates) == len(messages)
        assert [update.decode()[:36] for update in document.updates] == [message.id for message in messages[::-1]]
    assert number == kept + 1
    if stage.store.path is not None:
        assert execute(stage.store, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.postgresql
def test_connections_that_the_server_closed_are_replaced(postgresql_url: str) -> None:
    """Between transactions nobody notices; in the midst of one it fails, and the next works."""
    store = Store(postgresql_url)
    store.open()
    stage = Stage(store)

    def backend() -> int:
        with store.reading() as tx:
            return int(tx._session.connection.info.backend_pid)

    execute(store, f"SELECT pg_terminate_backend({backend()}, {PATIENCE * 1000})")
    stage.post()

    def lose() -> None:
        with store.writing() as tx:
            post(tx)
            for pid in (backend(), tx._session.connection.info.backend_pid):
                execute(store, f"SELECT pg_terminate_backend({pid}, {PATIENCE * 1000})")

    with pytest.raises(StorageUnavailable, match="not available"):
        lose()
    assert stage.post().seq == 1
    store.close()


@pytest.mark.postgresql
def test_a_database_that_is_away_is_an_error_in_time() -> None:
    """Not a server that hangs."""
    with pytest.raises(StorageUnavailable, match="not available"):
        Store("postgresql://nobody@127.0.0.1:1/nowhere").open()


@pytest.mark.postgresql
def test_of_two_transactions_that_wait_for_each_other_one_goes_through(postgresql_url: str) -> None:
    """The other fails, with words that say to try again."""
    store = Store(postgresql_url, busy_timeout=PATIENCE)
    store.open()
    Stage(store).thread("t2", "ana")
    both = Barrier(2)
    outcomes: list[str] = []

    def write(first: str, second: str) -> None:
        try:
            with store.writing() as tx:
                tx.threads.next_seq(first, minutes(0))
                both.wait(PATIENCE)
                tx.threads.next_seq(second, minutes(0))
        except StorageUnavailable as error:
            outcomes.append(error.message)
        else:
            outcomes.append("kept")

    flows = [Flow(target=write, args=order) for order in (("t1", "t2"), ("t2", "t1"))]
    for flow in flows:
        flow.start()
    for flow in flows:
        flow.join()
    assert sorted(outcomes)[1] == "kept"
    assert "try again" in sorted(outcomes)[0]
    store.close()


def test_a_mistake_of_ours_shows_as_what_it_is(stage: Stage) -> None:
    """It is not taken for a database that is away."""
    with pytest.raises(ZeroDivisionError), stage.store.writing() as tx:
        raise ZeroDivisionError
    with pytest.raises(Exception, match=r"(?i)syntax") as mistake, stage.store.writing() as tx:
        tx._session.connection.execute("SELEKT")
    assert not isinstance(mistake.value, StorageUnavailable)
