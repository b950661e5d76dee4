"""What wrong, forged and hostile input gets on a running server: a clear error, and nothing changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pycrdt import Doc, Map
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from jupyter_groupchat.wire import frames
from tests.server.client import Client, Person, Refused
from tests.server.process import PATIENCE

pytestmark = pytest.mark.anyio

NOWHERE = "There is no such thread, or you are not a member of it."


async def test_errors_have_one_form(ana: Person) -> None:
    """whatever goes wrong, and whoever notices, the answer is ``{"error": {code, message, details}}``."""
    calls: list[tuple[str, str, Any, int, str]] = [
        ("POST", "threads", {"title": "A", "colour": "red"}, 400, "invalid_request"),
        ("POST", "threads", {"title": 5}, 400, "invalid_request"),
        ("POST", "threads", {"title": "   "}, 400, "invalid_request"),
        ("POST", "threads", {}, 400, "invalid_request"),
        ("POST", "threads", "[]", 400, "invalid_request"),
        ("POST", "threads", "{", 400, "invalid_request"),
        ("POST", "threads", b"\xff\xfe", 400, "invalid_request"),
        ("POST", "threads", {"title": "A", "id": "../../etc"}, 400, "invalid_request"),
        ("GET", "threads/nowhere", None, 404, "not_found"),
        ("GET", "nowhere", None, 404, "not_found"),
        ("GET", "", None, 404, "not_found"),
        ("GET", "threads//messages", None, 404, "not_found"),
        ("GET", "threads/%00", None, 404, "not_found"),
        ("PUT", "threads", {}, 405, "invalid_request"),
        ("POST", "invitations/accept", {"code": "guessed"}, 410, "invitation_gone"),
    ]
    for method, path, body, status, code in calls:
        got, answer = await ana.call(method, path, body)
        assert (method, path, body, got, answer["error"]["code"]) == (method, path, body, status, code)
        assert set(answer["error"]) == {"code", "message", "details"}
        assert "Traceback" not in json.dumps(answer)


async def test_unknown_query_parameters_are_errors(ana: Person) -> None:
    """a misspelt parameter is told, not ignored; what Jupyter and JupyterLab add to every address is."""
    thread = await ana.new_thread()
    await ana.ask("GET", f"threads/{thread}/messages?1795502794677")
    await ana.ask("GET", f"threads/{thread}/messages?limit=5&no_track_activity=1&1795502794677")
    with pytest.raises(Refused, match="befor_seq"):
        await ana.ask("GET", f"threads/{thread}/messages", befor_seq=3)


async def test_an_overlong_message_is_refused(ana: Person) -> None:
    """a message of 32 kB is fine, one byte more is not, whether it is ASCII or not; the error names the limit."""
    thread = await ana.new_thread()
    for fits in ("x" * 32_768, "é" * 16_384):
        await ana.ask("POST", f"threads/{thread}/messages", {"body": fits})
    socket = await ana.connect()
    for too_long in ("x" * 32_769, "é" * 16_385):
        with pytest.raises(Refused, match="32 kB") as refused:
            await ana.ask("POST", f"threads/{thread}/messages", {"body": too_long})
        assert refused.value.code == "too_large"
        with pytest.raises(Refused) as refused:
            await socket.post(thread, too_long)
        assert refused.value.code == "too_large"
    assert (await ana.ask("GET", f"threads/{thread}"))["thread"]["last_seq"] == 1


async def test_a_thread_that_one_may_not_see_does_not_exist(ana: Person, eve: Person) -> None:
    """a stranger gets the same answer for somebody's thread as for one that never was, for everything they try."""
    thread = await ana.new_thread("Secret plans")
    await ana.ask("POST", f"threads/{thread}/messages", {"id": "m1", "body": "Secret"})
    tries: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("PATCH", "", {"title": "Mine"}),
        ("DELETE", "", None),
        ("POST", "/copy", {}),
        ("POST", "/leave", None),
        ("GET", "/members", None),
        ("PATCH", "/members/ana", {"role": "reviewer"}),
        ("DELETE", "/members/ana", None),
        ("GET", "/invitations", None),
        ("POST", "/invitations", {}),
        ("GET", "/messages", None),
        ("POST", "/messages", {"body": "Hello"}),
        ("GET", "/messages/m1", None),
        ("PATCH", "/messages/m1", {"body": "Forged"}),
        ("DELETE", "/messages/m1", None),
        ("PUT", "/messages/m1/reactions/%F0%9F%91%8D", None),
        ("GET", "/messages/m1/manifest", None),
        ("POST", "/replies", {"message": "m1"}),
        ("DELETE", "/replies/m1", None),
        ("GET", "/decisions", None),
        ("DELETE", "/cells/s1", None),
        ("GET", "/files/f1", None),
        ("PUT", "/read", {"seq": 0}),
        ("PUT", "/mute", {"muted": True}),
        ("GET", "/audit", None),
    ]
    for method, path, body in tries:
        answers = [await eve.call(method, f"threads/{name}{path}", body) for name in (thread, "never-was")]
        assert answers[0] == answers[1] == (404, answers[0][1]), (method, path)
        assert answers[0][1]["error"] == {"code": "not_found", "message": NOWHERE, "details": {}}
    socket = await eve.connect()
    for doc in (f"thread:{thread}", f"page:{thread}:0", "thread:never-was"):
        with pytest.raises(Refused, match=NOWHERE):
            await socket.command("subscribe", doc=doc)
    with pytest.raises(Refused, match=NOWHERE):
        await socket.command("typing", thread=thread)
    assert (await ana.ask("GET", f"threads/{thread}"))["thread"]["title"] == "Secret plans"


