"""From a message to the sealed reply, with real endpoints: aimock over HTTP, and the embedded reader."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant import notebook_reader
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.wire.commands import CellDelete, ReplyStop
from tests.assistant.endpoints import Aimock, Endpoint, answer, chunk
from tests.assistant.scenes import RATES
from tests.assistant.stage import ANA, BEN, Room, Stage, a_stage, share, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture
async def stage(tmp_path: Path, aimock: Aimock) -> AsyncIterator[Stage]:
    """A service whose assistant asks aimock."""
    async with a_stage(tmp_path, OpenAIModel(base_url=aimock.url), model="tiny") as stage:
        yield stage


async def test_an_answer_comes_the_whole_way(stage: Stage, aimock: Aimock) -> None:
    """The endpoint received what the manifest says, and its counts are the ones that are kept."""
    room = await stage.party(BEN)
    await share(room, "rates", "rates = df.mean()  # whole-way", outputs=[RATES])
    asked = await room.post(BEN, "@assistant count tokens, the whole-way")
    reply = await room.replied()
    assert (reply.status, reply.body) == ("complete", "Counted.")
    manifest = await stage.service.manifest(ANA, room.party.thread, reply.id)
    assert (manifest["prompt_tokens"], manifest["completion_tokens"], manifest["counted_by"]) == (321, 7, "endpoint")
    assert manifest["messages"] == [asked]
    (body,) = aimock.requests("count tokens, the whole-way")
    assert body["model"] == manifest["model"] == "tiny"
    received = json.dumps(body)
    assert "rates = df.mean()  # whole-way" in received
    assert "| basic | 4212 | 0.187 |" in received


async def test_the_endpoint_never_receives_what_is_not_shared(stage: Stage, aimock: Aimock) -> None:
    """Of everything that the server knows: other threads' cells, withdrawn ones, earlier versions of a cell."""
    room, other = await stage.party(BEN), await stage.party(BEN)
    await share(other, "s", "print('unshared-elsewhere')")
    await share(room, "gone", "print('unshared-withdrawn')")
    await share(room, "kept", "print('unshared-version')")
    await share(room, "kept", "print('shared-now')")
    await room.party.do(ANA, CellDelete, share="gone")
    await room.post(ANA, "@assistant say hello about what is shared")
    assert (await room.replied()).status == "complete"
    (body,) = aimock.requests("say hello about what is shared")
    assert "shared-now" in json.dumps(body)
    assert aimock.requests("unshared-") == []


@pytest.mark.parametrize(
    ("question", "status", "body", "error"),
    [
        ("break off", "failed", "This starts well", "broke off"),
        ("too busy", "failed", "", "wait 1 seconds"),
        ("wrong key", "failed", "", "does not accept this server's key"),
        ("no such model", "failed", "", "does not know the model “tiny”"),
        ("fall over", "failed", "", "status 500"),
    ],
)
async def test_a_failure_is_told_in_the_thread(stage: Stage, question: str, status: str, body: str, error: str) -> None:
    """In words for people, with what came."""
    room = await stage.party(BEN)
    await room.post(ANA, f"@assistant {question}")
    reply = await room.replied()
    assert reply.status == status
    assert reply.body.startswith(body)
    assert bool(reply.body) == bool(body)
    assert error in reply.reply["error"]
    assert "sk-" not in str(reply.reply)


async def test_tools_work_the_whole_way(stage: Stage) -> None:
    """Staying out, reacting and speaking of its own accord."""
    room = await stage.party(BEN)
    silent = await room.post(ANA, "nobody needs you, right?")
    await _settle(room)
    assert (await room.decided(silent))[0]["reason"] == "they are settling it themselves"
    room = await stage.party(BEN)
    nod = await room.post(BEN, "just nod, ok?")
    await _settle(room)
    await until(lambda: room.message(nod).reactions == {"👍": ("assistant",)})
    room = await stage.party(BEN)
    await room.post(ANA, "speak up, anybody?")
    await _settle(room)
    assert (await room.replied()).body.startswith("Basic has the highest rate")


