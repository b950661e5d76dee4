"""Tools that an operator gives the assistant: what one looks like, and what it is told. See docs/tools.md.

A package offers its tools as entry points of the group ``jupyter_groupchat.tools``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

#: The group of entry points in which tools are looked for.
GROUP = "jupyter_groupchat.tools"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolContext:
    """For whom a tool works. This is all that a tool is told beside its arguments: no message, no cell, no member."""

    thread_id: str
    thread_title: str
    username: str  #: who asked


class ToolError(Exception):
    """Raised by a tool to say in its own words why it has no result. Members and the model read them."""


class Tool(Protocol):
    """A tool. ``parameters`` is the JSON Schema of an object; ``name`` has letters, digits, ``_`` and ``-`` only.

    A call runs in a thread of its own, of several at the same time, and may block; a coroutine gets an event loop there
    that ends with it.
    """

    @property
    def name(self) -> str:
        """What the model calls it by."""
        ...

    @property
    def description(self) -> str:
        """What it is good for, in a sentence or two for the model."""
        ...

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The JSON Schema of its arguments."""
        ...

    def __call__(self, arguments: dict[str, Any], context: ToolContext) -> str | Awaitable[str]:
        """The result, as text. ``arguments`` match ``parameters``. Raises ToolError with words for people."""
        ...
