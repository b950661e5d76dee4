"""Guests over the wire: what a pass opens, and all that it does not."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest, HTTPResponse

from jupyter_groupchat.server import guests, routes
from jupyter_groupchat.server.connection import ACCESS_ENDED
from jupyter_groupchat.server.guest_handlers import BUNDLE
from tests.server.client import Client, Guest, Person, Refused
from tests.server.process import PATIENCE, ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

DAY = 86_400


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that lets guests in, and nobody else without a sign-in. It believes browsers where they are."""
    with ServerProcess(
        tmp_path_factory.mktemp("guests"),
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


async def get(server: ServerProcess, path: str, **headers: str) -> HTTPResponse:
    """An address of the server, asked for without being anybody."""
    request = HTTPRequest(f"{server.url}{path}", headers=headers, request_timeout=PATIENCE, follow_redirects=False)
    return await AsyncHTTPClient().fetch(request, raise_error=False)


async def test_a_guest_follows_a_link_reads_and_comments(ana: Person) -> None:
    """they see what it opens, come in under a name, and everybody sees them as a guest until the link expires."""
    thread = await a_thread(ana)
    cell = {"notebook": "a.ipynb", "cell_id": "c", "cell_type": "code", "source": "1 + 1", "outputs": []}
    await ana.ask("PUT", f"threads/{thread}/cells/s1", cell)
    link = await a_link(ana, thread)
    assert link["url"] == f"{ana.server.url}groupchat/guest/#{link['code']}"
    guest = Guest(ana.server)
    opens = await guest.ask("POST", "peek", {"code": link["code"]})
    assert opens == {
        "thread_id": thread,
        "title": "Churn review",
        "invited_by": "Ana",
        "ends_at": link["expires_at"],
        "asks_owner": False,
    }
    answer = await guest.ask("POST", "enter", {"code": link["code"], "name": "  Hana  Sato "})
    assert answer == {"thread_id": thread, "ends_at": link["expires_at"]}

    me = await guest.ask("GET", "me")
    assert me["username"].startswith("guest:")
    assert (me["name"], me["guest"]) == ("Hana Sato", {**answer, "invited_by": "Ana"})
    assert me["limits"]["file_types"] == []
    assert (await guest.ask("GET", "me/requests"))["waiting"] == []
    assert me["allowed"].items() >= {"threads": False, "invitation_links": False, "guests_allowed": False}.items()
    assert (await ana.ask("GET", "me"))["guest"] is None
    assert (await ana.ask("GET", "me"))["allowed"]["guests_allowed"] is True

    socket = await guest.connect()
    await socket.open(f"thread:{thread}")
    await socket.open(f"page:{thread}:0")
    assert socket.thread(thread).cells()[0].source == "1 + 1"
    said = await socket.post(thread, "Before or after the refund?", cells=["s1"])
    assert (said["author"], said["kind"], said["via"]) == (me["username"], "human", None)
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "After.", "reply_to": said["id"]})
    await socket.until(lambda: "After." in [message.body for message in socket.page(thread).messages(thread)])
    seen = (await ana.ask("GET", f"threads/{thread}/messages"))["messages"]
    assert [(m["author_name"], m["body"]) for m in seen] == [
        ("Ana", "After."),
        ("Hana Sato", "Before or after the refund?"),
        ("Hana Sato", "Hana Sato joined as a guest."),
    ]
    member = (await ana.ask("GET", f"threads/{thread}/members"))["members"][1]
    assert member["guest_until"] == link["expires_at"]
    assert (member["role"], member["invited_by"]) == ("reviewer", "ana")
    assert socket.thread(thread).get()["members"][me["username"]]["guest_until"] == link["expires_at"]
    audit = (await ana.ask("GET", f"threads/{thread}/audit"))["audit"]
    came = next(line for line in audit if line["action"] == "guest.enter")
    assert came["details"].items() >= {"name": "Hana Sato", "invitation": link["id"], "invited_by": "ana"}.items()
    socket.close()


