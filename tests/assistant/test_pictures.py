"""Pictures that the assistant has made, over HTTP at an endpoint that does what the test says."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from jupyter_groupchat.assistant import pictures
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.errors import ModelBroke
from jupyter_groupchat.wire.commands import MessageDelete, ReplyStop
from tests.assistant.endpoints import Endpoint, answer, chunk
from tests.assistant.stage import ANA, BEN, Room, Stage, a_stage, until
from tests.assistant.test_tools import audited, manifest_of
from tests.assistant.test_whole_way import calling

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def a_picture(kind: str = "PNG") -> bytes:
    """A small one."""
    data = io.BytesIO()
    Image.new("RGB", (32, 20), "seagreen").save(data, kind)
    return data.getvalue()


def drawn(data: bytes, **more: Any) -> bytes:
    """What an images API answers."""
    return answer(200, {"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}], **more})


@pytest.fixture
async def stage(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[Stage]:
    """A service whose assistant can have pictures made."""
    model = OpenAIModel(base_url=endpoint.url)
    async with a_stage(tmp_path, model, model="tiny", image_model="brush-1") as stage:
        yield stage


def will_draw(endpoint: Endpoint, *scripts: bytes, said: str = "Here it is.") -> None:
    """The model calls the tool, the images API answers with the scripts, and the model says something."""
    endpoint.stream(calling("make_image", {"prompt": "A red fox, asleep"}), chunk(finish="tool_calls"))
    for script in scripts:
        endpoint.say(script)
    endpoint.stream(chunk(said), chunk(finish="stop"))


async def asked(stage: Stage) -> Room:
    """Ana asks for a picture."""
    room = await stage.party(BEN)
    await room.post(ANA, "@assistant draw a fox")
    return room


async def test_a_picture_is_made_and_shown_with_the_reply(stage: Stage, endpoint: Endpoint) -> None:
    """As a file of the thread by the assistant; its tokens count; it goes with the reply when that is deleted."""
    will_draw(endpoint, drawn(a_picture(), usage={"input_tokens": 20, "output_tokens": 300}))
    room = await asked(stage)
    reply = await room.replied()
    assert (reply.status, reply.body) == ("complete", "Here it is.")
    (file_id,) = reply.files
    file, data = await stage.service.file(BEN, room.party.thread, file_id)
    assert (file.name, file.media_type, file.uploaded_by) == ("a-red-fox-asleep.png", "image/png", "assistant")
    assert data == a_picture()
    assert (reply.reply["tools"][0]["name"], reply.reply["tools"][0]["label"]) == ("make_image", "A red fox, asleep")
    assert reply.reply["tokens"] > 320
    first, drawing, last = endpoint.requests
    assert [tool["function"]["name"] for tool in first["tools"]] == ["make_image"]
    assert drawing == {"model": "brush-1", "prompt": "A red fox, asleep", "n": 1, "response_format": "b64_json"}
    assert "a-red-fox-asleep.png" in last["messages"][-1]["content"]
    assert (await manifest_of(room, reply.id))["used"][0]["arguments"] == {"prompt": "A red fox, asleep"}
    await audited(room, 1)
    board = await room.party.look(ANA)
    assert file_id in board.board["files"]
    row = (await stage.service.conversation(room.party.thread)).messages[-1]
    assert row.files == (file_id,)
    await room.party.do(ANA, MessageDelete, message=reply.id)
    assert await stage.service.attachment(room.party.thread, file_id) is None


async def test_a_model_that_sends_nothing_but_pictures_is_not_asked_for_them(stage: Stage, endpoint: Endpoint) -> None:
    """Once the endpoint has refused the field, it is left out."""
    will_draw(
        endpoint, answer(400, {"error": {"message": "Unknown parameter: 'response_format'."}}), drawn(a_picture("JPEG"))
    )
    reply = await (await asked(stage)).replied()
    assert len(reply.files) == 1
    assert ["response_format" in body for body in endpoint.requests[1:3]] == [True, False]


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (drawn(b"<svg onload=alert(1)>"), "HTML and SVG files can run programs"),
        (drawn(b"just some words"), "something that is no picture"),
        (drawn(a_picture()[:60]), "damaged"),
        (drawn(b""), "empty"),
        (answer(200, {"data": [{"url": "http://127.0.0.1:9/x.png"}]}), "no picture that can be read"),
        (answer(200, b"[]"), "no picture that can be read"),
        (answer(400, {"error": {"message": "Your request was rejected by our safety system."}}), "refused the request"),
        (answer(404, {"error": {"message": "no such model"}}), "does not know the model “brush-1”"),
        (answer(500, {"error": {"message": "oops"}}), "failed (status 500)"),
    ],
)
async def test_a_picture_that_is_none_fails_in_plain_words(
    stage: Stage, endpoint: Endpoint, script: bytes, why: str
) -> None:
    """The reply goes on, and nothing of it is kept."""
    will_draw(endpoint, script, said="I could not draw it.")
    room = await asked(stage)
    reply = await room.replied()
    assert (reply.status, reply.body, reply.files) == ("complete", "I could not draw it.", ())
    (use,) = reply.reply["tools"]
    assert use["status"] == "failed"
    assert why in use["error"]
    assert (await room.party.look(ANA)).board["files"] == {}


async def test_a_picture_without_end_is_not_read_to_its_end(endpoint: Endpoint) -> None:
    """What is larger than a file may be is given up on the way."""
    endpoint.say(answer(200, b'{"data": [{"b64_json": "' + b"A" * 1_000_000 + b'"}]}'))
    model = OpenAIModel(base_url=endpoint.url)
    with pytest.raises(ModelBroke, match="larger than a file"):
        await model.draw("brush-1", "x", 10_000)
    endpoint.scripts.clear()
    endpoint.say(drawn(b"x" * 10_001))
    with pytest.raises(ModelBroke, match="larger than a file"):
        await model.draw("brush-1", "x", 10_000)
    await model.close()


async def test_a_reply_is_stopped_while_a_picture_is_made(stage: Stage, endpoint: Endpoint) -> None:
    """The endpoint is left, and nothing is kept."""
    endpoint.stream(calling("make_image", {"prompt": "A fox"}), chunk(finish="tool_calls"))
    endpoint.say(asyncio.Event())
    room = await asked(stage)
    await endpoint.waiting.wait()
    await until(lambda: room.replies and room.replies[0].reply.get("tools"))
    await room.party.do(BEN, ReplyStop, message=room.replies[0].id)
    reply = await room.replied()
    assert (reply.status, reply.files) == ("cancelled", ())
    assert reply.reply["tools"][0]["status"] == "stopped"
    await asyncio.wait_for(endpoint.hung_up.wait(), 30)


async def test_without_a_model_for_pictures_none_is_offered(tmp_path: Path, endpoint: Endpoint) -> None:
    """And a name that is all signs is still a name."""
    endpoint.stream(chunk("Hello."), chunk(finish="stop"))
    async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url), model="tiny") as stage:
        await (await asked(stage)).replied()
    assert "tools" not in endpoint.requests[0]
    assert pictures.name_of("!?") == "picture"
    assert pictures.name_of("Füchse & Hasen: " + "x" * 90).startswith("füchse-hasen-x")
