"""What is done from a terminal while a server runs on the same chat."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import quote

import pytest

from jupyter_groupchat.kernel.client import ThreadClient
from jupyter_groupchat.transfer.reading import read
from jupyter_groupchat.types import MessageKind
from tests.cli.conftest import Run
from tests.server.client import Client, Person, Refused
from tests.server.process import PATIENCE, ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A running server without an assistant."""
    folder = tmp_path_factory.mktemp("server")
    with ServerProcess(folder, options={"assistant_enabled": False, "commands_per_second": 10_000.0}) as server:
        yield server


@pytest.fixture
def folder(server: ServerProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A terminal of the server's account: the commands read the server's own configuration."""
    for name in ("HOME", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(server.folder / "config"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bodies(client: Client, thread: str) -> list[str]:
    """What people said on the first page, as somebody sees it."""
    return [message.body for message in client.page(thread).messages(thread) if message.kind is MessageKind.HUMAN]


async def test_the_server_hears_who_is_let_in_and_out(run: Run, ana: Person, ben: Person) -> None:
    """At once: the thread is in their list, others see them, and when they are removed their channels close."""
    thread = await ana.new_thread()
    hers, his = await ana.connect(), await ben.connect()
    await hers.open(f"thread:{thread}")
    assert run("members", "add", "--name=Ben", "--", thread, "ben").code == 0
    joined = await his.event("thread.joined", thread=thread)
    assert joined["role"] == "member"
    await hers.until(lambda: "ben" in hers.thread(thread).get()["members"])
    await his.open(f"thread:{thread}")

    assert run("members", "owner", "--", thread, "ben").code == 0
    await his.event("role.changed", thread=thread, role="owner")
    await ben.ask("PATCH", f"threads/{thread}", {"archived": True})

    assert run("members", "remove", "--", thread, "ana").code == 0
    assert (await hers.event("thread.gone", thread=thread))["why"] == "removed"
    with pytest.raises(Refused):
        await ana.ask("GET", f"threads/{thread}")
    his.close()
    hers.close()


async def test_an_import_appears_in_its_owners_list(run: Run, ana: Person, folder: Path) -> None:
    """With all that was said, and it can be gone on with."""
    old = await ana.new_thread("Old")
    for number in range(3):
        await ana.ask("POST", f"threads/{old}/messages", {"body": f"number {number}"})
    assert run("export", "--output=old.jsonl", "--", old).code == 0
    socket: Client = await ana.connect()
    ran = run("import", "old.jsonl", "--owner=ana", "--name=Ana", "--title=New")
    assert ran.code == 0
    assert "was in no thread before" not in ran.complained
    new = ran.said.split()[-1]
    await socket.event("thread.joined", thread=new, title="New")
    await socket.open(f"page:{new}:0")
    bodies = [message.body for message in socket.page(new).messages(new)]
    assert bodies[:3] == ["number 0", "number 1", "number 2"]
    assert (await socket.post(new, "And now?"))["seq"] == 4
    socket.close()


async def test_a_whole_chat_is_put_back(run: Run, ana: Person, ben: Person, folder: Path) -> None:
    """While the server runs: people are sent away for a moment, and what they come back to is as it was then."""
    thread = await ana.new_thread("Before")
    await ana.invite(thread, ben)
    hers, his = await ana.connect(), await ben.connect()
    for socket in (hers, his):
        await socket.open(f"thread:{thread}")
        await socket.open(f"page:{thread}:0")
    await hers.post(thread, "before")
    assert run("backup", "b.sqlite").code == 0
    listed = run("members", "list", f"--GroupChat.database_url=sqlite:///{folder / 'b.sqlite'}")
    assert thread in listed.said
    await his.post(thread, "after")
    later = await ben.new_thread("After")

    asked = run("restore", "b.sqlite")
    assert (asked.code, asked.complained) == (
        1,
        "Nothing was changed: say --yes to replace the whole chat with it.\n",
    )
    ran = run("restore", "b.sqlite", "--yes", "--keep=kept.sqlite")
    assert ran.code == 0
    assert "What the chat was before is in kept.sqlite" in ran.said
    assert [await hers.gone(), await his.gone()] == [4410, 4410]

    old = his.generation
    hers, his = await ana.connect(), await ben.connect()
    await his.open(f"thread:{thread}")
    await his.open(f"page:{thread}:0")
    assert his.generation != old
    assert bodies(his, thread) == ["before"]
    with pytest.raises(Refused):
        await his.open(f"thread:{later}")
    assert later not in [row["id"] for row in (await ben.ask("GET", "threads"))["threads"]]
    await hers.open(f"page:{thread}:0")
    await hers.post(thread, "It goes on.")
    await his.until(lambda: bodies(his, thread) == ["before", "It goes on."])
    assert run("audit", "verify").code == 0
    hers.close()
    his.close()


async def test_programs_go_on_with_a_chat_that_was_put_back(run: Run, server: ServerProcess, ana: Person) -> None:
    """What they were not answered is asked again, once; they hear of nothing twice, and of what comes then."""
    thread = await ana.new_thread("Programs")
    with ThreadClient(server.url, server.token("Ana")) as client:
        handle = client.thread(thread)
        heard: SimpleQueue[Any] = SimpleQueue()
        stop = handle.listen(heard.put)
        for number in range(300):
            await ana.ask("POST", f"threads/{thread}/messages", {"body": f"number {number}"})
            if number == 9:
                assert run("backup", "p.sqlite").code == 0
        said = [(await asyncio.to_thread(heard.get, timeout=PATIENCE)).body for _ in range(300)]
        assert said == [f"number {number}" for number in range(300)]
        assert run("restore", "p.sqlite", "--yes").code == 0
        posted = await asyncio.to_thread(handle.post, "number 10 again")
        assert (await asyncio.to_thread(heard.get, timeout=PATIENCE)).body == "number 10 again"
        told = (await ana.ask("GET", f"threads/{thread}/messages"))["messages"]
        assert [one["body"] for one in told][:2] == ["number 10 again", "number 9"]
        assert told[0]["id"] == posted.id
        stop()


async def test_a_thread_is_brought_back_from_a_backup(run: Run, ana: Person, ben: Person) -> None:
    """While the server runs, with authors, members, replies and cells; what is there is not touched, and it goes on."""
    thread = await ana.new_thread("Churn review")
    await ana.invite(thread, ben)
    cell = {"notebook": "a.ipynb", "cell_id": "c1", "cell_type": "code", "source": "1 + 1", "outputs": []}
    await ana.ask("PUT", f"threads/{thread}/cells/s1", cell)
    first = (await ana.ask("POST", f"threads/{thread}/messages", {"body": "look", "cells": ["s1"]}))["message"]["id"]
    reply = {"body": "I see", "reply_to": first}
    await ben.ask("POST", f"threads/{thread}/messages", reply)
    await ana.ask("PUT", f"threads/{thread}/messages/{first}/reactions/{quote('👍')}", {})
    gone = (await ana.ask("POST", f"threads/{thread}/messages", {"body": "secret"}))["message"]["id"]
    await ana.ask("DELETE", f"threads/{thread}/messages/{gone}")
    assert run("backup", "c.sqlite").code == 0
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "after the backup"})
    listed = run("restore", "c.sqlite", "--list")
    assert thread in listed.said
    assert "Churn review  (ana, ben)" in listed.said
    hers, his = await ana.connect(), await ben.connect()

    done = run("restore", "c.sqlite", f"--thread={thread}")
    assert done.code == 0
    new = done.said.splitlines()[0].split()[-1]
    for socket in (hers, his):
        await socket.event("thread.joined", thread=new)
        await socket.open(f"page:{new}:0")
        await socket.open(f"thread:{new}")
    told = (await ben.ask("GET", f"threads/{new}/messages"))["messages"][::-1]
    said = [one for one in told if one["kind"] != "system"]
    assert [(one["author"], one["kind"], one["body"]) for one in said] == [
        ("ana", "human", "look"),
        ("ben", "human", "I see"),
    ]
    assert (said[1]["reply_to"], said[0]["reactions"], said[0]["cells"]) == (said[0]["id"], {"👍": ["ana"]}, ["s1"])
    assert said[0]["id"] != first
    assert any("operator restored this thread" in one["body"] for one in told)
    assert hers.thread(new).get()["cells"]["s1"]["shared_by"] == "ana"
    roles = {one["username"]: one["role"] for one in (await ana.ask("GET", f"threads/{new}/members"))["members"]}
    assert roles == {"ana": "owner", "ben": "member"}
    await his.post(new, "It goes on.")
    newest = (await ana.ask("GET", f"threads/{thread}/messages"))["messages"][0]
    assert newest["body"] == "after the backup"
    hers.close()
    his.close()
    unknown = run("restore", "c.sqlite", "--thread=nothing")
    assert unknown.code == 1


async def test_space_is_given_back_and_the_log_verified(run: Run, ana: Person) -> None:
    """While people write."""
    thread = await ana.new_thread()
    socket = await ana.connect()
    await socket.open(f"page:{thread}:0")
    for number in range(5):
        await socket.post(thread, f"number {number}")
    assert run("compact").code == 0
    await socket.post(thread, "number 5")
    fresh = await ana.connect()
    await fresh.open(f"page:{thread}:0")
    assert [message.body for message in fresh.page(thread).messages(thread)] == [f"number {n}" for n in range(6)]
    assert run("audit", "verify").code == 0
    socket.close()
    fresh.close()


async def test_what_was_exported_is_whole(run: Run, ana: Person, folder: Path) -> None:
    """To standard output, as a program reads it."""
    thread = await ana.new_thread("Whole")
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "Hello"})
    text = run("export", "--", thread).said
    (folder / "t.jsonl").write_text(text, encoding="utf-8")
    with (folder / "t.jsonl").open("rb") as file:
        assert [message.body for message in read(file, limit=1_000_000).messages] == ["Hello"]
    assert json.loads(text.splitlines()[-1])["messages"] == 1
