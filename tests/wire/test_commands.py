"""What a client may ask for, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.commands import SocketCommand

_any: TypeAdapter[Any] = TypeAdapter(SocketCommand)
_POST = {"do": "message.post", "id": "m1", "thread": "t1", "body": "hello"}
_CELL = {"do": "cell.put", "id": "c1", "thread": "t1", "share": "s1", "notebook": "n.ipynb", "cell_id": "a"}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (_POST, commands.MessagePost),
        ({"do": "thread.create", "id": "c1", "title": "  Churn  "}, commands.ThreadCreate),
        ({"do": "thread.patch", "id": "c1", "thread": "t1", "mode": "quiet"}, commands.ThreadPatch),
        ({"do": "reaction.put", "id": "c1", "thread": "t1", "message": "m1", "emoji": "👩🏽‍💻"}, commands.ReactionPut),
        ({**_CELL, "cell_type": "code", "source": ""}, commands.CellPut),
        ({"do": "typing", "id": "c1", "thread": "t1"}, commands.Typing),
        ({"do": "subscribe", "id": "c1", "doc": "page:t1:12"}, commands.Subscribe),
        ({"do": "unsubscribe", "id": "c1", "channel": 0}, commands.Unsubscribe),
    ],
)
def test_a_command_is_told_by_what_it_does(value: dict[str, Any], kind: type) -> None:
    """``do`` names the model."""
    assert type(_any.validate_python(value)) is kind


def test_a_title_is_trimmed() -> None:
    """Space around a title is nobody's intention."""
    assert _any.validate_python({"do": "thread.create", "id": "c1", "title": "  Churn  "}).title == "Churn"


@pytest.mark.parametrize(
    "value",
    [
        {},
        {**_POST, "do": "message.past"},
        {**_POST, "author": "ben"},
        {**_POST, "id": ""},
        {**_POST, "id": "x" * 65},
        {**_POST, "id": "../etc"},
        {**_POST, "body": 1},
        {**_POST, "body": None},
        {**_POST, "body": "x" * 1_000_001},
        {**_POST, "body": "\ud800"},
        {**_POST, "cells": ["s"] * 21},
        {"do": "thread.create", "id": "c1", "title": " "},
        {"do": "thread.create", "id": "c1", "title": "x" * 201},
        {"do": "thread.create", "id": "c1", "title": "x", "mode": "loud"},
        {"do": "invitation.create", "id": "c1", "thread": "t1", "expires_in": 0},
        {"do": "invitation.create", "id": "c1", "thread": "t1", "role": "admin"},
        {"do": "reaction.put", "id": "c1", "thread": "t1", "message": "m1", "emoji": "<b>"},
        {"do": "reaction.put", "id": "c1", "thread": "t1", "message": "m1", "emoji": "no"},
        {"do": "reaction.put", "id": "c1", "thread": "t1", "message": "m1", "emoji": ""},
        {"do": "reaction.put", "id": "c1", "thread": "t1", "message": "m1", "emoji": "a/b"},
        {"do": "read.put", "id": "c1", "thread": "t1", "seq": -2},
        {**_CELL, "cell_type": "sql", "source": ""},
        {"do": "subscribe", "id": "c1", "doc": "draft:t1:a:b"},
        {"do": "draft.cursor", "id": "c1", "thread": "t1", "draft": "d1", "anchor": [1], "head": None},
        {"do": "draft.cursor", "id": "c1", "thread": "t1", "draft": "d1", "anchor": [1, -1], "head": None},
        {"do": "subscribe", "id": "c1", "doc": "page:t1:12345678901"},
        {"do": "reply.seal", "id": "c1", "thread": "t1", "message": "m1", "status": "complete"},
    ],
)
def test_anything_else_is_an_error(value: dict[str, Any]) -> None:
    """Unknown fields, wrong types, impossible values, and what only the assistant may ask."""
    with pytest.raises(ValidationError):
        _any.validate_python(value)


def test_a_command_does_not_change() -> None:
    """Commands cross threads of execution, so they are frozen."""
    command = _any.validate_python(_POST)
    with pytest.raises(ValidationError):
        command.body = "other"
