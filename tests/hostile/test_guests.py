"""Guests, and strangers at the guests' door, who mean ill. The server is where a JupyterHub would have it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from jupyter_groupchat.server.guest_handlers import SOCKETS
from tests.server.client import Client, Guest, Person
from tests.server.process import PATIENCE, ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

BASE = "/user/ana%20b/"
#: What is possible at once, at three commands a second.
AT_ONCE = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that lets guests in and takes few commands a second."""
    with ServerProcess(
        tmp_path_factory.mktemp("guests"),
        people=("Ana",),
        options={"assistant_enabled": False, "commands_per_second": AT_ONCE / 4, "guests_allowed": True},
        config={
            "ServerApp": {
                "base_url": BASE,
                "trust_xheaders": True,
                "allow_unauthenticated_access": False,
                "identity_provider_class": "tests.server.hub.LikeAHub",
            }
        },
        environment={"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as server:
        yield server


@pytest.fixture(scope="module")
async def hana(server: ServerProcess) -> Guest:
    """Somebody who is in."""
    guest = Guest(server)
    await guest.enter(await a_code(server))
    return guest


async def a_code(server: ServerProcess) -> str:
    """What opens a new thread of Ana's to guests."""
    ana = Person(server, "Ana")
    wanted = {"role": "reviewer", "expires_in": 3600, "guest": True}
    made = (await ana.ask("POST", f"threads/{await ana.new_thread()}/invitations", wanted))["invitation"]
    assert made["url"] == f"{server.url}groupchat/guest/#{made['code']}"
    code: str = made["code"]
    return code


async def raw(server: ServerProcess, path: str, cookie: str) -> tuple[int, bytes]:
    """The status and the body of a path that no client would send as it is."""
    host = server.url.removeprefix("http://").partition("/")[0]
    reader, writer = await asyncio.open_connection(*host.split(":"))
    lines = (f"GET {path} HTTP/1.1", f"Host: {host}", f"Cookie: {cookie}", "Connection: close", "", "")
    writer.write("\r\n".join(lines).encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), body


async def test_a_hubs_xsrf_check_is_not_for_guests(server: ServerProcess) -> None:
    """It takes tokens of who has an account, or for an hour; the page has one of its own, for its path alone."""
    code = await a_code(server)
    page = await AsyncHTTPClient().fetch(f"{server.url}groupchat/guest/")
    cookie = SimpleCookie(page.headers["Set-Cookie"])["_xsrf"]
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == (f"{BASE}groupchat/guest/", "Strict", "")
    token = cookie.value
    for jar, sent, status in (
        (f"_xsrf={token}", token, 200),
        (f"_xsrf={token}; _xsrf=the-hubs", token, 200),  # of a longer path and of a shorter one
        (f"_xsrf={token}", "the-hubs", 403),
        (f"_xsrf={token}", "", 403),
        ("_xsrf=", "", 403),
        ("", token, 403),
        (f"x_xsrf={token}", token, 403),
    ):
        headers = {"Cookie": jar, "X-XSRFToken": sent, "X-Real-Ip": "203.0.113.1"}
        assert (await Guest(server).call("POST", "peek", {"code": code}, headers=headers))[0] == status, jar


async def test_a_pass_is_for_the_guests_of_one_server(server: ServerProcess) -> None:
    """Below a person's base URL the cookie's path is all of that, as browsers have it; calls and sockets work there."""
    guest = Guest(server)
    entered = await guest.fetch("POST", "enter", {"code": await a_code(server), "name": "Hana Sato"})
    (line,) = [line for line in entered.headers.get_list("Set-Cookie") if line.startswith("groupchat-guest")]
    assert f"Path={BASE}groupchat/guest/;" in f"{line};"
    thread = (await guest.ask("GET", "me"))["guest"]["thread_id"]
    socket = await guest.connect()
    await socket.open(f"thread:{thread}")
    await socket.post(thread, "Here")
    socket.close()
    status, _ = await raw(server, f"{BASE}groupchat/guest", "")
    assert status == 302
    assert (await guest.ask("POST", "leave", {})) == {}
    assert guest.passes == []


@pytest.mark.parametrize(
    "path",
    [
        "groupchat/api/me",
        "groupchat/guest/api/%2e%2e/%2e%2e/api/me",
        "groupchat/guest/api/../../api/me",
        "groupchat/guest/api/..%2f..%2fapi/threads",
        "groupchat/guest/api/..%5c..%5capi/threads",
        "groupchat/guest/api/groupchat/api/threads",
        "groupchat/guest/api//me",
        "groupchat/guest//api/me",
        "groupchat/guest/api/me/",
        "groupchat/guest/api/me%00",
        "groupchat/guest/api/me%2f..%2fthreads",
        "groupchat/guest/API/me",
        "groupchat/guest/%61pi/me",
        "groupchat/guest/..;/api/me",
        "groupchat/guest/static/../api/me",
        "groupchat/guest/static/%2e%2e/index.html",
        "groupchat/guest/static//etc/passwd",
        "groupchat/guest/../../api/contents",
        "groupchat/guest/api/..%2f..%2f..%2fapi/contents",
        "api/contents",
        "api/kernels",
        "../ana b/groupchat/guest/api/me",
    ],
)
async def test_no_way_of_writing_an_address_leads_elsewhere(server: ServerProcess, path: str, hana: Guest) -> None:
    """With a guest's pass nothing else is answered: not the chat of those who have an account, nor the server."""
    status, body = await raw(server, f"{BASE}{path}", hana.headers["Cookie"])
    assert status in (302, 400, 403, 404)
    assert b"username" not in body


async def test_of_two_passes_the_better_does_not_count(server: ServerProcess, hana: Guest) -> None:
    """Whatever stands in the cookies, it is one pass or none, and no other name of a cookie will do."""
    (name,) = hana.passes
    good = f"{name}={hana.cookies[name]}"
    path = f"{BASE}groupchat/guest/api/me"
    for cookie in (f"{good}; {name}=bad", f"{good.upper()}", f"{name}x={hana.cookies[name]}", f"{name}; {name}="):
        assert (await raw(server, path, cookie))[0] == 403
    assert (await raw(server, path, good))[0] == 200


async def test_who_shows_one_wrong_pass_after_the_other_is_held_up_and_nobody_else(
    server: ServerProcess, hana: Guest
) -> None:
    """At every door, before anything is looked up; elsewhere a good pass is good."""
    (name,) = hana.passes
    stranger = Guest(server, cookies={"_xsrf": "c0ffee", name: "A" * 43}, address="203.0.113.9")
    calls = [stranger.call("GET", "me") for _ in range(60)]
    seen = Counter(status for status, _ in await asyncio.gather(*calls))
    assert set(seen) == {403, 429}
    with pytest.raises(HTTPClientError, match=r"429|403"):
        await Client.connect(stranger)
    assert (await hana.call("GET", "me"))[0] == 200


async def test_who_waits_cannot_ask_without_end(server: ServerProcess) -> None:
    """As often as the page does, and not as fast as one can."""
    ana = Person(server, "Ana")
    thread = await ana.new_thread()
    await ana.ask("PATCH", f"threads/{thread}", {"approval": True})
    wanted = {"role": "reviewer", "expires_in": 3600, "guest": True}
    code = (await ana.ask("POST", f"threads/{thread}/invitations", wanted))["invitation"]["code"]
    noor = Guest(server, "Noor")
    assert (await noor.call("POST", "enter", {"code": code, "name": "Noor"}))[0] == 202
    seen = Counter(status for status, _ in await asyncio.gather(*(noor.call("GET", "me") for _ in range(60))))
    assert set(seen) == {202, 429}


async def fill(guest: Guest, sockets: list[Client]) -> None:
    """Open as many sockets as a guest may have. It takes its time: opening one counts as a command."""
    for _ in range(int(PATIENCE * 20)):
        with suppress(HTTPClientError):
            sockets.append(await guest.connect())
        if len(sockets) == SOCKETS:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{len(sockets)} sockets are open.")


async def test_a_guest_has_so_many_sockets_and_no_more(server: ServerProcess) -> None:
    """One more is refused with words, and possible again when another is closed."""
    guest = Guest(server)
    await guest.enter(await a_code(server))
    sockets: list[Client] = []
    await fill(guest, sockets)
    with pytest.raises(HTTPClientError, match="429"):
        await Client.connect(guest)
    sockets.pop().close()

    await fill(guest, sockets)
    for socket in sockets:
        socket.close()


async def test_where_there_are_no_guests_strangers_start_nothing(tmp_path: Path) -> None:
    """Whatever they ask for, the chat of a server that nobody has used yet stays as it is."""
    with ServerProcess(tmp_path, people=("Ana",), options={"assistant_enabled": False}) as server:
        stranger = Guest(server)
        for call in (("GET", "me"), ("GET", "openapi.json"), ("POST", "peek", {"code": "c"}), ("GET", "no/such/thing")):
            status, answer = await stranger.call(*call)
            assert (status, answer["error"]["details"]) == (403, {"reason": "off"})
        with pytest.raises(HTTPClientError, match="403"):
            await Client.connect(stranger)
        assert not server.database.exists()
        await Person(server, "Ana").new_thread()
        assert server.database.exists()
