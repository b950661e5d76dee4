"""Pictures without what was written beside them."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from jupyter_groupchat.cells import filetypes, metadata
from jupyter_groupchat.errors import InvalidRequest

SECRET = b"52.5200 N"
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def picture() -> Image.Image:
    """A small picture whose sides differ, and whose corners too."""
    image = Image.new("RGB", (24, 16), "white")
    image.paste((200, 30, 30), (0, 0, 12, 8))
    return image


def photo(format: str, orientation: int = 1, **options: Any) -> bytes:
    """A picture as a camera saves it: with a place, a maker and which side is up."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    buffer = io.BytesIO()
    profile = b"a colour profile, " * 20
    picture().save(buffer, format, exif=exif.tobytes(), icc_profile=profile, **options)
    return buffer.getvalue()


def shown(data: bytes) -> Image.Image:
    """What a browser shows."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return ImageOps.exif_transpose(image).convert("RGB")


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("format", FORMATS)
def test_a_photo_keeps_its_pixels_and_loses_the_rest(format: str, orientation: int) -> None:
    """the same side is up, colours have their profile, and the place where it was taken is gone"""
    before = photo(format, orientation)
    after = metadata.without(FORMATS[format], before)
    assert SECRET in before
    assert SECRET not in after
    assert len(after) < len(before)
    assert shown(after).tobytes() == shown(before).tobytes()
    assert shown(after).size == shown(before).size
    image = Image.open(io.BytesIO(after))
    assert image.info["icc_profile"].startswith(b"a colour profile")
    assert dict(image.getexif()) == ({} if orientation == 1 else {0x0112: orientation})
    assert filetypes.media_type("photo", after, FORMATS.values()) == FORMATS[format]
    assert metadata.without(FORMATS[format], after) == after


def test_comments_texts_and_what_follows_the_picture_go() -> None:
    """also those of programs: comments, descriptions, and a second picture or a film behind the first"""
    buffer = io.BytesIO()
    picture().save(buffer, "JPEG", comment=SECRET, progressive=True, quality=95)
    jpeg = buffer.getvalue() + b"\xff\xd8\xff\xe1" + SECRET
    assert SECRET not in metadata.without("image/jpeg", jpeg)
    assert shown(metadata.without("image/jpeg", jpeg)).tobytes() == shown(jpeg).tobytes()

    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET.decode())
    texts.add_itxt("Place", SECRET.decode())
    buffer = io.BytesIO()
    picture().save(buffer, "PNG", pnginfo=texts)
    png = buffer.getvalue() + SECRET
    assert SECRET not in metadata.without("image/png", png)
    assert shown(metadata.without("image/png", png)).tobytes() == shown(png).tobytes()

    buffer = io.BytesIO()
    picture().save(buffer, "WEBP", xmp=b"<x:xmpmeta>" + SECRET, lossless=True)
    webp = buffer.getvalue() + SECRET
    assert SECRET not in metadata.without("image/webp", webp)
    assert shown(metadata.without("image/webp", webp)).tobytes() == shown(webp).tobytes()


@pytest.mark.parametrize("format", [*FORMATS, "GIF"])
def test_a_plain_picture_stays_as_it_is(format: str) -> None:
    """byte for byte, and so does a file of any other kind"""
    buffer = io.BytesIO()
    picture().save(buffer, format)
    kind = f"image/{format.lower()}"
    assert metadata.without(kind, buffer.getvalue()) == buffer.getvalue()
    assert metadata.without("text/plain", b"Exif\0\0") == b"Exif\0\0"


def test_moving_pictures_keep_moving() -> None:
    """an animated WebP has all its frames"""
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=50, exif=b"Exif\0\0" + SECRET)
    after = metadata.without("image/webp", buffer.getvalue())
    assert SECRET not in after
    moving: Any = Image.open(io.BytesIO(after))
    assert moving.n_frames == 3


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_that_cannot_be_read_is_refused(format: str) -> None:
    """wherever it breaks off, nothing else goes wrong"""
    whole = photo(format, 6)
    for end in range(12, len(whole), 7):
        with suppress(InvalidRequest):
            metadata.without(FORMATS[format], whole[:end])
    with pytest.raises(InvalidRequest, match="Save it anew"):
        metadata.without(FORMATS[format], whole[:40])


# -- GIF


def moving(**options: Any) -> bytes:
    """A picture that moves: three frames with colours of their own, a pause each, and a hole in one of them."""
    frames = [Image.new("P", (24, 16), 0) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.putpalette([40 * number, 90, 250 - 60 * number, 255, 255, 0, 1, 2, 3])
        frame.paste(1, (0, 0, 4 + 4 * number, 8))
    buffer = io.BytesIO()
    settings = {"duration": [50, 100, 150], "loop": 3, "transparency": 1, "disposal": 2, **options}
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], **settings)
    return buffer.getvalue()


def frames_of(data: bytes) -> list[tuple[bytes, int | None]]:
    """What each frame shows, and for how long."""
    image: Any = Image.open(io.BytesIO(data))
    found = []
    for number in range(image.n_frames):
        image.seek(number)
        found.append((image.convert("RGBA").tobytes(), image.info.get("duration")))
    return found


def extension(label: int, *blocks: bytes) -> bytes:
    """One of GIF's extensions."""
    return bytes([0x21, label, *b"".join(bytes([len(block)]) + block for block in blocks), 0])


