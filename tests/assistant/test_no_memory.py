"""What a model is told: this thread and what is shared with it now, and nothing that it was told before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.wire.commands import CellDelete, MessageDelete
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, said, share
from tests.cells.test_render import png

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


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


async def test_no_tool_reaches_into_another_thread(tmp_path: Path, model: ScriptedModel) -> None:
    """Whatever a model asks for: marked strings of many threads, of withdrawn cells and deleted messages."""
    async with a_stage(tmp_path, model, context_tokens=2_000) as stage:
        rooms: list[Room] = []
        for n in range(10):
            room = await stage.party(BEN, mode="mention", title=f"marked title-{n}-end")
            await share(room, f"s{n}", f"marked_cell = 'cell-{n}-end'\n{'x = 1; ' * 2_000}", execution_count=n)
            await share(
                room, f"gone{n}", f"marked_gone = 'cell-gone{n}-end'\n{'x = 1; ' * 2_000}", execution_count=100 + n
            )
            await room.party.do(ANA, CellDelete, share=f"gone{n}")
            await room.post(BEN, f"marked word-{n}-end")
            deleted = await room.post(BEN, f"marked word-gone{n}-end")
            await room.party.do(BEN, MessageDelete, message=deleted)
            for _ in range(40):
                await room.post(BEN, "By the way, lunch was good, and so was the walk along the river.")
            rooms.append(room)
        calls = [
            ToolCall(f"w{word}", "search_thread", {"query": word}) for word in ("marked", "word", "end", "word-3-end")
        ]
        calls += [ToolCall(f"c{n}", "read_cell", {"cell": n}) for n in (0, 3, 103)]
        calls += [ToolCall("id", "read_cell", {"cell": "s3"})]
        model.say("elsewhere", *calls[:4])
        model.then("elsewhere", *calls[4:])
        model.then("elsewhere", "That is all.")
        for room in rooms:
            await room.post(ANA, "@assistant what did we say elsewhere?")
        for room in rooms:
            await room.replied()
        assert len(model.requests) == 3 * len(rooms)
        for request in model.requests:
            text = "\n".join(turn.text for turn in request.turns)
            marks = set(re.findall(r"\b(?:word|cell|title)-(\w+)-end", text))
            assert len(marks) == 1, marks
        last = "\n".join(turn.text for turn in model.requests[-1].turns if turn.role == "tool")
        assert "word-" in last


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
