"""The assistant's replies: begun, streamed, stopped, sealed, interrupted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from jupyter_groupchat.reply_types import Act, Decision, Manifest, SeenCell, ToolUse
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.happenings import Happening, ReplyAsked, StopAsked
from jupyter_groupchat.threads.internal import (
    DecisionPut,
    ReplyAppend,
    ReplyBegin,
    ReplyPicture,
    ReplySeal,
    ReplyTools,
    ToolUsed,
    Usage,
)
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT
from jupyter_groupchat.wire.commands import MessageDelete, MessageEdit, ReplyAsk, ReplyStop, ThreadPatch
from tests.doubles import ANA, BEN, EVE, Party, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

MANIFEST = Manifest(
    model="tiny",
    instructions="",
    messages=("m1",),
    messages_cut=(),
    cells=(SeenCell(id="s1", notebook="n", cell_id="c", execution_count=1, content_hash="abc", cut=False),),
    files=(),
    tools=(),
    prompt_tokens=10,
    completion_tokens=5,
    counted_by="endpoint",
)


async def test_a_reply_grows_before_everybodys_eyes(party: Party) -> None:
    """From an empty message that streams to its end, with what the panel says of it."""
    await party.post(ANA, "how many?", id="m1")
    page = await party.look(BEN, page=0)
    reply = await party.begin_reply("m1")
    begun = page.messages[-1]
    assert (begun.id, begun.author, begun.author_name) == (reply, "assistant", "Assistant")
    assert (begun.status, begun.body, begun.reply_to) == ("streaming", "", "m1")
    for piece in ("Sie", "ben Zei", "len 👋"):
        await party.append(reply, piece)
    assert page.messages[-1].body == "Sieben Zeilen 👋"
    await party.seal(reply, manifest=MANIFEST, usage=Usage(prompt_tokens=10, completion_tokens=5))
    sealed = page.messages[-1]
    assert (sealed.status, sealed.body) == ("complete", "Sieben Zeilen 👋")
    assert sealed.reply == {
        "asked_by": "ana",
        "about": "m1",
        "model": "tiny",
        "tokens": 15,
        "seen": {"messages": 1, "cells": {"s1": "abc"}},
    }


async def test_what_a_reply_saw_and_used_is_kept(party: Party) -> None:
    """The manifest is for members, the tokens count for who asked, and the text can be found."""
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    with pytest.raises(NotFound):
        await party.service.manifest(BEN, party.thread, reply)
    await party.append(reply, "seven rows")
    await party.seal(reply, manifest=MANIFEST, usage=Usage(prompt_tokens=10, completion_tokens=5))
    manifest = await party.service.manifest(BEN, party.thread, reply)
    assert (manifest["messages"], manifest["cells"][0]["content_hash"]) == (["m1"], "abc")
    with pytest.raises(NotFound):
        await party.service.manifest(EVE, party.thread, reply)
    (line,) = [line for line in await party.service.audit(ANA, party.thread) if line["action"] == "reply.seal"]
    kept = json.dumps(manifest, separators=(",", ":"), sort_keys=True)
    assert line["details"]["manifest"] == sha256(kept.encode()).hexdigest()
    usage = await party.service.usage("ana", datetime(2000, 1, 1, tzinfo=UTC))
    assert (usage["replies"], usage["tokens"], usage["oldest_at"] is not None) == (1, 15, True)
    assert (await party.service.usage("ben", datetime(2000, 1, 1, tzinfo=UTC)))["replies"] == 0
    assert [hit["id"] for hit in await party.service.search(BEN, "seven")] == [reply]
    conversation = await party.service.conversation(party.thread)
    assert [(row.author, row.body) for row in conversation.messages][-1] == ("assistant", "seven rows")


async def test_a_streamed_character_costs_at_most_three_bytes(party: Party) -> None:
    """A reply in pieces of 20 characters, as a subscriber's socket gets it: the channel's number takes two bytes."""
    await party.post(ANA, "tell me", id="m1")
    board, page = await party.look(BEN), await party.look(BEN, page=0)
    reply = await party.begin_reply("m1")
    before = len(board.frames)
    page.frames.clear()
    for _ in range(200):
        await party.append(reply, "twenty characters a ")
    sent = sum(2 + len(frame) for frame in page.frames)
    assert len(page.messages[-1].body) == 4_000
    assert sent / 4_000 <= 3
    assert len(board.frames) == before


async def test_a_failed_reply_keeps_what_came_and_says_why(party: Party) -> None:
    """And can be asked for again, by the reply itself."""
    heard: list[Happening] = []
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.append(reply, "Sev")
    await party.seal(reply, "failed", error="The model timed out.")
    told = await party.service.message(BEN, party.thread, reply)
    assert (told["status"], told["body"], told["reply"]["error"]) == ("failed", "Sev", "The model timed out.")
    party.service.watch(heard.append)
    await party.do(BEN, ReplyAsk, message=reply)
    await party.do(BEN, ReplyAsk, message="m1")
    first, second = heard
    assert isinstance(first, ReplyAsked)
    assert isinstance(second, ReplyAsked)
    assert (first.message.id, first.by) == (second.message.id, second.by) == ("m1", BEN)


async def test_a_reply_ends_once(party: Party) -> None:
    """Afterwards nothing is added and no other end is taken."""
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    with pytest.raises(Conflict, match="still writing"):
        await party.do(ANA, ReplyAsk, message=reply)
    await party.seal(reply, body="Seven.")
    with pytest.raises(Conflict, match="has ended"):
        await party.append(reply, "more")
    with pytest.raises(Conflict, match="has ended"):
        await party.seal(reply, "failed")
    with pytest.raises(NotFound):
        await party.append("nothing", "x")
    with pytest.raises(NotFound):
        await party.seal("nothing")
    with pytest.raises(Conflict, match="already"):
        await party.do(THE_ASSISTANT, ReplyBegin, reply_id=reply, about="m1", asked_by="ana", asked=True)
    assert (await party.service.message(ANA, party.thread, reply))["body"] == "Seven."


async def test_any_member_stops_a_reply(party: Party) -> None:
    """Who writes it is told; stopping one that has ended is no error, stopping what is no reply is."""
    heard: list[Happening] = []
    party.service.watch(heard.append)
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    heard.clear()
    await party.do(BEN, ReplyStop, message=reply)
    assert heard == [StopAsked(thread_id=party.thread, message=reply, by="ben")]
    await party.seal(reply, "cancelled")
    await party.do(BEN, ReplyStop, message=reply)
    assert len(heard) == 1
    for message in ("m1", "nothing"):
        with pytest.raises(NotFound):
            await party.do(BEN, ReplyStop, message=message)
    with pytest.raises(NotFound):
        await party.do(EVE, ReplyStop, message=reply)


async def test_deleting_a_reply_stops_it(party: Party) -> None:
    """What still comes is not added to a deleted message."""
    heard: list[Happening] = []
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.append(reply, "Sev")
    party.service.watch(heard.append)
    await party.do(ANA, MessageDelete, message=reply)
    assert heard == [StopAsked(thread_id=party.thread, message=reply, by="ana")]
    with pytest.raises(Conflict):
        await party.append(reply, "en")
    with pytest.raises(Conflict):
        await party.seal(reply)
    shown = (await party.look(BEN, page=0)).messages[-1]
    assert (shown.deleted, shown.body, shown.status) == (True, "", "cancelled")


async def test_people_edit_no_replies(party: Party) -> None:
    """Not even the owner puts words into the assistant's mouth."""
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.seal(reply, body="Seven.")
    with pytest.raises(NotAllowed):
        await party.do(ANA, MessageEdit, message=reply, body="Eight.")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (ReplyBegin, {"about": "m1", "asked_by": "ana", "asked": True}),
        (ReplyAppend, {"message": "r1", "text": "forged"}),
        (ReplySeal, {"message": "r1", "status": "failed"}),
        (DecisionPut, {"message": "m1", "decision": Decision(act=Act.REPLY, reason="x", by="rule")}),
    ],
)
async def test_people_have_no_such_commands(party: Party, kind: Any, fields: dict[str, Any]) -> None:
    """Only the assistant begins, writes and ends replies, also one that is being written."""
    await party.post(ANA, "how many?", id="m1")
    await party.do(THE_ASSISTANT, ReplyBegin, reply_id="r1", about="m1", asked_by="ana", asked=True)
    with pytest.raises(NotFound, match="no such command"):
        await party.do(ANA, kind, **fields)
    assert (await party.look(ANA, page=0)).messages[-1].body == ""


