"""Drafts on the wire: several people write in one text on their sockets, and one sends it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pycrdt import Doc, Text

from jupyter_groupchat.wire import frames
from tests.server.client import Client, Person, Refused
from tests.server.process import ServerProcess

pytestmark = pytest.mark.anyio


async def both(ana: Person, ben: Person, role: str = "member", text: str = "") -> tuple[str, str, Client, Client]:
    """A thread, a draft in it, and two clients that have both open."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben, role=role)
    draft = (await ana.ask("POST", f"threads/{thread}/drafts", {"text": text}))["draft"]["id"]
    clients = [await person.connect() for person in (ana, ben)]
    for client in clients:
        for doc in (f"thread:{thread}", f"page:{thread}:0", f"draft:{thread}:{draft}"):
            await client.open(doc)
    return thread, draft, clients[0], clients[1]


def body(client: Client, doc: str) -> Text:
    """A replica's text."""
    text: Text = client.replicas[doc].get("body", type=Text)
    return text


def type_(client: Client, doc: str, text: str) -> None:
    """Type at the end."""
    client.write(doc, lambda: body(client, doc).__iadd__(text))


@pytest.mark.parametrize("role", ["member", "annotator", "reviewer"])
async def test_two_write_one_draft_and_one_sends_it(ana: Person, ben: Person, role: str) -> None:
    """both see the same text, everybody sees who writes, and one message has both names."""
    thread, draft, anas, bens = await both(ana, ben, role)
    doc = f"draft:{thread}:{draft}"
    for number in range(20):
        type_(anas, doc, f"a{number} ")
        type_(bens, doc, f"b{number} ")
    await anas.until(lambda: str(body(anas, doc)).count(" ") == 40)
    await bens.until(lambda: str(body(bens, doc)) == str(body(anas, doc)))
    await bens.until(lambda: set(bens.thread(thread).get()["drafts"][draft]["with"]) == {"ana", "ben"})
    # Sent on the same connection, so after all that was typed on it.
    type_(bens, doc, "the end")
    sent = (await bens.command("draft.send", thread=thread, draft=draft))["message"]
    assert sent["body"].endswith("the end")
    assert (sent["author"], sent["credits"]) == ("ben", ["ana"])
    ended = await anas.event("draft.ended", thread=thread, draft=draft)
    assert (ended["by"], ended["message"]) == ("ben", sent["id"])
    await anas.until(lambda: sent["id"] in anas.page(thread))
    assert anas.page(thread).message(thread, sent["id"]).credits == ("ana",)
    assert anas.thread(thread).get()["drafts"] == {}
    with pytest.raises(Refused, match="no such draft"):
        await anas.command("draft.send", thread=thread, draft=draft)


async def test_a_draft_is_sent_once_however_often_it_is_asked_for(ana: Person, ben: Person) -> None:
    """the same id gets the same message."""
    thread, draft, anas, bens = await both(ana, ben, text="Once")
    first = await anas.command("draft.send", thread=thread, draft=draft, id="once")
    bens.close()
    assert await anas.command("draft.send", thread=thread, draft=draft, id="once") == first
    again = await ana.ask("POST", f"threads/{thread}/drafts/{draft}/messages", {"id": "once"})
    assert again["message"]["id"] == "once"
    messages = (await ana.ask("GET", f"threads/{thread}/messages"))["messages"]
    assert [message["body"] for message in messages].count("Once") == 1


async def test_what_was_written_offline_arrives_later(ana: Person, ben: Person) -> None:
    """the server asks for what it misses, and the client for what others wrote meanwhile."""
    thread, draft, anas, bens = await both(ana, ben, text="Text ")
    doc = f"draft:{thread}:{draft}"
    bens.close()
    await bens.gone()
    offline = bens.replicas[doc]
    text = offline.get("body", type=Text)
    text += "offline "
    type_(anas, doc, "meanwhile ")
    again = await ben.connect()
    again.replicas[doc] = offline
    await again.open(doc)
    await anas.until(lambda: "offline" in str(body(anas, doc)))
    await again.until(lambda: str(body(again, doc)) == str(body(anas, doc)))
    assert set(str(body(anas, doc)).split()) == {"Text", "offline", "meanwhile"}


