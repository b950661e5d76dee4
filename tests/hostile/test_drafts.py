"""Updates of a draft as a forger makes them: what is taken is text, and everybody reads the same one."""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlFragment

from jupyter_groupchat.documents.updates import Deletion, Piece, Update, read, write
from jupyter_groupchat.documents.ydraft import YDraft
from jupyter_groupchat.errors import GroupChatError, InvalidRequest, TooLarge
from jupyter_groupchat.rooms.draft_room import DraftRoom
from jupyter_groupchat.types import StoredDocument
from jupyter_groupchat.wire import frames
from tests.documents import yjs
from tests.doubles import take
from tests.hostile.mutations import CHANCE, mutated
from tests.server.client import Client, Person
from tests.server.process import ServerProcess

CLIENTS = (1, 2, 3, 2**32 - 1, 2**53 - 1)
TEXTS = ("a", "bc", "👋", "ü👋z", "\u200d", "\n", "日本")


def a_room() -> DraftRoom:
    """A draft that two wrote."""
    room = DraftRoom("draft:t1:d1", StoredDocument(snapshot=None, updates=(), seq=0))
    for client, text in ((1, "Why 👋 "), (2, "now?")):
        doc: Doc[Text] = Doc(client_id=client)
        doc.apply_update(room.difference(b"\0"))
        body = doc.get("body", type=Text)
        body += text
        take(room, doc.get_update())
    return room


def _forge(chance: Random) -> bytes:
    clocks = {1: 7, 2: 4}

    def a_place() -> tuple[int, int] | None:
        return chance.choice([None, None, (chance.choice(CLIENTS), chance.randint(0, 9)), (1, chance.randint(0, 6))])

    def somebody() -> int:
        return chance.choice([1, 2, chance.choice(CLIENTS)])

    pieces = []
    for client in (somebody() for _ in range(chance.choice([0, 1, 1, 2, 3]))):
        clock = max(0, clocks.get(client, 0) + chance.choice([0, 0, 0, 0, 1, -1]))
        text = chance.choice([None, chance.choice(TEXTS)])
        length = chance.choice([1, 2, 2**31 - 20]) if text is None else len(text.encode("utf-16-le")) // 2
        left, right = a_place(), a_place()
        root = chance.choice(["body", "body", "body", "meta"]) if left is None and right is None else None
        pieces.append(Piece(client, clock, length, text, left, right, root))
        clocks[client] = clock + length
    clients = sorted(somebody() for _ in range(chance.choice([0, 0, 1, 2, 3])))
    deleted = [Deletion(client, chance.randint(0, 9), chance.randint(1, 9)) for client in clients]
    return write(Update(tuple(pieces), tuple(deleted)))


#: Pieces and deletions that are well formed, and make sense or not.
FORGED = CHANCE.map(_forge)


@settings(max_examples=1_500)
@given(st.lists(st.one_of(FORGED, mutated(FORGED), st.binary(max_size=40)), min_size=1, max_size=4))
def test_any_update_is_text_or_an_error(sent: list[bytes]) -> None:
    """What is refused leaves the draft alone; what is taken leads everybody to the same text, and to nothing else."""
    room = a_room()
    reader: Doc[Any] = Doc()
    reader.apply_update(room.difference(b"\0"))
    for data in sent:
        before = room.state(), room.text
        try:
            update = take(room, data)
        except GroupChatError:
            assert (room.state(), room.text) == before
            continue
        if update is not None:
            reader.apply_update(update)
    assert YDraft(reader).get() == room.text
    again = DraftRoom("draft:t1:d1", StoredDocument(snapshot=room.difference(b"\0"), updates=(), seq=1))
    assert (again.text, again.letters) == (room.text, room.letters)
    whole: Doc[Any] = Doc()
    whole.apply_update(room.difference(b"\0"))
    assert set(whole.keys()) <= {"body"}
    take(room, _typed(room, "still here"))
    assert "still here" in room.text


