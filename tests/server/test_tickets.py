"""Tickets for kernels: what they open, and what they do not."""

from __future__ import annotations

import hmac
import json
import time
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from jupyter_groupchat.server import tickets
from jupyter_groupchat.server.connection import ACCESS_ENDED
from jupyter_groupchat.server.tickets import LASTS, RENEWABLE, Tickets
from jupyter_groupchat.types import Actor
from tests.server.client import Client, Person
from tests.server.process import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

ANA = Actor(username="ana", name="Ana")


class Kernel(Person):
    """A kernel that was handed a ticket, and nothing else."""

    ticket: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"{tickets.SCHEME} {self.ticket}"}


async def kernel_of(person: Person, thread: str) -> Kernel:
    """A kernel with a ticket that the person asked for."""
    made = await person.ask("POST", f"threads/{thread}/tickets", {"via": "kernel"})
    return holding(person, made["ticket"]["value"])


def holding(person: Person, ticket: str) -> Kernel:
    """A kernel with a ticket."""
    kernel = Kernel(person.server, person.name)
    object.__setattr__(kernel, "ticket", ticket)
    return kernel


async def test_a_kernel_writes_as_its_person_and_is_known_as_a_kernel(ana: Person, ben: Person) -> None:
    """by call and by socket a ticket's messages bear the person's name and the kernel's mark, and all see it."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    made = (await ana.ask("POST", f"threads/{thread}/tickets"))["ticket"]
    assert made["thread"] == thread
    assert ana.server.url in made["urls"]
    assert all(ana.server.token("Ana") not in url for url in made["urls"])
    kernel = holding(ana, made["value"])
    posted = (await kernel.ask("POST", f"threads/{thread}/messages", {"body": "by call"}))["message"]
    socket = await kernel.connect()
    await socket.open(f"page:{thread}:0")
    await socket.post(thread, "by socket")
    assert posted["author"] == "ana"
    seen = (await ben.ask("GET", f"threads/{thread}/messages"))["messages"]
    assert [(m["body"], m["author_name"], m["kind"], m["via"]) for m in seen[1::-1]] == [
        ("by call", "Ana", "kernel", "kernel"),
        ("by socket", "Ana", "kernel", "kernel"),
    ]
    audit = (await ana.ask("GET", f"threads/{thread}/audit"))["audit"]
    assert ("ana", "ticket.create") in [(line["actor"], line["action"]) for line in audit]
    socket.close()


async def test_a_ticket_opens_one_thread_only(ana: Person) -> None:
    """another thread of the person's does not exist for it, by call, by document, by event or in a search."""
    thread, other = await ana.new_thread("Open"), await ana.new_thread("Closed")
    await ana.ask("POST", f"threads/{other}/messages", {"body": "secret words"})
    kernel = await kernel_of(ana, thread)
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"threads/{other}", None),
        ("GET", f"threads/{other}/messages", None),
        ("GET", f"threads/{other}/export", None),
        ("GET", f"threads/{other}/search?q=secret", None),
        ("POST", f"threads/{other}/messages", {"body": "no"}),
        ("POST", f"threads/{other}/tickets", None),
        ("POST", f"threads/{other}/files?name=a.txt", "words"),
    ]
    for method, path, body in calls:
        status, answer = await kernel.call(method, path, body)
        assert (status, answer["error"]["code"]) == (404, "not_found"), path
    assert [row["id"] for row in (await kernel.ask("GET", "threads"))["threads"]] == [thread]
    assert (await kernel.ask("GET", "search", q="secret"))["hits"] == []

    socket = await kernel.connect()
    socket.send("subscribe", doc=f"thread:{other}").add_done_callback(lambda done: done.exception())
    await ana.ask("POST", f"threads/{other}/messages", {"body": "more secret words"})
    await ana.ask("PATCH", f"threads/{other}", {"title": "Closed for good"})
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "to be heard"})
    await socket.event("thread.updated", thread=thread)
    assert {event["thread"] for event in socket.events if event["event"] != "connected"} == {thread}
    assert "secret" not in json.dumps(socket.received)
    socket.close()


