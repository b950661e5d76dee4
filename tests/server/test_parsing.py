"""What a client may send as text, and what it is told otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.server import parsing
from jupyter_groupchat.server.routes import MessagesQuery
from jupyter_groupchat.wire.commands import CellPut, MemberPatch, MessagePost

POST = {"id": "m1", "do": "message.post", "thread": "t1", "body": "Hello"}
CELL = {
    "id": "c1",
    "do": "cell.put",
    "thread": "t1",
    "share": "s1",
    "notebook": "a.ipynb",
    "cell_id": "x",
    "cell_type": "code",
    "source": "1",
}


def from_socket(value: Any) -> object:
    text = value if isinstance(value, str) else json.dumps(value)
    return parsing.socket_command(text, parsing.parse_object(text))


def test_a_command_is_parsed_by_its_name() -> None:
    """the field ``do`` says which command a text frame holds."""
    assert from_socket(POST) == MessagePost(id="m1", thread="t1", body="Hello")


@pytest.mark.parametrize(
    ("value", "place", "words"),
    [
        ({**POST, "colour": "red"}, "colour", "Extra inputs"),
        ({**POST, "body": 5}, "body", "valid string"),
        ({**POST, "body": None}, "body", "valid string"),
        ({"id": "m1", "do": "message.post", "thread": "t1"}, "body", "required"),
        ({**POST, "id": "no spaces"}, "id", "pattern"),
        ({**POST, "id": "x" * 65}, "id", "pattern"),
        ({**POST, "thread": "../t1"}, "thread", "pattern"),
        ({**POST, "reply_to": ["m0"]}, "reply_to", "valid string"),
        ({**POST, "cells": "s1"}, "cells", "valid array"),
        ({**POST, "cells": [f"s{n}" for n in range(21)]}, "cells", "at most 20"),
        ({"id": "r", "do": "read.put", "thread": "t1", "seq": "5"}, "seq", "valid integer"),
        ({"id": "r", "do": "read.put", "thread": "t1", "seq": 1.5}, "seq", "valid integer"),
        ({"id": "r", "do": "read.put", "thread": "t1", "seq": True}, "seq", "valid integer"),
        ({"id": "r", "do": "mute.put", "thread": "t1", "muted": 1}, "muted", "valid boolean"),
        ({"id": "r", "do": "member.patch", "thread": "t1", "username": "ben", "role": "king"}, "role", "'owner'"),
        ({"id": "r", "do": "reaction.put", "thread": "t1", "message": "m", "emoji": "<b>"}, "emoji", "is an emoji"),
        ({"id": "r", "do": "subscribe", "doc": "drawer:t1:1"}, "doc", "pattern"),
        ({**CELL, "outputs": [1]}, "outputs.0", "an object"),
        ({**CELL, "cell_type": "sql"}, "cell_type", "'code'"),
        ({"id": "x", "do": "reply.begin", "thread": "t1"}, "", "does not match"),
        ({"id": "x"}, "", "discriminator"),
    ],
)
def test_a_wrong_field_is_named_with_its_place(value: dict[str, Any], place: str, words: str) -> None:
    """the error says which field is wrong and what was expected there."""
    with pytest.raises(InvalidRequest) as refused:
        from_socket(value)
    problem = refused.value.details["problems"][0]
    assert problem["place"] == place
    assert words in problem["message"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "5",
        '{"id": NaN}',
        '{"id": 1e999}',
        "[" * 10_000,
        '{"id": "\\ud800"}',
        "{'id': 1}",
    ],
)
def test_what_is_no_json_object_is_refused(text: str) -> None:
    """broken JSON, other values than objects, numbers that JSON does not have and absurd nesting are errors."""
    with pytest.raises(InvalidRequest):
        from_socket(text)


@pytest.mark.parametrize("value", [{**POST, "body": "a\0b"}, {**CELL, "outputs": [{"text": ["\0"]}]}, {"a\0": 1}])
def test_nul_characters_are_refused(value: dict[str, Any]) -> None:
    """a NUL, which a database may not be able to keep, is refused wherever it hides."""
    with pytest.raises(InvalidRequest, match="NUL"):
        from_socket(value)


def test_a_backslash_before_u0000_is_no_nul() -> None:
    """text that speaks of NUL characters is welcome."""
    assert from_socket({**POST, "body": "\\u0000 ends a string"})


def test_errors_do_not_repeat_what_was_sent() -> None:
    """neither the message nor the details hold the text that was refused, and both are short."""
    secret = "my password is swordfish"
    with pytest.raises(InvalidRequest) as refused:
        from_socket({**POST, "body": [secret], "x" * 10_000: secret, **{f"f{n}": secret for n in range(100)}})
    text = json.dumps(refused.value.to_json())
    assert "swordfish" not in text
    assert len(text) < 10_000


def test_the_path_completes_a_call() -> None:
    """a call's body and its path together are the command; the id may be left out."""
    command = parsing.rest_command(MemberPatch, {"role": "reviewer"}, {"thread": "t1", "username": "ben"}, "fresh")
    assert command == MemberPatch(id="fresh", thread="t1", username="ben", role="reviewer")  # type: ignore[arg-type]
    command = parsing.rest_command(MessagePost, {"id": "mine", "body": "Hi"}, {"thread": "t1"}, "fresh")
    assert command == MessagePost(id="mine", thread="t1", body="Hi")


@pytest.mark.parametrize("name", ["thread", "do"])
def test_a_body_cannot_overrule_the_path(name: str) -> None:
    """what the path says is an unknown field in the body."""
    with pytest.raises(InvalidRequest, match=name):
        parsing.rest_command(MessagePost, {"body": "Hi", name: "other"}, {"thread": "t1"}, "fresh")


def test_a_share_is_parsed_with_its_outputs() -> None:
    """outputs are taken as they are: what is in them is another layer's business."""
    body = {key: value for key, value in CELL.items() if key not in ("do", "thread", "share")}
    output = {"output_type": "stream", "name": "stdout", "text": "é"}
    command = parsing.rest_command(CellPut, {**body, "outputs": [output]}, {"thread": "t1", "share": "s1"}, "fresh")
    assert isinstance(command, CellPut)
    assert command.outputs == [output]


@pytest.mark.parametrize(
    "arguments", [{"limit": "0"}, {"limit": "257"}, {"limit": "many"}, {"before_seq": "-1"}, {"page": "1"}]
)
def test_query_parameters_are_checked(arguments: dict[str, str]) -> None:
    """parameters out of range, of the wrong type or unknown are errors."""
    with pytest.raises(InvalidRequest):
        parsing.query(MessagesQuery, arguments)


def test_query_parameters_are_numbers_in_text() -> None:
    """numbers in a query are text, and become numbers."""
    assert parsing.query(MessagesQuery, {"limit": "7", "before_seq": "300"}) == MessagesQuery(limit=7, before_seq=300)