async def test_decisions_are_kept_and_shown_where_silence_might_puzzle(party: Party) -> None:
    """All of them on request, the newest first."""
    await party.post(ANA, "@ben?", id="m1")
    await party.post(ANA, "thanks", id="m2")
    out = Decision(act=Act.STAY_OUT, reason="Ben was asked", by="rule")
    free = Decision(act=Act.REACT, reason="thanks", by="model", emoji="👍", model="tiny", tokens=7)
    await party.do(THE_ASSISTANT, DecisionPut, message="m1", decision=out, shown=True)
    usage = Usage(prompt_tokens=7)
    await party.do(THE_ASSISTANT, DecisionPut, message="m2", decision=free, usage=usage, manifest=MANIFEST)
    first, second = (message for message in (await party.look(BEN, page=0)).messages if message.kind == "human")
    assert (first.decision, second.decision) == ({"act": "stay_out", "reason": "Ben was asked", "by": "rule"}, {})
    kept = await party.service.decisions(BEN, party.thread)
    assert [(one["message_id"], one["act"], one["tokens"]) for one in kept] == [
        ("m2", "react", 7),
        ("m1", "stay_out", 0),
    ]
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    assert (await party.service.usage("assistant", epoch))["tokens"] == 7
    assert (await party.service.usage("ana", epoch))["tokens"] == 0
    asked = [line for line in await party.service.audit(ANA, party.thread) if line["action"] == "model.decide"]
    told = {"messages": 1, "cells": {"s1": "abc"}}
    assert [line["details"] for line in asked] == [
        {"message": "m2", "act": "react", "model": "tiny", "tokens": 7, **told}
    ]