async def test_invitations_that_do_not_work(ana: Person, ben: Person, eve: Person) -> None:
    """a revoked, a used-up and a mistyped code are gone, with the same words; nobody joined."""
    thread = await ana.new_thread()
    made = [(await ana.ask("POST", f"threads/{thread}/invitations", {"max_uses": 1}))["invitation"] for _ in range(2)]
    await ana.ask("DELETE", f"threads/{thread}/invitations/{made[0]['id']}")
    await ben.ask("POST", "invitations/accept", {"code": made[1]["code"]})
    answers = [
        await eve.call("POST", "invitations/accept", {"code": code})
        for code in (made[0]["code"], made[1]["code"], made[1]["code"][:-1] + "_")
    ]
    assert [status for status, _ in answers] == [410, 410, 410]
    assert {answer["error"]["code"] for _, answer in answers} == {"invitation_gone"}
    members = (await ana.ask("GET", f"threads/{thread}/members"))["members"]
    assert [member["username"] for member in members] == ["ana", "ben"]


async def test_nobody_is_the_assistant(ana: Person) -> None:
    """an account with the assistant's username is refused everywhere."""
    impostor = Person(ana.server, "Assistant")
    status, answer = await impostor.call("GET", "me")
    assert (status, answer["error"]["code"]) == (403, "not_allowed")
    with pytest.raises(HTTPClientError, match="403"):
        await impostor.connect()


async def test_the_assistants_own_commands_do_not_exist_for_people(ana: Person) -> None:
    """nobody can write a reply in the assistant's name."""
    thread = await ana.new_thread()
    socket = await ana.connect()
    with pytest.raises(Refused) as refused:
        await socket.command("reply.begin", thread=thread, about="m", asked_by="ana", asked=True)
    assert refused.value.code == "invalid_request"


# -- who asks, and from where


async def test_without_signing_in_nothing_is_answered(ana: Person) -> None:
    """calls and sockets without a valid token get 403, in the wire's form."""
    for headers in ({}, {"Authorization": "token guessed"}):
        status, answer = await ana.call("GET", "threads", headers=headers)
        assert (status, answer["error"]["code"]) == (403, "not_allowed")
        with pytest.raises(HTTPClientError, match="403"):
            await Client.connect(ana, headers)


async def test_the_servers_authorizer_has_the_last_word(ana: Person) -> None:
    """who may only read by the operator's rules gets 403 for calls that change something, and no socket."""
    gus = Person(ana.server, "Gus")
    assert await gus.ask("GET", "threads") == {"threads": []}
    status, answer = await gus.call("POST", "threads", {"title": "Mine"})
    assert (status, answer["error"]["code"]) == (403, "not_allowed")
    with pytest.raises(HTTPClientError, match="403"):
        await gus.connect()


@pytest.fixture
async def cookie(ana: Person) -> str:
    """What a browser has after Ana opened her sign-in link."""
    url = f"{ana.server.url}api/me?token={ana.server.token('Ana')}"
    response = await AsyncHTTPClient().fetch(url, request_timeout=PATIENCE)
    return "; ".join(value.partition(";")[0] for value in response.headers.get_list("Set-Cookie"))


async def test_a_browser_needs_the_xsrf_token(ana: Person, cookie: str) -> None:
    """with a cookie, reading works, and changing works only with the XSRF token beside it."""
    login = HTTPRequest(f"{ana.server.url}login", headers={"Cookie": cookie}, request_timeout=PATIENCE)
    page = await AsyncHTTPClient().fetch(login, raise_error=False)
    cookies = [cookie, *(value.partition(";")[0] for value in page.headers.get_list("Set-Cookie"))]
    xsrf = next(value for value in "; ".join(cookies).split("; ") if value.startswith("_xsrf="))
    headers = {"Cookie": "; ".join(cookies), "Referer": ana.server.url}
    status, me = await ana.call("GET", "me", headers=headers)
    assert (status, me["username"]) == (200, "ana")
    before = len((await ana.ask("GET", "threads"))["threads"])
    status, answer = await ana.call("POST", "threads", {"title": "Forged"}, headers=headers)
    assert (status, answer["error"]["code"]) == (403, "not_allowed")
    assert "_xsrf" in answer["error"]["message"]
    assert len((await ana.ask("GET", "threads"))["threads"]) == before
    headers["X-XSRFToken"] = xsrf.partition("=")[2].strip('"')
    assert (await ana.call("POST", "threads", {"title": "Mine"}, headers=headers))[0] == 201


