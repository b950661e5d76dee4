"""Binary frames."""

from __future__ import annotations

import pytest
from pycrdt import Decoder as PycrdtDecoder
from pycrdt import Doc, Text, YMessageType, YSyncMessageType, create_update_message

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.wire.frames import Frame, Step, body, build, parse, write_varuint


@pytest.mark.parametrize("channel", [0, 1, 127, 128, 16_383, 16_384, 2**35 - 1])
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("size", [0, 1, 127, 128, 70_000])
def test_a_frame_is_parsed_into_what_it_was_built_from(channel: int, step: Step, size: int) -> None:
    """Channel, step and payload survive."""
    payload = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert parse(build(channel, step, payload)) == Frame(channel, step, payload)


def test_a_frame_is_its_channel_and_a_body_that_all_channels_share() -> None:
    """A body is built once for all subscribers."""
    assert build(300, Step.UPDATE, b"abc") == write_varuint(300) + body(Step.UPDATE, b"abc")


def test_a_body_is_a_message_of_the_y_protocols() -> None:
    """What pycrdt's own encoder makes of an update is the same, byte by byte, and its decoder reads ours."""
    doc = Doc({"text": Text("hello")})
    update = doc.get_update()
    assert body(Step.UPDATE, update) == create_update_message(update)
    read = body(Step.STATE_VECTOR, doc.get_state())
    assert read[0] == YMessageType.SYNC
    assert read[1] == YSyncMessageType.SYNC_STEP1
    assert PycrdtDecoder(read[2:]).read_message() == doc.get_state()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cut off"),
        (b"\x80", "cut off"),
        (b"\xff" * 10, "too large"),
        (b"\x01", "cut off"),
        (b"\x01\x01\x00", "sync protocol"),
        (b"\x01\x00\x03\x00", "no such message"),
        (b"\x01\x00\x02", "cut off"),
        (b"\x01\x00\x02\x05abc", "length"),
        (b"\x01\x00\x02\x02abc", "length"),
    ],
)
def test_anything_else_is_refused(data: bytes, why: str) -> None:
    """A frame is exactly one message, or an error that says what is wrong."""
    with pytest.raises(InvalidRequest, match=why):
        parse(data)
