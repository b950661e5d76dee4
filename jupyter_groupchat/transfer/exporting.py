"""Exports by the name of their format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jupyter_groupchat.transfer.lines import lines
from jupyter_groupchat.transfer.markdown import markdown
from jupyter_groupchat.transfer.notebook import notebook
from jupyter_groupchat.transfer.source import Source


class Format(StrEnum):
    """What a thread can be exported as."""

    JSONL = "jsonl"
    MARKDOWN = "markdown"
    IPYNB = "ipynb"


@dataclass(frozen=True, slots=True)
class _Kind:
    media_type: str
    suffix: str
    write: Callable[[Source, datetime], Iterator[str]]


_KINDS = {
    Format.JSONL: _Kind("application/x-ndjson", ".jsonl", lines),
    Format.MARKDOWN: _Kind("text/markdown; charset=utf-8", ".md", markdown),
    Format.IPYNB: _Kind("application/x-ipynb+json", ".ipynb", notebook),
}


def export(source: Source, format: Format, now: datetime) -> Iterator[bytes]:
    """The file in pieces, each as soon as it is read. Raises NotFound, also in between; what came is then no file."""
    return (piece.encode() for piece in _KINDS[format].write(source, now))


def media_type(format: Format) -> str:
    """The ``Content-Type``."""
    return _KINDS[format].media_type


def file_name(title: str, format: Format) -> str:
    """A name for the file, made of the thread's title and good on every system."""
    words = re.sub(r"[^\w.-]+", "-", title).strip("-.")[:80]
    return f"{words or 'thread'}{_KINDS[format].suffix}"
