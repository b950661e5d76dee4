"""Tools that a reply uses, in threads of a real service."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant import blocks, budget
from jupyter_groupchat.assistant.language_model import Finished, Request, ToolCall, Turn
from jupyter_groupchat.wire.commands import CellDelete, MessageDelete, ReplyStop
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, said, share, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

#: So small that a thread of some fifty messages does not fit.
TOKENS = 1_600
LONG = "\n".join(f"row_{n} = {n}" for n in range(1_000))


@pytest.fixture
async def stage(tmp_path: Path, model: ScriptedModel) -> AsyncIterator[Stage]:
    """A service whose assistant takes little at once."""
    async with a_stage(tmp_path, model, context_tokens=TOKENS) as stage:
        yield stage


async def a_long_thread(stage: Stage) -> Room:
    """Long ago, Ben said why churn rose."""
    room = await stage.party(BEN, mode="mention")
    await room.post(BEN, "Churn rose in June because of the new prices.")
    for n in range(50):
        await room.post(ANA if n % 2 else BEN, f"By the way, number {n}: lunch was good, and so was the walk.")
    return room


def search(query: str, id: str = "a") -> ToolCall:
    """The model searches."""
    return ToolCall(id, "search_thread", {"query": query})


def results(request: Request) -> list[str]:
    """What tools answered, as the model reads it."""
    return [turn.text for turn in request.turns if turn.role == "tool"]


async def manifest_of(room: Room, reply: str) -> dict[str, Any]:
    """What went into a reply."""
    return dict(await room.stage.service.manifest(ANA, room.party.thread, reply))


async def audited(room: Room, count: int) -> list[dict[str, Any]]:
    """The audit log's lines about tools, the newest first."""
    lines = await room.stage.service.audit(ANA, room.party.thread)
    found = [line["details"] for line in lines if line["action"] == "tool.use"]
    assert len(found) == count
    return found


async def test_a_search_finds_what_the_request_does_not_hold(stage: Stage, model: ScriptedModel) -> None:
    """Text before the call stays, the answer follows; document, manifest, audit and usage tell of it."""
    room = await a_long_thread(stage)
    model.say("why did churn", "Let me look.", search("churn rose"))
    model.then("why did churn", "Because of the ", "new prices, Ben said.")
    asked = await room.post(ANA, "@assistant why did churn rise?")
    reply = await room.replied()
    assert (reply.status, reply.body) == ("complete", "Let me look.\n\nBecause of the new prices, Ben said.")

    first, second = model.requests
    assert "new prices" not in "".join(turn.text for turn in first.turns)
    assert "search_thread" in [tool.name for tool in first.tools]
    *before, call, result = second.turns
    assert tuple(before) == first.turns
    assert call == Turn("assistant", "Let me look.", calls=(search("churn rose"),))
    assert (result.role, result.answers) == ("tool", "a")
    (block,) = blocks.read(result.text)
    assert (block.tag, block.attributes) == ("result", {"tool": "search_thread"})
    assert [(hit.attributes["by"], hit.text) for hit in block.inner] == [
        ("Ben", "Churn rose in June because of the new prices.")
    ]

    (shown,) = reply.reply["tools"]
    assert (shown["name"], shown["label"], shown["status"]) == ("search_thread", "churn rose", "done")
    manifest = await manifest_of(room, reply.id)
    assert manifest["tools"] == ["search_thread"]
    (use,) = manifest["used"]
    assert (use["name"], use["arguments"], use["status"]) == ("search_thread", {"query": "churn rose"}, "done")
    assert (use["result_hash"], use["result_size"]) == (
        sha256(result.text.encode()).hexdigest(),
        len(result.text.encode()),
    )
    assert asked in manifest["messages"]
    assert (manifest["prompt_tokens"], manifest["completion_tokens"], manifest["counted_by"]) == (200, 20, "endpoint")
    assert (await stage.service.usage("ana", stage.clock.now().replace(hour=0)))["tokens"] == 220
    (line,) = await audited(room, 1)
    assert (line["reply"], line["tool"], line["status"], line["result"]) == (
        reply.id,
        "search_thread",
        "done",
        use["result_hash"],
    )
    assert "churn" not in json.dumps(line)