async def test_nothing_begins_in_an_archived_thread(party: Party) -> None:
    """But what streams there comes to its end."""
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.do(ANA, ThreadPatch, archived=True)
    with pytest.raises(Conflict, match="archived"):
        await party.begin_reply("m1")
    with pytest.raises(Conflict, match="archived"):
        await party.do(ANA, ReplyAsk, message="m1")
    await party.append(reply, "Seven.")
    await party.seal(reply)


async def test_unasked_replies_are_known_as_such(party: Party) -> None:
    """The assistant counts how often it spoke unasked."""
    await party.post(ANA, "how many?", id="m1")
    asked, unasked = await party.begin_reply("m1"), await party.begin_reply("m1", asked=False)
    conversation = await party.service.conversation(party.thread)
    assert conversation.unasked == {unasked}
    assert asked in {row.id for row in conversation.messages}


async def test_a_reply_that_outlives_its_server_is_interrupted(store: Store) -> None:
    """The next server keeps what came, says what happened, and lets people ask again."""
    first = ThreadService(store)
    await first.start()
    party = await Party.of(first, ANA, BEN)
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.append(reply, "Sev")

    second = ThreadService(store)
    await second.start()
    told = await second.message(BEN, party.thread, reply)
    assert (told["status"], told["body"]) == ("interrupted", "Sev")
    assert told["reply"]["error"] == "The server stopped while this was being written."
    assert [hit["id"] for hit in await second.search(BEN, "sev")] == [reply]
    await Party(second, party.thread).do(BEN, ReplyAsk, message=reply)
    with pytest.raises(Conflict, match="has ended"):
        await party.seal(reply)
    await second.stop()
    await first.stop()


