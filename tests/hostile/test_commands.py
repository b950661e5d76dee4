"""Text that is no command, and commands that say more than their sender may."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.server import parsing
from jupyter_groupchat.server.routes import ROUTES
from jupyter_groupchat.types import Message
from jupyter_groupchat.wire import commands, fields
from tests.hostile.mutations import HOSTILE

COMMANDS: tuple[type[commands.Command], ...] = get_args(get_args(commands.SocketCommand)[0])
#: A value that an error must not repeat.
SECRET = "swordfish"

#: One honest value for every field that any command has.
HONEST: dict[str, Any] = {
    "agreed": True,
    "archived": False,
    "body": "Hello",
    "cell_id": "a1",
    "cell_type": "code",
    "cells": ["s1"],
    "channel": 1,
    "code": "abc",
    "anchor": [1, 2],
    "doc": "thread:t1",
    "draft": "d1",
    "head": None,
    "here": True,
    "text": "Hello",
    "emoji": "👍",
    "execution_count": 3,
    "expires_in": 60,
    "file": "f1",
    "files": [],
    "id": "c1",
    "instructions": "Be brief.",
    "invitation": "i1",
    "live": True,
    "max_uses": 1,
    "message": "m1",
    "mode": "auto",
    "muted": True,
    "notebook": "a.ipynb",
    "outputs": [],
    "pinned": True,
    "reason": "rude",
    "reply_to": "m0",
    "report": "r1",
    "role": "member",
    "seq": 3,
    "share": "s1",
    "source": "1 + 1",
    "thread": "t1",
    "through_seq": 3,
    "title": "Churn",
    "typing": True,
    "update": False,
    "username": "ben",
}


def honest(model: type[commands.Command]) -> dict[str, Any]:
    """A command as a client would send it."""
    fields = {name: HONEST[name] for name in model.model_fields if name in HONEST}
    return {**fields, "do": model.model_fields["do"].default}


def from_socket(text: str) -> object:
    return parsing.socket_command(text, parsing.parse_object(text))


@pytest.mark.parametrize("model", COMMANDS)
def test_nobody_says_who_they_are(model: type[commands.Command]) -> None:
    """What the server knows better, a command may not name: author, kind, number, time and status among others."""
    assert type(from_socket(json.dumps(honest(model)))) is model
    told = {*Message.__dataclass_fields__, "actor", "user", "username", "via", "server", "owner", "uses", "client_id"}
    for field in sorted(told - set(model.model_fields)):
        with pytest.raises(InvalidRequest, match=f"{field}: Extra inputs"):
            from_socket(json.dumps({**honest(model), field: HONEST.get(field, "ben")}))


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """A command of which something is not as it should be."""
    command = honest(draw(st.sampled_from(COMMANDS)))
    values = st.one_of(st.sampled_from(HOSTILE), st.just(SECRET), st.just([SECRET]), st.just({SECRET: SECRET}))
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*command, *command, "author", "seq", "kind", "x" * 200]))
        command[name] = draw(values)
    return command


@settings(max_examples=400)
@given(spoiled())
@example({"id": "c1", "do": SECRET, "thread": "t1"})
@example({"id": "c1", "do": [SECRET], "thread": "t1"})
@example({**honest(commands.CellPut), "outputs": [SECRET]})
def test_a_spoiled_command_is_a_command_or_an_error(command: dict[str, Any]) -> None:
    """The error is short and never repeats a value; a command is within its bounds."""
    try:
        parsed = from_socket(json.dumps(command))
    except InvalidRequest as refused:
        told = json.dumps(refused.to_json())
        assert len(told) < 10_000
        named = [problem["place"] for problem in refused.details.get("problems", [])]
        assert told.count(SECRET) == 2 * sum(place.count(SECRET) for place in named)
        return
    assert isinstance(parsed, COMMANDS)
    numbers = [value for value in parsed.model_dump().values() if isinstance(value, int)]
    assert all(-1 <= number <= fields.MAX_COUNT for number in numbers)
    assert "\\u0000" not in json.dumps(command)


@given(st.one_of(st.text(), st.binary().map(lambda data: data.decode("utf-8", "replace"))))
@example('{"id": "\\ud800"}')
@example('{"\\udfff": 1}')
@example('{"id": "a", "do": "typing", "thread": "t\\u0000"}')
@example('{"a":' * 100_000)
@example("[" * 1_000_000)
@example('{"a": 1' + "0" * 1_000_000 + "}")
@example('{"a": 1e' + "9" * 100_000 + "}")
@example("\ufeff{}")
def test_any_text_is_an_object_or_an_error(text: str) -> None:
    """However deep, long or broken."""
    try:
        value = parsing.parse_object(text)
    except InvalidRequest as refused:
        told, most = refused.message, 200
    else:
        told, most = json.dumps(value), 10 * len(text)
    assert len(told.encode()) <= most


@given(st.dictionaries(st.text(max_size=20), st.sampled_from(HOSTILE), max_size=4), st.data())
def test_any_body_is_a_command_or_an_error(body: dict[str, Any], data: st.DataObject) -> None:
    """Of every call that changes something."""
    route = data.draw(st.sampled_from([route for route in ROUTES if route.command]))
    assert route.command is not None
    mine = honest(route.command)
    known = data.draw(st.sampled_from(sorted(mine)))
    body = {**body, known: data.draw(st.sampled_from(HOSTILE))}
    try:
        command = parsing.rest_command(route.command, body, {name: str(mine[name]) for name in route.names}, "fresh")
    except InvalidRequest:
        return
    assert isinstance(command, route.command)
