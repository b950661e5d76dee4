"""Binary frames of the socket: a varuint channel, then one message of the y-protocols.

Source: https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from jupyter_groupchat.errors import InvalidRequest

_SYNC = 0
_MAX_VARUINT_BYTES = 5  # 35 bits: more than any channel or length that a frame can hold


class Step(IntEnum):
    """Which message of the sync protocol a frame carries."""

    STATE_VECTOR = 0  #: sync step 1
    DIFFERENCE = 1  #: sync step 2
    UPDATE = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """One parsed binary frame."""

    channel: int
    step: Step
    payload: bytes


def parse(data: bytes) -> Frame:
    """Parse a binary frame. Raises InvalidRequest for anything that is not exactly one."""
    channel, at = read_varuint(data, 0)
    kind, at = read_varuint(data, at)
    if kind != _SYNC:
        raise InvalidRequest("Only messages of the sync protocol are understood here.", kind=kind)
    step, at = read_varuint(data, at)
    if step > Step.UPDATE:
        raise InvalidRequest("There is no such message in the sync protocol.", step=step)
    length, at = read_varuint(data, at)
    if len(data) - at != length:
        raise InvalidRequest("The frame's length does not fit what it holds.", expected=length, got=len(data) - at)
    return Frame(channel, Step(step), data[at:])


def build(channel: int, step: Step, payload: bytes) -> bytes:
    """The bytes of a frame."""
    return write_varuint(channel) + body(step, payload)


def body(step: Step, payload: bytes) -> bytes:
    """A frame without its channel: the same for every subscriber, so that it is built once."""
    return bytes((_SYNC, step)) + write_varuint(len(payload)) + payload


def write_varuint(value: int) -> bytes:
    """Seven bits a byte, low first, the high bit set on all but the last."""
    out = bytearray()
    while value > 0x7F:
        out.append(0x80 | value & 0x7F)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_varuint(data: bytes, at: int) -> tuple[int, int]:
    """The number at a place, and the place after it. Raises InvalidRequest."""
    value = 0
    for i, byte in enumerate(data[at : at + _MAX_VARUINT_BYTES]):
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            return value, at + i + 1
    raise InvalidRequest("The frame is cut off or its numbers are too large.")
