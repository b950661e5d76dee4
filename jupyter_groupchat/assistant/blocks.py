"""The delimited blocks in which untrusted text travels to a model, and back out of a request. Pure.

A block is ``<tag name="value">`` on a line, the text, ``</tag>`` on a line. Where the text itself holds a delimiter, a
backslash is put after its ``<``; reading takes one away. So text can neither close its block nor open another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TAGS = ("instructions", "members", "cell", "source", "output", "file", "message", "asked", "more_cells", "result")

_DELIMITER = re.compile(rf"<(\\*/?(?:{'|'.join(TAGS)})\b)", re.IGNORECASE)
_ESCAPED = re.compile(rf"<\\(\\*/?(?:{'|'.join(TAGS)})\b)", re.IGNORECASE)
_OPEN = re.compile(rf"<({'|'.join(TAGS)})((?: [a-z_]+=\"[^\"]*\")*)>\n?")
_ATTRIBUTE = re.compile(r"([a-z_]+)=\"([^\"]*)\"")
_ENTITIES = {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;", "\n": " ", "\r": " "}


@dataclass(frozen=True, slots=True)
class Block:
    """A block as read back. ``text`` is unescaped unless it holds blocks itself."""

    tag: str
    attributes: Mapping[str, str]
    text: str
    inner: tuple[Block, ...]


def block(tag: str, text: str, **attributes: object) -> str:
    """A block around untrusted text. Attributes that are None are left out."""
    return wrap(tag, escape(text), **attributes)


def wrap(tag: str, inner: str, **attributes: object) -> str:
    """A block around blocks."""
    given = "".join(f' {key}="{_attribute(str(value))}"' for key, value in attributes.items() if value is not None)
    return f"<{tag}{given}>\n{inner}\n</{tag}>"


def escape(text: str) -> str:
    """Text that holds no delimiter."""
    return _DELIMITER.sub(r"<\\\1", text)


def unescape(text: str) -> str:
    """The text as it was before ``escape``."""
    return _ESCAPED.sub(r"<\1", text)


def read(text: str) -> Iterator[Block]:
    """The outermost blocks of a text that was made with ``block`` and ``wrap``, in order."""
    place = 0
    while opened := _OPEN.search(text, place):
        tag = opened.group(1)
        end = text.find(f"\n</{tag}>", opened.end() - 1)
        if end < 0:
            return
        inside = text[opened.end() : max(end, opened.end())]
        inner = tuple(read(inside))
        attributes = {key: _unattribute(value) for key, value in _ATTRIBUTE.findall(opened.group(2))}
        yield Block(tag, attributes, inside if inner else unescape(inside), inner)
        place = end + len(tag) + 4


def _attribute(value: str) -> str:
    return "".join(_ENTITIES.get(character, character) for character in value)


def _unattribute(value: str) -> str:
    for character, entity in reversed(_ENTITIES.items()):
        if entity != " ":
            value = value.replace(entity, character)
    return value
