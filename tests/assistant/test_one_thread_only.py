"""Of all that a server knows, what is asked of a model holds only what one thread shares: marked strings everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from jupyter_groupchat.assistant.dictation import Dictation
from jupyter_groupchat.assistant.language_model import Request, ToolCall
from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.assistant.recording import Recording
from jupyter_groupchat.threads.internal import FilePut
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import (
    CellDelete,
    InvitationAccept,
    InvitationCreate,
    MessageDelete,
    MessageEdit,
    ProfilePatch,
    ReplyAsk,
    ThreadPatch,
)
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, share
from tests.assistant.test_recording import wav
from tests.doubles import fresh

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

#: As many as a model may call tools at once, less the searches.
THREADS = 5
MARK = re.compile(r"mark[-_](\w+?)[-_](\d+)[-_]end")
#: What a thread shares with the model. Titles, drafts and who waits to be let in are none of it.
SHARED = {"instruction", "source", "output", "word", "filename", "filetext", "person", "answer", "again", "edited"}


def mark(kind: str, number: int) -> str:
    """A string that is nowhere else."""
    return f"mark-{kind}-{number}-end"


class Scribe:
    """Writes recordings down as it is told, and keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[str, Recording]] = []

    async def transcribe(self, model: str, recording: Recording) -> str:
        """See ``Transcriber``."""
        self.given.append((model, recording))
        return mark("dictated", len(self.given) - 1)

    async def close(self) -> None:
        """See ``Transcriber``."""


async def a_marked_room(stage: Stage, number: int) -> Room:
    """A thread of Ana's and Ben's with somebody of its own, in which everything has a mark."""
    own = Actor(username=f"own{number}", name="Somebody")
    room = await stage.party(
        BEN, own, mode="mention", instructions=mark("instruction", number), title=mark("title", number)
    )
    await room.party.do(own, ProfilePatch, name=mark("person", number))
    # So much that there is something to search for.
    await room.post(BEN, "By the way, lunch was good. " * 500)
    printed = {"output_type": "stream", "name": "stdout", "text": mark("output", number)}
    await share(room, f"s{number}", f"mark_source_{number}_end = 1\n{'x = 1; ' * 3_000}", outputs=[printed])
    await share(room, f"gone{number}", mark("withdrawn", number))
    await room.party.do(ANA, CellDelete, share=f"gone{number}")
    file = await room.party.do(
        BEN, FilePut, name=f"{mark('filename', number)}.txt", data=mark("filetext", number).encode()
    )
    await room.post(BEN, mark("word", number), files=[file["file"]["id"]])
    edited = await room.post(own, mark("before", number))
    await room.party.do(own, MessageEdit, message=edited, body=mark("edited", number))
    deleted = await room.post(BEN, mark("deleted", number))
    await room.party.do(BEN, MessageDelete, message=deleted)
    await room.party.draft(BEN, mark("draft", number))
    await room.party.do(ANA, ThreadPatch, approval=True)
    invited = await room.party.do(ANA, InvitationCreate)
    waiting = Actor(username=f"waiting{number}", name=mark("waiting", number))
    await stage.service.execute(waiting, InvitationAccept(id=fresh(), code=invited["invitation"]["code"]))
    return room


def everything(request: Request) -> str:
    """All that a model is sent, tools and their calls included."""
    turns = "\n".join(f"{turn.text} {[dict(call.arguments or {}) for call in turn.calls]}" for turn in request.turns)
    return f"{turns}\n{request.tools}"


def check(requests: Iterable[Request], asked_in: Iterable[int]) -> set[str]:
    """That each request is about one thread and holds what it shares; the kinds of what was found."""
    kinds: set[str] = set()
    for request, number in zip(requests, asked_in, strict=True):
        found = MARK.findall(everything(request))
        assert {int(of) for _, of in found} == {number}
        assert {kind for kind, _ in found} <= SHARED
        kinds |= {kind for kind, _ in found}
    return kinds


async def test_whatever_is_asked_is_asked_about_one_thread(tmp_path: Path) -> None:
    """Replies with tools, second opinions, catch-ups; files, names, drafts, who waits, dictation, earlier versions."""
    first, second = ScriptedModel(), ScriptedModel()
    models = Models(
        [
            NamedModel(name="First", model="first", endpoint=first, context_tokens=6_000),
            NamedModel(name="Second", model="second", endpoint=second, context_tokens=6_000),
        ]
    )
    async with a_stage(tmp_path, models) as stage:
        scribe = Scribe()
        dictation = Dictation(stage.service, scribe, "whisper", max_bytes=10**6, max_parallel=2)
        rooms = []
        for number in range(THREADS):
            rooms.append(await a_marked_room(stage, number))
            assert await dictation.transcribe(ANA, wav(1)) == mark("dictated", number)
        for number in range(THREADS):
            calls = [ToolCall(f"s{word}", "search_thread", {"query": word}) for word in ("mark", "person", "word")]
            calls += [ToolCall(f"c{n}", "read_cell", {"cell": f"s{n}"}) for n in range(THREADS)]
            for model in (first, second):
                model.say(f"what is {mark('again', number)}", *calls)
                model.then(f"what is {mark('again', number)}", mark("answer", number))
        for number, room in enumerate(rooms):
            await room.post(ANA, f"@assistant what is {mark('again', number)}?")
        for room in rooms:
            reply = await room.replied()
            ended = [use["status"] for use in reply.reply["tools"]]
            assert ended[:3] == ["done"] * 3
            assert sorted(ended[3:]) == ["done", *["failed"] * (len(ended) - 4)]
            await room.party.do(BEN, ReplyAsk, message=reply.id, model="Second", beside=reply.id)
        for room in rooms:
            await room.replied(2)
        by_thread = sorted(number for number in range(THREADS) for _ in range(2))
        asked = sorted(first.requests, key=_number)
        assert check(asked, by_thread) == SHARED - {"answer"}
        assert "answer" not in check(sorted(second.requests, key=_number), by_thread)

        first.requests.clear()
        for number, room in enumerate(rooms):
            first.say("was away", f"- {mark('answer', number)}")
            told = await stage.assistant.catch_up(ANA, room.party.thread, -1)
            assert told.points
        assert check(first.requests, range(THREADS)) == SHARED
        assert [(model, sound.data) for model, sound in scribe.given] == [("whisper", wav(1))] * THREADS


def _number(request: Request) -> int:
    """Of which thread a request is, as its first mark says."""
    found = MARK.search(everything(request))
    assert found
    return int(found.group(2))
