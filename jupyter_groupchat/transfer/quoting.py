"""What people wrote, put into Markdown so that it stays where it was put, whichever renderer shows it. Pure.

A body becomes a block quote: nothing ends one but a line without its ``>``, and every line gets one. What would reach
beyond it all the same is taken apart: HTML, entities, addresses that run scripts, and definitions of links, which hold
for a whole document. Fenced code is kept letter by letter, in a fence that is written anew at the left edge after an
empty line, so that no renderer can take it for something else. Where text is only likely to be code, an invisible word
joiner does what an entity does in text; it is safe in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_JOINER = "\u2060"
#: What some renderer or editor may take for the end of a line.
_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
#: What begins a tag, a comment or an entity; what makes a label a definition; and schemes that run scripts.
_REACHING = re.compile(
    r"<(?=[A-Za-z/!?])|&(?=[#A-Za-z])|(?<=\])(?=:)|\b(?:javascript|vbscript)(?=\\?:)|\bdata(?=\\?:[a-z]+/)",
    re.IGNORECASE,
)
_IN_TEXT = {"<": "&lt;", "&": "&amp;", "": "\\"}
_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_FENCE = re.compile(r"([ \t]*)(?:(`{3,})([^`]*)|(~{3,})(.*))$")
#: A fence where it is not written anew, within lists and quotes: there it is to be none for anybody.
_HIDDEN_FENCE = re.compile(r"(?=`{3}|~{3})")
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>&#|~$!])")
#: What moves a terminal's cursor, and what turns the direction of writing.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f]")
_TURNING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def inline(text: str) -> str:
    """A name or a title within a line: one line, no markup, nothing that turns the writing around."""
    return _PUNCTUATION.sub(r"\\\1", _TURNING.sub("", _CONTROL.sub("", " ".join(text.split()))))


def quote(body: str) -> str:
    """A body as a block quote."""
    return "\n".join(f"> {line}" if line.strip() else ">" for line in _quotable(_lines(body)))


def fence(code: str, language: str = "") -> str:
    """Code, or anything to be shown as it is, in a fence that is longer than any in it."""
    code = "\n".join(_lines(code)).removesuffix("\n")
    ticks = "`" * max(3, max(map(len, re.findall(r"`+", code)), default=0) + 1)
    words = language.split()
    return f"{ticks}{re.sub(r'[^a-zA-Z0-9_+#.-]', '', words[0]) if words else ''}\n{code}\n{ticks}"


def _lines(text: str) -> list[str]:
    return [_CONTROL.sub("", line) for line in _LINE_END.split(text)]


def _quotable(lines: list[str]) -> Iterator[str]:
    rest = iter(lines)
    for line in rest:
        opening = _FENCE.match(line)
        if opening is None:
            yield _harmless(line)
            continue
        indent, ticks, language, tildes, other = opening.groups()
        marker = ticks or tildes
        closing = re.compile(rf"[ \t]*{marker[0]}{{{len(marker)},}}[ \t]*$")
        code = []
        for inner in rest:
            if closing.match(inner):
                break
            code.append(inner.removeprefix(indent))
        yield ""
        yield from fence("\n".join(code), language or other or "").split("\n")
        yield ""


def _harmless(line: str) -> str:
    spans = [found.span() for found in _SPAN.finditer(line)]
    indented = line.startswith(("  ", "\t", ">"))

    def replaced(found: re.Match[str]) -> str:
        text = found.group()
        like_code = indented or any(start <= found.start() < end for start, end in spans)
        return _IN_TEXT[text] if text in _IN_TEXT and not like_code else text + _JOINER

    return _HIDDEN_FENCE.sub(_JOINER, _REACHING.sub(replaced, line), count=1)
