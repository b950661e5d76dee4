"""The REST calls on a running server, as a script with a token makes them."""

from __future__ import annotations

import json

import pytest

from tests.server.client import Person, Refused, new_id

pytestmark = pytest.mark.anyio


async def test_who_am_i(ana: Person) -> None:
    """``me`` says who the caller is and what is possible."""
    me = await ana.ask("GET", "me")
    assert (me["username"], me["name"]) == ("ana", "Ana")
    assert me["assistant_name"] == "Assistant"
    assert me["limits"]["body_bytes"] == 32_768
    assert me["limits"]["members"] == 20


async def test_a_thread_from_start_to_end(ana: Person) -> None:
    """a thread is made, listed, renamed, archived and deleted by its owner."""
    status, made = await ana.call("POST", "threads", {"title": "  Churn review ", "mode": "mention"})
    assert status == 201
    thread = made["thread"]
    assert (thread["title"], thread["mode"], thread["role"]) == ("Churn review", "mention", "owner")
    assert thread["id"] in [listed["id"] for listed in (await ana.ask("GET", "threads"))["threads"]]

    patched = await ana.ask("PATCH", f"threads/{thread['id']}", {"title": "Churn, June"})
    assert patched["thread"]["title"] == "Churn, June"
    assert (await ana.ask("GET", f"threads/{thread['id']}"))["thread"]["mode"] == "mention"

    await ana.ask("PATCH", f"threads/{thread['id']}", {"archived": True})
    with pytest.raises(Refused, match="archived") as refused:
        await ana.ask("POST", f"threads/{thread['id']}/messages", {"body": "Hello?"})
    assert refused.value.code == "conflict"

    assert await ana.ask("DELETE", f"threads/{thread['id']}") == {}
    with pytest.raises(Refused) as refused:
        await ana.ask("GET", f"threads/{thread['id']}")
    assert refused.value.code == "not_found"


async def test_joining_by_a_link(ana: Person, ben: Person) -> None:
    """an invitation's address is ready to send, and its code makes the second person a member."""
    thread = await ana.new_thread()
    status, made = await ana.call("POST", f"threads/{thread}/invitations", {"role": "annotator", "max_uses": 1})
    assert status == 201
    invitation = made["invitation"]
    assert invitation["url"] == f"{ana.server.url}lab?groupchat-join={invitation['code']}"

    joined = await ben.ask("POST", "invitations/accept", {"code": invitation["code"]})
    assert (joined["thread"]["id"], joined["thread"]["role"]) == (thread, "annotator")
    members = (await ben.ask("GET", f"threads/{thread}/members"))["members"]
    assert [(member["username"], member["role"]) for member in members] == [("ana", "owner"), ("ben", "annotator")]

    listed = (await ana.ask("GET", f"threads/{thread}/invitations"))["invitations"]
    assert [(found["id"], found["uses"], found["open"]) for found in listed] == [(invitation["id"], 1, False)]
    assert invitation["code"] not in json.dumps(listed)


