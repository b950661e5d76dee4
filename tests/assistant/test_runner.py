"""The assistant in threads of a real service, with a model that says what the test says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant.language_model import Finished, ToolCall
from jupyter_groupchat.errors import ModelRateLimited, StorageUnavailable
from jupyter_groupchat.threads.internal import ReplyAppend
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import MessageDelete, ReplyAsk, ReplyStop, ThreadDelete, ThreadPatch
from tests.assistant.stage import ANA, BEN, ScriptedModel, Stage, a_stage, share, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


# -- answering


async def test_a_mention_is_answered_as_a_stream_that_everybody_sees(stage: Stage, model: ScriptedModel) -> None:
    """The first text at once, the rest as it comes; who asked, what was seen and used stand with the reply."""
    room = await stage.party(BEN)
    await share(room)
    go_on = asyncio.Event()
    model.say("why", "Because ", go_on, "of the filter in churn.ipynb [12].")
    asked = await room.post(BEN, "@assistant why?")
    await until(lambda: room.replies and room.replies[0].body == "Because ")
    assert room.replies[0].status == "streaming"
    go_on.set()
    reply = await room.replied()
    assert reply.body == "Because of the filter in churn.ipynb [12]."
    assert (reply.status, reply.reply_to) == ("complete", asked)
    assert (reply.reply["asked_by"], reply.reply["about"], reply.reply["tokens"]) == ("ben", asked, 110)
    manifest = await stage.service.manifest(ANA, room.party.thread, reply.id)
    assert manifest["messages"] == [asked]
    assert [cell["id"] for cell in manifest["cells"]] == ["s"]
    assert (manifest["prompt_tokens"], manifest["completion_tokens"], manifest["counted_by"]) == (100, 10, "endpoint")
    assert (await room.decided(asked))[0]["reason"] == "Ben asked"
    used = await stage.service.usage("ben", stage.clock.now().replace(hour=0))
    assert (used["replies"], used["tokens"]) == (1, 110)


async def test_replies_in_one_thread_come_one_after_the_other(stage: Stage, model: ScriptedModel) -> None:
    """The second sees the first; another thread does not wait."""
    room, other = await stage.party(BEN), await stage.party(BEN)
    go_on = asyncio.Event()
    model.say("first", "One. ", go_on, "Done.")
    model.say("second", "Two.")
    await room.post(ANA, "@assistant first?")
    await until(lambda: room.replies)
    await room.post(BEN, "@assistant second?")
    await other.post(BEN, "@assistant second?")
    assert (await other.replied()).body == "Two."
    assert len(room.replies) == 1
    go_on.set()
    assert (await room.replied(2)).body == "Two."
    assert [turn.text for turn in model.requests[-1].turns if turn.role == "assistant"] == ["One. Done."]


async def test_the_server_writes_only_so_many_replies_at_a_time(tmp_path: Path, model: ScriptedModel) -> None:
    """Others wait for a place."""
    go_on = asyncio.Event()
    model.say("why", "Well. ", go_on)
    async with a_stage(tmp_path, model, max_parallel=2) as stage:
        rooms = [await stage.party() for _ in range(4)]
        for room in rooms:
            await room.post(ANA, "@assistant why?")
        await until(lambda: len(model.requests) == 2)
        await rooms[3].post(ANA, "hm")
        assert len(model.requests) == 2
        go_on.set()
        for room in rooms:
            assert (await room.replied()).body == "Well. "


async def test_the_name_that_the_operator_gave_is_its_name(tmp_path: Path, model: ScriptedModel) -> None:
    """In mentions, at the start of a message, and on its replies."""
    async with a_stage(tmp_path, model, name="Sage", instructions="Be kind.") as stage:
        room = await stage.party(BEN, instructions="Use pandas.", mode="mention")
        await room.post(BEN, "@Sage hello")
        assert (await room.replied()).author_name == "Sage"
        await room.post(BEN, "Sage, hello")
        await room.replied(2)
        system = model.requests[0].turns[0].text
        assert "You are Sage" in system
        assert "Be kind.\n\nUse pandas." in system


async def test_asking_again_gives_another_reply(stage: Stage, model: ScriptedModel) -> None:
    """For whoever asked, about the same message."""
    room = await stage.party(BEN)
    model.say("why", "Hm", ModelRateLimited("The model's endpoint is busy."))
    asked = await room.post(BEN, "@assistant why?")
    failed = await room.replied()
    assert (failed.status, failed.body, failed.reply["error"]) == ("failed", "Hm", "The model's endpoint is busy.")
    model.say("why", "Because.")
    await room.party.do(ANA, ReplyAsk, message=failed.id)
    again = await room.replied(2)
    assert (again.status, again.body, again.reply["asked_by"], again.reply["about"]) == (
        "complete",
        "Because.",
        "ana",
        asked,
    )
    assert "Hm" not in [turn.text for turn in model.requests[-1].turns if turn.role == "assistant"]


async def test_asking_twice_for_the_same_gives_one_reply(stage: Stage, model: ScriptedModel) -> None:
    """While the first is being written; a button may be pressed twice."""
    room = await stage.party(BEN)
    go_on = asyncio.Event()
    model.say("why", "Because ", go_on, "so.")
    asked = await room.post(BEN, "@assistant why?")
    await until(lambda: room.replies)
    await room.party.do(ANA, ReplyAsk, message=asked)
    await room.party.do(BEN, ReplyAsk, message=asked)
    go_on.set()
    assert (await room.replied()).body == "Because so."


# -- failing and stopping


async def test_a_failure_before_the_first_word_is_said_too(stage: Stage, model: ScriptedModel) -> None:
    """An asked reply never just vanishes; nothing is counted for it."""
    room = await stage.party(BEN)
    model.say("why", ModelRateLimited("The model's endpoint is busy."))
    await room.post(BEN, "@assistant why?")
    reply = await room.replied()
    assert (reply.status, reply.body, reply.reply["error"]) == ("failed", "", "The model's endpoint is busy.")
    assert (await stage.service.usage("ben", stage.clock.now().replace(hour=0)))["replies"] == 0


@pytest.mark.parametrize(
    ("script", "error"),
    [([ToolCall("1", "launch", {})], "kept calling tools"), (["  \n"], "empty"), (["x" * 150_000], "end")],
)
async def test_an_answer_that_is_none_is_said_to_be_none(
    stage: Stage, model: ScriptedModel, script: list[Any], error: str
) -> None:
    """Calls of tools without end, nothing but blanks, no end."""
    room = await stage.party(BEN)
    model.say("why", *script)
    await room.post(BEN, "@assistant why?")
    reply = await room.replied()
    assert reply.status == "failed"
    assert error in reply.reply["error"]


async def test_an_answer_that_reached_the_limit_of_length_says_so(stage: Stage, model: ScriptedModel) -> None:
    """It is complete as far as it goes."""
    room = await stage.party(BEN)
    model.say("why", "Becau", Finished("length", 1, 2))
    await room.post(BEN, "@assistant why?")
    reply = await room.replied()
    assert (reply.status, reply.body) == ("complete", "Becau")
    assert "length" in reply.reply["error"]


@pytest.mark.parametrize("how", ["button", "message", "bare message"])
async def test_any_member_can_stop_a_reply(stage: Stage, model: ScriptedModel, how: str) -> None:
    """What came stays; the model is left at once; what was queued is dropped by a message."""
    room = await stage.party(BEN)
    model.say("why", "Because ", asyncio.Event(), "never")
    await room.post(ANA, "@assistant why?")
    await until(lambda: room.replies and room.replies[0].body)
    if how == "button":
        await room.party.do(BEN, ReplyStop, message=room.replies[0].id)
    else:
        await room.post(BEN, "@assistant stop" if how == "message" else "stop")
    reply = await room.replied()
    assert (reply.status, reply.body) == ("cancelled", "Because ")
    assert model.left == ["why"]
    assert (await stage.service.manifest(ANA, room.party.thread, reply.id))["counted_by"] == "estimate"


async def test_stop_drops_what_waits(stage: Stage, model: ScriptedModel) -> None:
    """Nobody is answered after a stop who asked before it."""
    room = await stage.party(BEN)
    model.say("first", "One ", asyncio.Event())
    await room.post(ANA, "@assistant first?")
    await until(lambda: room.replies and room.replies[0].body)
    await room.post(BEN, "@assistant second?")
    await room.post(ANA, "@assistant be quiet")
    await room.replied()
    model.say("third", "Three.")
    await room.post(BEN, "@assistant third?")
    assert (await room.replied(2)).body == "Three."


@pytest.mark.parametrize("what", ["message", "reply", "thread", "archive"])
async def test_a_reply_to_something_that_is_gone_ends_quietly(stage: Stage, model: ScriptedModel, what: str) -> None:
    """The model is left, and the next question is answered."""
    room = await stage.party(BEN)
    model.say("why", "Because ", asyncio.Event(), "never")
    asked = await room.post(ANA, "@assistant why?")
    await until(lambda: room.replies and room.replies[0].body)
    match what:
        case "message":
            await room.party.do(ANA, MessageDelete, message=asked)
            await room.party.do(ANA, ReplyStop, message=room.replies[0].id)
        case "reply":
            await room.party.do(ANA, MessageDelete, message=room.replies[0].id)
        case "thread":
            await room.party.do(ANA, ThreadDelete)
        case "archive":
            await room.party.do(ANA, ThreadPatch, archived=True)
    await until(lambda: model.left == ["why"])
    other = await stage.party(BEN)
    await other.post(ANA, "@assistant hello")
    assert (await other.replied()).body == "I see."


async def test_when_the_server_stops_what_came_is_kept(tmp_path: Path, model: ScriptedModel) -> None:
    """As interrupted, for Try again."""
    model.say("why", "Because ", asyncio.Event())
    async with a_stage(tmp_path, model) as stage:
        room = await stage.party(BEN)
        await room.post(ANA, "@assistant why?")
        await until(lambda: room.replies and room.replies[0].body)
        await stage.assistant.stop()
        assert model.left == ["why"]
        reply = await room.replied()
        assert (reply.status, reply.body) == ("interrupted", "Because ")
        assert "server stopped" in reply.reply["error"]


async def test_a_database_that_is_away_for_a_while_costs_no_text(
    stage: Stage, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces wait and are written when it is back."""
    room = await stage.party(BEN)
    execute = stage.service.execute
    failures = iter(range(3))

    async def now_and_then(actor: Actor, command: Any) -> dict[str, Any]:
        if isinstance(command, ReplyAppend) and next(failures, None) is not None:
            raise StorageUnavailable("The database is locked.")
        return await execute(actor, command)

    monkeypatch.setattr(stage.service, "execute", now_and_then)
    model.say("why", *(f"word{n} " for n in range(50)))
    await room.post(ANA, "@assistant why?")
    assert (await room.replied()).body == "".join(f"word{n} " for n in range(50))


async def test_text_that_no_document_can_hold_does_not_break_a_reply(stage: Stage, model: ScriptedModel) -> None:
    """Null characters are left out."""
    room = await stage.party(BEN)
    model.say("why", "a\0b", "\0", "c")
    await room.post(ANA, "@assistant why?")
    assert (await room.replied()).body == "abc"
