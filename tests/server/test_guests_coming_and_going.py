"""How guests come in, who is let in, and when their access ends."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_groupchat.server.connection import ACCESS_ENDED
from jupyter_groupchat.server.guest_handlers import BUNDLE
from tests.server.client import Client, Guest, Person, Refused
from tests.server.process import PATIENCE, ServerProcess
from tests.server.visits import a_guest, a_link, a_thread, at_port, get, guests_server, reason

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One that lets guests in."""
    with guests_server(tmp_path_factory.mktemp("guests")) as server:
        yield server


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
        away = Guest(second, "Hana Sato", at_port(guest, second))
        socket = await away.connect()
        await socket.open(f"thread:{thread}")
        username = (await away.ask("GET", "me"))["username"]
        await ana.ask("DELETE", f"threads/{thread}/members/{username}")
        assert await socket.gone() == ACCESS_ENDED
        assert await reason(away) == "removed"


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
            ana, back = Person(server, "Ana"), Guest(server, "Hana Sato", at_port(guest, server))
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
        back = Guest(server, "Hana Sato", at_port(guest, server))
        assert (await back.ask("GET", "me"))["guest"]["thread_id"] == thread
