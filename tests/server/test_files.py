"""Files on a running server: what is taken, what is refused, and how they come back."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.server.client import Person, Refused
from tests.server.process import ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

TABLE = b"plan,rate\nbasic,0.187\n"
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}).encode()


def picture(format: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture."""
    data = io.BytesIO()
    Image.effect_noise(size, 50).save(data, format)
    return data.getvalue()


def huge_picture() -> bytes:
    """A small PNG that would take 2.5 GB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (50_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def archive() -> bytes:
    """A small archive of a large file."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(20_000_000))
    return data.getvalue()


TAKEN = [
    ("plot.png", picture(), "image/png"),
    ("photo.JPG", picture("JPEG"), "image/jpeg"),
    ("loop.gif", picture("GIF"), "image/gif"),
    ("shot.webp", picture("WEBP"), "image/webp"),
    ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    ("rates.csv", TABLE, "text/csv"),
    ("model.ipynb", NOTEBOOK, "application/x-ipynb+json"),
    ("fit.py", b"a < b and print('<svg>')\n", "text/plain"),
    ("GR\u00dc\u00dfE.md", "Gr\u00fc\u00dfe \U0001f44b".encode(), "text/markdown"),
]
REFUSED = {
    "empty": ("rates.csv", b"", "empty"),
    "an archive": ("data.zip", archive(), "not taken here"),
    "an archive that says it is a table": ("data.csv", archive(), "not what is in it"),
    "a text that says it is a picture": ("plot.png", TABLE, "not what is in it"),
    "a picture that says it is a table": ("rates.csv", picture(), "not what is in it"),
    "a picture that says it is another": ("plot.jpg", picture(), "not what is in it"),
    "half a picture": ("plot.png", picture()[:900], "damaged"),
    "half a photograph": ("photo.jpg", picture("JPEG", (900, 900))[:5_000], "damaged"),
    "a picture of huge dimensions": ("plot.png", huge_picture(), "pixels"),
    "SVG": (
        "plot.svg",
        b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="x"/>',
        "HTML and SVG",
    ),
    "SVG that says it is text": ("plot.txt", b"  <svg onload=alert(1)>", "HTML and SVG"),
    "HTML": ("page.html", b"Only words.", "HTML and SVG"),
    "HTML that says it is text": ("page.txt", b"\n<!DOCTYPE html><script>alert(1)</script>", "HTML and SVG"),
    "text that is not UTF-8": ("rates.csv", "Grüße".encode("latin-1"), "not what is in it"),
    "a program": ("run", b"\x7fELF\x02\x01\x01\x00", "not taken here"),
    "JSON that is no notebook": ("model.ipynb", b'{"cells": 1}', "not what is in it"),
    "a notebook that nests without end": ("model.ipynb", b"[" * 100_000, "not what is in it"),
}


async def put(person: Person, thread: str, name: str, data: bytes) -> dict[str, Any]:
    """Put a file into a thread."""
    file: dict[str, Any] = (await person.ask("POST", f"threads/{thread}/files", data, name=name))["file"]
    return file


