"""Two people on one thread, each with a socket, on a running server."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from jupyter_groupchat.wire import frames
from tests.server.client import Client, Person, Refused

pytestmark = pytest.mark.anyio


async def both(ana: Person, ben: Person) -> tuple[str, Client, Client]:
    """A new thread that both have open."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    clients = [await person.connect() for person in (ana, ben)]
    for client in clients:
        await client.open(f"thread:{thread}")
        await client.open(f"page:{thread}:0")
    return thread, clients[0], clients[1]


def written(client: Client, thread: str, page: int = 0) -> list[dict[str, Any]]:
    """What people wrote, as the replica of a page has it: without notices of who joined."""
    return [message for message in client.page(thread, page).get() if message["kind"] == "human"]


def has(client: Client, thread: str, count: int) -> bool:
    """Whether a replica of the first page has that many messages of people."""
    return len(written(client, thread)) == count


async def test_both_see_what_one_writes(ana: Person, ben: Person) -> None:
    """a message reaches both replicas, and they are the same afterwards."""
    thread, anas, bens = await both(ana, ben)
    message = await anas.post(thread, "Churn rose in June — why? 🤔")
    await bens.until(lambda: message["id"] in bens.page(thread))
    seen = bens.page(thread).message(thread, message["id"])
    assert (seen.body, seen.author, seen.author_name) == ("Churn rose in June — why? 🤔", "ana", "Ana")
    await bens.command("reaction.put", thread=thread, message=message["id"], emoji="👍")
    await anas.until(lambda: anas.page(thread).message(thread, message["id"]).reactions == {"👍": ("ben",)})
    await bens.until(lambda: has(bens, thread, 1))
    assert anas.page(thread).get() == bens.page(thread).get()
    await bens.until(lambda: anas.thread(thread).get() == bens.thread(thread).get())


async def test_the_answer_comes_after_the_updates_that_it_caused(ana: Person, ben: Person) -> None:
    """when a command is answered, the sender's replicas hold what it did."""
    thread, anas, _ = await both(ana, ben)
    for number in range(20):
        message = await anas.post(thread, f"Message {number}")
        assert message["id"] in anas.page(thread)
        assert anas.thread(thread).last_seq == message["seq"]


async def test_commands_of_one_connection_keep_their_order(ana: Person, ben: Person) -> None:
    """many messages sent at once are numbered in the order in which they were sent, and all arrive."""
    thread, anas, bens = await both(ana, ben)
    answers = [anas.send("message.post", thread=thread, body=f"Message {number}") for number in range(200)]
    sent = [(await answer)["message"] for answer in answers]
    assert [message["seq"] for message in sent] == list(range(1, 201))
    await bens.until(lambda: has(bens, thread, 200))
    assert [message["body"] for message in written(bens, thread)] == [f"Message {number}" for number in range(200)]


async def test_two_writers_at_once_lose_nothing(ana: Person, ben: Person) -> None:
    """messages of two people at the same moment each get a number of their own, and both see all."""
    thread, anas, bens = await both(ana, ben)
    answers = [
        client.send("message.post", thread=thread, body=f"{client.person.name} {number}")
        for number in range(50)
        for client in (anas, bens)
    ]
    sent = [(await answer)["message"] for answer in answers]
    assert sorted(message["seq"] for message in sent) == list(range(1, 101))
    for client in (anas, bens):
        await client.until(partial(has, client, thread, 100))
    assert anas.page(thread).get() == bens.page(thread).get()


async def test_a_repeated_command_happens_once(ana: Person, ben: Person) -> None:
    """a client that lost the answer sends the command again, on another connection, and gets the first result."""
    thread, anas, bens = await both(ana, ben)
    first = await anas.post(thread, "Only once", id="same-id")
    anas.close()
    again = await ana.connect()
    assert await again.post(thread, "Only once", id="same-id") == first
    with pytest.raises(Refused) as refused:
        await bens.post(thread, "Not mine", id="same-id")
    assert refused.value.code == "conflict"
    assert has(bens, thread, 1)


async def test_a_client_that_comes_back_fetches_only_what_it_misses(ana: Person, ben: Person) -> None:
    """after a torn connection a replica gets the missing messages and nothing twice."""
    thread, anas, bens = await both(ana, ben)
    for number in range(100):
        await anas.post(thread, f"Message {number} " + "x" * 200)
    await bens.until(lambda: has(bens, thread, 100))
    bens.close()
    missed = [await anas.post(thread, f"While Ben was away {number}") for number in range(3)]
    back = await ben.connect()
    back.replicas = bens.replicas
    await back.open(f"page:{thread}:0")
    assert [message["id"] for message in written(back, thread)[-3:]] == [message["id"] for message in missed]
    assert back.bytes_received < 5_000


async def test_older_pages_are_fetched_when_wanted(ana: Person) -> None:
    """the newest page is read without the older ones, which come when asked for."""
    thread = await ana.new_thread()
    await ana.ask("PATCH", f"threads/{thread}", {"mode": "quiet"})
    socket = await ana.connect()
    # The change of mode is a message of its own.
    answers = [socket.send("message.post", thread=thread, body=f"Message {number}") for number in range(1, 300)]
    await asyncio.gather(*answers)
    reader = await ana.connect()
    await reader.open(f"thread:{thread}")
    assert reader.thread(thread).last_seq == 299
    await reader.open(f"page:{thread}:1")
    assert [message["seq"] for message in reader.page(thread, 1).get()] == list(range(256, 300))
    await reader.open(f"page:{thread}:0")
    assert len(reader.page(thread, 0).get()) == 256


