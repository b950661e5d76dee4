"""What a server with small limits does at each of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from tests.server.client import Person, Refused
from tests.server.process import PATIENCE, ServerProcess

pytestmark = pytest.mark.anyio

PEOPLE = ("Ana", "Ben", "Cleo", "Dan")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server where everything is scarce."""
    options = {
        "assistant_enabled": False,
        "body_bytes": 100,
        "commands_per_second": 5.0,
        "frame_bytes": 2_048,
        "members_per_thread": 2,
        "subscriptions": 2,
        "threads_per_person": 2,
    }
    folder = tmp_path_factory.mktemp("small")
    with ServerProcess(folder, people=(*PEOPLE, "Flo", "Busy", "Many"), options=options) as server:
        yield server


async def test_a_thread_is_full(small: ServerProcess) -> None:
    """one member more than there may be is refused, and the invitation is not used up by it."""
    ana, ben, cleo = (Person(small, name) for name in PEOPLE[:3])
    thread = await ana.new_thread()
    invitation = (await ana.ask("POST", f"threads/{thread}/invitations", {}))["invitation"]
    await ben.ask("POST", "invitations/accept", {"code": invitation["code"]})
    status, answer = await cleo.call("POST", "invitations/accept", {"code": invitation["code"]})
    assert (status, answer["error"]["code"]) == (409, "thread_full")
    await ben.ask("POST", f"threads/{thread}/leave")
    assert (await cleo.ask("POST", "invitations/accept", {"code": invitation["code"]}))["thread"]["id"] == thread


async def test_one_person_has_so_many_threads(small: ServerProcess) -> None:
    """a thread more than the limit is refused with the limit in the message."""
    many = Person(small, "Many")
    for _ in range(2):
        await many.new_thread()
    with pytest.raises(Refused, match="2") as refused:
        await many.new_thread()
    assert refused.value.code == "conflict"


async def test_a_frame_that_is_too_large(small: ServerProcess) -> None:
    """a command over the limit is refused by its id; twice as much closes the connection."""
    dan = Person(small, "Dan")
    socket = await dan.connect()
    with pytest.raises(Refused, match="2,048") as refused:
        await socket.command("thread.create", title="A", instructions="x" * 2_100)
    assert refused.value.code == "too_large"
    status, answer = await dan.call("POST", "threads", {"title": "A", "instructions": "x" * 2_100})
    assert (status, answer["error"]["code"]) == (413, "too_large")
    socket.send_raw("x" * 5_000)
    await socket.gone()


async def test_too_many_commands(small: ServerProcess) -> None:
    """beyond the rate each command is refused by its id, with the seconds to wait; waiting is enough."""
    busy = Person(small, "Busy")
    socket = await busy.connect()
    answers = [socket.send("typing", thread="nowhere") for _ in range(40)]
    errors = [error for error in await asyncio.gather(*answers, return_exceptions=True) if isinstance(error, Refused)]
    limited = [error for error in errors if error.code == "rate_limited"]
    assert len(errors) == 40
    assert 0 < len(limited) <= 20
    assert 0 < limited[-1].details["retry_after"] <= 1
    status, answer = await busy.call("POST", "threads", {"title": "A"})
    if status == 429:  # unless a slow machine took long enough over this
        assert answer["error"]["code"] == "rate_limited"
    async with asyncio.timeout(PATIENCE):
        while status == 429:
            status, _ = await busy.call("POST", "threads", {"title": "After a rest"})
    assert status == 201


async def test_too_many_documents(small: ServerProcess) -> None:
    """a connection can open so many documents and no more, until it closes one."""
    flo = Person(small, "Flo")
    thread = await flo.new_thread()
    socket = await flo.connect()
    await socket.open(f"thread:{thread}")
    await socket.open(f"page:{thread}:0")
    with pytest.raises(Refused, match="2 documents") as refused:
        await socket.command("subscribe", doc=f"page:{thread}:1")
    assert refused.value.code == "conflict"
    with pytest.raises(Refused, match="already") as refused:
        await socket.command("subscribe", doc=f"thread:{thread}")
    await socket.command("unsubscribe", channel=socket.channels[f"thread:{thread}"])
    await socket.open(f"thread:{thread}")


async def test_a_client_that_does_not_read_is_dropped(tmp_path: Path) -> None:
    """who reads nothing is disconnected with 4408 while the others go on, and catches up when it comes back."""
    options = {"send_queue_bytes": 65_536, "commands_per_second": 10_000.0, "assistant_enabled": False}
    with ServerProcess(tmp_path, options=options) as server:
        ana, ben = Person(server, "Ana"), Person(server, "Ben")
        thread = await ana.new_thread()
        await ana.invite(thread, ben)
        writer = await ana.connect()
        # Without a callback, tornado's client reads no further than what is asked of it.
        slow = await websocket_connect(HTTPRequest(server.socket, headers=ben.headers, connect_timeout=PATIENCE))
        slow.write_message(json.dumps({"id": "s1", "do": "subscribe", "doc": f"page:{thread}:0"}))
        first, answer = [json.loads(await slow.read_message() or "{}") for _ in range(2)]
        assert first["event"] == "connected"
        assert "ok" in answer
        sent = 0  # and the notice that Ben joined has number 0
        while '"too slow"' not in server.text():
            await writer.post(thread, "x" * 32_000)
            sent += 1
            assert sent < 2_000
        while await slow.read_message() is not None:
            pass
        # The goodbye reaches a client that begins to read within five seconds.
        assert slow.close_code in (4408, None)

        back = await ben.connect()
        await back.open(f"page:{thread}:{sent // 256}")
        assert back.page(thread, sent // 256).get()[-1]["seq"] == sent