async def test_another_origin_is_refused(ana: Person, cookie: str) -> None:
    """a page of another site cannot open a socket or call anything with the person's cookie."""
    headers = {"Cookie": cookie, "Origin": "https://evil.example"}
    status, answer = await ana.call("GET", "threads", headers=headers)
    assert (status, answer["error"]["message"]) == (403, "Requests from another origin are refused.")
    status, _ = await ana.call("POST", "threads", {"title": "Forged"}, headers=headers)
    assert status == 403
    with pytest.raises(HTTPClientError, match="403"):
        await Client.connect(ana, headers)
    client = await Client.connect(ana, {"Cookie": cookie, "Origin": ana.server.url.rstrip("/")})
    client.close()


# -- frames


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "invalid_request"),
        ("5", "invalid_request"),
        ('{"do": "thread.create", "title": "A"}', "invalid_request"),
        ('{"id": "c1", "do": "explode"}', "invalid_request"),
        ('{"id": 7, "do": "typing", "thread": "t"}', "invalid_request"),
        (b"", "invalid_request"),
        (b"\x80", "invalid_request"),
        (b"\xff" * 20, "invalid_request"),
        (b"\x01\x01\x00", "invalid_request"),  # awareness
        (b"\x01\x00\x07\x00", "invalid_request"),
        (b"\x01\x00\x00\x05\x00", "invalid_request"),
    ],
)
async def test_a_broken_frame_is_answered_and_the_connection_lives(ana: Person, frame: str | bytes, code: str) -> None:
    """whatever arrives, the client is told what is wrong with it, and the next command works."""
    socket = await ana.connect()
    socket.send_raw(frame)
    await socket.until(lambda: socket.unasked)
    assert socket.unasked[0]["error"]["code"] == code
    assert (await socket.command("thread.create", title="Still here"))["thread"]["title"] == "Still here"
    socket.close()


async def test_a_channel_that_does_not_exist_is_refused(ana: Person) -> None:
    """a frame on a channel that was never opened is told with an event."""
    socket = await ana.connect()
    socket.send_raw(frames.build(300, frames.Step.STATE_VECTOR, b"\0"))
    await socket.event("channel.refused", channel=300)


async def test_a_forged_update_is_never_applied(ana: Person, ben: Person) -> None:
    """content on a read-only channel is refused with an event; a client that goes on is closed with 4403."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    anas, bens = await ana.connect(), await ben.connect()
    for client in (anas, bens):
        await client.open(f"page:{thread}:0")
    message = await anas.post(thread, "As I wrote it")
    await bens.until(lambda: message["id"] in bens.page(thread))

    forger: Doc[Any] = Doc()
    forger.apply_update(bens.replicas[f"page:{thread}:0"].get_update())
    before = forger.get_state()
    forger.get("messages", type=Map)[message["id"]]["author"] = "ben"
    channel = bens.channels[f"page:{thread}:0"]
    bens.send_raw(frames.build(channel, frames.Step.DIFFERENCE, b"\0\0"))  # nothing in it: fine
    bens.send_raw(frames.build(channel, frames.Step.UPDATE, forger.get_update(before)))
    refused = await bens.event("channel.refused", channel=channel)
    assert "discard" in refused["message"]
    bens.send_raw(frames.build(channel, frames.Step.DIFFERENCE, forger.get_update()))
    assert await bens.gone() == 4403

    fresh = await ben.connect()
    await fresh.open(f"page:{thread}:0")
    assert fresh.page(thread).get() == anas.page(thread).get()
    assert fresh.page(thread).message(thread, message["id"]).author == "ana"


async def test_a_nonsense_state_vector_is_refused(ana: Person) -> None:
    """sync step 1 with a broken state vector is told, and the channel still works."""
    thread = await ana.new_thread()
    socket = await ana.connect()
    await socket.open(f"thread:{thread}")
    channel = socket.channels[f"thread:{thread}"]
    socket.send_raw(frames.build(channel, frames.Step.STATE_VECTOR, b"\xff\xff\xff"))
    await socket.event("channel.refused", channel=channel)
    await socket.command("thread.patch", thread=thread, title="Still alive")
    await socket.until(lambda: socket.thread(thread).get()["meta"]["title"] == "Still alive")