#: As programs write it: the packet as it is, and a tail by which readers of blocks find its end.
XMP = b"\x21\xff\x0bXMP DataXMP<x:xmpmeta>" + SECRET + b"\x01" + bytes(range(255, -1, -1)) + b"\0"


@pytest.mark.parametrize(
    "more",
    [
        extension(0xFE, SECRET),
        extension(0xFE, SECRET, SECRET * 20),
        extension(0xFF, b"MAGICK1.0.0", SECRET),
        extension(0xF9, b"\0\1\0\0") + extension(0x01, bytes(12), SECRET),
        XMP,
        b"\0\0",
    ],
)
@pytest.mark.parametrize("place", ["before", "between", "after", "behind"])
def test_a_moving_picture_keeps_its_frames_and_loses_the_rest(more: bytes, place: str) -> None:
    """comments, texts and what programs wrote, wherever in the file; frames, pauses and repeats are as they were"""
    before = moving()
    start = before.index(extension(0xFF, b"NETSCAPE2.0", b"\1\3\0"))
    second = before.index(b"\x21\xf9", before.index(b"\x2c", before.index(b"\x21\xf9")))
    at = {"before": start, "between": second, "after": len(before) - 1, "behind": len(before)}[place]
    touched = before[:at] + more + before[at:]
    assert metadata.without("image/gif", touched) == before
    assert frames_of(before) == frames_of(touched)
    assert [pause for _, pause in frames_of(before)] == [50, 100, 150]
    image = Image.open(io.BytesIO(before))
    assert image.info["loop"] == 3


def test_what_pillow_writes_beside_a_gif_goes() -> None:
    """the comment that its own metadata makes; a GIF that has no end is left without one"""
    after = metadata.without("image/gif", moving(comment=SECRET))
    assert SECRET not in after
    assert frames_of(after) == frames_of(moving())
    endless = moving()[:-1]
    assert metadata.without("image/gif", endless) == endless


def test_a_gif_that_cannot_be_read_is_refused() -> None:
    """wherever it breaks off, and where it holds what no GIF has"""
    whole = moving(comment=SECRET)
    for end in range(6, len(whole), 3):
        with suppress(InvalidRequest):
            metadata.without("image/gif", whole[:end])
    for broken in (whole[:30], whole[:-1] + b"\x99", whole[:-1] + extension(0x77, SECRET)):
        with pytest.raises(InvalidRequest, match="Save it anew"):
            metadata.without("image/gif", broken)
