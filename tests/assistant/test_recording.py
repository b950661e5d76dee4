"""What recordings say of themselves, and what bytes that lie are taken for."""

from __future__ import annotations

import random
import struct

import pytest

from jupyter_groupchat.assistant.recording import recording


def wav(seconds: float, rate: int = 8_000) -> bytes:
    """Silence, 8 bits mono."""
    sound = bytes([128]) * int(seconds * rate)
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(sound),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        rate,
        rate,
        1,
        8,
        b"data",
        len(sound),
    )
    return head + sound


def webm(*clusters: int) -> bytes:
    """Clusters that begin at these milliseconds, as Chromium writes them: of unknown size."""
    head = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x18\x53\x80\x67" + b"\x01" + b"\xff" * 7
    unknown = b"\x01" + b"\xff" * 7
    return head + b"".join(
        b"\x1f\x43\xb6\x75" + unknown + b"\xe7\x84" + at.to_bytes(4, "big") + b"\xa3\x81\x00" for at in clusters
    )


def ogg(seconds: float) -> bytes:
    """Two pages of Opus."""
    first = b"OggS\0\x02" + bytes(8) + bytes(14) + b"OpusHead" + bytes(11)
    return first + b"OggS\0\x04" + int(seconds * 48_000).to_bytes(8, "little") + bytes(14)


def mp4(seconds: int, scale: int = 1_000) -> bytes:
    """A movie header."""
    header = b"mvhd" + bytes(4) + bytes(8) + scale.to_bytes(4, "big") + (seconds * scale).to_bytes(4, "big") + bytes(80)
    return (16).to_bytes(4, "big") + b"ftypM4A " + bytes(4) + (len(header) + 4).to_bytes(4, "big") + header


@pytest.mark.parametrize(
    ("data", "media_type", "seconds"),
    [
        (wav(3), "audio/wav", 3),
        (webm(0, 4_000, 370_000), "audio/webm", 370),
        (ogg(7.5), "audio/ogg", 7.5),
        (mp4(61), "audio/mp4", 61),
        (mp4(0), "audio/mp4", None),
        (webm(), "audio/webm", None),
    ],
)
def test_what_a_recording_is_and_how_long(data: bytes, media_type: str, seconds: float | None) -> None:
    """By its bytes alone."""
    found = recording(data)
    assert found is not None
    assert found.media_type == media_type
    assert found.seconds == (None if seconds is None else pytest.approx(seconds, abs=0.05))
    assert found.name.startswith("recording.")


@pytest.mark.parametrize("data", [b"", b"RIFF", b"\x89PNG\r\n\x1a\n", b"<html>", b"RIFF\0\0\0\0AVI ", b"\0" * 100])
def test_other_bytes_are_no_recording(data: bytes) -> None:
    """Pictures, pages, films and nothing at all."""
    assert recording(data) is None


def test_broken_recordings_do_no_harm() -> None:
    """Cut anywhere, or with bytes changed, they are something or nothing, and never an error."""
    chance = random.Random(1)
    for whole in (wav(0.01), webm(0, 4_000), ogg(2), mp4(5)):
        for place in range(len(whole)):
            recording(whole[:place])
            broken = bytearray(whole)
            broken[place] = chance.randrange(256)
            recording(bytes(broken))