async def test_a_use_is_seen_while_it_runs(stage: Stage, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """By everybody who has the thread open, before a word of the answer is there."""
    room = await a_long_thread(stage)
    go_on = held_up(stage, monkeypatch)
    model.say("why", search("churn"))
    model.then("why", "Prices.")
    await room.post(ANA, "@assistant why?")
    await until(lambda: room.replies and room.replies[0].reply.get("tools"))
    (shown,) = room.replies[0].reply["tools"]
    assert shown == {"name": "search_thread", "label": "churn", "status": "running"}
    assert room.replies[0].status == "streaming"
    go_on.set()
    assert (await room.replied()).reply["tools"][0]["status"] == "done"


def held_up(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Searches wait until the event is set."""
    go_on, found = asyncio.Event(), stage.service.found

    async def slow(*arguments: Any) -> Any:
        await go_on.wait()
        return await found(*arguments)

    monkeypatch.setattr(stage.service, "found", slow)
    return go_on


async def test_a_reply_is_stopped_while_a_tool_runs(
    stage: Stage, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came stays, and the tool is shown and kept as stopped."""
    room = await a_long_thread(stage)
    held_up(stage, monkeypatch)
    model.say("why", "Let me look.", search("churn"))
    await room.post(ANA, "@assistant why?")
    await until(lambda: room.replies and room.replies[0].reply.get("tools"))
    await room.party.do(BEN, ReplyStop, message=room.replies[0].id)
    reply = await room.replied()
    assert (reply.status, reply.body) == ("cancelled", "Let me look.")
    assert reply.reply["tools"][0]["status"] == "stopped"
    assert (await manifest_of(room, reply.id))["used"][0]["status"] == "stopped"
    (line,) = await audited(room, 1)
    assert line["status"] == "stopped"


async def test_a_use_is_in_the_audit_although_its_reply_is_gone(
    stage: Stage, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody deleted the reply while the tool worked."""
    room = await a_long_thread(stage)
    held_up(stage, monkeypatch)
    model.say("why", search("churn"))
    await room.post(ANA, "@assistant why?")
    await until(lambda: room.replies and room.replies[0].reply.get("tools"))
    await room.party.do(ANA, MessageDelete, message=room.replies[0].id)
    model.say("hello", "Hello.")
    await room.post(ANA, "@assistant hello")
    await until(lambda: any(reply.body == "Hello." for reply in room.replies))
    (line,) = await audited(room, 1)
    assert line["status"] == "stopped"


async def test_after_the_last_round_it_has_to_answer(tmp_path: Path, model: ScriptedModel) -> None:
    """It is told so, and offered no tool any more; a model that calls on all the same is given up."""
    async with a_stage(tmp_path, model, context_tokens=TOKENS, tool_rounds=2) as stage:
        room = await a_long_thread(stage)
        model.say("why", search("churn"))
        model.then("why", search("prices"))
        model.then("why", "Prices.")
        await room.post(ANA, "@assistant why?")
        assert (await room.replied()).body == "Prices."
        assert [len(request.tools) for request in model.requests] == [1, 1, 0]
        assert "no more tools" in model.requests[-1].turns[-1].text
        ids = [call.id for request in model.requests[-1:] for turn in request.turns for call in turn.calls]
        assert len(set(ids)) == 2

        model.requests.clear()
        model.say("how", search("churn"))
        await room.post(ANA, "@assistant how?")
        reply = await room.replied(2)
        assert reply.status == "failed"
        assert "kept calling tools" in reply.reply["error"]
        assert len(model.requests) == 3


async def test_without_rounds_no_tool_is_offered(tmp_path: Path, model: ScriptedModel) -> None:
    """And none that the operator does not allow."""
    forbidding: tuple[dict[str, Any], ...] = ({"tool_rounds": 0}, {"tools": frozenset(["read_cell"])})
    for settings in forbidding:
        folder = tmp_path / str(len(model.requests))
        folder.mkdir()
        async with a_stage(folder, model, context_tokens=TOKENS, **settings) as stage:
            room = await a_long_thread(stage)
            await room.post(ANA, "@assistant why?")
            reply = await room.replied()
            assert not model.requests[-1].tools
            assert (await manifest_of(room, reply.id))["tools"] == []
            assert "tools" not in reply.reply


async def test_tools_are_offered_where_they_are_of_use(stage: Stage, model: ScriptedModel) -> None:
    """Not where the request holds everything anyway, and not where nobody asked."""
    room = await stage.party(BEN)
    await share(room, "s", "x = 1")
    await room.post(ANA, "@assistant why?")
    await room.replied()
    assert not model.requests[-1].tools
    await share(room, "long", LONG)
    await room.post(ANA, "@assistant why?")
    await room.replied(2)
    assert [tool.name for tool in model.requests[-1].tools] == ["read_cell"]


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (ToolCall("a", "launch", {"x": 1}), "There is no tool called “launch”."),
        (ToolCall("a", "read_cell", {"cell": 12}), "There is no tool called “read_cell”."),  # no cell, not offered
        (ToolCall("a", "search_thread", None), "no JSON object"),
        (ToolCall("a", "search_thread", {}), "'query' is a required property"),
        (ToolCall("a", "search_thread", {"query": 7}), "7 is not of type 'string'"),
        (ToolCall("a", "search_thread", {"query": "x", "thread": "other"}), "'thread' was unexpected"),
        (ToolCall("a", "search_thread", {"query": ["x" * 100_000]}), "is not of type 'string'"),
    ],
)
async def test_a_bad_call_is_told_to_the_model(
    stage: Stage, model: ScriptedModel, call: ToolCall, problem: str
) -> None:
    """And it goes on; members see that it failed, and why."""
    room = await a_long_thread(stage)
    model.say("why", call)
    model.then("why", "I do not know.")
    await room.post(ANA, "@assistant why?")
    reply = await room.replied()
    assert (reply.status, reply.body) == ("complete", "I do not know.")
    (block,) = blocks.read(results(model.requests[-1])[0])
    assert block.attributes == {"tool": call.name, "failed": "yes"}
    assert problem in block.text
    (shown,) = reply.reply["tools"]
    assert shown["status"] == "failed"
    assert len(shown["error"]) <= 300
    assert (await audited(room, 1))[0]["status"] == "failed"


async def test_a_search_tells_at_most_ten_messages_the_newest_first(stage: Stage, model: ScriptedModel) -> None:
    """Deleted ones never, nor the question itself; long ones as an excerpt with a mark."""
    room = await a_long_thread(stage)
    gone = await room.post(BEN, "plover gone-text")
    await room.post(ANA, f"plover {'very ' * 300}long")
    for n in range(12):
        await room.post(BEN, f"plover {n}")
    await room.party.do(BEN, MessageDelete, message=gone)
    model.say("plover?", search("plover"))
    await room.post(ANA, "@assistant what about the plover?")
    model.then("plover?", "Nothing.")
    await room.replied()
    (block,) = blocks.read(results(model.requests[-1])[0])
    assert [hit.text for hit in block.inner] == [f"plover {n}" for n in range(11, 1, -1)]
    model.say("long?", search("plover long"))
    model.then("long?", "Nothing.")
    await room.post(ANA, "@assistant the plover that is long?")
    await room.replied(2)
    (block,) = blocks.read(results(model.requests[-1])[0])
    (long,) = block.inner
    assert "left out" in long.text
    assert len(long.text) < 600
    model.say("gone?", search("gone text"))
    model.then("gone?", "Nothing.")
    await room.post(ANA, "@assistant the one that is gone?")
    await room.replied(3)
    assert "No earlier message" in results(model.requests[-1])[0]


async def test_a_cell_that_was_cut_is_read_by_its_number(stage: Stage, model: ScriptedModel) -> None:
    """More of it than before, in what is left of the budget; what does not fit has a mark."""
    room = await stage.party(BEN)
    await share(room, "long", "\n".join(f"row_{n} = {n}" for n in range(60)), execution_count=4)
    await share(room, "other", LONG, execution_count=12)
    model.say("[4]", ToolCall("a", "read_cell", {"cell": "[4]"}), ToolCall("b", "read_cell", {"cell": 99}))
    model.then("[4]", "It assigns rows.")
    await room.post(ANA, "@assistant what about 4?")
    await room.post(ANA, "@assistant what does [4] do?")
    reply = await room.replied(2)
    request = model.requests[-1]
    found, missing = results(request)
    (block,) = blocks.read(found)
    (cell,) = block.inner
    assert (cell.tag, cell.attributes["n"], cell.attributes["shared_by"]) == ("cell", "4", "Ana")
    assert "No such cell is shared" in missing
    assert [(use["label"], use["status"]) for use in reply.reply["tools"]] == [("[4]", "done"), ("[99]", "failed")]
    assert sum(budget.estimate(turn.text) for turn in request.turns) <= TOKENS


async def test_cells_that_are_not_in_at_all_are_listed(stage: Stage, model: ScriptedModel) -> None:
    """So that the model can ask for them; by their id where several have one number."""
    room = await stage.party(BEN)
    for n in range(8):
        await share(room, f"s{n}", f"# cell {n}\n{LONG}", execution_count=n // 2)
    model.say("old cell", ToolCall("a", "read_cell", {"cell": "s0"}))
    model.then("old cell", "It is a comment.")
    await room.post(ANA, "@assistant what is in the old cell?")
    await room.replied()
    first, second = model.requests
    listed = next(block.text for block in blocks.read(first.turns[1].text) if block.tag == "more_cells")
    assert "churn.ipynb [0], id s0" in listed
    assert "# cell 0" not in said(first)
    assert "# cell 0" in results(second)[0]
    assert sum(budget.estimate(turn.text) for turn in second.turns) <= TOKENS


async def test_many_calls_at_once_share_the_room_that_is_left(stage: Stage, model: ScriptedModel) -> None:
    """Eight are carried out; the request stays within its bounds over all rounds."""
    room = await stage.party(BEN)
    await share(room, "long", LONG, execution_count=4)
    model.say("why", *(ToolCall("same", "read_cell", {"cell": 4}) for n in range(12)))
    model.then("why", *(ToolCall("same", "read_cell", {"cell": 4}) for n in range(12)))
    model.then("why", "Enough.")
    await room.post(ANA, "@assistant why?")
    reply = await room.replied()
    assert reply.body == "Enough."
    assert len(results(model.requests[-1])) == 24
    ids = [call.id for turn in model.requests[-1].turns for call in turn.calls]
    assert len(set(ids)) == 24
    assert "more than 8 calls" in results(model.requests[1])[-1]
    errors = [use.get("error") for use in reply.reply["tools"]]
    assert any(error and "no room left" in error for error in errors)
    assert sum(budget.estimate(turn.text) for turn in model.requests[1].turns) <= TOKENS * 1.2


async def test_what_is_withdrawn_while_a_tool_works_is_in_no_later_request(
    stage: Stage, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither from the request nor from a result; the manifest still says that it was in the first."""
    room = await a_long_thread(stage)
    await share(room, "gone", f"gone_source = 1\n{LONG}", execution_count=4)
    doomed = await room.post(BEN, "The secret word is plover.")
    go_on = held_up(stage, monkeypatch)
    model.say("why", ToolCall("a", "read_cell", {"cell": 4}), search("lunch", "b"))
    model.then("why", search("lunch"))
    model.then("why", "Done.")
    await room.post(ANA, "@assistant why?")
    await until(lambda: room.replies and len(room.replies[0].reply.get("tools", ())) == 2)
    await room.party.do(ANA, CellDelete, share="gone")
    await room.party.do(BEN, MessageDelete, message=doomed)
    go_on.set()
    reply = await room.replied()
    first, *later = model.requests
    assert "gone_source" in said(first)
    assert "plover" in said(first)
    assert len(later) == 2
    for request in later:
        everything = "\n".join(turn.text for turn in request.turns)
        assert "gone_source" not in everything
        assert "plover" not in everything
        assert "deleted or withdrawn" in results(request)[0]
    manifest = await manifest_of(room, reply.id)
    assert [cell["id"] for cell in manifest["cells"]] == ["gone"]
    assert doomed in manifest["messages"]


async def test_a_withdrawn_cell_cannot_be_read(stage: Stage, model: ScriptedModel) -> None:
    """By its number or its id, although the model may know both from an earlier answer."""
    room = await stage.party(BEN)
    await share(room, "gone", "gone_source = 1", execution_count=7)
    await share(room, "long", LONG, execution_count=4)
    await room.party.do(ANA, CellDelete, share="gone")
    model.say("why", ToolCall("a", "read_cell", {"cell": 7}), ToolCall("b", "read_cell", {"cell": "gone"}))
    model.then("why", "It is gone.")
    await room.post(ANA, "@assistant why?")
    await room.replied()
    assert all("No such cell is shared" in text for text in results(model.requests[-1]))


async def test_counts_are_ours_where_an_endpoint_gives_none(stage: Stage, model: ScriptedModel) -> None:
    """Of all requests together."""
    room = await a_long_thread(stage)
    model.say("why", search("churn"), Finished("tool_calls"))
    model.then("why", "Prices.", Finished("stop", 700, 3))
    await room.post(ANA, "@assistant why?")
    reply = await room.replied()
    manifest = await manifest_of(room, reply.id)
    assert manifest["counted_by"] == "estimate"
    assert manifest["prompt_tokens"] > 700
    assert manifest["completion_tokens"] > 3
