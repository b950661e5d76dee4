"""Takes out of pictures what a camera or a program wrote beside them: places, times, names, previews. Pure.

Pixels are not touched: whole parts of the file are left out. What stays is what a picture needs to look right: colour
profiles, and which side is up. A file that has no such parts stays as it is, byte for byte.

JPEG: ITU-T T.81, Annex B. PNG: https://www.w3.org/TR/png-3/. WebP: RFC 9649. Exif: CIPA DC-008.
GIF: https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from jupyter_groupchat.errors import InvalidRequest

_UNREADABLE = "This picture is built in an unusual way. Save it anew with another program, and try again."
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
_UPRIGHT = 1

# JPEG's markers.
_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP = range(0xE0, 0xF0)
_ALONE = (*range(0xD0, 0xD8), 0x01)
#: Application segments that a picture needs: JFIF, colour profiles, Adobe's colour transform.
_KEPT_APP = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_WEBP_KEPT = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
_HAS_EXIF, _HAS_XMP = 0x08, 0x04

# GIF's blocks.
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _COMMENT, _PLAIN_TEXT, _APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
#: Applications that a picture needs: how often it is repeated, and colour profiles.
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def without(media_type: str, data: bytes) -> bytes:
    """A picture without its metadata; anything else as it is. Raises InvalidRequest for one that cannot be read."""
    strip = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif}.get(media_type)
    if strip is None:
        return data
    try:
        return strip(data)
    except (IndexError, ValueError, struct.error):
        raise InvalidRequest(_UNREADABLE) from None


def _jpeg(data: bytes) -> bytes:
    kept, exif = [], b""
    for marker, part in _segments(data):
        payload = part[4:]
        if marker == 0xE1 and payload.startswith(_EXIF):
            exif = exif or payload[len(_EXIF) :]
        elif marker != _COM and (
            marker not in _APP or any((marker, part[4 : 4 + len(b)]) == (m, b) for m, b in _KEPT_APP)
        ):
            kept.append(part)
    turned = _turned(exif)
    if turned is not None:
        # After the start of the picture, and after JFIF's segment, which has to be the first.
        at = 2 if len(kept) > 1 and kept[1][1] == 0xE0 else 1
        segment = _EXIF + turned
        kept.insert(at, struct.pack(">BBH", 0xFF, 0xE1, len(segment) + 2) + segment)
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments up to the end of the picture, each with its marker; that of a scan with all its data."""
    yield _SOI, data[:2]
    at = 2
    while True:
        start = at
        if data[at] != 0xFF:
            raise ValueError("no marker")
        while data[at] == 0xFF:  # any number of them may come before a marker
            at += 1
        marker = data[at]
        at += 1
        if marker == _EOI:
            yield marker, b"\xff\xd9"
            return
        if marker not in _ALONE:
            at += _length(data, at)
        if marker == _SOS:
            at = _end_of_scan(data, at)
            yield marker, data[start:at]
        else:
            yield marker, b"\xff" + data[start:at].lstrip(b"\xff")


def _length(data: bytes, at: int) -> int:
    (length,) = struct.unpack_from(">H", data, at)
    if length < 2 or at + length > len(data):
        raise ValueError("a segment that goes on after the end")
    return int(length)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker is that is no part of the picture's data."""
    while True:
        at = data.index(b"\xff", at)
        following = data[at + 1]
        if following not in (0x00, 0xFF, *_ALONE):
            return at
        at += 1 if following == 0xFF else 2


def _png(data: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        part = data[at : at + 12 + length]
        if len(part) < 12 + length:
            raise ValueError("a chunk that goes on after the end")
        at += len(part)
        if kind == b"eXIf" and (turned := _turned(part[8:-4])) is not None:
            kept.append(_png_chunk(kind, turned))
        elif kind not in _PNG_DROPPED:
            kept.append(part)
        if kind == b"IEND":
            return b"".join(kept)


def _png_chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def _webp(data: bytes) -> bytes:
    (size,) = struct.unpack_from("<I", data, 4)
    kept, at, end, turned = [], 12, min(8 + size, len(data)), None
    while at + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, at)
        part = data[at : at + 8 + length]
        if len(part) < 8 + length:
            raise ValueError("a chunk that goes on after the end")
        at += 8 + length + length % 2
        if kind == b"EXIF":
            turned = turned or _turned(part[8:].removeprefix(_EXIF))
        elif kind in _WEBP_KEPT:
            kept.append(part)
    flags = _HAS_EXIF if turned is not None else 0
    if kept[0].startswith(b"VP8X"):
        extended = bytearray(kept[0])
        extended[8] = extended[8] & ~(_HAS_EXIF | _HAS_XMP) | flags
        kept[0] = bytes(extended)
    if turned is not None:
        kept.append(struct.pack("<4sI", b"EXIF", len(turned)) + turned)
    body = b"".join(part + b"\0" * (len(part) % 2) for part in kept)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _gif(data: bytes) -> bytes:
    at = _after_colours(data, 13, data[10])
    kept, control = [data[:at]], b""
    while at < len(data) and data[at] != _TRAILER:
        kind, start = data[at], at
        if kind == 0:  # some programs write more ends of blocks than there are blocks
            at += 1
        elif kind == _IMAGE:
            at = _after_blocks(data, _after_colours(data, at + 10, data[at + 9]) + 1)
            kept += [control, data[start:at]]
            control = b""
        elif kind == _EXTENSION:
            at = _after_blocks(data, at + 2)
            label, block = data[start + 1], data[start:at]
            if label == _CONTROL:
                control = block  # of what comes next, and nothing without it
            elif label == _APPLICATION and block[3:14] in _GIF_KEPT:
                kept.append(block)
            elif label not in (_APPLICATION, _COMMENT, _PLAIN_TEXT):
                raise ValueError("an extension that is unknown")
            elif label == _PLAIN_TEXT:
                control = b""
        else:
            raise ValueError("a block that is unknown")
    return b"".join([*kept, data[at : at + 1]])


def _after_colours(data: bytes, at: int, flags: int) -> int:
    """Where a table of colours ends, where there is one."""
    return at + (3 * 2 ** ((flags & 0x07) + 1) if flags & 0x80 else 0)


def _after_blocks(data: bytes, at: int) -> int:
    """Where a row of blocks ends, each with its length before it; one without any is the last."""
    while length := data[at]:
        at += 1 + length
    return at + 1


def _turned(exif: bytes) -> bytes | None:
    """Exif that says which side is up and nothing else; None where it is the upper one, or where nothing says it."""
    try:
        orientation = _orientation(exif)
    except struct.error:
        return None
    if orientation is None or not _UPRIGHT < orientation <= 8:
        return None
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    return struct.pack(">2sHIH", b"MM", 42, 8, 1) + entry + struct.pack(">I", 0)


def _orientation(exif: bytes) -> int | None:
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return None
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    (count,) = struct.unpack_from(f"{order}H", exif, first)
    for number in range(count):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, first + 2 + 12 * number)
        if (tag, kind) == (_ORIENTATION, 3):
            return int(value)
    return None
