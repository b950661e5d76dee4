"""When the assistant speaks, in threads of a real service; ``test_manners`` has the rows one by one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.errors import ModelRateLimited
from jupyter_groupchat.wire.commands import Typing
from tests.assistant.stage import ANA, BEN, ScriptedModel, Stage, share, stay_out, until
from tests.doubles import CLEO

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def test_alone_with_it_no_mention_is_needed(stage: Stage, model: ScriptedModel) -> None:
    """And two messages in a row are answered as one."""
    room = await stage.party()
    go_on = asyncio.Event()
    model.say("basic", "Because.")
    model.say("hold", go_on, "too late")
    first = await room.post(ANA, "hold on, why is it so high")
    await until(lambda: model.requests)
    stage.clock.turn(1)
    second = await room.post(ANA, "I mean basic")
    await until(lambda: model.left == ["hold"])
    stage.clock.turn(2)
    reply = await room.replied()
    assert (reply.body, reply.reply["about"]) == ("Because.", second)
    assert [decision["reason"] for decision in await room.decided(first)] == ["nobody else is in the thread"]


async def test_it_waits_while_somebody_types_on(stage: Stage, model: ScriptedModel) -> None:
    """However long that takes, and answers when they stop."""
    room = await stage.party(BEN)
    model.say("filter", "It drops new customers.")
    await room.post(ANA, "what does the filter do?")
    await room.party.do(ANA, Typing)
    stage.clock.turn(4)
    await room.party.do(ANA, Typing)
    stage.clock.turn(5)
    assert not model.requests
    await room.party.do(ANA, Typing, typing=False)
    stage.clock.turn(0.1)
    assert (await room.replied()).body == "It drops new customers."


async def test_unasked_the_model_may_stay_out_react_or_speak(stage: Stage, model: ScriptedModel) -> None:
    """Each with its reason; only a reply is a message; what it took counts for nobody."""
    room = await stage.party(BEN)
    model.say("lunch", stay_out("they talk about lunch"))
    model.say("right", ToolCall("1", "react", {"emoji": "👍"}))
    model.say("highest", "Basic, see churn.ipynb [12].")

    lunch = await room.post(ANA, "shall we have lunch?")
    stage.clock.turn(2)
    (decision,) = await room.decided(lunch)
    assert (decision["act"], decision["reason"], decision["by"]) == ("stay_out", "they talk about lunch", "model")
    assert decision["tokens"] == 110
    await until(lambda: room.message(lunch).decision)
    assert room.message(lunch).decision["reason"] == "they talk about lunch"

    stage.clock.turn(10)
    right = await room.post(BEN, "is that right?")
    stage.clock.turn(2)
    await until(lambda: room.message(right).reactions == {"👍": ("assistant",)})
    assert (await room.decided(right))[0]["act"] == "react"

    stage.clock.turn(10)
    highest = await room.post(BEN, "which is highest?")
    stage.clock.turn(2)
    reply = await room.replied()
    assert (reply.body, reply.reply["asked_by"]) == ("Basic, see churn.ipynb [12].", "assistant")
    assert (await room.decided(highest))[0]["by"] == "model"
    assert [tool.name for tool in model.requests[-1].tools] == ["stay_out", "react"]

    stage.clock.turn(10)
    again = await room.post(ANA, "and which is lowest?")
    stage.clock.turn(2)
    assert (await room.decided(again))[0]["reason"] == "it spoke unasked a moment ago"
    assert len(model.requests) == 3
    for username in ("ana", "ben"):
        assert (await stage.service.usage(username, stage.clock.now().replace(hour=0)))["tokens"] == 0


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ([ToolCall("1", "react", {"emoji": "thumbs up"})], "its reaction could not be put"),
        ([ToolCall("1", "react", None)], "the model's answer could not be read"),
        ([ToolCall("1", "launch", {})], "the model's answer could not be read"),
        ([ToolCall("1", "stay_out", {"reason": ["x" * 500]})], "['" + "x" * 118),
        ([ToolCall("1", "stay_out", {"reason": "a\0b\n\ud800c."})], "ab ?c"),
        ([ModelRateLimited("busy")], "the model could not be asked"),
    ],
)
async def test_unasked_a_bad_answer_is_silence(
    stage: Stage, model: ScriptedModel, script: list[Any], reason: str
) -> None:
    """Nobody asked, so nobody is bothered."""
    room = await stage.party(BEN)
    model.say("why", *script)
    asked = await room.post(ANA, "why?")
    stage.clock.turn(2)
    assert (await room.decided(asked))[0]["reason"] == reason
    assert room.replies == []


async def test_the_model_is_asked_whether_to_speak_once_in_ten_seconds(stage: Stage, model: ScriptedModel) -> None:
    """In one thread; and not at all while others answer."""
    room = await stage.party(BEN, CLEO)
    model.say("?", stay_out())
    first = await room.post(ANA, "why?")
    stage.clock.turn(2)
    await room.decided(first)
    second = await room.post(BEN, "how?")
    stage.clock.turn(2)
    assert (await room.decided(second))[0]["reason"] == "it considered speaking a moment ago"
    stage.clock.turn(10)
    third = await room.post(ANA, "really?")
    await room.post(CLEO, "It is the filter.")
    stage.clock.turn(2)
    assert (await room.decided(third))[0]["reason"] == "others are answering"
    assert len(model.requests) == 1


async def test_a_burst_costs_one_read_and_no_questions(stage: Stage, model: ScriptedModel) -> None:
    """However many messages come at once, deciding stays cheap."""
    room = await stage.party(BEN)
    stage.reads.clear()
    posts = [room.post(ANA if n % 2 else BEN, f"message {n}, is it {n}?") for n in range(100)]
    ids = await asyncio.gather(*posts)
    await until(lambda: len(stage.reads) >= 1)
    for _ in range(3):
        await room.post(ANA, "ok")
    stage.clock.turn(3)
    await room.decided(ids[0])
    assert len(stage.reads) <= 4
    assert len(model.requests) <= 1


async def test_what_nobody_wonders_about_is_kept_but_not_shown(stage: Stage) -> None:
    """Small talk leaves no trace in the document."""
    room = await stage.party(BEN)
    thanks, ask = await room.post(ANA, "thanks"), await room.post(ANA, "@ben did it work?")
    assert (await room.decided(thanks))[0]["reason"] == "small talk"
    await until(lambda: room.message(ask).decision)
    assert room.message(ask).decision["reason"] == "Ben was asked"
    assert room.message(thanks).decision == {}


async def test_an_error_that_comes_with_a_message_is_put_to_the_model(stage: Stage, model: ScriptedModel) -> None:
    """And so is a number that a shared cell contradicts; a new version of the cell is noticed."""
    room = await stage.party(BEN)
    model.say("look", "The key is missing.")
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
    await share(room, outputs=[error])
    await room.post(ANA, "look", cells=["s"])
    await until(lambda: stage.clock.due_within(2))
    stage.clock.turn(2)
    assert (await room.replied()).body == "The key is missing."

    other = await stage.party(BEN)
    model.say("recall", "It is 0.81 in churn.ipynb [12].")
    unfounded = await other.post(BEN, "recall is 0.9")
    await other.decided(unfounded)
    await share(other, outputs=[{"output_type": "stream", "name": "stdout", "text": "recall: 0.81\n"}])
    await other.post(ANA, "the recall is 0.9")
    await until(lambda: stage.clock.due_within(2))
    stage.clock.turn(2)
    assert (await other.replied()).body == "It is 0.81 in churn.ipynb [12]."
