"""What a streamed chat completion says, chunk by chunk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from jupyter_groupchat.assistant.language_model import Finished, Link, TextDelta, ToolCall
from jupyter_groupchat.cells import render
from jupyter_groupchat.errors import ModelBroke, ModelRefused

#: The longest arguments of a call that are read, in characters.
MAX_ARGUMENTS = 32_768
#: Links that an answer brings along, and the characters of an address and of a title.
MAX_LINKS, MAX_URL, MAX_TITLE = 20, 2_000, 120

CUT_OFF = "The model's answer broke off before its end."


class Reading:
    """What the chunks of one answer have said so far. Read leniently: endpoints differ in what they leave out."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._usage: tuple[int | None, int | None] = (None, None)
        self._calls: dict[int, tuple[str, str, list[str]]] = {}
        self._any = False
        self._text = False
        self._half = ""
        self._links: dict[str, Link] = {}

    def take(self, chunk: Any) -> list[TextDelta]:
        """The text that a chunk adds."""
        if usage := getattr(chunk, "usage", None):
            self._usage = (_whole(usage, "prompt_tokens"), _whole(usage, "completion_tokens"))
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list) or not choices:
            return []
        self._any = True
        choice = choices[0]
        self._reason = getattr(choice, "finish_reason", None) or self._reason
        delta = getattr(choice, "delta", None)
        for place, call in enumerate(getattr(delta, "tool_calls", None) or ()):
            self._add_call(place, call)
        for annotation in getattr(delta, "annotations", None) or ():
            self._add_link(annotation)
        texts = [getattr(delta, "content", None), getattr(delta, "refusal", None)]
        found = [self._storable("".join(text for text in texts if isinstance(text, str)))]
        self._text = self._text or bool(found[0])
        return [TextDelta(text) for text in found if text]

    def end(self) -> list[ToolCall | Finished]:
        """The calls and the end, once the stream is over. A stream without a finish reason was cut."""
        if not self._any:
            raise ModelBroke(
                "The endpoint answered, but not with a chat completion. Its address (base_url) may be wrong; "
                "the operator of this server can check it."
            )
        if self._reason is None:
            raise ModelBroke(CUT_OFF)
        if self._reason == "content_filter":
            raise ModelRefused("The endpoint's content filter stopped the answer.")
        if not self._calls and not self._text:
            raise ModelBroke("The model's answer was empty.")
        calls = [
            ToolCall(id_ or f"call_{place}", name, _arguments("".join(pieces)))
            for place, (id_, name, pieces) in sorted(self._calls.items())
        ]
        # "stop" next to tool calls is what several servers say.
        reason = "tool_calls" if calls else self._reason
        return [*calls, Finished(reason, *self._usage, tuple(self._links.values()))]

    def _storable(self, text: str) -> str:
        """Text that has UTF-8. Some servers cut an emoji between its two surrogates: the first half waits."""
        if text.isascii() and not self._half:
            return text
        text, self._half = self._half + text, ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _add_call(self, place: int, call: Any) -> None:
        index = getattr(call, "index", None)
        key = index if isinstance(index, int) else place
        id_, name, pieces = self._calls.get(key, ("", "", []))
        function = getattr(call, "function", None)
        arguments = getattr(function, "arguments", None)
        if arguments is not None:
            pieces.append(arguments if isinstance(arguments, str) else json.dumps(arguments))
        self._calls[key] = (
            id_ or str(getattr(call, "id", None) or ""),
            name or str(getattr(function, "name", None) or ""),
            pieces,
        )

    def _add_link(self, annotation: Any) -> None:
        """What the answer cites from the web: https://platform.openai.com/docs/guides/tools-web-search."""
        cited = _field(annotation, "url_citation")
        url, title = _field(cited, "url"), _field(cited, "title")
        if not isinstance(url, str) or len(url) > MAX_URL or len(self._links) >= MAX_LINKS:
            return
        try:
            place = urlsplit(url)
        except ValueError:
            return
        if url.startswith(("http://", "https://")) and place.hostname and url.isprintable():
            said = " ".join(render.plain(title).split()) if isinstance(title, str) else ""
            self._links.setdefault(url, Link(url, said[:MAX_TITLE] or place.hostname))


def _arguments(text: str) -> dict[str, Any] | None:
    if len(text) > MAX_ARGUMENTS:
        return None
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _whole(usage: Any, field: str) -> int | None:
    value = getattr(usage, field, None)
    return value if isinstance(value, int) and value >= 0 else None


def _field(value: Any, name: str) -> Any:
    """A field of what the client knows no type for, and gives as a mapping."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