async def test_a_ticket_does_not_do_what_is_the_persons_own(ana: Person, ben: Person) -> None:
    """with it nobody is invited or removed, nothing is set, started or imported, and no report is read."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    kernel = await kernel_of(ana, thread)
    calls: list[tuple[str, str, Any]] = [
        ("POST", f"threads/{thread}/invitations", {}),
        ("DELETE", f"threads/{thread}/members/ben", None),
        ("PATCH", f"threads/{thread}", {"title": "Mine"}),
        ("DELETE", f"threads/{thread}", None),
        ("POST", f"threads/{thread}/leave", {}),
        ("POST", f"threads/{thread}/copy", {}),
        ("GET", f"threads/{thread}/audit", None),
        ("POST", "threads", {"title": "Another"}),
        ("POST", "invitations/accept", {"code": "x"}),
        ("GET", "usage", None),
    ]
    for method, path, body in calls:
        status, answer = await kernel.call(method, path, body)
        assert (status, answer["error"]["code"]) == (403, "not_allowed"), path


async def test_who_is_removed_has_a_ticket_for_nothing(ana: Person, ben: Person) -> None:
    """the kernel of a removed member reads and writes nothing more, and its socket's channels close."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    kernel = await kernel_of(ben, thread)
    socket = await kernel.connect()
    await socket.open(f"thread:{thread}")
    await ana.ask("DELETE", f"threads/{thread}/members/ben")
    await socket.event("thread.gone", thread=thread)
    for method, path in (("POST", "messages"), ("POST", "tickets"), ("GET", "messages")):
        status, _ = await kernel.call(
            method, f"threads/{thread}/{path}", {"body": "x"} if path == "messages" and method == "POST" else None
        )
        assert status == 404
    socket.close()


async def test_what_is_no_ticket_lets_nobody_in(ana: Person) -> None:
    """a changed, foreign or empty ticket is refused on every way in, and with cookies and tokens beside it too."""
    thread = await ana.new_thread()
    kernel = await kernel_of(ana, thread)
    foreign = Tickets(b"another server").issue(ANA, thread).value
    said, _, signature = kernel.ticket.partition(".")
    other = Tickets(b"x").issue(ANA, "other").value.partition(".")[0]
    for value in (
        "",
        "x",
        ".",
        "é.é",
        foreign,
        f"{other}.{signature}",
        f"{said}.",
        kernel.ticket[:-2],
        kernel.ticket + "A",
    ):
        impostor = holding(ana, value.encode("ascii", "replace").decode())
        status, answer = await impostor.call("GET", f"threads/{thread}/messages", token=ana.server.token("Ana"))
        assert (status, answer["error"]["code"]) == (403, "not_allowed")
        assert "ticket" in answer["error"]["message"]
        with pytest.raises(HTTPClientError, match="403"):
            await Client.connect(impostor)
    status, _ = await ana.call("GET", "threads", headers={**kernel.headers, "Origin": "http://elsewhere.example"})
    assert status == 403


async def test_a_ticket_is_no_sign_in_for_the_rest_of_the_server(ana: Person) -> None:
    """Jupyter's own calls do not know it."""
    kernel = await kernel_of(ana, await ana.new_thread())
    request = HTTPRequest(f"{ana.server.url}api/contents", headers=kernel.headers, request_timeout=PATIENCE)
    assert (await AsyncHTTPClient().fetch(request, raise_error=False)).code == 403


async def test_a_socket_ends_with_its_ticket(ana: Person) -> None:
    """the connection is closed with 4401, and a new ticket opens the next one."""
    thread = await ana.new_thread()
    kept = ana.server.folder / "runtime" / "jupyter_cookie_secret"
    secret = hmac.digest(kept.read_bytes(), b"", "sha256")  # as Jupyter Server makes it when there is no password
    desk = Tickets(secret, clock=lambda: time.time() - LASTS + 2)
    socket = await holding(ana, desk.issue(ANA, thread).value).connect()
    assert await socket.gone() == ACCESS_ENDED
    socket = await (await kernel_of(ana, thread)).connect()
    assert (await socket.post(thread, "on"))["kind"] == "kernel"
    socket.close()


def test_a_ticket_ends_and_is_renewed_for_a_time() -> None:
    """it is good for a quarter of an hour, and so is a renewed one, but none half a day after the first."""
    now = began = 1_000_000.0
    desk = Tickets(b"secret", clock=lambda: now)
    first = ticket = desk.issue(ANA, "t")
    while (read := desk.read(ticket.value)) is not None:
        assert (read.actor.username, read.actor.via, read.actor.thread) == ("ana", "kernel", "t")
        assert (desk.read(first.value) is not None) == (now < began + LASTS)
        ticket = desk.issue(read.actor, "t")
        now += LASTS - 1
    assert began + RENEWABLE <= now < began + RENEWABLE + LASTS
