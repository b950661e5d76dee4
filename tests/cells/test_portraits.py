"""Pictures of people."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from jupyter_groupchat.cells.portraits import NO_PICTURE, SIDE, portrait, type_of
from jupyter_groupchat.errors import InvalidRequest


def picture(format: str, size: tuple[int, int] = (600, 400), mode: str = "RGB", **options: object) -> bytes:
    """A picture that is red on the left and blue on the right."""
    image = Image.new(mode, size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_any_picture_becomes_a_small_square(format: str) -> None:
    """Of the kinds that browsers show."""
    made = portrait(picture(format))
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (SIDE, SIDE)
        assert Image.MIME[image.format or ""] == type_of(made)
    assert len(made) < 64 * 1024


def test_what_is_clear_stays_clear() -> None:
    """A picture with transparent places is a PNG."""
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")
    made = portrait(out.getvalue())
    assert type_of(made) == "image/png"
    with Image.open(io.BytesIO(made)) as image:
        assert image.getpixel((10, 10)) == (0, 0, 0, 0)


def test_a_small_picture_is_not_blown_up() -> None:
    """It is cut to a square and stays as small as it was."""
    with Image.open(io.BytesIO(portrait(picture("PNG", (40, 20))))) as image:
        assert image.size == (20, 20)


def test_nothing_that_a_camera_wrote_is_left() -> None:
    """Neither where it was taken nor by what; only the way up is used."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned to the right
    exif[0x010F] = "Camera of Ana"
    made = portrait(picture("JPEG", exif=exif, comment=b"at home", icc_profile=b"secret profile"))
    assert b"Camera of Ana" not in made
    assert b"at home" not in made
    assert b"secret profile" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert not image.getexif()
        top, bottom = image.getpixel((128, 20)), image.getpixel((128, 236))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[0] > 200 > 60 > top[2]
        assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x00" * 99]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    """In words that say what is taken."""
    with pytest.raises(InvalidRequest) as refused:
        portrait(data)
    assert refused.value.message == NO_PICTURE


def test_a_broken_picture_is_refused() -> None:
    """One that ends in the middle, and one that claims to be enormous."""
    whole = picture("PNG")
    with pytest.raises(InvalidRequest, match="damaged"):
        portrait(whole[: len(whole) // 2])
    enormous = whole[:16] + (90_000).to_bytes(4, "big") * 2 + whole[24:]
    with pytest.raises(InvalidRequest, match="picture"):
        portrait(enormous)
