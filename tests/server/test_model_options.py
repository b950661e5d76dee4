"""What an operator says of several models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.server.extension import GroupChat
from jupyter_groupchat.server.model_options import OPENAI, TranscriptionOption, configured, transcription
from tests.server.client import Person
from tests.server.process import ServerProcess

FAST: dict[str, Any] = {"name": "Fast", "model": "small", "strength": "fast"}
LOCAL: dict[str, Any] = {"name": "Local", "model": "qwen3", "base_url": "http://127.0.0.1:8000/v1"}


def options(**chosen: Any) -> Any:
    """The options of somebody who chose these and nothing else."""
    return replace(GroupChat().options(), **{"api_key": "sk-general", **chosen})


def test_without_several_there_is_the_one_model() -> None:
    """It has the endpoint's name; with neither a key nor an address there is none."""
    (model,) = configured(options(model="tiny", temperature=0.5))
    assert (model.name, model.model, model.base_url, model.api_key) == ("tiny", "tiny", OPENAI, "sk-general")
    assert (model.temperature, model.images) == (0.5, True)
    assert configured(options(api_key="")) == []


def test_an_entry_is_as_the_options_for_one_model_say_where_it_says_nothing() -> None:
    """Its address, key, temperature, context and pictures."""
    general = options(models=[FAST], temperature=0.5, context_tokens=9_000, base_url="http://10.0.0.5/v1")
    (model,) = configured(general)
    assert (model.base_url, model.api_key) == ("http://10.0.0.5/v1", "sk-general")
    assert (model.temperature, model.context_tokens, model.images, model.strength) == (0.5, 9_000, False, "fast")
    own = {**FAST, "temperature": 0, "context_tokens": 2_000, "images": True, "api_key": "sk-own"}
    (model,) = configured(options(models=[own], temperature=0.5, base_url="http://10.0.0.5/v1"))
    assert (model.temperature, model.context_tokens, model.images, model.api_key) == (0, 2_000, True, "sk-own")


def test_openai_is_told_not_to_keep_requests() -> None:
    """In whichever region; others are where the operator says so, for all models or for one."""
    for base_url, told in (
        (OPENAI, True),
        ("https://eu.api.openai.com/v1", True),
        ("https://api.openai.com.example.org/v1", False),
        ("https://notapi.openai.com/v1", False),
        ("http://10.0.0.5/v1", False),
    ):
        (model,) = configured(options(base_url=base_url))
        assert (model.no_store, model.images) == (told, told)
        (model,) = configured(options(models=[FAST], base_url=base_url, no_store=True))
        assert model.no_store
        (model,) = configured(options(models=[{**FAST, "no_store": False}], base_url=base_url, no_store=True))
        assert not model.no_store


def test_a_key_goes_only_where_it_was_given() -> None:
    """The general key is not sent to an entry's own address; a key may stand in the environment."""
    first, second, third = configured(
        options(models=[FAST, LOCAL, {**LOCAL, "name": "Other", "api_key_env": "OTHER_KEY"}]), {"OTHER_KEY": "sk-other"}
    )
    assert (first.api_key, second.api_key, third.api_key) == ("sk-general", "", "sk-other")
    assert "sk-" not in repr((first, second, third, options(models=[{**LOCAL, "api_key": "sk-x"}]).models[:0]))
    assert "sk-x" not in repr(options(models=[{**LOCAL, "api_key": "sk-x"}]))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"model": "m"}, "entry 1 has no name."),
        ({"name": "A"}, "entry 1 (“A”) has no model."),
        ({"name": " ", "model": "m"}, "has a name that is no text."),
        ({"name": "A\nB", "model": "m"}, "has a name that is no text."),
        ({"name": "Auto", "model": "m"}, "cannot be called “Auto”"),
        ({"name": "A" * 41, "model": "m"}, "a name has at most 40 characters"),
        ({"name": "A", "model": 4}, "has a model that is no text."),
        ({**LOCAL, "modle": "m"}, "has an unknown field “modle”; possible are name, model,"),
        ({**LOCAL, "base_url": "localhost:8000"}, "has a base_url that is no address"),
        ({**LOCAL, "api_key": "k", "api_key_env": "K"}, "has both api_key and api_key_env"),
        ({**LOCAL, "api_key_env": "NOT_SET"}, "from the environment variable NOT_SET, which is not set."),
        ({**LOCAL, "images": "yes"}, "has “images” that is neither true nor false."),
        ({**LOCAL, "context_tokens": 10}, "has context_tokens that are no whole number of at least 1,000."),
        ({**LOCAL, "temperature": True}, "has a temperature that is no number from 0 to 2."),
        ({**LOCAL, "temperature": 3}, "has a temperature that is no number from 0 to 2."),
        ({**LOCAL, "strength": "medium"}, "has a strength that is neither “fast” nor “strong”."),
    ],
)
def test_a_wrong_entry_is_refused(entry: dict[str, Any], words: str) -> None:
    """With its place, its name and what is wrong."""
    with pytest.raises(ValueError, match=r"GroupChat\.models: entry 1") as refused:
        configured(options(models=[entry]), {})
    assert words in str(refused.value)


