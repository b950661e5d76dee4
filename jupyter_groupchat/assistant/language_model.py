"""What the assistant asks of a language model, and what it gets back: the seam where endpoints are exchanged."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a turn. ``media_type`` is image/png, image/jpeg, image/gif or image/webp."""

    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool, whole. ``arguments`` is None where they could not be read as a JSON object."""

    id: str
    name: str
    arguments: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the conversation as the model sees it.

    ``calls`` are those that an assistant's turn ends with; a tool's turn answers the one whose id is ``answers``.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    images: tuple[Image, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that the model may call. ``parameters`` is a JSON Schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, whole: no model keeps anything between two of them.

    ``needs_tools`` says that it makes no sense to an endpoint that takes no tools.
    """

    model: str
    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    needs_tools: bool = False
    web: bool = False  #: whether the endpoint may search the web for it
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A page of the web that an answer cites."""

    url: str  #: http or https
    title: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of an answer. Token counts are the endpoint's, None where it gave none."""

    reason: str  #: stop, length or tool_calls
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that an endpoint made, as it sent it, with its token counts, 0 where it gave none."""

    data: bytes = field(repr=False)
    prompt_tokens: int = 0
    completion_tokens: int = 0


class LanguageModel(Protocol):
    """A model behind an endpoint."""

    @property
    def takes_tools(self) -> bool:
        """False once the endpoint has refused a request because of its tools: from then on they are left out."""
        ...

    @property
    def searches_web(self) -> bool:
        """False once the endpoint has refused to search the web."""
        ...

    def stream(self, request: Request) -> AsyncGenerator[TextDelta | ToolCall | Finished]:
        """The answer in pieces, ``Finished`` last. Closing the generator or cancelling the task that reads it closes
        the connection. Raises ModelError, with words fit to show to members."""
        ...

    async def flagged(self, model: str, text: str) -> tuple[str, ...]:
        """For what the endpoint's moderation ``model`` flags a text; empty where it does not. Raises ModelError."""
        ...

    async def draw(self, model: str, prompt: str, limit: int) -> Drawn:
        """A picture of at most ``limit`` bytes by the endpoint's images ``model``. Raises ModelError."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