async def test_a_guest_does_all_that_guests_may(ana: Person) -> None:
    """by call: they edit, delete, react, search, mark as read, report, and read what an answer was made from."""
    thread = await a_thread(ana)
    hers = (await ana.ask("POST", f"threads/{thread}/messages", {"body": "The tenure filter is tighter."}))["message"]
    guest = await a_guest(ana, thread)
    here = f"threads/{thread}/messages"
    said = (await guest.ask("POST", here, {"body": "tenure?"}))["message"]
    edited = (await guest.ask("PATCH", f"{here}/{said['id']}", {"body": "Whose tenure?"}))["message"]
    assert edited["body"] == "Whose tenure?"
    before = await guest.ask("GET", f"{here}/{said['id']}/versions")
    assert before["versions"] == [{"body": "tenure?", "written_at": said["created_at"]}]
    with pytest.raises(Refused, match="not_allowed"):
        await guest.ask("GET", f"{here}/{hers['id']}/versions")
    await guest.ask("PUT", f"{here}/{hers['id']}/reactions/%F0%9F%91%80")
    assert (await ana.ask("GET", f"{here}/{hers['id']}"))["message"]["reactions"]["👀"] == [said["author"]]
    await guest.ask("DELETE", f"{here}/{hers['id']}/reactions/%F0%9F%91%80")
    assert len((await guest.ask("GET", f"threads/{thread}/search", q="tenure"))["hits"]) == 2
    assert (await guest.ask("GET", f"threads/{thread}/marked", mark="pinned"))["hits"] == []
    assert (await guest.ask("PUT", f"threads/{thread}/read", {"seq": hers["seq"]}))["read_seq"] >= hers["seq"]
    await guest.ask("POST", f"{here}/{hers['id']}/reports", {"reason": "rude"})
    assert [row["id"] for row in (await guest.ask("GET", "threads"))["threads"]] == [thread]
    assert (await guest.ask("GET", f"threads/{thread}"))["thread"]["role"] == "reviewer"
    assert len((await guest.ask("GET", f"threads/{thread}/members"))["members"]) == 2
    await guest.ask("DELETE", f"{here}/{said['id']}")
    with pytest.raises(Refused, match="not_allowed"):
        await guest.ask("DELETE", f"{here}/{hers['id']}")
    with pytest.raises(Refused, match="not_allowed"):
        await guest.ask("PATCH", f"{here}/{hers['id']}", {"body": "mine"})


async def test_every_call_that_is_not_for_guests_is_refused_to_them(ana: Person) -> None:
    """all that members have and that is not in the list of guests, each with a clear error."""
    thread = await a_thread(ana)
    guest = await a_guest(ana, thread)
    there = {"thread": thread, "username": "ana", "message": "m", "share": "s", "file": "f", "sha256": "0" * 64}
    allowed = {(route.method, route.path) for route in guests.ROUTES}
    refused = [route for route in routes.ROUTES if (route.method, route.path) not in allowed]
    assert len(refused) > 30
    for route in refused:
        path = "/".join(there.get(part[1:-1], "x") if part.startswith("{") else part for part in route.segments)
        status, answer = await guest.call(route.method, path, None if route.method == "GET" else "{}")
        assert (status, answer["error"]["code"]) in ((403, "not_allowed"), (405, "invalid_request")), route.path
    assert (await guest.call("GET", "no/such/thing"))[0] == 404
    status, answer = await guest.call("GET", "search?q=secret")
    assert (status, answer["error"]["code"]) == (403, "not_allowed")


#: Commands, each well formed, that guests may not give.
NOT_FOR_GUESTS: list[dict[str, Any]] = [
    {"do": "thread.create", "title": "Mine"},
    {"do": "thread.patch", "title": "Mine"},
    {"do": "thread.patch", "mode": "quiet"},
    {"do": "thread.delete"},
    {"do": "thread.copy"},
    {"do": "member.put", "username": "ben"},
    {"do": "member.patch", "username": "ana", "role": "reviewer"},
    {"do": "member.delete", "username": "ana"},
    {"do": "invitation.create"},
    {"do": "invitation.create", "guest": True, "role": "reviewer", "expires_in": 60},
    {"do": "invitation.delete", "invitation": "i"},
    {"do": "invitation.accept", "code": "c"},
    {"do": "request.admit", "username": "ben"},
    {"do": "request.decline", "username": "ben"},
    {"do": "profile.patch", "name": "Ana"},
    {"do": "picture.delete"},
    {"do": "message.mark", "message": "m1", "pinned": True},
    {"do": "report.close", "report": "r"},
    {"do": "cell.put", "share": "s", "notebook": "n", "cell_id": "c", "cell_type": "code", "source": "1"},
    {"do": "cell.delete", "share": "s1"},
    {"do": "file.delete", "file": "f"},
    {"do": "ticket.create"},
    {"do": "reply.ask", "message": "m1"},
    {"do": "mute.put", "muted": True},
    {"do": "draft.open"},
    {"do": "draft.close", "draft": "d"},
    {"do": "draft.send", "draft": "d"},
    {"do": "draft.cursor", "draft": "d"},
    {"do": "subscribe", "doc": "draft:{thread}:{draft}"},
]
_WITHOUT_THREAD = {
    *("thread.create", "invitation.accept", "profile.patch", "picture.delete", "report.close", "subscribe"),
}


