"""Every request that is sent equals what the manifest says, at both endpoints that there are in the suite."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from jupyter_groupchat.assistant import blocks
from jupyter_groupchat.assistant.blocks import Block
from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.assistant.notebook_reader import NotebookReader
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.threads.internal import FilePut
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import ReplyAsk, ThreadPatch
from tests.assistant.endpoints import Aimock
from tests.assistant.scenes import RATES
from tests.assistant.stage import ANA, BEN, Room, Stage, a_stage, share, until
from tests.assistant.test_catch_up import lines
from tests.assistant.test_tools import manifest_of
from tests.cells.test_render import png

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

#: Another of Ben's name.
BEN_TOO = Actor(username="ben2", name="Ben")


class HeardReader(NotebookReader):
    """The embedded reader, and what it was sent."""

    def __init__(self) -> None:
        super().__init__(pause=0)
        self.bodies: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See ``NotebookReader``."""
        self.bodies.append(json.loads(await request.aread()))
        return await super().handle_async_request(request)


class Peer:
    """Two models at one endpoint, and the requests that it received."""

    def __init__(self, url: str, sent: Callable[[str], list[dict[str, Any]]], transport: HeardReader | None) -> None:
        endpoint = OpenAIModel(base_url=url, transport=transport)
        names = ("First", "Second")
        self.sent = sent
        self.named = [NamedModel(name=name, model=name.lower(), endpoint=endpoint, images=True) for name in names]


@pytest.fixture(params=["aimock", "reader"])
def peer(request: pytest.FixtureRequest) -> Peer:
    """Each of them."""
    if request.param == "aimock":
        return at_aimock(request.getfixturevalue("aimock"))
    reader = HeardReader()

    def sent(holding: str) -> list[dict[str, Any]]:
        return [body for body in reader.bodies if holding in json.dumps(body, ensure_ascii=False)]

    return Peer("http://reader.invalid/v1", sent, reader)


def at_aimock(aimock: Aimock) -> Peer:
    """aimock as it comes."""
    return Peer(aimock.url, aimock.requests, None)


def told(body: dict[str, Any]) -> list[Block]:
    """The blocks of what people said in a request."""
    texts = (text_of(turn) for turn in body["messages"] if turn["role"] == "user")
    return [block for text in texts for block in blocks.read(text)]


def text_of(turn: dict[str, Any]) -> str:
    """The text of a turn, with or without pictures beside it."""
    content = turn["content"] or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


async def check(room: Room, body: dict[str, Any], reply: str) -> dict[str, Any]:
    """That a request holds what the manifest of the reply to it says, no more and no less; the manifest."""
    manifest = await manifest_of(room, reply)
    found = told(body)
    written = {message.id: message for message in room.page.messages}
    rows = [written[id] for id in manifest["messages"]]
    own = [row for row in rows if row.kind == "assistant"]
    assert body["model"] == manifest["model"]
    assert manifest["instructions"] in body["messages"][0]["content"]
    assert [block.attributes["n"] for block in found if block.tag == "message"] == [
        str(row.seq) for row in rows if row not in own
    ]
    answers = [text_of(turn) for turn in body["messages"] if turn["role"] == "assistant" and "tool_calls" not in turn]
    assert "\n".join(answers) == "\n".join(row.body for row in own)
    cells = [(block.attributes["notebook"], block.attributes["n"]) for block in found if block.tag == "cell"]
    assert cells == [(cell["notebook"], str(cell["execution_count"])) for cell in manifest["cells"]]
    files = [block.attributes["name"] for block in found if block.tag == "file"]
    assert files == [file["name"] for file in manifest["files"]]
    cut = [part.text for block in found for part in (block, *block.inner) if "left out ...]" in part.text]
    assert (
        bool(cut) == any(seen["cut"] for seen in (*manifest["cells"], *manifest["files"])) or manifest["messages_cut"]
    )
    offered = [tool["function"]["name"] for tool in body.get("tools", ())]
    offered += ["web_search"] if "web_search_options" in body else []
    assert offered == manifest["tools"]
    results = [turn["content"] for turn in body["messages"] if turn["role"] == "tool"]
    hashes = [use["result_hash"] for use in manifest["used"]]
    assert [sha256(result.encode()).hexdigest() for result in results] == hashes[: len(results)]
    return manifest


async def a_talk(stage: Stage, marker: str, *, filler: int = 0) -> Room:
    """Two of one name and Ana, with cells, a table, pictures and a withdrawn word."""
    room = await stage.party(BEN, BEN_TOO, mode="mention", instructions="Recall matters.")
    await share(room, "rates", "rates = df.mean()", outputs=[RATES], execution_count=12)
    plot = {"output_type": "display_data", "data": {"image/png": png()}, "metadata": {}}
    await share(room, "plot", "rates.plot()", outputs=[plot], execution_count=13)
    await share(room, "long", "\n".join(f"row_{n} = {n}" for n in range(9_000)), execution_count=14)
    await room.post(BEN, f"I tightened the tenure filter, {marker}.")
    for number in range(filler):
        await room.post(BEN, f"By the way, number {number}: lunch was good, and so was the walk.")
    for name, data in (("rates.csv", b"plan,rate\nbasic,0.187\n"), ("plot.png", base64.b64decode(png(7)))):
        file = (await room.party.do(BEN_TOO, FilePut, name=name, data=data))["file"]["id"]
        await room.post(BEN_TOO, "See.", files=[file])
    return room


