"""What a file is, by what is in it. Its name only tells texts apart, and may not say what the content denies. Pure."""

from __future__ import annotations

import io
import json
import re
import unicodedata
import warnings
from collections.abc import Collection
from threading import Lock

from jupyter_groupchat.errors import InvalidRequest

#: Pixels of a picture, as its header states them: decoded, these take 160 MB.
MAX_PIXELS = 40_000_000
#: Pixels of one side.
MAX_SIDE = 20_000
MAX_NAME = 200

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
NOTEBOOK = "application/x-ipynb+json"
CSV, TSV = "text/csv", "text/tab-separated-values"
#: All that can be told from its content, in the words for people.
WORDS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "application/pdf": "PDF",
    CSV: "CSV",
    TSV: "TSV",
    NOTEBOOK: "notebooks",
    "text/markdown": "Markdown",
    "text/plain": "plain text",
}

_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
_PICTURE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)
#: What a name's ending says. Those that say nothing here are texts of some kind, such as code.
_SAYS = {
    **{"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"},
    **{"pdf": "application/pdf", "ipynb": NOTEBOOK, "csv": CSV, "tsv": TSV, "md": "text/markdown"},
}
_TEXTS = (CSV, TSV, "text/markdown", "text/plain")
_MARKUP = frozenset({"html", "htm", "xhtml", "xht", "svg", "svgz", "mht", "mhtml"})
#: What browsers take for HTML when they guess, and SVG however it begins.
_LOOKS_LIKE_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+(?:html|svg)|"
    r"(?:\w+:)?(?:html|head|body|script|iframe|style|svg|title|table|div|font|h1|br|p|a|b)[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_HEAD = 4_096
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
#: One picture at a time: decoded, it takes many times its size.
one_picture = Lock()


def clean_name(name: str) -> str:
    """A file's name without folders, and without characters that hide or reorder others."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(" " if character.isspace() else character for character in last)
    shown = "".join(character for character in shown if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co"))
    shown = " ".join(shown.split())
    if len(shown) > MAX_NAME:
        stem, dot, ending = shown.rpartition(".")
        shown = f"{stem[: MAX_NAME - 1 - len(ending)]}.{ending}" if dot and len(ending) < 20 else shown[:MAX_NAME]
    return shown if shown.strip(". ") else "file"


def media_type(name: str, data: bytes, allowed: Collection[str]) -> str:
    """The type of a file that may enter a thread. Raises InvalidRequest, in words for people, for any other."""
    if not data:
        raise InvalidRequest("This file is empty.")
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    found = _by_content(ending, data)
    says = _SAYS.get(ending)
    if says in (None, found) or (found in _TEXTS and says in _TEXTS):
        kind = says if says and found in _TEXTS else found
    else:
        raise InvalidRequest(f"This file's name ends in .{ending}, but that is not what is in it.")
    if kind is None or kind not in allowed:
        raise InvalidRequest(_refusal(allowed))
    return kind


def decode(data: bytes) -> str | None:
    """The text of a file, None when it is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _by_content(ending: str, data: bytes) -> str | None:
    if _PICTURE.match(data):
        return _picture(data)
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    text = decode(data)
    if text is None:
        return None
    if ending in _MARKUP or _LOOKS_LIKE_MARKUP.match(text[:_HEAD]):
        raise InvalidRequest("HTML and SVG files can run programs in a browser and are not taken.")
    if ending == "ipynb":
        return NOTEBOOK if _is_notebook(text) else None
    return "text/plain"


def _picture(data: bytes) -> str:
    # Imported late: most threads never see a picture.
    from PIL import Image

    damaged = InvalidRequest("This picture is damaged.")
    with one_picture, warnings.catch_warnings():
        # Of sizes of which Pillow only warns, our own limits say more.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=list(_FORMATS)) as image:
                width, height = image.size
                if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                    raise _too_many(width, height)
                kind = _FORMATS[image.format or ""]
                # A JPEG is then read at an eighth of its size, which is enough to see whether all of it is there.
                image.draft("RGB", (1, 1))
                image.load()
        except Image.DecompressionBombError:
            raise InvalidRequest("This picture has too many pixels.") from None
        except (OSError, SyntaxError, ValueError, KeyError, EOFError, MemoryError):
            raise damaged from None
    return kind


def _too_many(width: int, height: int) -> InvalidRequest:
    return InvalidRequest(
        f"This picture has {width:,} by {height:,} pixels; {MAX_PIXELS // 1_000_000} million are possible, "
        f"and {MAX_SIDE:,} on a side.",
        limit=MAX_PIXELS,
    )


def _is_notebook(text: str) -> bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict) or not isinstance(value.get("nbformat"), int):
        return False
    cells = value.get("cells")
    return isinstance(cells, list) and all(isinstance(cell, dict) and "cell_type" in cell for cell in cells)


def _refusal(allowed: Collection[str]) -> str:
    if not allowed:
        return "Files are not taken here."
    kinds = [words for kind, words in WORDS.items() if kind in allowed]
    return f"Files of this kind are not taken here. Possible are: {', '.join(kinds)}."
