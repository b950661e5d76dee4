"""Starting, stopping, and a database that does not work. What a crash leaves is in tests/durability."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from anyio import to_thread
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from tests.server import startup
from tests.server.client import Person, Refused
from tests.server.process import PATIENCE, ServerProcess

pytestmark = pytest.mark.anyio


def notes(server: ServerProcess) -> list[dict[str, Any]]:
    """The chat's lines in a server's log."""
    lines = server.text().splitlines()
    return [json.loads(line.partition("groupchat ")[2]) for line in lines if " groupchat {" in line]


async def never_reading(person: Person) -> asyncio.StreamWriter:
    """A socket at whose other end nobody reads, or answers."""
    place = urlsplit(person.server.socket)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    lines = [f"GET {place.path} HTTP/1.1", f"Host: {place.netloc}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]
    lines += [f"{name}: {value}" for name, value in person.headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    assert b" 101 " in await reader.readline()
    return writer


async def test_sigterm_ends_the_server_with_clients_connected(tmp_path: Path) -> None:
    """it says goodbye, waits for nobody who does not answer, and what was acknowledged is there afterwards."""
    with ServerProcess(tmp_path) as server:
        ana = Person(server, "Ana")
        thread = await ana.new_thread()
        sockets = [await ana.connect() for _ in range(20)]
        for socket in sockets:
            await socket.open(f"page:{thread}:0")
        message = await sockets[0].post(thread, "Before the end")
        deaf = await never_reading(ana)
        await to_thread.run_sync(server.stop)
        assert any(line["event"] == "stopped" for line in notes(server))
        for socket in sockets:
            assert await socket.gone() == 1001
        deaf.close()
        assert "Traceback" not in server.text()

        await to_thread.run_sync(server.start)
        again = await ana.connect()
        again.replicas = sockets[0].replicas
        await again.open(f"page:{thread}:0")
        assert again.page(thread).message(thread, message["id"]).body == "Before the end"


async def test_a_newer_schema_is_refused_at_the_start(tmp_path: Path) -> None:
    """the log says what to do, the chat answers 503, the Jupyter server lives, and the file is untouched."""
    server = ServerProcess(tmp_path)
    with closing(sqlite3.connect(server.database)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()
    before = server.database.read_bytes()
    with server:
        assert '"unavailable"' in server.text()
        assert "newer version" in server.text()
        ana = Person(server, "Ana")
        for _ in range(2):
            code, answer = await ana.call("GET", "threads")
            assert (code, answer["error"]["code"]) == (503, "storage_unavailable")
            assert "newer version" in answer["error"]["message"]
        request = HTTPRequest(f"{server.url}api/status", headers=ana.headers, request_timeout=PATIENCE)
        status = await AsyncHTTPClient().fetch(request)
        assert status.code == 200
    assert server.database.read_bytes() == before


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose database and log belong to the tests here."""
    with ServerProcess(tmp_path_factory.mktemp("own") / "new", options={"assistant_enabled": False}) as server:
        yield server


async def test_a_locked_database_fails_the_command_and_not_the_server(own: ServerProcess) -> None:
    """while another process holds the database a command fails with 503 and reading goes on; then all is well again."""
    ana = Person(own, "Ana")
    thread = await ana.new_thread()
    socket = await ana.connect()
    await socket.open(f"page:{thread}:0")
    with closing(sqlite3.connect(own.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refused) as refused:
            await socket.post(thread, "Too soon", id="m1")
        assert refused.value.code == "storage_unavailable"
        assert (await ana.ask("GET", f"threads/{thread}"))["thread"]["last_seq"] == -1
        other.execute("ROLLBACK")
    message = await socket.post(thread, "Too soon", id="m1")
    assert message["seq"] == 0
    assert [found["id"] for found in socket.page(thread).get()] == ["m1"]


async def test_the_database_is_private(own: ServerProcess) -> None:
    """only the server's own account may read the file."""
    await Person(own, "Ana").new_thread()
    assert stat.S_IMODE(own.database.stat().st_mode) == 0o600


async def test_the_log_holds_no_messages(own: ServerProcess) -> None:
    """commands are logged with who, what, where and how long, and nothing that people wrote or looked for is."""
    ana = Person(own, "Ana")
    thread = await ana.new_thread("Swordfish in the title")
    socket = await ana.connect()
    await socket.post(thread, "Swordfish in a message")
    with pytest.raises(Refused):
        await socket.command("message.post", thread=thread, body=["Swordfish of a wrong type"])
    await ana.call("POST", f"threads/{thread}/messages", '{"body": "Swordfish and no end')
    assert len((await ana.ask("GET", "search", q="swordfish"))["hits"]) == 1
    await ana.call("GET", "search", q="swordfish", limit="swordfish")
    assert "swordfish" not in own.text().lower()
    command = next(line for line in notes(own) if line.get("do") == "message.post" and line["thread"] == thread)
    assert (command["user"], command["outcome"]) == ("ana", "ok")
    assert command["ms"] >= 0


def test_a_server_that_starts_imports_nothing_heavy() -> None:
    """databases, CRDTs, models and the language model's package are imported at the first request only."""
    modules = set(startup.measure(enabled=True, alone=True)["modules"])
    assert "jupyter_groupchat" in modules
    assert not modules & {"sqlalchemy", "alembic", "pydantic", "pycrdt", "openai", "httpx2", "PIL", "tiktoken", "nh3"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"database_url": "chat.sqlite"}, "begins with sqlite:///"),
        ({"temperature": 9.0}, "the server's log says which"),
    ],
)
async def test_a_wrong_option_is_told_and_not_passed_over(
    tmp_path: Path, options: dict[str, object], words: str
) -> None:
    """with an option that makes no sense the chat answers 503 with the reason, and writes no database elsewhere."""
    with ServerProcess(tmp_path, options=options) as server:
        status, answer = await Person(server, "Ana").call("GET", "threads")
        assert (status, answer["error"]["code"]) == (503, "storage_unavailable")
        assert words in answer["error"]["message"]
        assert next(iter(options)) in server.text()
    assert not list(tmp_path.rglob("*.sqlite"))  # noqa: ASYNC240
