"""A cell's outputs: made safe and small on the way into a thread, and told as text and images to a model. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from jupyter_groupchat.cells import metadata, tables
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.types import SharedCell
from jupyter_groupchat.wire.fields import MAX_COUNT

#: A single text (a stream, one representation of a result, a traceback), in bytes of UTF-8.
MAX_TEXT = 64 * 1024
#: All texts of one cell's outputs together, in bytes of UTF-8.
MAX_TEXTS = 256 * 1024
#: One image: bytes, and pixels as its header states them.
MAX_IMAGE = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
#: Images of one cell, and outputs of one cell.
MAX_IMAGES = 20
MAX_OUTPUTS = 200

TEXTS = ("text/plain", "text/html", "text/markdown", "text/latex")
IMAGES = ("image/png", "image/jpeg")

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
# CSI (colours, cursor), OSC (titles, links), and the two-character escapes.
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What may enter a thread. ``images`` maps SHA-256 to media type and bytes; ``cut`` when anything was left out."""

    outputs: tuple[dict[str, Any], ...]
    images: dict[str, tuple[str, bytes]]
    cut: bool


def clean(outputs: Sequence[Mapping[str, Any]]) -> Cleaned:
    """Outputs as in nbformat 4, validated and capped. An image becomes ``{"file": "<sha256>"}``; what had to be
    left out is replaced by a visible mark. Raises InvalidRequest for what is no output."""
    work = _Cleaning()
    for place, output in enumerate(outputs):
        if len(work.outputs) >= MAX_OUTPUTS:
            work.note(f"{len(outputs) - place} more outputs left out")
            break
        if work.room <= 0:
            work.note(f"{len(outputs) - place} more outputs left out, the cell's outputs are over {size(MAX_TEXTS)}")
            break
        work.add(place, output)
    return Cleaned(outputs=tuple(work.outputs), images=work.images, cut=work.cut)


