"""A running server, and clients that send it whatever they like."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from random import Random
from typing import Any, TypeVar

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Decoder, Doc, Map, Text

from jupyter_groupchat.wire import frames
from tests.hostile.mutations import HOSTILE, mutated
from tests.server.client import Client, Person, Refused
from tests.server.process import PATIENCE, ServerProcess

T = TypeVar("T")

#: Close codes with which a server may end a conversation that makes no sense: see docs/wire.md and RFC 6455.
CLOSED = (None, 1002, 1003, 1006, 1007, 1009, 4403)
FORMS = {"code", "message", "details"}


class Scene:
    """A thread of Ana's, in which Ben, who is hostile, may read and post. Tests act on it from outside of the loop."""

    def __init__(self, server: ServerProcess) -> None:
        self._runner = asyncio.Runner()
        self.ana, self.ben = Person(server, "Ana"), Person(server, "Ben")
        self.thread = self.run(self._prepare())
        self.docs = (f"thread:{self.thread}", f"page:{self.thread}:0")
        self.before = self.run(self._look())
        self.page = self.run(self._fetch())

    def run(self, steps: Coroutine[Any, Any, T]) -> T:
        """Do something on the loop."""
        return self._runner.run(steps)

    def close(self) -> None:
        """End the loop."""
        self._runner.close()

    def is_untouched(self) -> bool:
        """Whether both documents are what they were, by their state vectors and by what they show."""
        return self.run(self._look()) == self.before

    async def opened(self) -> Client:
        """A connection of Ben's on which channel 1 is the thread and channel 2 its page."""
        client = await self.ben.connect()
        for doc in self.docs:
            await client.open(doc)
        return client

    async def hear(self, sent: list[str | bytes]) -> Client:
        """Send all of it, and wait until the server has answered or closed the connection."""
        client = await self.opened()
        with suppress(ConnectionError):
            for frame in sent:
                client.send_raw(frame)
            with pytest.raises(Refused, match="no such channel"):
                await client.command("unsubscribe", channel=999)
        if client.closed:
            assert client.close_code in CLOSED, client.close_code
        for answer in client.unasked:
            assert set(answer["error"]) == FORMS
            assert answer["error"]["code"] in ("invalid_request", "too_large", "conflict", "not_found")
        client.close()
        return client

    async def _prepare(self) -> str:
        thread = await self.ana.new_thread()
        await self.ana.invite(thread, self.ben, role="reviewer")
        for number in range(3):
            await self.ana.ask("POST", f"threads/{thread}/messages", {"id": f"m{number}", "body": f"line {number}"})
        return thread

    async def _fetch(self) -> bytes:
        client = await self.opened()
        client.close()
        return client.replicas[self.docs[1]].get_update()

    async def _look(self) -> list[tuple[bytes, Any]]:
        client = await self.ana.connect()
        found = []
        for doc in self.docs:
            replica = await client.open(doc)
            shown = client.thread(self.thread).get() if doc.startswith("thread") else client.page(self.thread).get()
            found.append((replica.get_state(), shown))
        client.close()
        return found


@pytest.fixture(scope="module")
def scene(server: ServerProcess) -> Iterator[Scene]:
    """A thread before anybody was hostile."""
    scene = Scene(server)
    yield scene
    assert "Traceback" not in server.text()
    scene.close()


def content(scene: Scene) -> st.SearchStrategy[bytes]:
    """Updates of a page as a forger makes them, with any client id: the server's own, or anybody's."""
    honest: Doc[Any] = Doc()
    honest.apply_update(scene.page)
    ids = [*_clients(honest.get_state()), 1, 2**32 - 1, 2**53 - 1]

    @st.composite
    def forged(draw: st.DrawFn) -> bytes:
        doc: Doc[Any] = Doc(client_id=draw(st.sampled_from(ids)))
        if draw(st.booleans()):
            doc.apply_update(scene.page)
        before = doc.get_state()
        messages = doc.get("messages", type=Map)
        for _ in range(draw(st.integers(1, 3))):
            id = draw(st.sampled_from(["m0", "m1", "m9"]))
            match draw(st.sampled_from(["author", "body", "delete", "new", "root"])):
                case "author" if id in messages:
                    messages[id]["author"] = "ben"
                case "body" if id in messages:
                    messages[id]["body"] += "forged"
                case "delete" if id in messages:
                    del messages[id]
                case "new":
                    messages[id] = Map({"author": "ana", "seq": draw(st.integers(-1, 300)), "body": Text("forged")})
                case _:
                    doc.get(draw(st.sampled_from(["x", "meta", "members"])), type=Array).append(draw(st.text()))
        return doc.get_update(before)

    return forged()