async def test_a_reply_and_a_second_opinion(tmp_path: Path, peer: Peer) -> None:
    """With cells of which one is cut, a table, pictures, and people of one name; the second does not see the first."""
    marker = f"marker-{tmp_path.name}"
    async with a_stage(tmp_path, Models(peer.named)) as stage:
        room = await a_talk(stage, marker)
        await room.post(ANA, "@assistant say hello to both")
        first = await room.replied()
        await room.post(BEN, "I think so, too.")
        await room.post(ANA, "@assistant say hello again")
        await room.replied(2)
        await room.party.do(BEN, ReplyAsk, message=first.id, model="Second", beside=first.id)
        replies = [first, room.replies[1], await room.replied(3)]
        sent = peer.sent(marker)
        assert len(sent) == 3
        manifests = [await check(room, body, reply.id) for body, reply in zip(sent, replies, strict=True)]
        for body, manifest in zip(sent, manifests, strict=True):
            pictures = [part for turn in body["messages"] for part in turn["content"] if "image_url" in part]
            assert len(pictures) == 2
            assert [file["name"] for file in manifest["files"]] == ["plot.png", "rates.csv"]
            assert [cell["id"] for cell in manifest["cells"] if cell["cut"]] == ["long"]
            names = {block.attributes["by"] for block in told(body) if block.tag == "message"}
            assert names >= {"Ben (ben)", "Ben (ben2)", "Ana"}
        assert first.id in manifests[1]["messages"]
        assert first.id not in manifests[2]["messages"]
        assert (sent[2]["model"], manifests[2]["model"]) == ("second", "second")


async def test_a_reply_that_nobody_asked_for(tmp_path: Path, peer: Peer) -> None:
    """With the two tools that it has then, and no others."""
    marker = f"marker-{tmp_path.name}"
    async with a_stage(tmp_path, Models(peer.named)) as stage:
        room = await a_talk(stage, marker)
        await room.party.do(ANA, ThreadPatch, mode="auto")
        await room.post(ANA, "speak up, which plan has the highest rate?")
        await until(lambda: stage.clock.due_within(2))
        stage.clock.turn(2)
        reply = await room.replied()
        (body,) = peer.sent(marker)
        manifest = await check(room, body, reply.id)
        assert manifest["tools"] == ["stay_out", "react"]
        assert reply.body.replace("**", "").lower().startswith("basic has the highest")


async def test_what_somebody_missed(tmp_path: Path, peer: Peer) -> None:
    """It has no manifest, for nobody else is to know of it; the audit log has how much it was, and hashes."""
    marker = f"marker-{tmp_path.name}"
    async with a_stage(tmp_path, Models(peer.named)) as stage:
        room = await a_talk(stage, marker)
        await stage.assistant.catch_up(ANA, room.party.thread, -1)
        (body,) = peer.sent(marker)
        found = told(body)
        (line,) = await lines(stage, room)
        details = line["details"]
        assert len([block for block in found if block.tag == "message"]) == details["messages"]
        assert len([block for block in found if block.tag == "cell"]) == len(details["cells"]) == 3
        assert len([block for block in found if block.tag == "file"]) == len(details["files"]) == 2
        assert body["model"] == details["model"]
        assert "tools" not in body
        assert {"Ben (ben)", "Ben (ben2)"} <= {block.attributes.get("by") for block in found}


async def test_with_tools(tmp_path: Path, aimock: Aimock) -> None:
    """Both requests; what tools said is in the second, with the hashes that the manifest has."""
    peer, marker = at_aimock(aimock), f"marker-{tmp_path.name}"
    models = Models([NamedModel(name="Small", model="small", endpoint=peer.named[0].endpoint, context_tokens=2_400)])
    async with a_stage(tmp_path, models, tools=frozenset(["search_thread", "read_cell"])) as stage:
        room = await a_talk(stage, "early", filler=60)
        await room.post(ANA, f"@assistant look it up, {marker}")
        reply = await room.replied()
        assert (reply.status, reply.body) == ("complete", "Let me look.\n\nBen tightened it.")
        first, second = peer.sent(marker)
        await check(room, first, reply.id)
        manifest = await check(room, second, reply.id)
        assert [(use["name"], use["status"]) for use in manifest["used"]] == [
            ("search_thread", "done"),
            ("read_cell", "done"),
        ]
        assert [turn["role"] for turn in second["messages"]][-3:] == ["assistant", "tool", "tool"]
        called = [call["function"] for call in second["messages"][-3]["tool_calls"]]
        assert [json.loads(call["arguments"]) for call in called] == [use["arguments"] for use in manifest["used"]]
        assert re.search(r"I tightened the tenure filter", second["messages"][-2]["content"])


async def test_with_a_picture_that_is_made(tmp_path: Path, aimock: Aimock) -> None:
    """The images API gets the prompt that the manifest has, and nothing else."""
    peer, marker = at_aimock(aimock), f"marker-{tmp_path.name}"
    async with a_stage(tmp_path, Models(peer.named), image_model="brush-1", web_search=True) as stage:
        room = await a_talk(stage, "early")
        await room.post(ANA, f"@assistant draw a fox, {marker}")
        reply = await room.replied()
        assert (reply.status, reply.body) == ("complete", "Here it is.")
        first, second = peer.sent(marker)
        await check(room, first, reply.id)
        manifest = await check(room, second, reply.id)
        assert manifest["tools"] == ["read_cell", "make_image", "web_search"]
        (use,) = manifest["used"]
        assert use["arguments"] == {"prompt": "A red fox, asleep"}
        # aimock keeps a prompt as if somebody had said it.
        (painted,) = aimock.requests("brush-1")
        assert painted["messages"] == [{"role": "user", "content": "A red fox, asleep"}]
        assert len(reply.files) == 1