@pytest.mark.parametrize(("name", "data", "kind"), TAKEN, ids=[name for name, _, _ in TAKEN])
async def test_what_is_taken_comes_back_as_it_was(ana: Person, ben: Person, name: str, data: bytes, kind: str) -> None:
    """a file gets the type of its content; another member gets its bytes, and a browser runs nothing of them."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    file = await put(ana, thread, name, data)
    assert (file["name"], file["media_type"], file["size"], file["uploaded_by"]) == (name, kind, len(data), "ana")
    posted = await ana.ask("POST", f"threads/{thread}/messages", {"body": "", "files": [file["id"]]})
    assert posted["message"]["files"] == [file["id"]]
    answer = await ben.fetch("GET", f"threads/{thread}/files/{file['id']}")
    assert (answer.code, answer.body, answer.headers["Content-Type"]) == (200, data, kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert ("Content-Disposition" in answer.headers) != kind.startswith("image/")


@pytest.mark.parametrize(("name", "data", "why"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_leaves_nothing(ana: Person, name: str, data: bytes, why: str) -> None:
    """the refusal says why, and the thread has no file and no line in its audit log."""
    thread = await ana.new_thread()
    with pytest.raises(Refused, match=why) as refused:
        await put(ana, thread, name, data)
    assert refused.value.code == "invalid_request"
    assert "file.put" not in {line["action"] for line in (await ana.ask("GET", f"threads/{thread}/audit"))["audit"]}


async def test_names_say_what_they_show(ana: Person) -> None:
    """folders, control characters and those that turn text around are no part of a name."""
    thread = await ana.new_thread()
    for name, shown in (
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\a  b.csv", "a b.csv"),
        ("gpj.\u202etxt", "gpj.txt"),
        ("\r\nSet-Cookie: a=b.txt", "Set-Cookie: a=b.txt"),
        ("...", "file"),
        ("x" * 900 + ".csv", "x" * 196 + ".csv"),
    ):
        assert (await put(ana, thread, name, TABLE))["name"] == shown


async def test_only_members_put_and_get_files(ana: Person, ben: Person, eve: Person, server: ServerProcess) -> None:
    """strangers and the removed know of no such thread; who may only read at this server is told so."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    file = await put(ben, thread, "rates.csv", TABLE)
    await ana.ask("DELETE", f"threads/{thread}/members/ben")
    for stranger in (ben, eve):
        with pytest.raises(Refused) as refused:
            await put(stranger, thread, "rates.csv", TABLE)
        assert refused.value.code == "not_found"
        for method in ("GET", "DELETE"):
            with pytest.raises(Refused) as refused:
                await stranger.ask(method, f"threads/{thread}/files/{file['id']}")
            assert refused.value.code == "not_found"
    status, _ = await Person(server, "Gus").call("POST", f"threads/{thread}/files", TABLE, name="a.csv")
    assert status == 403
    status, _ = await ana.call("POST", f"threads/{thread}/files", TABLE, name="a.csv", headers={})
    assert status == 403


async def test_a_deleted_file_is_gone(ana: Person, ben: Person) -> None:
    """the document no longer names it, and nobody gets it."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    file = await put(ana, thread, "rates.csv", TABLE)
    socket = await ben.connect()
    await socket.open(f"thread:{thread}")
    assert socket.thread(thread).has_file(file["id"])
    assert await ana.ask("DELETE", f"threads/{thread}/files/{file['id']}") == {}
    await socket.until(lambda: not socket.thread(thread).has_file(file["id"]))
    with pytest.raises(Refused, match="no such file"):
        await ben.ask("GET", f"threads/{thread}/files/{file['id']}")


async def test_the_call_itself(ana: Person) -> None:
    """a file needs a name; nothing else can be asked at its address; the same id is the same file."""
    thread = await ana.new_thread()
    with pytest.raises(Refused, match="name"):
        await ana.ask("POST", f"threads/{thread}/files", TABLE)
    with pytest.raises(Refused, match="POST is"):
        await ana.ask("GET", f"threads/{thread}/files")
    with pytest.raises(Refused, match="thread"):
        await put(ana, "no%20id", "rates.csv", TABLE)
    first = await ana.ask("POST", f"threads/{thread}/files", TABLE, name="a.csv", id="f1")
    assert await ana.ask("POST", f"threads/{thread}/files", TABLE, name="a.csv", id="f1") == first


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that takes small tables only."""
    options = {"file_bytes": 100_000, "files_per_thread": 2, "file_types": ["text/csv"], "assistant_enabled": False}
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    folder = tmp_path_factory.mktemp("small")
    with ServerProcess(folder, people=("Ana",), options=options, environment=environment) as server:
        yield server


async def test_the_operators_limits(small: ServerProcess) -> None:
    """size, kind and number are limited, ``me`` says how, and a file far over the limit is refused in words."""
    ana = Person(small, "Ana")
    limits = (await ana.ask("GET", "me"))["limits"]
    assert (limits["file_bytes"], limits["file_types"]) == (100_000, ["text/csv"])
    thread = await ana.new_thread()
    for size in (100_001, 30_000_000):
        status, answer = await ana.call("POST", f"threads/{thread}/files", b"x" * size, name="rates.csv")
        assert (status, answer["error"]["code"], answer["error"]["details"]) == (413, "too_large", {"limit": 100_000})
    with pytest.raises(Refused, match="Possible are: CSV"):
        await put(ana, thread, "plot.png", picture())
    for _ in range(2):
        await put(ana, thread, "rates.csv", TABLE)
    with pytest.raises(Refused, match="at most 2 files") as refused:
        await put(ana, thread, "rates.csv", TABLE)
    assert refused.value.code == "conflict"