async def test_commands_that_are_not_for_guests_are_refused_to_them(ana: Person) -> None:
    """by socket, too; and a draft is not to be read."""
    thread = await a_thread(ana)
    await ana.ask("POST", f"threads/{thread}/messages", {"id": "m1", "body": "Hello"})
    draft = (await ana.ask("POST", f"threads/{thread}/drafts", {"text": "not yet"}))["draft"]["id"]
    guest = await a_guest(ana, thread)
    socket = await guest.connect()
    for command in NOT_FOR_GUESTS:
        fields = {key: value for key, value in command.items() if key != "do"}
        if "doc" in fields:
            fields["doc"] = fields["doc"].format(thread=thread, draft=draft)
        if command["do"] not in _WITHOUT_THREAD:
            fields["thread"] = thread
        with pytest.raises(Refused) as refused:
            await socket.command(command["do"], **fields)
        assert refused.value.code == "not_allowed", command
    socket.close()


async def test_a_pass_opens_one_thread_only(ana: Person) -> None:
    """another thread does not exist for it, by call, by document, by event and by picture."""
    thread, other = await a_thread(ana, "Open"), await a_thread(ana, "Closed")
    await ana.ask("POST", f"threads/{other}/messages", {"id": "m9", "body": "secret words"})
    guest = await a_guest(ana, thread)
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"threads/{other}", None),
        ("GET", f"threads/{other}/members", None),
        ("GET", f"threads/{other}/messages", None),
        ("GET", f"threads/{other}/messages/m9", None),
        ("GET", f"threads/{other}/files/x", None),
        ("GET", f"threads/{other}/search?q=secret", None),
        ("POST", f"threads/{other}/messages", {"body": "no"}),
        ("PUT", f"threads/{other}/read", {"seq": 0}),
        ("POST", f"threads/{other}/leave", {}),
        ("PUT", f"threads/{other}/messages/m9/reactions/%F0%9F%91%80", None),
    ]
    for method, path, body in calls:
        status, answer = await guest.call(method, path, body)
        assert (status, answer["error"]["code"]) == (404, "not_found"), path
    socket = await guest.connect()
    for doc in (f"thread:{other}", f"page:{other}:0"):
        with pytest.raises(Refused, match="not_found"):
            await socket.command("subscribe", doc=doc)
    for do, fields in (("typing", {}), ("message.post", {"body": "no"}), ("reaction.put", {"message": "m9"})):
        with pytest.raises(Refused, match="not_found"):
            await socket.command(do, thread=other, **({"emoji": "👀"} if do == "reaction.put" else {}), **fields)
    await ana.ask("POST", f"threads/{other}/messages", {"body": "more secret words"})
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "to be heard"})
    await socket.event("thread.updated", thread=thread)
    assert {event["thread"] for event in socket.events if event["event"] != "connected"} == {thread}
    assert "secret" not in json.dumps(socket.received)
    socket.close()


