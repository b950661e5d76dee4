"""What an operator says of each language model, checked before anything is asked of one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from jupyter_groupchat.server.options import Options
from jupyter_groupchat.types import AUTO, OPENAI_HOST

#: Where a model is that has a key and no address.
OPENAI = f"https://{OPENAI_HOST}/v1"
#: Characters of a name, which members read in menus.
MAX_NAME = 40
#: Below this a request has no room for what it is about.
MIN_TOKENS = 1_000

_ENDPOINT = ("model", "base_url", "api_key", "api_key_env")
_FIELDS = (
    "name",
    "model",
    "base_url",
    "api_key",
    "api_key_env",
    "temperature",
    "context_tokens",
    "images",
    "no_store",
    "strength",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOption:
    """A model that an endpoint has. ``base_url`` is the only place where its requests go."""

    name: str
    model: str
    base_url: str
    api_key: str = field(repr=False)
    temperature: float | None
    context_tokens: int
    images: bool
    no_store: bool
    strength: Literal["fast", "strong"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionOption:
    """The model that writes down recordings. ``base_url`` is the only place where they go."""

    model: str
    base_url: str
    api_key: str = field(repr=False)


def configured(options: Options, environment: Mapping[str, str] = os.environ) -> list[ModelOption]:
    """The models, the default first: those of ``models``, else the one of ``model``; none where there is no endpoint.

    Raises ValueError with words for the operator.
    """
    if options.models:
        found = [_entry(options, number, entry, environment) for number, entry in enumerate(options.models, start=1)]
        names = [model.name.casefold() for model in found]
        if twice := next((model.name for model in found if names.count(model.name.casefold()) > 1), None):
            raise ValueError(f"GroupChat.models: two models are called “{twice}”; members could not tell them apart.")
        return found
    if not (options.api_key or options.base_url):
        return []
    base_url = options.base_url or OPENAI
    return [
        ModelOption(
            name=options.model,
            model=options.model,
            base_url=base_url,
            api_key=options.api_key,
            temperature=options.temperature,
            context_tokens=options.context_tokens,
            images=_or_at_openai(options.images, base_url),
            no_store=_or_at_openai(options.no_store, base_url),
        )
    ]


def transcription(options: Options, environment: Mapping[str, str] = os.environ) -> TranscriptionOption | None:
    """What writes recordings down; None where nothing does. Raises ValueError with words for the operator."""
    chosen = options.transcription_model
    if not isinstance(chosen, str):
        reading = _Entry("GroupChat.transcription_model", chosen)
        reading.check(_ENDPOINT)
        model = reading.text("model")
        base_url, key = _endpoint(options, reading, environment)
        return TranscriptionOption(model=model, base_url=base_url, api_key=key)
    if not chosen or not (options.api_key or options.base_url):
        return None
    return TranscriptionOption(model=chosen, base_url=options.base_url or OPENAI, api_key=options.api_key)


def _entry(options: Options, number: int, entry: Mapping[str, Any], environment: Mapping[str, str]) -> ModelOption:
    """One entry. What it leaves out is as the options for the one model say."""
    called = entry.get("name")
    title = f" (“{called}”)" if isinstance(called, str) and called else ""
    reading = _Entry(f"GroupChat.models: entry {number}{title}", entry)
    reading.check(_FIELDS)
    name = reading.text("name")
    if len(name) > MAX_NAME or name.casefold() == AUTO:
        raise reading.wrong(f"cannot be called “{name}”; a name has at most {MAX_NAME} characters, and is not “{AUTO}”")
    model = reading.text("model")
    base_url, key = _endpoint(options, reading, environment)
    return ModelOption(
        name=name,
        model=model,
        base_url=base_url,
        api_key=key,
        temperature=reading.temperature("temperature", options.temperature),
        context_tokens=reading.tokens("context_tokens", options.context_tokens),
        images=reading.switch("images", _or_at_openai(options.images, base_url)),
        no_store=reading.switch("no_store", _or_at_openai(options.no_store, base_url)),
        strength=reading.strength(),
    )


def _endpoint(options: Options, reading: _Entry, environment: Mapping[str, str]) -> tuple[str, str]:
    """Where an entry's requests go, and with which key."""
    own = reading.text("base_url", "")
    base_url = own or options.base_url or OPENAI
    place = urlsplit(base_url)
    if place.scheme not in ("http", "https") or not place.hostname:
        raise reading.wrong("has a base_url that is no address; it looks like http://localhost:11434/v1")
    key = reading.text("api_key", "")
    if variable := reading.text("api_key_env", ""):
        if key:
            raise reading.wrong("has both api_key and api_key_env; one says it")
        key = environment.get(variable, "")
        if not key:
            raise reading.wrong(f"takes its key from the environment variable {variable}, which is not set")
    # A key belongs to the endpoint that it was given with, and goes to no other.
    key = key or ("" if own else options.api_key)
    if not key and not own and not options.base_url:
        raise reading.wrong("has neither a base_url nor a key")
    return base_url, key


def _or_at_openai(chosen: bool | None, base_url: str) -> bool:
    """What an operator chose; where they did not, whether the endpoint is OpenAI's, in whichever region."""
    host = urlsplit(base_url).hostname or ""
    return f".{host}".endswith(f".{OPENAI_HOST}") if chosen is None else chosen


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry, read field by field. ``place`` is what operators know it by."""

    place: str
    entry: Mapping[str, Any]

    def wrong(self, why: str) -> ValueError:
        return ValueError(f"{self.place} {why}.")

    def check(self, fields: Sequence[str]) -> None:
        for key in self.entry:
            if key not in fields:
                raise self.wrong(f"has an unknown field “{key}”; possible are {', '.join(fields)}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.entry.get(key, default)
        if value is None:
            raise self.wrong(f"has no {key}")
        if not isinstance(value, str) or not value.isprintable() or (not value.strip() and default is None):
            raise self.wrong(f"has a {key} that is no text")
        return value.strip()

    def tokens(self, key: str, default: int) -> int:
        value = self.entry.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < MIN_TOKENS:
            raise self.wrong(f"has {key} that are no whole number of at least {MIN_TOKENS:,}")
        return value

    def temperature(self, key: str, default: float | None) -> float | None:
        value = self.entry.get(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 2:
            raise self.wrong(f"has a {key} that is no number from 0 to 2")
        return float(value)

    def switch(self, key: str, default: bool) -> bool:
        value = self.entry.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(f"has “{key}” that is neither true nor false")
        return value

    def strength(self) -> Literal["fast", "strong"] | None:
        value = self.entry.get("strength")
        if value not in (None, "fast", "strong"):
            raise self.wrong("has a strength that is neither “fast” nor “strong”")
        return cast("Literal['fast', 'strong'] | None", value)