def content_hash(source: str, outputs: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of what a cell says. The execution count is no part of it: a run to the same end changes nothing."""
    said = [{key: value for key, value in output.items() if key != "execution_count"} for output in outputs]
    canonical = json.dumps([source, said], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def as_text(output: Mapping[str, Any]) -> str:
    """One cleaned output as text for a model: HTML tables as text tables, errors with their traceback."""
    kind = output["output_type"]
    if kind == "stream":
        return str(output["text"])
    if kind == "error":
        head = f"{output['ename']}: {output['evalue']}"
        trace = "\n".join(output["traceback"])
        return trace if head in trace else f"{trace}\n{head}".strip()
    data: Mapping[str, Any] = output["data"]
    html = data.get("text/html", "")
    found = tables.from_html(html) if "<table" in html.lower() else ()
    if found:
        # Of a long data frame only the ends are printed, and how long it is.
        return "\n\n".join([*map(tables.to_text, found), *_SHAPE.findall(html)])
    for kind in ("text/markdown", "text/plain", "text/latex"):
        if kind in data:
            return str(data[kind])
    if "application/json" in data:
        return json.dumps(data["application/json"], ensure_ascii=False, indent=1)
    return tables.strip_tags(html)


def images(cell: SharedCell) -> list[tuple[str, str]]:
    """The images among a cell's outputs, as media type and SHA-256, in order."""
    return [
        (kind, data[kind]["file"])
        for output in cell.outputs
        if (data := output.get("data"))
        for kind in IMAGES
        if kind in data
    ]


_SHAPE = re.compile(r"\b[\d,]+ rows × [\d,]+ columns\b")
_CUT = re.compile(r"\[\.\.\. [^\]\n]{1,20} left out \.\.\.\]")


def cut_middle(text: str, limit: int) -> str:
    """A text of at most ``limit`` bytes of UTF-8: its two ends, and between them a mark of how much is missing."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= limit:
        return text
    mark = f"\n[... {size(len(raw) - limit)} left out ...]\n"
    keep = max(limit - len(mark.encode()), 0)
    head, tail = raw[: keep - keep // 2], raw[len(raw) - keep // 2 :]
    return head.decode("utf-8", "ignore") + mark + tail.decode("utf-8", "ignore")


def has_image(output: Mapping[str, Any]) -> bool:
    """Whether an output is a picture, whatever else it says."""
    data = output.get("data")
    return isinstance(data, Mapping) and any(kind in data for kind in IMAGES)


def is_cut(text: str) -> bool:
    """Whether ``cut_middle`` has left a mark in it."""
    return _CUT.search(text) is not None


def plain(text: str) -> str:
    """Text as a terminal would have left it standing: no ANSI escapes, what a carriage return overwrote gone."""
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return _storable(_CONTROL.sub("", text))


@dataclass
class _Cleaning:
    """The outputs accepted so far and the room that is left."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    images: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    cut: bool = False
    room: int = MAX_TEXTS

    def add(self, place: int, output: Mapping[str, Any]) -> None:
        kind = output.get("output_type")
        if kind == "stream":
            self._stream(place, output)
        elif kind == "error":
            self._error(place, output)
        elif kind in ("execute_result", "display_data"):
            self._data(place, kind, output)
        else:
            raise InvalidRequest(f"Output {place} of the cell is of no known kind.")

    def note(self, what: str) -> None:
        """Put a visible mark where something was left out."""
        self.cut = True
        self.outputs.append({"output_type": "display_data", "data": {"text/plain": f"[{what}]"}, "metadata": {}})

    def _stream(self, place: int, output: Mapping[str, Any]) -> None:
        name = output.get("name")
        if name not in ("stdout", "stderr"):
            raise InvalidRequest(f"Output {place} of the cell is a stream of no known name.")
        text = _joined(place, output.get("text"))
        last = self.outputs[-1] if self.outputs else {}
        if last.get("output_type") == "stream" and last.get("name") == name and len(last["text"]) < MAX_TEXT:
            # Kernels flush a stream in pieces; pieces of one stream are one text.
            self.room += len(last["text"].encode())
            text = last["text"] + text
            self.outputs.pop()
        self.outputs.append({"output_type": "stream", "name": name, "text": self._capped(plain(text))})

    def _error(self, place: int, output: Mapping[str, Any]) -> None:
        trace = output.get("traceback", [])
        if not isinstance(trace, list) or not all(isinstance(line, str) for line in trace):
            raise InvalidRequest(f"Output {place} of the cell is an error whose traceback is no list of text.")
        name, value = _joined(place, output.get("ename", "")), _joined(place, output.get("evalue", ""))
        self.outputs.append(
            {
                "output_type": "error",
                "ename": cut_middle(plain(name), 1024),
                "evalue": self._capped(plain(value)),
                "traceback": self._capped(plain("\n".join(trace))).split("\n") if trace else [],
            }
        )

    def _data(self, place: int, kind: str, output: Mapping[str, Any]) -> None:
        data = output.get("data")
        if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
            raise InvalidRequest(f"Output {place} of the cell has no data by media type.")
        kept: dict[str, Any] = {}
        notes: list[str] = []
        for media_type, value in data.items():
            if media_type in IMAGES:
                image = self._image(place, media_type, value)
                if image is None:
                    notes.append(f"image left out: damaged, over {size(MAX_IMAGE)}, or one of more than {MAX_IMAGES}")
                else:
                    kept[media_type] = image
            elif media_type in TEXTS:
                text = _joined(place, value)
                kept[media_type] = _storable(text) if media_type == "text/html" else plain(text)
            elif media_type == "application/json":
                kept[media_type] = _json(place, value)
            else:
                notes.append(f"{media_type[:100]} left out")
        kept = self._fitted(kept)
        if kept:
            result: dict[str, Any] = {"output_type": kind, "data": kept, "metadata": {}}
            if kind == "execute_result":
                count = output.get("execution_count")
                result["execution_count"] = count if type(count) is int and 0 <= count <= MAX_COUNT else None
            self.outputs.append(result)
        for text in notes:
            self.note(text)

    def _fitted(self, data: dict[str, Any]) -> dict[str, Any]:
        """Texts within their limits. HTML and JSON cannot be cut without breaking: they give way to their text."""
        html = data.get("text/html", "")
        if len(html.encode("utf-8", "replace")) > min(MAX_TEXT, self.room):
            data.setdefault("text/plain", as_text({"output_type": "display_data", "data": {"text/html": html}}))
            del data["text/html"]
            self.cut = True
        if "application/json" in data:
            text = json.dumps(data["application/json"], ensure_ascii=False)
            if len(text.encode("utf-8", "replace")) > min(MAX_TEXT, self.room):
                data.setdefault("text/plain", text)
                del data["application/json"]
                self.cut = True
            else:
                self.room -= len(text)
        return {kind: self._capped(value) if kind in TEXTS else value for kind, value in data.items()}

    def _image(self, place: int, media_type: str, value: Any) -> dict[str, str] | None:
        # A client may not name a stored file here: it would be shown one whose hash it merely knows.
        text = _joined(place, value)
        if len(text) > MAX_IMAGE * 3 // 2 or len(self.images) >= MAX_IMAGES:
            return None
        try:
            raw = base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error:
            return None
        if len(raw) > MAX_IMAGE or not _is_image(media_type, raw):
            return None
        try:
            raw = metadata.without(media_type, raw)
        except InvalidRequest:
            return None
        sha256 = hashlib.sha256(raw).hexdigest()
        self.images[sha256] = (media_type, raw)
        return {"file": sha256}

    def _capped(self, text: str) -> str:
        capped = cut_middle(text, max(min(MAX_TEXT, self.room), 200))
        self.cut = self.cut or capped is not text
        self.room -= len(capped.encode("utf-8", "replace"))
        return capped


def _joined(place: int, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    raise InvalidRequest(f"Output {place} of the cell holds {type(value).__name__} where text belongs.")


def _json(place: int, value: Any) -> Any:
    try:
        text = _storable(json.dumps(value, ensure_ascii=False))
        return json.loads(text, parse_int=_number, parse_constant=lambda _: None)
    except (RecursionError, TypeError, ValueError):
        raise InvalidRequest(f"Output {place} of the cell holds JSON that cannot be kept.") from None


def _number(text: str) -> int | float | None:
    """An integer as every reader of JSON has it: large ones as floats, since a CRDT takes no more than 64 bits."""
    value = int(text)
    if abs(value) <= MAX_COUNT:
        return value
    return number if isfinite(number := float(text)) else None


def _storable(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _is_image(media_type: str, raw: bytes) -> bool:
    # Imported late: most threads never see an image.
    from PIL import Image

    try:
        with Image.open(io.BytesIO(raw), formats=[_FORMATS[media_type]]) as image:
            width, height = image.size
            return width * height <= MAX_PIXELS
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False


def size(count: int) -> str:
    """A number of bytes in words for people."""
    return f"{count} bytes" if count < 1024 else f"{count // 1024} kB" if count < 1024**2 else f"{count // 1024**2} MB"
