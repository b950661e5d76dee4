"""What an operator switches by an option, on a running server."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.browser.model_endpoint import ModelEndpoint
from tests.server.client import Client, Person, Refused
from tests.server.process import ServerProcess
from tests.server.test_assistant import ended, with_thread

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, model: ModelEndpoint) -> Iterator[ServerProcess]:
    """A server whose operator allows little."""
    options = {
        "base_url": model.base_url,
        "tools": [],
        "no_store": True,
        "audit_bodies": True,
        "shielded_accounts": ["mila"],
        "shielded_in_groups": False,
        "thread_creators": ["ana", "mila"],
    }
    with ServerProcess(tmp_path_factory.mktemp("strict"), people=("Ana", "Ben", "Mila"), options=options) as server:
        yield server


async def test_requests_say_what_the_operator_wants(strict: ServerProcess, model: ModelEndpoint) -> None:
    """that the provider keeps nothing, and no tool that was switched off"""
    ana = Person(strict, "Ana")
    thread, (anas,) = await with_thread(ana)
    model.will_answer("What is new", "Nothing.")
    await anas.post(thread, "@assistant What is new?")
    await anas.until(lambda: ended(anas, thread))
    (request,) = model.requests
    assert request["store"] is False
    assert "tools" not in request


async def test_shielded_accounts_are_kept_out_of_groups(strict: ServerProcess) -> None:
    """whichever way they would come, and nobody comes to them; they have threads of their own"""
    ana, mila = Person(strict, "Ana"), Person(strict, "Mila")
    thread = await ana.new_thread()
    code = (await ana.ask("POST", f"threads/{thread}/invitations", {}))["invitation"]["code"]
    with pytest.raises(Refused, match="threads of your own"):
        await mila.ask("POST", "invitations/accept", {"code": code})
    assert [one["username"] for one in (await ana.ask("GET", f"threads/{thread}/members"))["members"]] == ["ana"]
    own = await mila.new_thread("Homework")
    await mila.ask("POST", f"threads/{own}/messages", {"body": "mine"})
    with pytest.raises(Refused):
        await mila.ask("POST", f"threads/{own}/invitations", {})


async def test_others_start_no_threads(strict: ServerProcess) -> None:
    """neither empty, nor as a copy, nor from a file"""
    ana, ben = Person(strict, "Ana"), Person(strict, "Ben")
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    for path, body in (("threads", {"title": "Mine"}), (f"threads/{thread}/copy", {})):
        with pytest.raises(Refused, match="Only people whom the operator of this server has chosen"):
            await ben.ask("POST", path, body)
    exported = await ana.fetch("GET", f"threads/{thread}/export")
    imported = await ben.fetch("POST", "threads/import", exported.body)
    assert imported.code == 403
    assert [one["id"] for one in (await ben.ask("GET", "threads"))["threads"]] == [thread]


async def test_people_can_know_that_copies_are_kept(strict: ServerProcess) -> None:
    """from what they are told of themselves and of the server"""
    assert (await Person(strict, "Ben").ask("GET", "me"))["allowed"]["audit_bodies"] is True


async def test_old_messages_go_after_the_servers_days(tmp_path: Path) -> None:
    """as soon as it starts with the option"""
    server = ServerProcess(tmp_path, options={"retention_days": 7})
    ana = Person(server, "Ana")
    with server:
        thread = await ana.new_thread()
        old = (await ana.ask("POST", f"threads/{thread}/messages", {"body": "long ago"}))["message"]["id"]
        server.stop()
        week = timedelta(days=8) // timedelta(microseconds=1)
        with closing(sqlite3.connect(server.database)) as connection, connection:
            connection.execute("UPDATE messages SET created_at = created_at - ?", (week,))
        server.start()
        young = (await ana.ask("POST", f"threads/{thread}/messages", {"body": "just now"}))["message"]["id"]
        client = await ana.connect()
        await client.open(f"page:{thread}:0")
        await client.until(lambda: _texts(client, thread) == {old: "", young: "just now"})


def _texts(client: Client, thread: str) -> dict[str, str]:
    return {message["id"]: message["body"] for message in client.page(thread).get() if message["kind"] == "human"}