async def test_a_pass_is_for_the_guests_page_and_nothing_else(ana: Person) -> None:
    """the browser keeps it from scripts and other sites, and the rest of the server does not know it."""
    thread = await a_thread(ana)
    guest = Guest(ana.server)
    response = await guest.fetch("POST", "enter", {"code": (await a_link(ana, thread))["code"], "name": "Hana Sato"})
    (line,) = [line for line in response.headers.get_list("Set-Cookie") if "groupchat-guest" in line]
    attributes = {part.strip().lower() for part in line.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/groupchat/guest/"} <= attributes
    (name,) = guest.passes
    for path in ("api/contents", "groupchat/api/me", f"groupchat/api/threads/{thread}", "lab", "api/kernels"):
        response = await get(ana.server, path, Cookie=f"{name}={guest.cookies[name]}")
        assert response.code in (302, 403, 404), path
        if response.code == 302:
            assert "/login" in response.headers["Location"]
    with pytest.raises(HTTPClientError, match="403"):
        await Client.connect(ana, headers=guest.headers)
    https = await Guest(ana.server, "Noor").fetch(
        "POST",
        "enter",
        {"code": (await a_link(ana, thread))["code"], "name": "Noor"},
        headers={"Cookie": "_xsrf=c0ffee", "X-XSRFToken": "c0ffee", "X-Scheme": "https"},
    )
    assert "secure" in https.headers["Set-Cookie"].lower()


async def test_a_sign_in_counts_for_nothing_on_the_guests_page(ana: Person) -> None:
    """neither a token nor a ticket makes anybody a guest, and beside a pass they do not count."""
    thread = await a_thread(ana)
    signed_in = Guest(ana.server)
    ticket = (await ana.ask("POST", f"threads/{thread}/tickets"))["ticket"]["value"]
    for value in (f"token {ana.server.token('Ana')}", f"groupchat-ticket {ticket}"):
        headers = {**signed_in.headers, "Authorization": value}
        status, answer = await signed_in.call("GET", "me", headers=headers)
        assert (status, answer["error"]["details"]["reason"]) == (403, "none")
        with pytest.raises(HTTPClientError, match="403"):
            await Client.connect(signed_in, headers=headers)
    assert await reason(signed_in, path=f"me?token={ana.server.token('Ana')}") == "none"
    guest = await a_guest(ana, thread)
    headers = {**guest.headers, "Authorization": f"token {ana.server.token('Ana')}"}
    status, me = await guest.call("GET", "me", headers=headers)
    assert (status, me["name"]) == (200, "Hana Sato")
    # A token is no reason to leave out the XSRF check.
    del headers["X-XSRFToken"]
    assert (await guest.call("POST", f"threads/{thread}/messages", {"body": "x"}, headers=headers))[0] == 403


async def test_what_is_no_pass_opens_nothing(ana: Person) -> None:
    """a changed, empty, foreign or strange cookie, and the hash of a pass; on every way in."""
    thread = await a_thread(ana)
    guest = await a_guest(ana, thread)
    (name,) = guest.passes
    good = guest.cookies[name]
    forged = [good[:-1], good + "A", good[::-1], "", "x", "A" * 43, sha256(good.encode()).hexdigest(), "%00", "'" * 3]
    for value in forged:
        stranger = Guest(ana.server)
        stranger.cookies[name] = value
        for path in ("me", f"threads/{thread}", f"threads/{thread}/messages"):
            assert await reason(stranger, path=path) == "none"
        assert await reason(stranger, "POST", f"threads/{thread}/messages", {"body": "x"}) == "none"
        with pytest.raises(HTTPClientError, match="403"):
            await Client.connect(stranger)
    assert (await guest.ask("GET", "me"))["guest"]["thread_id"] == thread


async def test_other_sites_do_nothing_in_a_guests_name(ana: Person) -> None:
    """without the XSRF token nothing is changed, and calls and sockets of a foreign origin are refused."""
    thread = await a_thread(ana)
    code = (await a_link(ana, thread))["code"]
    guest = Guest(ana.server)
    for headers in ({}, {"Cookie": "_xsrf=c0ffee"}, {"Cookie": "_xsrf=c0ffee", "X-XSRFToken": "beef"}):
        for path, body in (("peek", {"code": code}), ("enter", {"code": code, "name": "Hana"})):
            status, answer = await guest.call("POST", path, body, headers=headers)
            assert (status, answer["error"]["code"]) == (403, "not_allowed")
            assert "XSRF" in answer["error"]["message"].upper()
    await guest.enter(code)
    without = {key: value for key, value in guest.headers.items() if key != "X-XSRFToken"}
    for method, path, body in (("POST", f"threads/{thread}/messages", {"body": "x"}), ("POST", "leave", {})):
        assert (await guest.call(method, path, body, headers=without))[0] == 403
    foreign = {**guest.headers, "Origin": "http://elsewhere.example"}
    assert (await guest.call("GET", "me", headers=foreign))[0] == 403
    assert (await guest.call("POST", "leave", {}, headers=foreign))[0] == 403
    with pytest.raises(HTTPClientError, match="403"):
        await Client.connect(guest, headers=foreign)
    assert (await guest.ask("GET", "me"))["guest"]["thread_id"] == thread


async def test_nobody_makes_the_server_hold_more_than_it_takes(ana: Person) -> None:
    """a body of megabytes is refused, from strangers as from guests, and the next call is answered."""
    thread = await a_thread(ana)
    code = (await a_link(ana, thread))["code"]
    guest = Guest(ana.server)
    large = b'{"code": "' + b"x" * 6_000_000 + b'"}'
    assert (await guest.call("POST", "peek", large))[0] == 413
    await guest.enter(code)
    status, answer = await guest.call("POST", f"threads/{thread}/messages", large)
    assert (status, answer["error"]["code"]) == (413, "too_large")
    for wrong in ("[]", "{", '{"code": 1}', '{"code": "c", "name": null}', '{"code": "c", "role": "owner"}', b"\xff"):
        for path in ("peek", "enter"):
            assert (await guest.call("POST", path, wrong))[0] == 400
    assert (await guest.ask("POST", f"threads/{thread}/messages", {"body": "Still here."}))["message"]


async def test_who_guesses_codes_is_held_up_and_nobody_else(ana: Person) -> None:
    """wrong codes count by address, also those of links that are not for guests; then the right one does not help."""
    thread = await a_thread(ana)
    code = (await a_link(ana, thread))["code"]
    plain = (await ana.ask("POST", f"threads/{thread}/invitations", {}))["invitation"]["code"]
    guesser = Guest(ana.server, address="192.0.2.1")
    for number in range(10):
        wrong = plain if number == 3 else f"guess-{number}"
        call = ("enter", {"code": wrong, "name": "Eve"}) if number % 2 else ("peek", {"code": wrong})
        status, answer = await guesser.call("POST", *call)
        assert (status, answer["error"]["code"]) == (410, "invitation_gone")
        assert answer["error"]["details"] == {"reason": "unknown"}
    for path, body in (("peek", {"code": code}), ("enter", {"code": code, "name": "Eve"})):
        status, answer = await guesser.call("POST", path, body)
        assert (status, answer["error"]["code"]) == (429, "rate_limited")
    assert (await Guest(ana.server, address="192.0.2.2").call("POST", "peek", {"code": code}))[0] == 200


async def test_a_link_that_is_gone_says_why(ana: Person) -> None:
    """revoked, used up, expired, full and archived; who is in already stays when a link is revoked."""
    thread = await a_thread(ana)
    once, revoked = await a_link(ana, thread, max_uses=1), await a_link(ana, thread)
    first = Guest(ana.server, "Hana Sato")
    await first.enter(once["code"])
    other = await a_guest(ana, thread, "Noor")
    await ana.ask("DELETE", f"threads/{thread}/invitations/{revoked['id']}")
    late = Guest(ana.server, "Late")
    for link, why in ((once, "used_up"), (revoked, "revoked")):
        for path, body in (("peek", {"code": link["code"]}), ("enter", {"code": link["code"], "name": "Late"})):
            status, answer = await late.call("POST", path, body)
            assert (status, answer["error"]["details"]) == (410, {"reason": why})
    assert [(await guest.ask("GET", "me"))["guest"]["thread_id"] for guest in (first, other)] == [thread, thread]
    for invitation in (await ana.ask("GET", f"threads/{thread}/invitations"))["invitations"]:
        await ana.ask("DELETE", f"threads/{thread}/invitations/{invitation['id']}")
    assert (await other.ask("GET", "me"))["name"] == "Noor"

    link = await a_link(ana, thread)
    await ana.ask("PATCH", f"threads/{thread}", {"archived": True})
    for path, body in (("peek", {"code": link["code"]}), ("enter", {"code": link["code"], "name": "Late"})):
        status, answer = await late.call("POST", path, body)
        assert (status, answer["error"]["details"]["reason"]) == (409, "archived")
    assert (await other.ask("GET", f"threads/{thread}"))["thread"]["archived_at"]
    assert late.passes == []


async def test_a_guest_is_not_taken_for_somebody_else(ana: Person, ben: Person) -> None:
    """names that cannot be read, or that are somebody's or the assistant's, are refused and use nothing up."""
    thread = await a_thread(ana)
    await ana.invite(thread, ben)
    link = await a_link(ana, thread, max_uses=1)
    guest = Guest(ana.server)
    for name in ("Ana", "aná", "\u0410na", "ben", "Assistant", "Everyone", "assistant 2"):
        status, answer = await guest.call("POST", "enter", {"code": link["code"], "name": name})
        assert (status, answer["error"]["details"].get("reason")) == (403, "name"), name
    for name in ("", "   ", "x" * 61, "a\u202eb", "\u3164"):
        assert (await guest.call("POST", "enter", {"code": link["code"], "name": name}))[0] == 400
    assert guest.passes == []
    await guest.enter(link["code"])
    assert (await guest.ask("GET", "me"))["name"] == "Hana Sato"


async def test_coming_again_uses_nothing_up(ana: Person) -> None:
    """who has a pass goes on with it; for another thread they have to leave the first one."""
    thread, other = await a_thread(ana), await a_thread(ana)
    once, elsewhere = await a_link(ana, thread, max_uses=1), await a_link(ana, other)
    guest = Guest(ana.server)
    assert await guest.enter(once["code"]) == thread
    before = dict(guest.cookies)
    assert await guest.enter(once["code"]) == thread
    assert guest.cookies == before
    status, answer = await guest.call("POST", "enter", {"code": elsewhere["code"], "name": "Hana Sato"})
    assert (status, answer["error"]["details"]) == (409, {"reason": "elsewhere"})
    await guest.ask("POST", "leave", {})
    assert guest.passes == []
    assert await guest.enter(elsewhere["code"]) == other


async def test_access_ends_with_leaving_and_removal_at_once(ana: Person) -> None:
    """the socket closes, the pass is dead wherever it is shown, and what was written stays."""
    thread = await a_thread(ana)
    leaver, removed = await a_guest(ana, thread), await a_guest(ana, thread, "Noor")
    kept = Guest(ana.server, "Copy", dict(leaver.cookies))
    sockets = [await leaver.connect(), await removed.connect()]
    for socket in sockets:
        await socket.open(f"page:{thread}:0")
        await socket.post(thread, "I was here.")
    username = (await removed.ask("GET", "me"))["username"]
    await ana.ask("DELETE", f"threads/{thread}/members/{username}")
    assert await sockets[1].gone() == ACCESS_ENDED
    assert [event["why"] for event in sockets[1].events if event["event"] == "thread.gone"] == ["removed"]
    assert await reason(removed) == "removed"
    assert await reason(removed, "POST", f"threads/{thread}/messages", {"body": "x"}) == "removed"
    await leaver.ask("POST", "leave", {})
    assert await sockets[0].gone() == ACCESS_ENDED
    assert (await reason(leaver), await reason(kept)) == ("none", "left")
    for guest in (leaver, removed, kept):
        with pytest.raises(HTTPClientError, match="403"):
            await Client.connect(guest)
    bodies = [message["body"] for message in (await ana.ask("GET", f"threads/{thread}/messages"))["messages"]]
    assert bodies.count("I was here.") == 2
    assert bodies[:2] == ["Hana Sato left.", "Ana removed Noor."]
    assert len((await ana.ask("GET", f"threads/{thread}/members"))["members"]) == 1


async def test_access_ends_with_the_thread(ana: Person) -> None:
    """the socket closes, and who asks is told that the thread was deleted."""
    thread = await a_thread(ana)
    guest = await a_guest(ana, thread)
    socket = await guest.connect()
    await socket.open(f"thread:{thread}")
    await ana.ask("DELETE", f"threads/{thread}")
    assert await socket.gone() == ACCESS_ENDED
    assert [event["why"] for event in socket.events if event["event"] == "thread.gone"] == ["deleted"]
    for path in ("me", f"threads/{thread}"):
        assert await reason(guest, path=path) == "deleted"


async def test_access_ends_at_its_time(ana: Person) -> None:
    """the socket closes then, no call is answered any more, and the guest is taken out with a line that says so."""
    thread = await a_thread(ana)
    link = await a_link(ana, thread, expires_in=2)
    guest = Guest(ana.server)
    await guest.enter(link["code"])
    socket = await guest.connect()
    await socket.open(f"page:{thread}:0")
    watching = await ana.connect()
    await watching.open(f"page:{thread}:0")
    assert await socket.gone() == ACCESS_ENDED
    assert await reason(guest) == "ended"
    with pytest.raises(HTTPClientError, match="403"):
        await Client.connect(guest)
    line = "Hana Sato’s access as a guest ended."
    await watching.until(lambda: line in [message.body for message in watching.page(thread).messages(thread)])
    members = (await ana.ask("GET", f"threads/{thread}/members"))["members"]
    assert [member["username"] for member in members] == ["ana"]
    audit = (await ana.ask("GET", f"threads/{thread}/audit"))["audit"]
    assert (audit[0]["action"], audit[0]["details"]["name"]) == ("guest.end", "Hana Sato")
    assert await reason(guest) == "ended"
    watching.close()


async def test_the_owner_lets_a_guest_in_or_does_not(ana: Person) -> None:
    """until then a pass opens nothing and says that they wait; afterwards it opens the thread, or says why not."""
    thread = await a_thread(ana)
    await ana.ask("PATCH", f"threads/{thread}", {"approval": True})
    link = await a_link(ana, thread)
    hana, noor, gone = (Guest(ana.server, name) for name in ("Hana Sato", "Noor", "Gone"))
    assert (await hana.ask("POST", "peek", {"code": link["code"]}))["asks_owner"] is True
    for guest in (hana, noor, gone):
        answer = await guest.call("POST", "enter", {"code": link["code"], "name": guest.name})
        assert answer == (202, {"waiting": True, "title": "Churn review", "invited_by": "Ana"})
        assert await guest.call("GET", "me") == answer
        assert await reason(guest, path=f"threads/{thread}/messages") == "waiting"
        with pytest.raises(HTTPClientError, match="403"):
            await Client.connect(guest)
    assert (await hana.call("POST", "enter", {"code": link["code"], "name": "Hana Sato"}))[0] == 202
    requests = (await ana.ask("GET", f"threads/{thread}/requests"))["requests"]
    assert [(one["name"], one["invited_by"], one["guest_until"]) for one in requests] == [
        (name, "ana", link["expires_at"]) for name in ("Hana Sato", "Noor", "Gone")
    ]
    await gone.ask("POST", "leave", {})
    await ana.ask("DELETE", f"threads/{thread}/requests/{requests[1]['username']}")
    member = (await ana.ask("POST", f"threads/{thread}/requests/{requests[0]['username']}"))["member"]
    assert (member["name"], member["guest_until"]) == ("Hana Sato", link["expires_at"])
    assert (await hana.ask("GET", "me"))["guest"]["thread_id"] == thread
    assert await reason(noor) == "denied"
    assert (await ana.ask("GET", f"threads/{thread}/requests"))["requests"] == []
    (waits,) = [await one.call("POST", "enter", {"code": link["code"], "name": "Omar"}) for one in [Guest(ana.server)]]
    assert waits[0] == 202


async def test_a_guest_stays_a_reviewer(ana: Person) -> None:
    """nobody makes them anything else, and nobody signs in as one."""
    thread = await a_thread(ana)
    guest = await a_guest(ana, thread)
    username = (await guest.ask("GET", "me"))["username"]
    for role in ("member", "owner", "annotator"):
        with pytest.raises(Refused, match="conflict"):
            await ana.ask("PATCH", f"threads/{thread}/members/{username}", {"role": role})


async def test_the_page_is_there_for_anybody_and_runs_only_what_is_built_for_it(server: ServerProcess) -> None:
    """without a sign-in; it names no other site, is shown in no other page, and gives the XSRF cookie."""
    page = await get(server, "groupchat/guest/")
    assert page.code == 200, "no page to serve: run `make install` first"
    policy = page.headers["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert (
        rules.items()
        >= {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self' data: blob:",
            "frame-ancestors": "'none'",
        }.items()
    )
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "_xsrf=" in page.headers["Set-Cookie"]
    text = page.body.decode()
    assert "http" not in text
    assert "<script>" not in text
    scripts = re.findall(r'src="(static/[^"]+\.js)"', text)
    assert scripts
    for path in scripts:
        script = await get(server, f"groupchat/guest/{path}")
        assert (script.code, script.headers["X-Content-Type-Options"]) == (200, "nosniff")
        assert "immutable" in script.headers["Cache-Control"]
    moved = await get(server, "groupchat/guest")
    assert (moved.code, moved.headers["Location"]) == (302, "/groupchat/guest/")
    for path in ("../guest_handlers.py", "..%2f__init__.py", "%2e%2e/__init__.py", "no-such.js"):
        assert (await get(server, f"groupchat/guest/static/{path}")).code in (403, 404)


@pytest.mark.slow
async def test_switched_off_shuts_everybody_out(tmp_path: Path) -> None:
    """who was in is out from the next start on, with their place kept; the page is not there, and no link is made."""
    on: dict[str, object] = {"assistant_enabled": False, "guests_allowed": True}
    with ServerProcess(tmp_path, options=on) as server:
        ana = Person(server, "Ana")
        thread = await a_thread(ana)
        code = (await a_link(ana, thread))["code"]
        guest = Guest(server)
        await guest.enter(code)
    for off in ({"guests_allowed": False}, {"invitation_links": False}):
        with ServerProcess(tmp_path, options=on | off) as server:
            ana, back = Person(server, "Ana"), Guest(server, "Hana Sato", _at_port(guest, server))
            for method, path, body in (
                ("GET", "me", None),
                ("GET", f"threads/{thread}", None),
                ("POST", "peek", {"code": code}),
                ("POST", "enter", {"code": code, "name": "Noor"}),
            ):
                assert await reason(back, method, path, body) == "off"
            with pytest.raises(HTTPClientError, match="403"):
                await Client.connect(back)
            (script, *_) = re.findall(r'src="(static/[^"]+\.js)"', (BUNDLE / "index.html").read_text())
            for path in ("", "index.html", script):
                assert (await get(server, f"groupchat/guest/{path}")).code == 404
            with pytest.raises(Refused, match="not_allowed"):
                await a_link(ana, thread)
            assert (await ana.ask("GET", "me"))["allowed"]["guests_allowed"] is False
            assert len((await ana.ask("GET", f"threads/{thread}/members"))["members"]) == 2
    with ServerProcess(tmp_path, options=on) as server:
        back = Guest(server, "Hana Sato", _at_port(guest, server))
        assert (await back.ask("GET", "me"))["guest"]["thread_id"] == thread


def _at_port(guest: Guest, server: ServerProcess) -> dict[str, str]:
    """The guest's cookies as they are called at a server of another port."""
    (name,) = guest.passes
    port = server.url.rstrip("/").rpartition(":")[2]
    return {"_xsrf": "c0ffee", f"{name.rpartition('-')[0]}-{port}": guest.cookies[name]}


async def test_a_socket_looks_for_itself_whether_its_pass_is_good(tmp_path: Path) -> None:
    """one that nobody told that access ended closes with the next ping."""
    options: dict[str, object] = {"assistant_enabled": False, "guests_allowed": True}
    with ServerProcess(
        tmp_path, options=options, config={"ServerApp": {"tornado_settings": {"ws_ping_interval": 500}}}
    ) as server:
        ana = Person(server, "Ana")
        guest = await a_guest(ana, await a_thread(ana))
        socket = await guest.connect()
        with closing(sqlite3.connect(server.database, timeout=PATIENCE)) as connection, connection:
            connection.execute("UPDATE guests SET ended = 'removed'")
        assert await socket.gone() == ACCESS_ENDED


async def test_access_ends_on_every_server_of_a_database(tmp_path: Path) -> None:
    """a socket at a second server closes when the owner removes the guest at the first."""
    options: dict[str, object] = {"assistant_enabled": False, "guests_allowed": True}
    with (
        ServerProcess(tmp_path / "one", options=options) as first,
        ServerProcess(
            tmp_path / "two", options={**options, "database_url": f"sqlite:///{tmp_path / 'one' / 'chat.sqlite'}"}
        ) as second,
    ):
        ana = Person(first, "Ana")
        thread = await a_thread(ana)
        guest = await a_guest(ana, thread)
        away = Guest(second, "Hana Sato", _at_port(guest, second))
        socket = await away.connect()
        await socket.open(f"thread:{thread}")
        username = (await away.ask("GET", "me"))["username"]
        await ana.ask("DELETE", f"threads/{thread}/members/{username}")
        assert await socket.gone() == ACCESS_ENDED
        assert await reason(away) == "removed"