def _clients(state: bytes) -> list[int]:
    """Whose writing a state vector knows."""
    decoder = Decoder(state)
    known = [(decoder.read_var_uint(), decoder.read_var_uint()) for _ in range(decoder.read_var_uint())]
    return [client for client, _ in known]


@settings(max_examples=40)
@given(data=st.data())
def test_what_a_client_writes_is_never_applied(scene: Scene, data: st.DataObject) -> None:
    """By whichever message of the protocol: it is refused once, and then the connection is closed."""
    updates = data.draw(st.lists(content(scene), min_size=2, max_size=2))
    channel = data.draw(st.sampled_from([1, 2]))
    steps = [data.draw(st.sampled_from([frames.Step.DIFFERENCE, frames.Step.UPDATE])) for _ in updates]
    sent = [frames.build(channel, step, update) for step, update in zip(steps, updates, strict=True)]
    client = scene.run(scene.hear(list(sent)))
    assert [event["channel"] for event in client.events if event["event"] == "channel.refused"] == [channel]
    assert client.close_code == 4403
    assert scene.is_untouched()


@settings(max_examples=60)
@given(data=st.data())
def test_any_frames_leave_the_server_and_its_documents_alone(scene: Scene, data: st.DataObject) -> None:
    """Random bytes, spoiled frames and text that is no command: each gets an answer, or ends the conversation."""
    honest = st.builds(
        frames.build, st.sampled_from([0, 1, 2, 3, 2**35 - 1]), st.sampled_from(frames.Step), st.binary(max_size=40)
    )
    wrong = st.dictionaries(st.text(max_size=8), st.sampled_from(HOSTILE), max_size=4)
    command = st.builds(
        lambda fields, do: json.dumps({"id": "c1", "do": do, "thread": scene.thread, **fields, "author": "ana"}),
        wrong,
        st.sampled_from(["message.post", "thread.patch", "cell.put", "subscribe", "reply.seal", "member.patch"]),
    )
    frame = st.one_of(st.binary(max_size=80), honest, mutated(honest), command, st.text(max_size=80))
    client = scene.run(scene.hear(data.draw(st.lists(frame, min_size=1, max_size=12))))
    assert client.received
    assert scene.is_untouched()


@pytest.mark.parametrize(
    "text",
    ["[" * 500_000, '{"a":' * 100_000, '{"id": "x", "do": "' + "é" * 400_000 + '"}', '{"a": ' + "9" * 900_000 + "}"],
)
def test_large_nonsense_is_refused_in_few_words(scene: Scene, text: str) -> None:
    """It does not come back to the sender."""
    client = scene.run(scene.hear([text]))
    (answer,) = [value for kind, value in client.received if kind == "answer" and "error" in value][:1]
    assert len(json.dumps(answer)) < 2_000
    assert scene.is_untouched()


def test_many_frames_for_nothing_cost_little(scene: Scene) -> None:
    """Ten thousand of them are answered one by one, and the next person is served."""
    client = scene.run(scene.hear([frames.build(77, frames.Step.STATE_VECTOR, b"\0")] * 10_000))
    assert sum(event["event"] == "channel.refused" for event in client.events) == 10_000
    assert scene.is_untouched()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x82\xff" + b"\x7f" * 8 + b"mask" + b"x" * 100,  # nine exabytes are announced
        b"\x02\xfe\xff\xffmask" + b"x" * 65_535 + (b"\x00\xfe\xff\xffmask" + b"x" * 65_535) * 400,  # parts without end
        b"\x82\x05hello",  # not masked
        b"\xf3\x85mask" + b"hello",  # reserved bits, and a kind that there is not
        b"\x81\x82mask" + bytes(a ^ b for a, b in zip(b"\xff\xfe", b"ma", strict=True)),  # text that is no UTF-8
        Random(7).randbytes(100_000),
    ],
)
def test_bytes_that_are_no_websocket_end_the_conversation(scene: Scene, sent: bytes) -> None:
    """However much they announce, and in how many parts: the server neither keeps them nor says much."""
    request = (
        "GET /groupchat/api/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: {scene.ben.headers['Authorization']}\r\n\r\n"
    )

    async def talk() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.ben.server._port)
        writer.write(request.encode())
        assert b" 101 " in await reader.readline()
        await reader.readuntil(b"\r\n\r\n")
        answer = b""
        with suppress(ConnectionError):
            writer.write(sent)
            writer.write_eof()
            answer = await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
        return answer

    process = psutil.Process(scene.ben.server.pid)
    before = process.memory_info().rss
    assert len(scene.run(talk())) < 1_000
    assert process.memory_info().rss - before < 50_000_000
    assert scene.is_untouched()