async def test_a_second_window_is_told_who_is_here(ana: Person, ben: Person) -> None:
    """nobody came or went, so only the new window needs to hear it."""
    thread, anas, _bens = await both(ana, ben)
    await anas.event("presence", thread=thread, here=["ana", "ben"])
    window = await ana.connect()
    await window.open(f"thread:{thread}")
    await window.event("presence", thread=thread, here=["ana", "ben"])


async def test_who_is_here_and_who_is_typing(ana: Person, ben: Person) -> None:
    """those who have the thread open are here, typing shows and ends, and leaving shows at once."""
    thread, anas, bens = await both(ana, ben)
    await anas.event("presence", thread=thread, here=["ana", "ben"], typing=[])
    await bens.command("typing", thread=thread)
    await anas.event("presence", thread=thread, typing=["ben"])
    await bens.command("typing", thread=thread, typing=False)
    await anas.until(lambda: anas.events[-1].get("typing") == [])
    bens.close()
    await anas.event("presence", thread=thread, here=["ana"])


async def test_presence_is_only_for_who_has_the_thread_open(ana: Person, ben: Person) -> None:
    """a second connection of a person hears nothing of who is typing in a thread that it does not have open."""
    thread, anas, bens = await both(ana, ben)
    other = await ana.connect()
    await bens.command("typing", thread=thread)
    await anas.event("presence", thread=thread, typing=["ben"])
    await bens.post(thread, "@ana hello")
    await other.event("thread.updated", thread=thread, mentioned=True)
    assert not [event for event in other.events if event["event"] == "presence"]


async def test_a_message_elsewhere_raises_the_unread_count(ana: Person, ben: Person) -> None:
    """a person hears of a new message in a thread that they do not have open, with its author and its start."""
    thread = await ana.new_thread("Churn review")
    await ana.invite(thread, ben)
    socket = await ben.connect()
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "@ben " + "look " * 100})
    event = await socket.event("thread.updated", thread=thread, mentioned=True)
    assert (event["title"], event["author_name"], event["mentions"]) == ("Churn review", "Ana", 1)
    assert event["unread"] >= 1
    assert len(event["preview"]) == 120


async def test_joining_and_roles_are_told(ana: Person, ben: Person) -> None:
    """somebody who joins in one place, or is given another role, hears of it on every connection."""
    socket = await ben.connect()
    thread = await ana.new_thread("Churn review")
    await ana.invite(thread, ben)
    await socket.event("thread.joined", thread=thread, title="Churn review", role="member")
    await ana.ask("PATCH", f"threads/{thread}/members/ben", {"role": "reviewer"})
    await socket.event("role.changed", thread=thread, role="reviewer")
    with pytest.raises(Refused) as refused:
        await socket.command(
            "cell.put", thread=thread, share="s", notebook="a", cell_id="b", cell_type="raw", source=""
        )
    assert refused.value.code == "not_allowed"


async def test_a_removed_members_channels_close_at_once(ana: Person, ben: Person) -> None:
    """what is written after a removal does not reach the removed member's open socket."""
    thread, anas, bens = await both(ana, ben)
    await anas.command("member.delete", thread=thread, username="ben")
    await bens.event("thread.gone", thread=thread, why="removed")
    before = bens.page(thread).get()
    await anas.post(thread, "Ben must not see this")
    for command in ("message.post", "subscribe"):
        fields = (
            {"thread": thread, "body": "I am still here"} if command == "message.post" else {"doc": f"thread:{thread}"}
        )
        with pytest.raises(Refused) as refused:
            await bens.command(command, **fields)
        assert refused.value.code == "not_found"
    bens.send_raw(frames.build(bens.channels[f"page:{thread}:0"], frames.Step.STATE_VECTOR, b"\0"))
    await bens.event("channel.refused", channel=bens.channels[f"page:{thread}:0"])
    assert bens.page(thread).get() == before
    assert "Ben must not see this" not in json.dumps(bens.received, default=str)
    assert not bens.closed


async def test_unsubscribing_ends_the_updates(ana: Person, ben: Person) -> None:
    """a closed channel is silent, and its number is not used again."""
    thread, anas, bens = await both(ana, ben)
    channel = bens.channels[f"page:{thread}:0"]
    await bens.command("unsubscribe", channel=channel)
    await anas.post(thread, "Not on that channel")
    await bens.event("thread.updated", thread=thread)
    await bens.open(f"page:{thread}:0")
    assert bens.channels[f"page:{thread}:0"] > channel
    assert has(bens, thread, 1)
    with pytest.raises(Refused):
        await bens.command("unsubscribe", channel=channel)


async def test_an_invitations_address_comes_over_the_socket_too(ana: Person) -> None:
    """an invitation made over the socket has its address, as over REST."""
    thread = await ana.new_thread()
    socket = await ana.connect()
    made = (await socket.command("invitation.create", thread=thread))["invitation"]
    assert made["url"] == f"{ana.server.url}lab?groupchat-join={made['code']}"


async def test_a_person_may_have_many_windows(ana: Person) -> None:
    """all connections of a person see the same."""
    thread = await ana.new_thread()
    windows = [await ana.connect() for _ in range(5)]
    for window in windows:
        await window.open(f"page:{thread}:0")
    await windows[0].post(thread, "Everywhere")
    for window in windows:
        await window.until(partial(has, window, thread, 1))
        window.close()