async def test_a_server_that_stops_ends_its_replies(store: Store) -> None:
    """No reply hangs in streaming."""
    service = ThreadService(store)
    await service.start()
    party = await Party.of(service, ANA)
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.append(reply, "Sev")
    await service.stop()
    with store.reading() as tx:
        row = tx.messages.get(party.thread, reply)
        assert row is not None
        assert (row.status, row.body) == ("interrupted", "Sev")
        assert tx.replies.unfinished() == []


async def test_whom_a_reply_mentions_has_that_in_their_counts(party: Party) -> None:
    """as with a message of anybody's: the list counts it, the event says so, and it goes with the message"""
    heard: list[Any] = []
    party.service.person("ben", heard.append)
    await party.post(ANA, "who knows?", id="m1")
    reply = await party.begin_reply("m1")
    await party.append(reply, "Ask @Ben, he has")
    assert (await party.service.thread(BEN, party.thread))["mentions"] == 0
    await party.append(reply, " the data.")
    await party.seal(reply)
    assert (await party.service.thread(BEN, party.thread))["mentions"] == 1
    assert (await party.service.thread(ANA, party.thread))["mentions"] == 0
    await until(lambda: any(getattr(event, "mentioned", False) for event in heard))
    await party.do(ANA, MessageDelete, message=reply)
    assert (await party.service.thread(BEN, party.thread))["mentions"] == 0


SEARCH = ToolUse(name="search_thread", label="churn", arguments={"query": "churn"}, status="running")


async def test_tools_are_shown_while_they_run_and_after(party: Party) -> None:
    """How each ended stays with the reply; what still ran when it ended was stopped. What it was given is not shown."""
    await party.post(ANA, "how many?", id="m1")
    page = await party.look(BEN, page=0)
    reply = await party.begin_reply("m1")
    await party.do(THE_ASSISTANT, ReplyTools, message=reply, tools=(SEARCH,))
    assert page.messages[-1].reply["tools"] == [{"name": "search_thread", "label": "churn", "status": "running"}]
    failed = replace(SEARCH, status="failed", error="No room.", ms=7)
    await party.do(THE_ASSISTANT, ReplyTools, message=reply, tools=(failed, SEARCH))
    await party.seal(reply, "cancelled")
    assert page.messages[-1].reply["tools"] == [
        {"name": "search_thread", "label": "churn", "status": "failed", "ms": 7, "error": "No room."},
        {"name": "search_thread", "label": "churn", "status": "stopped"},
    ]
    with pytest.raises(Conflict):
        await party.do(THE_ASSISTANT, ReplyTools, message=reply, tools=(SEARCH,))


async def test_the_audit_keeps_hashes_of_what_tools_were_given(party: Party) -> None:
    """Once, however often the line is sent, and also where the reply is gone."""
    used = replace(SEARCH, status="done", ms=7, result_hash="abc", result_size=3)
    for _ in range(2):
        await party.do(THE_ASSISTANT, ToolUsed, id="u1", message="gone", use=used)
    lines = [line for line in await party.service.audit(ANA, party.thread) if line["action"] == "tool.use"]
    assert [line["actor"] for line in lines] == ["assistant"]
    assert lines[0]["details"] == {
        "reply": "gone",
        "tool": "search_thread",
        "arguments": sha256(b'{"query":"churn"}').hexdigest(),
        "result": "abc",
        "ms": 7,
        "status": "done",
    }


async def test_only_the_assistant_shows_tools_and_pictures(party: Party) -> None:
    """To people these are no commands."""
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    picture = {"message": reply, "name": "fox", "data": b"words"}
    for kind, fields in (
        (ReplyTools, {"message": reply, "tools": ()}),
        (ToolUsed, {"message": reply, "use": SEARCH}),
        (ReplyPicture, picture),
    ):
        with pytest.raises(NotFound):
            await party.do(ANA, kind, **fields)
    with pytest.raises(InvalidRequest, match="no picture"):
        await party.do(THE_ASSISTANT, ReplyPicture, **picture)
