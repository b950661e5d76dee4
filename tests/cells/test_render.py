"""Outputs on their way into a thread and to the model."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from jupyter_groupchat.cells import render
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.types import SharedCell


def png(width: int = 2, height: int = 2, kind: str = "PNG") -> str:
    """A small picture as nbformat holds it."""
    raw = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(raw, kind)
    return base64.encodebytes(raw.getvalue()).decode()


def data(**by_type: Any) -> dict[str, Any]:
    """A display of ``text_plain="..."`` and its like."""
    return {
        "output_type": "display_data",
        "metadata": {"x": 1},
        "data": {key.replace("_", "/", 1): value for key, value in by_type.items()},
    }


def test_ansi_colours_and_overwritten_progress_bars_are_gone() -> None:
    """What a terminal would have shown is what a thread shows."""
    cleaned = render.clean(
        [{"output_type": "stream", "name": "stderr", "text": ["\x1b[31m 10%\r", " 99%\x1b[0m\r\n", "done\x07"]}]
    )
    assert cleaned.outputs == ({"output_type": "stream", "name": "stderr", "text": " 99%\ndone"},)
    assert not cleaned.cut


def test_pieces_of_one_stream_are_one_text() -> None:
    """Kernels flush a stream in pieces; a change of stream starts a new text."""
    pieces = [
        {"output_type": "stream", "name": name, "text": text}
        for name, text in [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    ]
    assert [output["text"] for output in render.clean(pieces).outputs] == ["ab", "c", "d"]


def test_an_error_keeps_name_message_and_a_traceback_without_colours() -> None:
    """Errors are what people ask about most."""
    error = {
        "output_type": "error",
        "ename": "KeyError",
        "evalue": "'rate'",
        "traceback": ["\x1b[0;31mKeyError\x1b[0m", "----> 3 df['rate']"],
    }
    (output,) = render.clean([error]).outputs
    assert output == {
        "output_type": "error",
        "ename": "KeyError",
        "evalue": "'rate'",
        "traceback": ["KeyError", "----> 3 df['rate']"],
    }
    assert render.as_text(output) == "KeyError\n----> 3 df['rate']\nKeyError: 'rate'"


def test_an_image_leaves_the_output_and_is_named_by_its_hash() -> None:
    """A document holds no base64; the bytes go to the file store once."""
    cleaned = render.clean(
        [data(image_png=png(), text_plain="<Figure>"), data(image_png=png()), data(image_jpeg=png(kind="JPEG"))]
    )
    (first, second) = cleaned.images
    assert cleaned.images[first][0] == "image/png"
    assert cleaned.images[second][0] == "image/jpeg"
    assert cleaned.outputs[0]["data"] == {"image/png": {"file": first}, "text/plain": "<Figure>"}
    cell = SharedCell(
        id="s",
        notebook="a.ipynb",
        cell_id="c",
        cell_type="code",
        source="",
        outputs=cleaned.outputs,
        execution_count=1,
        content_hash="",
        shared_by="ana",
        updated_at=datetime.now(UTC),
        live=True,
    )
    assert render.images(cell) == [("image/png", first), ("image/png", first), ("image/jpeg", second)]


def test_images_lose_what_was_written_beside_them() -> None:
    """A plot has the same pixels and no trace of the program, the place or the person; a broken one is left out."""
    texts = PngInfo()
    texts.add_text("Author", "Ana in Berlin")
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG", pnginfo=texts)
    raw = buffer.getvalue()
    cleaned = render.clean([data(image_png=base64.b64encode(raw).decode())])
    ((sha256, (_, kept)),) = cleaned.images.items()
    assert (b"Ana in Berlin" in raw, b"Ana in Berlin" in kept) == (True, False)
    assert sha256 == hashlib.sha256(kept).hexdigest()
    assert Image.open(io.BytesIO(kept)).convert("RGB").tobytes() == Image.open(io.BytesIO(raw)).tobytes()
    torn = render.clean([data(image_png=base64.b64encode(raw[:-20]).decode())])
    assert (torn.cut, torn.images) == (True, {})


@pytest.mark.parametrize(
    "value",
    ["not base64!", base64.b64encode(b"GIF89a...").decode(), png(kind="JPEG"), "A" * (render.MAX_IMAGE * 2)],
    ids=["no base64", "another format", "a false type", "too large"],
)
def test_a_bad_image_is_left_out_with_a_visible_mark(value: str) -> None:
    """The rest of the cell is still shared."""
    cleaned = render.clean([data(image_png=value, text_plain="a plot")])
    assert cleaned.outputs[0]["data"] == {"text/plain": "a plot"}
    assert "image left out" in cleaned.outputs[1]["data"]["text/plain"]
    assert cleaned.cut
    assert not cleaned.images


def test_a_picture_with_huge_dimensions_is_judged_by_its_header() -> None:
    """A few kilobytes may claim gigapixels; they are never decoded."""
    header = bytearray(base64.b64decode(png()))
    header[16:24] = (60_000).to_bytes(4, "big") * 2
    assert render.clean([data(image_png=base64.b64encode(bytes(header)).decode())]).cut


def test_unknown_media_types_are_named_where_they_were() -> None:
    """A widget or an interactive plot does not vanish silently."""
    outputs = render.clean(
        [
            {
                "output_type": "execute_result",
                "execution_count": 3,
                "data": {"application/x+json": {}, "text/plain": "Slider()"},
            }
        ]
    ).outputs
    assert outputs[0] == {
        "output_type": "execute_result",
        "execution_count": 3,
        "metadata": {},
        "data": {"text/plain": "Slider()"},
    }
    assert render.as_text(outputs[1]) == "[application/x+json left out]"


def test_a_long_text_is_cut_in_the_middle_with_a_mark() -> None:
    """Its beginning and its end stay."""
    text = "begin " + "é" * 100_000 + " end"
    cleaned = render.clean([{"output_type": "stream", "name": "stdout", "text": text}])
    cut = cleaned.outputs[0]["text"]
    assert cut.startswith("begin é")
    assert cut.endswith("é end")
    assert "left out ...]" in cut
    assert len(cut.encode()) <= render.MAX_TEXT
    assert cleaned.cut


def test_html_and_json_that_are_too_long_give_way_to_their_text() -> None:
    """Half a tag or half an object would be broken."""
    html = "<table><tr><th>n</th></tr>" + "<tr><td>1</td></tr>" * 9_000 + "</table>"
    (output,) = render.clean([data(text_html=html)]).outputs
    assert set(output["data"]) == {"text/plain"}
    assert output["data"]["text/plain"].startswith("| n |\n| 1 |")
    (output,) = render.clean([data(application_json=["x" * 100_000])]).outputs
    assert set(output["data"]) == {"text/plain"}


def test_all_outputs_of_a_cell_together_have_a_limit() -> None:
    """Many outputs, each within its own limit, do not make a cell without bound."""
    one = data(text_plain="x" * render.MAX_TEXT)
    cleaned = render.clean([one] * 50)
    assert sum(len(render.as_text(output)) for output in cleaned.outputs) < render.MAX_TEXTS + 1_000
    assert "more outputs left out" in render.as_text(cleaned.outputs[-1])
    assert len(render.clean([data(text_plain="x")] * 1_000).outputs) == render.MAX_OUTPUTS + 1


@pytest.mark.parametrize(
    "output",
    [
        {},
        {"output_type": "pyout"},
        {"output_type": "stream", "name": "stdlog", "text": ""},
        {"output_type": "stream", "name": "stdout", "text": 3},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": "text"},
        {"output_type": "display_data", "data": []},
        {"output_type": "display_data", "data": {"text/plain": {"file": "x"}}},
        {"output_type": "display_data", "data": {"image/png": {"file": "0" * 64}}},
    ],
)
def test_what_is_no_output_is_refused(output: dict[str, Any]) -> None:
    """That includes an image that only names a stored file: its sharer may never have seen it."""
    with pytest.raises(InvalidRequest):
        render.clean([output])


def test_lone_surrogates_cannot_enter() -> None:
    """They have no UTF-8, so no document and no table could hold them."""
    for output in render.clean(
        [data(text_plain="\ud800", text_html="<p>\udfff", application_json={"a": "\ud800"})]
    ).outputs:
        str(output).encode()


def test_the_hash_is_of_what_a_cell_says() -> None:
    """A second run to the same end leaves it as it is; a change of source or output does not."""
    first = render.content_hash(
        "1 + 1", [{"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": "2"}}]
    )
    again = render.content_hash(
        "1 + 1", [{"output_type": "execute_result", "execution_count": 9, "data": {"text/plain": "2"}}]
    )
    other = render.content_hash(
        "1 + 1", [{"output_type": "execute_result", "execution_count": 1, "data": {"text/plain": "3"}}]
    )
    assert first == again != other
    assert render.content_hash("1  + 1", []) != render.content_hash("1 + 1", [])


def test_cleaning_twice_is_cleaning_once() -> None:
    """Marks and cuts are stable."""
    once = render.clean(
        [data(text_plain="x" * 100_000, application_x="y"), {"output_type": "stream", "name": "stdout", "text": "a\rb"}]
    )
    assert render.clean(once.outputs).outputs == once.outputs


def test_a_result_is_told_in_its_most_telling_form() -> None:
    """A table beats its printed form, and text beats markup."""
    table = "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"
    assert render.as_text(data(text_html=table, text_plain="   a\n0  1")) == "| a |\n| 1 |"
    shape = f"{table}<p>200 rows × 1 columns</p>"
    assert render.as_text(data(text_html=shape)) == "| a |\n| 1 |\n\n200 rows × 1 columns"
    assert render.as_text(data(text_html="<b>x</b>", text_plain="x!")) == "x!"
    assert render.as_text(data(text_html="<style>p{}</style><p>x &amp;</p><p>y</p>")) == "x &\ny"
    assert render.as_text(data(application_json={"a": 1})) == '{\n "a": 1\n}'
