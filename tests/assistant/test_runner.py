"""The assistant in threads of a real service, with a model that says what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant.language_model import Finished, ToolCall
from jupyter_groupchat.errors import ModelRateLimited, StorageUnavailable
from jupyter_groupchat.threads.internal import ReplyAppend
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import (
    CellDelete,
    CellPut,
    MessageDelete,
    ReplyAsk,
    ReplyStop,
    ThreadDelete,
    ThreadPatch,
    Typing,
)
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, said, stay_out, until
from tests.cells.test_render import png
from tests.doubles import CLEO

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture
def model() -> ScriptedModel:
    """Says "I see." unless told otherwise."""
    return ScriptedModel()


@pytest.fixture
async def stage(tmp_path: Path, model: ScriptedModel) -> AsyncIterator[Stage]:
    """A service and its assistant."""
    async with a_stage(tmp_path, model) as stage:
        yield stage


async def share(room: Room, share: str = "s", source: str = "x = 1", **fields: Any) -> None:
    """Ana shares a cell."""
    values = {"notebook": "churn.ipynb", "cell_id": share, "cell_type": "code", "source": source, "execution_count": 12}
    await room.party.do(ANA, CellPut, share=share, **{**values, **fields})


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
    [([ToolCall("1", "launch", {})], "tool that it does not have"), (["  \n"], "empty"), (["x" * 150_000], "end")],
)
async def test_an_answer_that_is_none_is_said_to_be_none(
    stage: Stage, model: ScriptedModel, script: list[Any], error: str
) -> None:
    """Calls of unknown tools, nothing but blanks, no end."""
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


# -- deciding


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


# -- what a model is told


async def test_nothing_crosses_from_one_thread_to_another(stage: Stage, model: ScriptedModel) -> None:
    """Marked strings in messages, cells, instructions and titles of many threads, with the same people."""
    rooms: list[Room] = []
    for n in range(12):
        room = await stage.party(BEN, instructions=f"secret-instruction-{n}-end", title=f"secret-title-{n}-end")
        await share(room, f"s{n}", f"secret_source_{n}_end = 1", outputs=[
            {"output_type": "stream", "name": "stdout", "text": f"secret-output-{n}-end"}
        ])  # fmt: skip
        await room.post(BEN, f"I said secret-word-{n}-end.")
        rooms.append(room)
    for round_ in range(2):
        for n, room in enumerate(rooms):
            await room.post(ANA, f"@assistant secret-question-{n}-end? What did we say elsewhere?")
        for room in rooms:
            await room.replied(round_ + 1)
    assert len(model.requests) == 24
    for request in model.requests:
        text = "\n".join(turn.text for turn in request.turns)
        numbers = {part.split("end")[0].strip("-_") for part in text.replace("_", "-").split("secret-")[1:]}
        threads = {part.rpartition("-")[2] for part in numbers}
        assert len(threads) == 1
        assert {part.rpartition("-")[0] for part in numbers} == {"instruction", "source", "output", "word", "question"}


async def test_only_what_is_shared_is_told_and_the_manifest_equals_it(stage: Stage, model: ScriptedModel) -> None:
    """A withdrawn cell and a deleted message are gone from the next request; edits are as they read now."""
    room = await stage.party(BEN)
    await share(room, "kept", "kept_source = 1")
    await share(room, "gone", "gone_source = 1")
    deleted = await room.post(BEN, "deleted-text")
    await room.post(BEN, "kept-text")
    await room.party.do(ANA, CellDelete, share="gone")
    await room.party.do(BEN, MessageDelete, message=deleted)
    await room.post(ANA, "@assistant why?")
    reply = await room.replied()
    manifest = await stage.service.manifest(ANA, room.party.thread, reply.id)
    text = said(model.requests[-1])
    assert "kept_source" in text
    assert "kept-text" in text
    assert "gone_source" not in text
    assert "deleted-text" not in text
    assert [cell["id"] for cell in manifest["cells"]] == ["kept"]
    bodies = {message.id: message.body for message in room.page.messages}
    assert [bodies[id] for id in manifest["messages"]] == ["kept-text", "@assistant why?"]


async def test_pictures_are_told_only_to_a_model_that_takes_them(tmp_path: Path, model: ScriptedModel) -> None:
    """They come from the file store."""
    for images in (False, True):
        folder = tmp_path / str(images)
        folder.mkdir()
        async with a_stage(folder, model, images=images) as stage:
            room = await stage.party(BEN)
            await share(room, outputs=[{"output_type": "display_data", "data": {"image/png": png()}, "metadata": {}}])
            await room.post(ANA, "@assistant what does the plot show?")
            await room.replied()
    without, with_ = model.requests
    assert [len(turn.images) for turn in without.turns] == [0, 0]
    assert [image.data[:4] for image in with_.turns[1].images] == [b"\x89PNG"]