async def test_roles_change_and_members_go(ana: Person, ben: Person) -> None:
    """the owner changes a role and removes a member, who then knows of no such thread."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    changed = await ana.ask("PATCH", f"threads/{thread}/members/ben", {"role": "reviewer"})
    assert changed["member"]["role"] == "reviewer"
    assert await ana.ask("DELETE", f"threads/{thread}/members/ben") == {}
    with pytest.raises(Refused) as refused:
        await ben.ask("GET", f"threads/{thread}/messages")
    assert refused.value.code == "not_found"
    await ana.invite(thread, ben)
    assert await ben.ask("POST", f"threads/{thread}/leave") == {}


async def test_messages_are_written_changed_and_deleted(ana: Person) -> None:
    """a message is posted, read, edited, marked, reacted to and deleted."""
    thread = await ana.new_thread()
    status, made = await ana.call("POST", f"threads/{thread}/messages", {"id": "m1", "body": "Fix Q2?"})
    assert status == 201
    assert (made["message"]["id"], made["message"]["seq"], made["message"]["author"]) == ("m1", 0, "ana")
    edited = await ana.ask("PATCH", f"threads/{thread}/messages/m1", {"body": "Fix the second quarter?"})
    assert edited["message"]["edited_at"] is not None
    marked = await ana.ask("PUT", f"threads/{thread}/messages/m1/marks", {"pinned": True})
    assert marked["message"]["marks"] == {"pinned": "ana"}
    assert await ana.ask("PUT", f"threads/{thread}/messages/m1/reactions/%F0%9F%91%8D") == {}
    message = (await ana.ask("GET", f"threads/{thread}/messages/m1"))["message"]
    assert (message["body"], message["reactions"]) == ("Fix the second quarter?", {"👍": ["ana"]})
    assert await ana.ask("DELETE", f"threads/{thread}/messages/m1/reactions/%F0%9F%91%8D") == {}
    assert await ana.ask("DELETE", f"threads/{thread}/messages/m1") == {}
    message = (await ana.ask("GET", f"threads/{thread}/messages/m1"))["message"]
    assert (message["deleted"], message["body"], message["reactions"]) == (True, "", {})


async def test_messages_are_read_backwards_in_pages(ana: Person) -> None:
    """the newest come first, and ``before_seq`` goes on from there."""
    thread = await ana.new_thread()
    for number in range(5):
        await ana.ask("POST", f"threads/{thread}/messages", {"body": f"Message {number}"})
    newest = (await ana.ask("GET", f"threads/{thread}/messages", limit=2))["messages"]
    assert [message["seq"] for message in newest] == [4, 3]
    older = (await ana.ask("GET", f"threads/{thread}/messages", limit=200, before_seq=3))["messages"]
    assert [message["body"] for message in older] == ["Message 2", "Message 1", "Message 0"]


async def test_a_copy_is_a_thread_of_its_own(ana: Person, ben: Person) -> None:
    """a copy up to a message belongs to who made it, and the source stays as it was, with its members."""
    source = await ana.new_thread()
    await ana.invite(source, ben)
    posted = [await ana.ask("POST", f"threads/{source}/messages", {"body": f"Message {number}"}) for number in range(3)]
    through = posted[1]["message"]["seq"]
    status, made = await ana.call("POST", f"threads/{source}/copy", {"title": "A copy", "through_seq": through})
    assert status == 201
    copy = made["thread"]["id"]
    messages = (await ana.ask("GET", f"threads/{copy}/messages"))["messages"]
    assert [message["body"] for message in messages if message["kind"] == "human"] == ["Message 1", "Message 0"]
    with pytest.raises(Refused):
        await ben.ask("GET", f"threads/{copy}")
    assert (await ben.ask("GET", f"threads/{source}"))["thread"]["last_seq"] == posted[2]["message"]["seq"]


async def test_the_same_call_twice_is_one_message(ana: Person) -> None:
    """repeating a call with its id returns the first result, and nothing happens twice."""
    thread = await ana.new_thread()
    post = {"id": new_id(), "body": "Only once"}
    first = await ana.ask("POST", f"threads/{thread}/messages", post)
    assert await ana.ask("POST", f"threads/{thread}/messages", post) == first
    assert len((await ana.ask("GET", f"threads/{thread}/messages"))["messages"]) == 1


async def test_a_shared_cell_and_its_image(ana: Person, ben: Person) -> None:
    """a cell is shared with its outputs; an image is fetched by members as the file that it became."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    cell = {
        "notebook": "churn.ipynb",
        "cell_id": "c1",
        "cell_type": "code",
        "source": "plot()",
        "outputs": [{"output_type": "display_data", "data": {"image/png": pixel}, "metadata": {}}],
        "execution_count": 3,
    }
    receipt = (await ana.ask("PUT", f"threads/{thread}/cells/s1", cell))["cell"]
    assert receipt["id"] == "s1"
    with pytest.raises(Refused) as refused:
        await ben.ask("PUT", f"threads/{thread}/cells/s1", {**cell, "source": "mine()"})
    assert refused.value.code in ("not_allowed", "conflict")

    socket = await ben.connect()
    await socket.open(f"thread:{thread}")
    shared = socket.thread(thread).cell("s1")
    assert shared is not None
    file = shared.outputs[0]["data"]["image/png"]["file"]
    response = await ben.fetch("GET", f"threads/{thread}/files/{file}")
    assert (response.code, response.headers["Content-Type"]) == (200, "image/png")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.body.startswith(b"\x89PNG")

    assert await ana.ask("DELETE", f"threads/{thread}/cells/s1") == {}
    await socket.until(lambda: socket.thread(thread).cell("s1") is None)


async def test_search_stays_within_what_one_may_read(ana: Person, ben: Person) -> None:
    """search finds messages in one's own threads, and never in others'."""
    word = f"quokka{new_id()}"
    mine, shared = await ana.new_thread(), await ana.new_thread("Shared")
    await ana.invite(shared, ben)
    for thread in (mine, shared):
        await ana.ask("POST", f"threads/{thread}/messages", {"body": f"A {word} jumps"})
    assert {hit["thread_id"] for hit in (await ana.ask("GET", "search", q=word))["hits"]} == {mine, shared}
    hits = (await ben.ask("GET", "search", q=word))["hits"]
    assert [(hit["thread_id"], hit["thread_title"]) for hit in hits] == [(shared, "Shared")]
    assert len((await ana.ask("GET", f"threads/{mine}/search", q=word))["hits"]) == 1
    with pytest.raises(Refused):
        await ben.ask("GET", f"threads/{mine}/search", q=word)


async def test_read_marks_and_mute_are_ones_own(ana: Person, ben: Person) -> None:
    """marking as read moves forward only, and neither it nor muting touches anybody else's list."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    for _ in range(3):
        await ana.ask("POST", f"threads/{thread}/messages", {"body": "@ben look"})
    before = (await ben.ask("GET", f"threads/{thread}"))["thread"]
    assert (before["unread"], before["mentions"]) == (3, 3)
    assert await ben.ask("PUT", f"threads/{thread}/read", {"seq": before["last_seq"]}) == {
        "read_seq": before["last_seq"]
    }
    assert (await ben.ask("PUT", f"threads/{thread}/read", {"seq": 0}))["read_seq"] == before["last_seq"]
    await ben.ask("PUT", f"threads/{thread}/mute", {"muted": True})
    after = (await ben.ask("GET", f"threads/{thread}"))["thread"]
    assert (after["unread"], after["mentions"], after["muted"]) == (0, 0, True)
    assert not (await ana.ask("GET", f"threads/{thread}"))["thread"]["muted"]


async def test_the_audit_log_is_the_owners(ana: Person, ben: Person) -> None:
    """the owner reads what changed in a thread, without what people wrote; others may not."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "Nothing for the audit"})
    lines = (await ana.ask("GET", f"threads/{thread}/audit"))["audit"]
    assert {line["actor"] for line in lines} == {"ana", "ben"}
    assert "Nothing for the audit" not in json.dumps(lines)
    with pytest.raises(Refused) as refused:
        await ben.ask("GET", f"threads/{thread}/audit")
    assert refused.value.code == "not_allowed"
