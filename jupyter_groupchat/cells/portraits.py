"""Pictures of people: whatever comes, a small square leaves, with nothing else in it."""

from __future__ import annotations

import io

from jupyter_groupchat.cells.filetypes import PICTURES, media_type, one_picture
from jupyter_groupchat.errors import InvalidRequest

#: Pixels of a side.
SIDE = 256
NO_PICTURE = "This is no picture. PNG, JPEG, GIF and WebP are taken."
_PNG = b"\x89PNG"


def portrait(data: bytes) -> bytes:
    """The middle of a picture as a square of at most ``SIDE``, made anew: what a camera wrote into it stays behind.

    PNG where it has transparent places, JPEG otherwise. Raises InvalidRequest, in words for people.
    """
    try:
        media_type("picture", data, PICTURES)
    except InvalidRequest as error:
        # That it is damaged, or too large, is worth saying; what else files may be is not.
        raise InvalidRequest(error.message if "picture" in error.message else NO_PICTURE) from None
    from PIL import Image, ImageOps

    try:
        with one_picture, Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "GIF", "WEBP"]) as image:
            image.draft("RGB", (2 * SIDE, 2 * SIDE))
            upright = ImageOps.exif_transpose(image)
            clear = upright.has_transparency_data
            side = min(SIDE, *upright.size)
            square = ImageOps.fit(upright.convert("RGBA" if clear else "RGB"), (side, side))
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError):
        raise InvalidRequest("This picture is damaged.") from None
    made = Image.frombytes(square.mode, square.size, square.tobytes())  # without what the original brought along
    out = io.BytesIO()
    if clear:
        made.save(out, "PNG", optimize=True)
    else:
        made.save(out, "JPEG", quality=88)
    return out.getvalue()


def type_of(data: bytes) -> str:
    """The media type of a portrait."""
    return "image/png" if data.startswith(_PNG) else "image/jpeg"