def calling(name: str, arguments: dict[str, Any]) -> bytes:
    """A chunk with a call, in the words of an endpoint that gives it no id."""
    call = {"index": 0, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
    return chunk(delta={"tool_calls": [call]})


async def test_a_search_goes_the_whole_way(tmp_path: Path, endpoint: Endpoint) -> None:
    """Over HTTP: the call, its result in the next request, the answer; usage is that of both."""
    used: dict[str, Any] = {"usage": {"prompt_tokens": 50, "completion_tokens": 5, "total_tokens": 55}}
    endpoint.stream(chunk("Let me look."), calling("search_thread", {"query": "prices"}), chunk(finish="stop", **used))
    endpoint.stream(chunk("Ben said prices."), chunk(finish="stop", **used))
    async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url), model="tiny", context_tokens=1_500) as stage:
        room = await stage.party(BEN, mode="mention")
        await room.post(BEN, "The new prices did it.")
        for n in range(60):
            await room.post(ANA, f"By the way, number {n}: lunch was good, and so was the walk.")
        await room.post(ANA, "@assistant what did it?")
        reply = await room.replied()
        assert (reply.status, reply.body) == ("complete", "Let me look.\n\nBen said prices.")
        assert reply.reply["tokens"] == 110
        first, second = endpoint.requests
        manifest = await stage.service.manifest(ANA, room.party.thread, reply.id)
        assert [tool["function"]["name"] for tool in first["tools"]] == manifest["tools"]
        call, result = second["messages"][-2:]
        assert call["tool_calls"][0]["id"] == result["tool_call_id"]
        assert json.loads(call["tool_calls"][0]["function"]["arguments"]) == manifest["used"][0]["arguments"]
        assert "The new prices did it." in result["content"]
        assert hashlib.sha256(result["content"].encode()).hexdigest() == manifest["used"][0]["result_hash"]


async def test_where_tools_are_refused_the_answer_comes_without(tmp_path: Path, endpoint: Endpoint) -> None:
    """And the manifest says that none were offered, as in the request that was answered."""
    endpoint.say(answer(400, {"error": {"message": "this model does not support tools"}}))
    endpoint.stream(chunk("I cannot say."), chunk(finish="stop"))
    async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url), model="tiny", context_tokens=1_500) as stage:
        room = await stage.party(BEN)
        await share(room, "long", "x = 1\n" * 3_000)
        for number in (1, 2):
            await room.post(ANA, "@assistant why?")
            reply = await room.replied(number)
            assert (reply.status, reply.body) == ("complete", "I cannot say.")
            assert (await stage.service.manifest(ANA, room.party.thread, reply.id))["tools"] == []
        assert ["tools" in body for body in endpoint.requests] == [True, False, False]


async def test_a_slow_answer_can_be_stopped(stage: Stage) -> None:
    """In the middle of its words."""
    room = await stage.party(BEN)
    await room.post(ANA, "@assistant take your time")
    await until(lambda: room.replies and room.replies[0].body)
    await room.party.do(BEN, ReplyStop, message=room.replies[0].id)
    reply = await room.replied()
    assert reply.status == "cancelled"
    assert "A long answer".startswith(reply.body[:13])


async def test_a_model_that_hangs_is_given_up(tmp_path: Path, endpoint: Endpoint) -> None:
    """Nobody waits for ever; what came is kept."""
    endpoint.stream(chunk("Half"), asyncio.Event())
    async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url, idle_timeout=1.5), model="tiny") as stage:
        room = await stage.party(BEN)
        await room.post(ANA, "@assistant why?")
        reply = await room.replied()
        assert (reply.status, reply.body) == ("failed", "Half")
        assert "silent" in reply.reply["error"]


async def test_the_embedded_reader_answers_the_whole_way(tmp_path: Path) -> None:
    """Where there is no model: from the shared cell, with its place, and unasked only where the cell says it."""
    reader = notebook_reader.notebook_reader(pause=0)
    async with a_stage(tmp_path, reader, model=notebook_reader.NAME) as stage:
        room = await stage.party(BEN)
        await share(room, "s", "rates", notebook="churn_model.ipynb", outputs=[RATES])
        await room.post(BEN, "@assistant what is the rate of basic?")
        reply = await room.replied()
        assert reply.body.startswith("churn_model.ipynb [12]: rate of basic is **0.187**.")
        assert reply.reply["tokens"] > 100

        stage.clock.turn(600)
        await room.post(ANA, "shall we have lunch?")
        lunch = room.page.messages[-1].id
        await _settle(room)
        assert (await room.decided(lunch))[0]["reason"] == "the shared cells do not answer it"
        stage.clock.turn(10)
        await room.post(ANA, "which plan has the highest rate?")
        await _settle(room)
        assert (await room.replied(2)).body.startswith("**basic** has the highest `rate`, 0.187")


async def _settle(room: Room) -> None:
    await until(lambda: room.stage.clock.due_within(2))
    room.stage.clock.turn(2)
