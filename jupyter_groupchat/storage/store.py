"""The database as a whole: opening it, and its transactions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, PoolProxiedConnection, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from jupyter_groupchat.errors import ChatReplaced, StorageUnavailable
from jupyter_groupchat.storage import schema, versions
from jupyter_groupchat.storage.faults import unavailable
from jupyter_groupchat.storage.session import Session
from jupyter_groupchat.storage.transaction import Transaction

_POOL = 8
_MESSAGES_AT_ONCE = 500
_MERGED_AT_ONCE = 200  # of its pages, of 4 kB
_PAGES_AT_ONCE = 2_000  # of 4 kB
#: Writers share it; who wants to be alone does not.
_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtext(current_schema() || '.chat'))"
_ALONE = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.chat'))"
_GENERATION = "SELECT id FROM generation"


class Store:
    """A chat's database at ``url``: ``sqlite:///path`` or ``postgresql://...``.

    ``busy_timeout`` is how many seconds to wait for another process's lock. Any thread may begin a transaction; a
    transaction belongs to the thread that began it.

    Whoever uses a store may keep what they read. So a store is good for the chat that its first transaction found: once
    all of it was put back from a backup, each transaction raises ChatReplaced, and ``replaced`` is called, once, on the
    thread that finds out.
    """

    def __init__(self, url: str, *, busy_timeout: float = 5.0) -> None:
        self.url = normal(url)
        self._busy_timeout = busy_timeout
        self._author_keys: dict[tuple[str, str], int] = {}
        self._found = Lock()
        self._generation: str | None = None
        self._is_replaced = False
        self.replaced: Callable[[], object] = lambda: None
        self._sqlite = self.url.get_backend_name() == "sqlite"
        try:
            self._engine = create_engine(
                self.url, pool_size=_POOL, pool_timeout=busy_timeout, connect_args=self._connect_args()
            )
        except ModuleNotFoundError as error:
            raise StorageUnavailable(
                "PostgreSQL needs its driver: pip install 'jupyter_groupchat[postgresql]'."
            ) from error
        event.listen(self._engine, "connect", self._connected)
        self._errors: tuple[type[Exception], ...] = (
            DBAPIError,
            NoConnectionFree,
            self._engine.dialect.loaded_dbapi.Error,
        )

    @property
    def path(self) -> Path | None:
        """The database file, where there is one."""
        return Path(self.url.database or "") if self._sqlite else None

    @property
    def generation(self) -> str:
        """Which chat this open store is for, as copies of its documents have to know."""
        assert self._generation is not None
        return self._generation

    @property
    def is_replaced(self) -> bool:
        """Whether it was found that this chat is no more."""
        return self._is_replaced

    def open(self) -> None:
        """Create the database or bring it to this version's schema.

        Raises SchemaTooNew, the database untouched, and StorageUnavailable.
        """
        if self.path is not None:
            versions.check_sqlite(self.path)
            _create_file(self.path)
        try:
            with self._engine.connect() as connection:
                if self._sqlite:
                    connection.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file; see compact
                if versions.check(_revision(connection), self._where) != versions.HEAD:
                    self._upgrade(connection)
                if self._sqlite:
                    self._write_ahead(connection)
        except self._errors as error:
            raise unavailable(error) from error
        with self.reading():  # it is for the chat that it finds now
            pass

    def revision(self) -> str | None:
        """The schema of a database that is there, None while it is empty. It is only read.

        Raises SchemaTooNew and StorageUnavailable.
        """
        try:
            with self._engine.connect() as connection:
                return versions.check(_revision(connection), self._where)
        except self._errors as error:
            raise unavailable(error) from error

    def compact(self) -> None:
        """Remove what deleted threads left behind and give the space back, in steps between which others write.

        Not for the thread that answers commands. Raises StorageUnavailable.
        """
        more = True
        while more:
            with self.writing() as tx:
                more = tx.messages.sweep(_MESSAGES_AT_ONCE)
        if not self._sqlite:
            return  # PostgreSQL does the rest by itself
        try:
            with closing(self._engine.raw_connection()) as pooled:
                driver: Any = pooled.driver_connection
                while driver.execute("PRAGMA freelist_count").fetchone()[0] > 0:
                    driver.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except self._errors as error:
            raise unavailable(error) from error

    def forget_words(self) -> None:
        """Take the words of deleted messages out of SQLite's search index, which only marks them, in steps.

        It takes as long as the index is large. Not for the thread that answers commands. Raises StorageUnavailable.
        """
        if not self._sqlite:
            return  # PostgreSQL keeps none
        pages = -_MERGED_AT_ONCE  # below zero: begin with all of it
        more = True
        while more:
            with self.writing() as tx:
                more = tx.messages.merge_words(pages)
            pages = _MERGED_AT_ONCE

    def close(self) -> None:
        """Close all connections; transactions that are under way go on."""
        self._engine.dispose()

    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction that commits when it is left, and on an error changes nothing.

        Raises StorageUnavailable for whatever the database refuses. Until then errors are the driver's, so that
        nobody takes a broken transaction for a refused request.
        """
        return self._transaction("BEGIN IMMEDIATE" if self._sqlite else f"BEGIN; {_SHARED}")

    def alone(self) -> AbstractContextManager[Transaction]:
        """Like ``writing``, while nobody else writes: those who want to wait, for at most their ``busy_timeout``."""
        return self._transaction("BEGIN IMMEDIATE" if self._sqlite else f"BEGIN; {_ALONE}")

    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction that sees one state of the database and never waits for a writer."""
        return self._transaction("BEGIN" if self._sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        try:
            pooled, generation = self._begun(begin)
        except self._errors as error:
            raise unavailable(error) from error
        driver: Any = pooled.driver_connection
        session = Session(driver, self._engine.dialect, self._author_keys)
        committing = False
        try:
            self._require(generation)
            yield Transaction(session)
            committing = True
            driver.commit()
        except BaseException as error:
            self._roll_back(pooled)
            if isinstance(error, self._errors):
                raise unavailable(error, committing=committing and not self._sqlite) from error
            raise
        else:
            self._author_keys.update(session.new_author_keys)
        finally:
            pooled.close()

    def _begun(self, begin: str) -> tuple[PoolProxiedConnection, str]:
        """A connection with a transaction begun, and the generation that it finds.

        A connection that the server closed meanwhile is replaced once.
        """
        for again in (True, False):
            pooled = self._engine.raw_connection()
            driver: Any = pooled.driver_connection
            try:
                return pooled, self._begin(driver, begin)
            except self._errors as error:
                if again and self._engine.dialect.is_disconnect(error, driver, None):  # type: ignore[arg-type]
                    pooled.invalidate()
                    self._engine.dispose()  # those that lie in the pool have lost their server too
                    continue
                self._roll_back(pooled)
                pooled.close()
                raise
        raise AssertionError("unreachable")

    def _begin(self, driver: Any, begin: str) -> str:
        if self._sqlite:
            driver.execute(begin)
            found = driver.execute(_GENERATION)
        else:
            found = driver.execute(f"{begin}; {_GENERATION}", prepare=False)  # one way there and back
            while found.nextset():
                pass
        row = found.fetchone()
        return "" if row is None else str(row[0])

    def _require(self, generation: str) -> None:
        """Raise ChatReplaced when this is another chat than the one that this store is for."""
        with self._found:
            if self._generation is None:
                self._generation = generation
            if generation == self._generation:
                return
            is_news, self._is_replaced = not self._is_replaced, True
        if is_news:
            self.replaced()
        raise ChatReplaced(
            "The chat was put back from a backup a moment ago. Nothing was changed; try again.", retry_after=1.0
        )

    def _write_ahead(self, connection: Connection) -> None:
        """Readers then never wait for a writer. SQLite switches a file only while nobody else is at it."""
        deadline = monotonic() + self._busy_timeout
        while True:
            try:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            except DBAPIError:
                if monotonic() > deadline:
                    raise
                sleep(0.02)  # another server opens the new file too; once one has switched it, this does nothing
            else:
                return

    def _roll_back(self, pooled: PoolProxiedConnection) -> None:
        driver: Any = pooled.driver_connection
        try:
            driver.rollback()
        except self._errors:
            pooled.invalidate()  # the server ends what the connection began

    def _upgrade(self, connection: Connection) -> None:
        """Create or migrate the schema in one transaction. Whoever comes second finds it done."""
        if self._sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.schema'))")
        revision = versions.check(_revision(connection), self._where)
        if revision is None:
            schema.create(connection)
        elif revision != versions.HEAD:
            from jupyter_groupchat.storage.migrations import upgrade  # Alembic takes a third of a second to import

            upgrade(connection)
        connection.commit()

    @property
    def _where(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def _connect_args(self) -> dict[str, Any]:
        if self._sqlite:
            # isolation_level None: transactions begin where this class says so, not where the driver thinks.
            return {"timeout": self._busy_timeout, "isolation_level": None, "cached_statements": 512}
        return {
            "autocommit": True,  # likewise
            "connect_timeout": max(2, round(self._busy_timeout)),
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        }

    def _connected(self, driver: Any, _record: Any) -> None:
        if self._sqlite:
            driver.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
            driver.execute("PRAGMA foreign_keys = ON")
            driver.execute("PRAGMA journal_size_limit = 16777216")
        else:
            driver.execute(f"SET lock_timeout = {round(self._busy_timeout * 1000)}")


def normal(url: str) -> URL:
    """``url`` with the driver that this package uses. Raises ValueError."""
    scheme, colon, rest = url.partition(":")
    if not colon or scheme.split("+")[0] not in ("sqlite", "postgresql", "postgres"):
        raise ValueError(f"A database URL begins with sqlite:/// or postgresql://, not {scheme!r}.")
    if scheme.startswith("sqlite"):
        parsed = make_url(f"sqlite:{rest}")
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("A chat's SQLite database is a file: sqlite:////absolute/path.")
        return parsed
    return make_url(f"postgresql+psycopg:{rest}")


def _create_file(path: Path) -> None:
    """Others on the machine must not read what people write to each other."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
    except OSError as error:
        raise StorageUnavailable(f"The chat's database {path} cannot be created: {error.strerror}.") from error


def _revision(connection: Connection) -> str | None:
    """The schema's revision; None in an empty database."""
    if connection.dialect.name == "sqlite":
        there = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
    else:
        there = "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL"
    if connection.exec_driver_sql(there).first() is None:
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