async def test_a_removed_members_draft_closes_at_once(ana: Person, ben: Person) -> None:
    """nothing that they send is taken, and they hear nothing more of it; to a stranger it does not exist."""
    thread, draft, anas, bens = await both(ana, ben, text="Secret")
    doc = f"draft:{thread}:{draft}"
    await ana.ask("DELETE", f"threads/{thread}/members/ben")
    await bens.event("thread.gone", thread=thread)
    channel = bens.channels[doc]
    type_(bens, doc, "forged")
    await bens.event("channel.refused", channel=channel)
    for do in ("draft.send", "draft.close", "draft.cursor"):
        with pytest.raises(Refused) as refused:
            await bens.command(do, thread=thread, draft=draft)
        assert refused.value.code == "not_found"
    with pytest.raises(Refused) as refused:
        await bens.command("subscribe", doc=doc)
    assert refused.value.code == "not_found"
    heard = len(bens.received)
    type_(anas, doc, " and more")
    await anas.command("draft.send", thread=thread, draft=draft)
    assert len(bens.received) == heard
    assert anas.close_code is None


async def test_what_is_refused_is_told_once_and_a_new_copy_goes_on(ana: Person, ben: Person) -> None:
    """what builds on it is dropped in silence until the client begins anew."""
    thread, draft, anas, bens = await both(ana, ben, text="Text")
    doc = f"draft:{thread}:{draft}"
    channel = bens.channels[doc]
    type_(bens, doc, "x" * 40_000)
    for _ in range(5):
        type_(bens, doc, "y")
    refused = await bens.event("channel.refused", channel=channel)
    assert "at most 32 kB" in refused["message"]
    bens.replicas[doc] = Doc()
    bens.send_raw(frames.build(channel, frames.Step.STATE_VECTOR, b"\0"))
    await bens.until(lambda: str(body(bens, doc)) == "Text")
    type_(bens, doc, "!")
    await anas.until(lambda: str(body(anas, doc)) == "Text!")
    assert [event["event"] for event in bens.events].count("channel.refused") == 1


async def test_cursors_move_among_those_who_have_the_draft_open(ana: Person, ben: Person) -> None:
    """newcomers are told where they are, and each is gone with its connection."""
    thread, draft, anas, bens = await both(ana, ben, text="abc")
    await bens.command("draft.cursor", thread=thread, draft=draft, anchor=[5, 1], head=None)
    moved = await anas.event("draft.cursor", username="ben", here=True)
    assert (moved["anchor"], moved["head"]) == ([5, 1], None)
    newcomer = await ana.connect()
    await newcomer.open(f"draft:{thread}:{draft}")
    await newcomer.event("draft.cursor", username="ben", here=True)
    bens.close()
    await anas.event("draft.cursor", username="ben", here=False)
    assert not any(event["event"] == "draft.cursor" for event in bens.events)


async def test_who_types_too_fast_loses_nothing(tmp_path: Path) -> None:
    """what came beyond the rate is asked for again."""
    with ServerProcess(tmp_path, options={"commands_per_second": 5.0, "assistant_enabled": False}) as server:
        ana, ben = Person(server, "Ana"), Person(server, "Ben")
        thread, draft, anas, bens = await both(ana, ben)
        doc = f"draft:{thread}:{draft}"
        for number in range(60):
            type_(bens, doc, f"{number} ")
        await anas.until(lambda: str(body(anas, doc)).endswith("59 "))
        assert str(body(anas, doc)) == "".join(f"{number} " for number in range(60))
        assert not any(event["event"] == "channel.refused" for event in bens.events)


async def test_a_killed_server_keeps_what_was_written(tmp_path: Path) -> None:
    """up to the last update that others heard of, and it goes on from there."""
    with ServerProcess(tmp_path, options={"assistant_enabled": False}) as server:
        ana, ben = Person(server, "Ana"), Person(server, "Ben")
        thread, draft, anas, bens = await both(ana, ben)
        doc = f"draft:{thread}:{draft}"
        for number in range(30):
            type_(bens, doc, f"{number} ")
        await anas.until(partial(_says, anas, doc, "29 "))
        server.kill()
        server.start()
        again = await ana.connect()
        await again.open(doc)
        assert str(body(again, doc)) == "".join(f"{number} " for number in range(30))
        type_(again, doc, "and on")
        message = (await again.command("draft.send", thread=thread, draft=draft))["message"]
        assert (message["credits"], message["body"][-9:]) == (["ben"], "29 and on")


def _says(client: Client, doc: str, end: str) -> bool:
    return str(body(client, doc)).endswith(end)
