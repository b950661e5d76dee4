"""Exports and imports on a running server."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import socket
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from tests.server.client import Person, Refused
from tests.server.process import PATIENCE, ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

CHAT = {
    "messages": [{"id": "m1", "type": "msg", "body": "Hello", "sender": "ben", "time": 1_732_440_600.0}],
    "users": {"ben": {"username": "ben", "name": "Ben", "display_name": "Ben"}},
}


async def test_a_thread_is_downloaded(ana: Person, ben: Person) -> None:
    """In each format, under a name made of its title, as a file that no browser shows in the server's origin."""
    thread = await ana.new_thread("Churn: „Frühling“")
    await ana.invite(thread, ben)
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "Look <b>here</b>"})
    bodies = {}
    for query, suffix, kind in (
        ("", "jsonl", "application/x-ndjson"),
        ("?format=markdown", "md", "text/markdown; charset=utf-8"),
        ("?format=ipynb", "ipynb", "application/x-ipynb+json"),
    ):
        response = await ben.fetch("GET", f"threads/{thread}/export{query}")
        assert response.code == 200
        assert response.headers["Content-Type"] == kind
        name = f"filename*=utf-8''Churn-Fr%C3%BChling.{suffix}"
        assert response.headers["Content-Disposition"] == f"attachment; {name}"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert "Content-Length" not in response.headers  # it was sent while it was read
        bodies[suffix] = response.body.decode()
    assert json.loads(bodies["jsonl"].splitlines()[-1]) == {
        "type": "end",
        "members": 2,
        "cells": 0,
        "files": 0,
        "messages": 2,
    }
    assert "> Look &lt;b>here&lt;/b>" in bodies["md"]
    nbformat.validate(nbformat.reads(bodies["ipynb"], as_version=4))


async def test_only_members_download(ana: Person, eve: Person) -> None:
    """To others there is no such thread, and there are no other formats."""
    thread = await ana.new_thread()
    for somebody, path, query, code in (
        (eve, f"threads/{thread}/export", {}, "not_found"),
        (ana, "threads/nowhere/export", {}, "not_found"),
        (ana, f"threads/{thread}/export", {"format": "pdf"}, "invalid_request"),
        (ana, f"threads/{thread}/export", {"page": "1"}, "invalid_request"),
    ):
        with pytest.raises(Refused) as refused:
            await somebody.ask("GET", path, **query)
        assert refused.value.code == code


async def test_a_download_ends_when_its_reader_is_removed(server: ServerProcess, ana: Person, ben: Person) -> None:
    """What they have by then has no end, so that nobody takes it for the whole."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    for number in range(5):
        noise = io.BytesIO()
        Image.effect_noise((1_500, 1_500), 100).save(noise, "PNG")
        data = {"image/png": base64.b64encode(noise.getvalue()).decode()}
        output = {"output_type": "display_data", "data": data, "metadata": {}}
        cell = {"notebook": "a.ipynb", "cell_id": f"c{number}", "cell_type": "code", "source": "", "outputs": [output]}
        await ana.ask("PUT", f"threads/{thread}/cells/s{number}", cell)

    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    port = int(server.url.rstrip("/").rpartition(":")[2])
    await loop.sock_connect(connection, ("127.0.0.1", port))
    head = f"GET /groupchat/api/threads/{thread}/export HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    await loop.sock_sendall(connection, f"{head}Authorization: token {server.token('Ben')}\r\n\r\n".encode())
    received = b""
    async with asyncio.timeout(PATIENCE):
        while b'"type":"cell"' not in received:
            received += await loop.sock_recv(connection, 65_536)
    assert received.startswith(b"HTTP/1.1 200 OK")
    await ana.ask("DELETE", f"threads/{thread}/members/ben")
    async with asyncio.timeout(PATIENCE):
        while piece := await loop.sock_recv(connection, 1 << 20):
            received += piece
    connection.close()
    assert not received.endswith(b"0\r\n\r\n")
    assert (await ana.fetch("GET", f"threads/{thread}/export")).body.endswith(b'"cells":5,"files":0,"messages":2}\n')


async def test_an_export_is_imported(ana: Person, ben: Person) -> None:
    """By whoever has the file, as a thread of their own, under its title or another."""
    thread = await ana.new_thread("Churn review")
    await ana.ask("POST", f"threads/{thread}/messages", {"id": "m1", "body": "@ben Hello"})
    file = (await ana.fetch("GET", f"threads/{thread}/export")).body
    status, answer = await ben.call("POST", "threads/import", file)
    assert status == 201
    imported = answer["thread"]
    assert (imported["title"], imported["created_by"], imported["unread"], imported["mentions"]) == (
        "Churn review",
        "ben",
        0,
        0,
    )
    messages = (await ben.ask("GET", f"threads/{imported['id']}/messages"))["messages"]
    assert [(message["author"], message["author_name"], message["kind"], message["body"]) for message in messages] == [
        ("ben", "Ben", "system", "Ben brought 1 message in from a file."),
        ("import:ana", "Ana", "import", "@ben Hello"),
    ]
    assert messages[1]["mentions"] == []
    again = await ben.ask("POST", "threads/import", file, title="Mine")
    assert again["thread"]["title"] == "Mine"


async def test_a_chat_file_is_imported(ana: Person) -> None:
    """What jupyterlab-chat left."""
    answer = await ana.ask("POST", "threads/import", json.dumps(CHAT))
    assert answer["thread"]["title"] == "Imported chat"


async def test_a_file_that_is_wrong_changes_nothing(ana: Person) -> None:
    """The line is named, and there is no thread."""
    before = await ana.ask("GET", "threads")
    for body, words in (
        (b"", "The file is empty."),
        (b"\xff\xfe", "The file: this is not JSON"),
        (b'{"type": "thread", "format": "jupyter_groupchat"}\n', "Line 1: version: Field required;"),
        (json.dumps(CHAT).replace("1732440600.0", '"x"'), "The file: messages.0.time: "),
    ):
        with pytest.raises(Refused, match=words) as refused:
            await ana.ask("POST", "threads/import", body)
        assert refused.value.code == "invalid_request"
    with pytest.raises(Refused):
        await ana.ask("POST", "threads/import", json.dumps(CHAT), title=" ")
    assert await ana.ask("GET", "threads") == before


async def test_a_large_file_is_refused(tmp_path: Path) -> None:
    """Larger than the operator allows, whatever it holds."""
    with ServerProcess(tmp_path, options={"import_bytes": 1_000, "assistant_enabled": False}) as server:
        ana = Person(server, "Ana")
        status, answer = await ana.call("POST", "threads/import", b" " * 5_000_000)
        assert (status, answer["error"]["code"], answer["error"]["details"]) == (413, "too_large", {"limit": 1_000})
        assert (await ana.ask("GET", "threads")) == {"threads": []}