def _typed(room: DraftRoom, text: str) -> bytes:
    doc: Doc[Text] = Doc(client_id=77)
    doc.apply_update(room.difference(b"\0"))
    body = doc.get("body", type=Text)
    body += text
    return doc.get_update()


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=60), mutated(FORGED)))
@example(b"\xff" * 8)
@example(b"\xff\xff\xff\xff\x0f" * 4)
def test_any_bytes_are_an_update_or_an_error(data: bytes) -> None:
    """What was read is written as what was read."""
    try:
        update = read(data)
    except (InvalidRequest, TooLarge):
        return
    assert read(write(update)) == update


def test_yjs_and_pycrdt_read_the_same_of_what_is_taken() -> None:
    """also where a forger chose the places: a thousand taken updates, read in both."""
    drafts: list[tuple[list[bytes], str]] = []

    @settings(max_examples=1_200, database=None, derandomize=True)
    @given(st.lists(FORGED, min_size=2, max_size=6))
    def collect(sent: list[bytes]) -> None:
        room = a_room()
        updates = [room.difference(b"\0")]
        for data in sent:
            try:
                update = take(room, data)
            except GroupChatError:
                continue
            if update is not None:
                updates.append(update)
        if len(updates) > 1:
            drafts.append((updates, room.text))

    collect()
    assert len(drafts) > 50
    texts = yjs.texts([updates for updates, _ in drafts])
    assert texts == [text for _, text in drafts]


def _contents() -> list[bytes]:
    """What is in documents but text."""
    docs: list[Doc[Any]] = [Doc(client_id=99) for _ in range(8)]
    docs[0].get("body", type=Map)["a"] = 1
    docs[1].get("body", type=Array).append(1)
    docs[2].get("body", type=Map)["a"] = Text("b")
    docs[3].get("body", type=Map)["a"] = Doc()
    formatted = docs[4].get("body", type=Text)
    formatted += "abc"
    formatted.format(0, 2, {"bold": True})
    docs[5].get("body", type=Text).insert_embed(0, {"image": "x"})
    docs[6].get("body", type=XmlFragment).children.append("x")
    other = docs[7].get("other", type=Text)
    other += "x"
    return [doc.get_update() for doc in docs]


@pytest.mark.anyio
async def test_a_forger_reaches_nobody(server: ServerProcess) -> None:
    """Each of their updates is refused by itself; who goes on is disconnected, and others write all the while."""
    ana, ben = Person(server, "Ana"), Person(server, "Ben")
    thread = await ana.new_thread()
    await ana.invite(thread, ben, role="reviewer")
    draft = (await ana.ask("POST", f"threads/{thread}/drafts", {"text": "Text"}))["draft"]["id"]
    doc = f"draft:{thread}:{draft}"
    anas, bens = await ana.connect(), await ben.connect()
    replica = await anas.open(doc)
    body = replica.get("body", type=Text)
    await bens.open(doc)
    channel = bens.channels[doc]
    forgeries = [*_contents(), b"\xff" * 30, b"", b"\x01" * 2_000]
    for number in range(21):
        bens.send_raw(frames.build(channel, frames.Step.UPDATE, forgeries[number % len(forgeries)]))
        await bens.until(partial(_heard, bens, number + 1))
        if not bens.closed:
            # Nothing is taken until the client says what its new copy has.
            bens.send_raw(frames.build(channel, frames.Step.UPDATE, forgeries[0]))
            bens.send_raw(frames.build(channel, frames.Step.STATE_VECTOR, b"\0"))
        anas.write(doc, partial(body.insert, 0, "+"))
    assert await bens.gone() == 4403
    await anas.command("unsubscribe", channel=anas.channels[doc])
    reader = await (await ana.connect()).open(doc)
    assert str(reader.get("body", type=Text)) == "+" * 21 + "Text"
    assert "Traceback" not in server.text()


def _heard(client: Client, refusals: int) -> bool:
    """Whether a client was refused so often, or disconnected."""
    return client.closed or sum(event["event"] == "channel.refused" for event in client.events) >= refusals
