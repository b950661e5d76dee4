"""What a guest's pass opens, and all that it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, get_args

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_groupchat.server import guests, routes
from jupyter_groupchat.threads.guests import ALLOWED
from jupyter_groupchat.wire import commands
from tests.server.client import Client, Guest, Person, Refused
from tests.server.process import ServerProcess
from tests.server.visits import a_guest, a_link, a_thread, get, guests_server, reason

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

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
    {"do": "draft.patch", "draft": "d"},
    {"do": "draft.close", "draft": "d"},
    {"do": "draft.send", "draft": "d"},
    {"do": "draft.cursor", "draft": "d"},
    {"do": "subscribe", "doc": "draft:{thread}:{draft}"},
]
_WITHOUT_THREAD = {
    *("thread.create", "invitation.accept", "profile.patch", "picture.delete", "report.close", "subscribe"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One that lets guests in."""
    with guests_server(tmp_path_factory.mktemp("guests")) as server:
        yield server


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


async def test_commands_that_are_not_for_guests_are_refused_to_them(ana: Person) -> None:
    """by socket, too: all that there are and that are not in the list of guests; and a draft is not to be read."""
    there_are = {kind.model_fields["do"].default for kind in get_args(commands.AnyCommand) if kind not in ALLOWED}
    assert there_are <= {command["do"] for command in NOT_FOR_GUESTS}
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
