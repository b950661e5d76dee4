"""What a recording is and how long it is, as its bytes say. Pure; all of it is a stranger's and may be anything."""

from __future__ import annotations

from dataclasses import dataclass

#: Kinds of recordings, and the ending by which endpoints know each.
ENDINGS = {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "mp4", "audio/wav": "wav"}

#: Samples a second of Opus in Ogg, whatever it was recorded with.
_OPUS_RATE = 48_000
_EBML, _CLUSTER, _TIMECODE = b"\x1a\x45\xdf\xa3", b"\x1f\x43\xb6\x75", 0xE7


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound. ``seconds`` is about how long it is, None where that is not said."""

    data: bytes
    media_type: str
    seconds: float | None

    @property
    def name(self) -> str:
        """A file's name for it."""
        return f"recording.{ENDINGS[self.media_type]}"


def recording(data: bytes) -> Recording | None:
    """The bytes as a recording; None where they are none."""
    if data[:4] == _EBML and b"webm" in data[:64]:
        return Recording(data, "audio/webm", _webm(data))
    if data[:4] == b"OggS":
        return Recording(data, "audio/ogg", _ogg(data))
    if data[4:8] == b"ftyp":
        return Recording(data, "audio/mp4", _mp4(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Recording(data, "audio/wav", _wav(data))
    return None


def _webm(data: bytes) -> float | None:
    """When its last cluster begins; browsers write no duration. RFC 9559, section 5.1.3: milliseconds unless told."""
    place = data.rfind(_CLUSTER)
    if place < 0 or place + 5 > len(data):
        return None
    size = data[place + 4]
    place += 4 + (9 - size.bit_length() if size else 8)
    head = data[place : place + 2]
    if len(head) < 2 or head[0] != _TIMECODE or head[1] & 0x80 == 0:
        return None
    length = head[1] & 0x7F
    return int.from_bytes(data[place + 2 : place + 2 + length], "big") / 1_000 if length <= 8 else None


def _ogg(data: bytes) -> float | None:
    """The position at the end of its last page (RFC 7845, section 4)."""
    if b"OpusHead" not in data[:128]:
        return None
    last = data.rfind(b"OggS")
    samples = int.from_bytes(data[last + 6 : last + 14], "little", signed=True)
    return samples / _OPUS_RATE if samples > 0 else None


def _mp4(data: bytes) -> float | None:
    """What its movie header says (ISO/IEC 14496-12, section 8.2.2); nothing where it was written as it went on."""
    place = data.find(b"mvhd") + 4
    if place < 4 or len(data) < place + 32:
        return None
    start, length = (place + 20, 8) if data[place] == 1 else (place + 12, 4)
    scale = int.from_bytes(data[start : start + 4], "big")
    duration = int.from_bytes(data[start + 4 : start + 4 + length], "big")
    return duration / scale if scale and 0 < duration < 2 ** (8 * length) - 1 else None


def _wav(data: bytes) -> float | None:
    """Its bytes over its bytes a second, which the format chunk says."""
    place = data.find(b"fmt ", 12)
    rate = int.from_bytes(data[place + 16 : place + 20], "little") if place > 0 else 0
    return len(data) / rate if rate else None
