"""What guests need before they come: a server that lets them in, a thread, and a link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

from tests.server.client import Guest, Person, Refused
from tests.server.process import PATIENCE, ServerProcess

DAY = 86_400


@contextmanager
def guests_server(folder: Path) -> Iterator[ServerProcess]:
    """A server that lets guests in, and nobody else without a sign-in. It believes browsers where they are."""
    with ServerProcess(
        folder,
        people=("Ana", "Ben"),
        options={"commands_per_second": 10_000.0, "guests_allowed": True},
        config={"ServerApp": {"trust_xheaders": True, "allow_unauthenticated_access": False}},
    ) as server:
        yield server


async def a_thread(ana: Person, title: str = "Churn review") -> str:
    """A new thread of Ana's in which the assistant speaks when it is mentioned."""
    thread: str = (await ana.ask("POST", "threads", {"title": title, "mode": "quiet"}))["thread"]["id"]
    return thread


async def a_link(ana: Person, thread: str, **fields: Any) -> dict[str, Any]:
    """A link for guests."""
    wanted = {"role": "reviewer", "expires_in": DAY, "guest": True} | fields
    made: dict[str, Any] = (await ana.ask("POST", f"threads/{thread}/invitations", wanted))["invitation"]
    return made


async def a_guest(ana: Person, thread: str, name: str = "Hana Sato") -> Guest:
    """A guest who is in."""
    guest = Guest(ana.server, name)
    await guest.enter((await a_link(ana, thread))["code"])
    return guest


async def reason(guest: Guest, method: str = "GET", path: str = "me", body: Any = None) -> str:
    """Why a guest is refused."""
    with pytest.raises(Refused) as refused:
        await guest.ask(method, path, body)
    assert refused.value.code == "not_allowed"
    found: str = refused.value.details["reason"]
    return found


def at_port(guest: Guest, server: ServerProcess) -> dict[str, str]:
    """The guest's cookies as they are called at a server of another port."""
    (name,) = guest.passes
    port = server.url.rstrip("/").rpartition(":")[2]
    return {"_xsrf": "c0ffee", f"{name.rpartition('-')[0]}-{port}": guest.cookies[name]}


async def get(server: ServerProcess, path: str, **headers: str) -> HTTPResponse:
    """An address of the server, asked for without being anybody."""
    request = HTTPRequest(f"{server.url}{path}", headers=headers, request_timeout=PATIENCE, follow_redirects=False)
    return await AsyncHTTPClient().fetch(request, raise_error=False)