def test_models_that_cannot_be_told_apart_are_refused() -> None:
    """And one that would go to OpenAI without a key."""
    with pytest.raises(ValueError, match="two models are called “LOCAL”"):
        configured(options(models=[{**LOCAL, "name": "LOCAL"}, LOCAL]))
    with pytest.raises(ValueError, match="has neither a base_url nor a key"):
        configured(options(models=[FAST], api_key=""), {})


def test_recordings_can_have_an_endpoint_of_their_own() -> None:
    """Without any other; the general key does not follow there, as with models."""
    own = {"model": "whisper", "base_url": "http://127.0.0.1:9000/v1"}
    assert transcription(options(transcription_model=own)) == TranscriptionOption(**own, api_key="")
    found = transcription(options(api_key="", transcription_model=own | {"api_key_env": "KEY"}), {"KEY": "sk-own"})
    assert found
    assert (found.base_url, found.api_key) == (own["base_url"], "sk-own")
    assert "sk-" not in repr((found, options(transcription_model=own | {"api_key": "sk-x"}).transcription_model == own))
    assert "sk-x" not in repr(options(transcription_model=own | {"api_key": "sk-x"}))
    general = transcription(options(transcription_model="whisper-1"))
    assert general == TranscriptionOption(model="whisper-1", base_url=OPENAI, api_key="sk-general")
    assert transcription(options(transcription_model={"model": "w"})) == TranscriptionOption(
        model="w", base_url=OPENAI, api_key="sk-general"
    )
    assert transcription(options(api_key="", transcription_model="whisper-1")) is None
    assert transcription(options()) is None


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({}, "GroupChat.transcription_model has no model."),
        ({"model": "w", "name": "W"}, "GroupChat.transcription_model has an unknown field “name”; possible are model,"),
        ({"model": "w", "base_url": "here"}, "GroupChat.transcription_model has a base_url that is no address"),
        ({"model": "w", "api_key_env": "NOT_SET"}, "environment variable NOT_SET, which is not set."),
    ],
)
def test_a_wrong_endpoint_for_recordings_is_refused(chosen: dict[str, Any], words: str) -> None:
    """In the words that are used for models."""
    with pytest.raises(ValueError, match="transcription_model") as refused:
        transcription(options(transcription_model=chosen), {})
    assert words in str(refused.value)


@pytest.mark.anyio
async def test_the_panel_is_told_the_models(tmp_path: Path) -> None:
    """``me`` has their names, and whether one can be chosen by the question."""
    models = [FAST | {"base_url": "http://127.0.0.1:1/v1"}, {**LOCAL, "strength": "strong"}]
    with ServerProcess(tmp_path, options={"models": models}) as server:
        me = await Person(server, "Ana").ask("GET", "me")
    assert (me["models"], me["auto_model"]) == (["Fast", "Local"], True)


@pytest.mark.anyio
async def test_a_server_with_a_wrong_entry_says_so(tmp_path: Path) -> None:
    """In its log when it starts, and to whoever opens the chat; the Jupyter server lives."""
    wrong = {**LOCAL, "strength": "medium"}
    with ServerProcess(tmp_path, options={"models": [wrong]}) as server:
        assert '"unavailable"' in server.text()
        code, answer = await Person(server, "Ana").call("GET", "me")
    assert code == 503
    assert answer["error"]["message"] == (
        "GroupChat.models: entry 1 (“Local”) has a strength that is neither “fast” nor “strong”."
    )
