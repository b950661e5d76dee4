"""Opening databases: new ones, old ones, those of newer versions and those of something else."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread as Flow

import pytest

from jupyter_groupchat.errors import SchemaTooNew, StorageUnavailable
from jupyter_groupchat.storage import migrations, versions
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.tables.threads import threads
from tests.storage.conftest import sqlite_url
from tests.storage.raw import execute
from tests.storage.things import Stage, minutes, post

FIXTURES = Path(__file__).parent / "fixtures"
#: The schemas of which a database is kept: those that were released.
KEPT = sorted(file.name.removesuffix(".sqlite.gz") for file in FIXTURES.glob("*.sqlite.gz"))


def test_a_new_database_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """Others on the machine read neither the file nor the directory that is made for it."""
    store = Store(sqlite_url(tmp_path / "new" / "place"))
    store.open()
    assert store.path is not None
    files = list(store.path.parent.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    store.close()


def test_a_database_on_a_file_is_durable_and_strict(sqlite: Store) -> None:
    """Write-ahead log, every commit on disk, foreign keys checked."""
    with sqlite.reading() as tx:
        run = tx._session.connection.execute
        found = [run(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["wal", 2, 1]


def test_opening_again_keeps_everything(url: str) -> None:
    """A second store on the same database sees what the first one wrote."""
    for n in range(3):
        store = Store(url)
        store.open()
        if n == 0:
            Stage(store).post("kept")
        with store.reading() as tx:
            assert [message.body for message in tx.messages.newest("t1", 10)] == ["kept"]
        store.close()


def test_servers_that_open_a_new_database_together_make_one_schema(url: str) -> None:
    """Whoever comes second finds it done."""
    stores = [Store(url, busy_timeout=60) for _ in range(4)]
    flows = [Flow(target=store.open) for store in stores]
    for flow in flows:
        flow.start()
    for flow in flows:
        flow.join()
    for n, store in enumerate(stores):
        Stage(store) if n == 0 else None
        with store.reading() as tx:
            assert tx.threads.get("t1") is not None
        store.close()


def test_a_newer_schema_is_refused_and_left_untouched(sqlite: Store) -> None:
    """Byte by byte; the message names both versions."""
    execute(sqlite, "UPDATE alembic_version SET version_num = '9999'")
    assert sqlite.path is not None
    sqlite.close()
    execute(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)")
    before = sqlite.path.read_bytes()
    with pytest.raises(SchemaTooNew, match="newer version") as refusal:
        Store(str(sqlite.url)).open()
    assert "9999" in refusal.value.message
    with pytest.raises(SchemaTooNew):
        versions.check_sqlite(sqlite.path)
    assert sqlite.path.read_bytes() == before


def test_a_newer_schema_of_a_server_that_runs_is_refused(url: str, store: Store) -> None:
    """Also while its writes are still in the write-ahead log, and on PostgreSQL."""
    execute(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        Store(url).open()


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    """As is a file that is no database."""
    path = tmp_path / "groupchat.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(StorageUnavailable, match="something else"):
        Store(sqlite_url(tmp_path)).open()
    assert path.read_bytes() == before
    path.write_bytes(b"Dear diary, " * 1_000)
    with pytest.raises(StorageUnavailable, match="cannot be read"):
        versions.check_sqlite(path)


def test_the_check_at_server_start_is_cheap(sqlite: Store, tmp_path: Path) -> None:
    """It loads neither SQLAlchemy nor Alembic; a database that is not there yet is no fault."""
    assert sqlite.path is not None
    assert versions.check_sqlite(sqlite.path) == versions.HEAD
    assert versions.check_sqlite(tmp_path / "nothing") is None
    (tmp_path / "empty").touch()
    assert versions.check_sqlite(tmp_path / "empty") is None
    code = (
        "import sys; from pathlib import Path; from jupyter_groupchat.storage import versions;"
        f" versions.check_sqlite(Path({str(sqlite.path)!r}));"
        " assert not {'sqlalchemy', 'alembic', 'psycopg'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_opening_a_new_or_current_database_does_not_load_alembic(tmp_path: Path) -> None:
    """It takes longer to import than all the rest."""
    code = (
        "import sys; from jupyter_groupchat.storage.store import Store;"
        f" [Store({sqlite_url(tmp_path)!r}).open() for _ in range(2)];"
        " assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_every_schema_has_a_migration_and_a_kept_database() -> None:
    """The last revision is the one that the code knows as the newest, and is kept once it is released."""
    scripts = migrations.directory()
    revisions = [script.revision for script in scripts.walk_revisions()][::-1]
    assert tuple(revisions) == versions.REVISIONS
    assert scripts.get_current_head() == versions.HEAD
    assert KEPT in (list(versions.REVISIONS), list(versions.REVISIONS[:-1]))
    for revision in KEPT:
        assert (FIXTURES / f"{revision}.postgresql.sql").exists()


@pytest.mark.parametrize("revision", KEPT)
def test_databases_of_every_schema_open_for_ever(revision: str, tmp_path: Path) -> None:
    """With everything in them, and with the schema that a new database has."""
    path = tmp_path / "groupchat.sqlite"
    with gzip.open(FIXTURES / f"{revision}.sqlite.gz") as kept, path.open("wb") as file:
        shutil.copyfileobj(kept, file)
    store = Store(sqlite_url(tmp_path))
    store.open()
    with store.writing() as tx:
        (summary,) = tx.threads.of("bob")
        assert (summary.thread.title, summary.unread, summary.mentions) == ("Thread t1", 2, 1)
        assert [message.body for message in tx.messages.newest("t1", 10)] == ["", "Look at cell 3, @bob", "Hello"]
        assert [message.seq for message in tx.messages.search("cell", username="bob")] == [1]
        assert tx.documents.load("page:t1:0").updates == (b"update 2",)
        assert tx.documents.load("page:t1:0").snapshot == b"snapshot"
        assert tx.replies.manifest("r1") is not None
        assert tx.files.data("aa") == b"data"
        assert tx.audit.verify() is None
        assert tx.usage.count_since("ana", minutes(-1)) == (1, 30)
        assert post(tx, author="bob").seq == 3
        tx.audit.append("t1", "bob", "test", {}, minutes(5))
        assert tx.audit.verify() is None
    new = Store(sqlite_url(tmp_path / "new"))
    new.open()
    # But for white space: SQLite writes a column that is added on the same line.
    schema = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    tables, expected = ([(name, (sql or "").split()) for name, sql in execute(each, schema)] for each in (store, new))
    assert tables == expected
    store.close()
    new.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("revision", KEPT)
def test_postgresql_databases_of_every_schema_become_the_newest(
    revision: str, postgresql_url: str, postgresql_server: str
) -> None:
    """With the same tables, columns and indexes that a new one has."""
    from tests.postgres import empty_schema

    old = Store(postgresql_url)
    execute(old, (FIXTURES / f"{revision}.postgresql.sql").read_text())
    old.open()
    with empty_schema(postgresql_server) as url:
        new = Store(url)
        new.open()
        assert _structure(old) == _structure(new)
        new.close()
    Stage(old).post("works")
    old.close()


def test_ids_of_the_first_schema_are_found_in_the_newest(tmp_path: Path) -> None:
    """Those that browsers take are shorter now; nobody's link and nobody's repeated post may miss its message."""
    path = tmp_path / "groupchat.sqlite"
    with gzip.open(FIXTURES / "0001.sqlite.gz") as kept, path.open("wb") as file:
        shutil.copyfileobj(kept, file)
    store = Store(sqlite_url(tmp_path))
    _find_older_ids(store, lambda id: f"x'{(chr(0) + id).encode().hex()}'")


@pytest.mark.postgresql
def test_ids_of_the_first_schema_are_found_on_postgresql(postgresql_url: str) -> None:
    """As on SQLite."""
    store = Store(postgresql_url)
    execute(store, (FIXTURES / "0001.postgresql.sql").read_text())
    execute(
        store,
        "INSERT INTO threads (key, id, last_seq, updated_at, title, mode, created_at, created_by, instructions)"
        " VALUES (1, 't1', 2, 0, 'Thread', 'assistant', 0, 'ana', '')",
    )
    execute(store, "INSERT INTO authors (key, username, name) VALUES (1, 'ana', 'Ana')")
    _find_older_ids(store, lambda id: f"decode('{(chr(0) + id).encode().hex()}', 'hex')")


def _find_older_ids(store: Store, as_sql: Callable[[str], str]) -> None:
    ids = ["0123456789abcdef" * 2, "0123456789ABCDEF" * 2, "x" * 32, "longer-than-sixteen"]
    for number, id in enumerate(ids, start=10):
        execute(
            store,
            "INSERT INTO messages (key, thread, id, author, kind, status, deleted, created_at, body)"
            f" VALUES ({(1 << 32) + number}, 1, {as_sql(id)}, 1, 0, 0, {'0' if store.path else 'false'}, 0, 'text')",
        )
    store.open()
    with store.writing() as tx:
        for number, id in enumerate(ids, start=10):
            found = tx.messages.get("t1", id)
            assert found is not None
            assert (found.id, found.seq) == (id, number)
    assert execute(store, "SELECT count(*) FROM messages WHERE length(id) = 17 AND body = 'text'") == [(1,)]
    store.close()


def _structure(store: Store) -> list[tuple[object, ...]]:
    columns = (
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
        " WHERE table_schema = current_schema() ORDER BY 1, 2"
    )
    indexes = (
        "SELECT tablename, indexname, replace(indexdef, current_schema() || '.', '') FROM pg_indexes"
        " WHERE schemaname = current_schema() ORDER BY 1, 2"
    )
    keys = (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = current_schema()::regnamespace ORDER BY 1, 2"
    )
    return [row for sql in (columns, indexes, keys) for row in execute(store, sql)]


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Migrations with one more than there is."""
    copy = tmp_path / "migrations"
    shutil.copytree(migrations.SCRIPTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9999.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f"revision, down_revision = '9999', {versions.HEAD!r}\n"
        "def upgrade():\n"
        "    op.add_column('threads', sa.Column('pinned', sa.Integer(), nullable=True))\n"
        "    op.execute('UPDATE threads SET pinned = 1 / (SELECT count(*) FROM members)')\n"
        "    op.execute('INSERT INTO members SELECT * FROM members WHERE (SELECT count(*) FROM commands) > 0')\n"
    )
    return copy


def test_a_migration_changes_schema_and_rows(stage: Stage, scripts: Path) -> None:
    """In the transaction that was begun for it."""
    with stage.store._engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        migrations.upgrade(connection, scripts)
        connection.commit()
    assert execute(stage.store, "SELECT pinned FROM threads") == [(0,)]
    assert execute(stage.store, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_migration_that_fails_leaves_the_database_as_it_was(stage: Stage, scripts: Path) -> None:
    """Schema, rows and revision."""
    with stage.store.writing() as tx:
        tx.commands.remember("ana", "c1", {}, minutes(0))

    def migrate() -> None:
        with stage.store._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            migrations.upgrade(connection, scripts)

    with pytest.raises(Exception, match=r"(?i)unique"):
        migrate()
    assert execute(stage.store, "SELECT version_num FROM alembic_version") == [(versions.HEAD,)]
    stage.post("still works")
    with stage.store.reading() as tx:
        assert tx.messages.count("t1") == 1
    assert "pinned" not in threads.c


def test_other_databases_are_refused_by_name() -> None:
    """As are those that live in memory and would be gone with the server."""
    for url in ("mysql://localhost/chat", "groupchat.sqlite", "sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="sqlite"):
            Store(url)
