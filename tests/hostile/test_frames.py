"""Bytes that are no frames, and frames that are no longer what they were."""

from __future__ import annotations

import resource
import sys
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pycrdt import Doc

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.rooms.room import Room
from jupyter_groupchat.types import StoredDocument
from jupyter_groupchat.wire import frames
from tests.documents.things import a_message
from tests.hostile.mutations import mutated

CHANNELS = st.sampled_from([0, 1, 127, 128, 2**32, 2**35 - 1])


@given(CHANNELS, st.sampled_from(frames.Step), st.binary(max_size=300))
def test_a_frame_is_what_was_sent(channel: int, step: frames.Step, payload: bytes) -> None:
    """Whatever it carries."""
    assert frames.parse(frames.build(channel, step, payload)) == frames.Frame(channel, step, payload)


@given(st.one_of(st.binary(max_size=64), mutated(CHANNELS.map(lambda n: frames.build(n, frames.Step.UPDATE, b"abc")))))
@example(b"\xff" * 64)
@example(b"\x01\x00\x02\xff\xff\xff\xff\x7f")
def test_any_bytes_are_a_frame_or_an_error(data: bytes) -> None:
    """A frame's payload is the end of what was sent, and an error says so; there is nothing else."""
    try:
        frame = frames.parse(data)
    except InvalidRequest:
        return
    assert data.endswith(frame.payload)
    assert len(frame.payload) < len(data)
    assert frames.parse(frames.build(frame.channel, frame.step, frame.payload)) == frame


@pytest.fixture(scope="module")
def room() -> Room[YPage]:
    """A page that several servers wrote."""
    doc: Doc[Any] = Doc()
    for number in range(5):
        other: Doc[Any] = Doc()
        other.apply_update(doc.get_update())
        YPage(other).post(a_message(id=f"m{number}", seq=number))
        doc.apply_update(other.get_update())
    return Room("page:t1:0", YPage, StoredDocument(snapshot=doc.get_update(), updates=(), seq=1))


@settings(max_examples=300)
@given(data=st.data())
def test_any_bytes_are_a_state_vector_or_an_error(room: Room[YPage], data: st.DataObject) -> None:
    """Nothing else comes of it, and the room is as it was."""
    before = room.state()
    vector = data.draw(st.one_of(st.binary(max_size=40), mutated(st.just(before))))
    try:
        difference = room.difference(vector)
    except InvalidRequest:
        difference = room.difference(b"\0")
    Doc().apply_update(difference)
    assert room.state() == before


@pytest.mark.parametrize("count", [2**14, 2**20, 2**28 - 1, 2**28, 2**32 - 1, 2**35 - 1])
def test_announced_clients_take_no_memory(room: Room[YPage], count: int) -> None:
    """A few bytes that speak of many millions of clients are refused before room is made for them."""
    before = _peak()
    with pytest.raises(InvalidRequest, match="state vector"):
        room.difference(frames.write_varuint(count) + Random(count).randbytes(20))
    assert _peak() - before < 50_000_000


def _peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
