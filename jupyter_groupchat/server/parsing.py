"""From what a client sent to a command, or to an error that names the place and never repeats the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.threads.internal import FilePut
from jupyter_groupchat.wire.commands import AnyCommand, Command, SocketCommand, Subscribe, Unsubscribe
from jupyter_groupchat.wire.guest_calls import GuestCall

_SOCKET_COMMAND: TypeAdapter[AnyCommand | Subscribe | Unsubscribe] = TypeAdapter(SocketCommand)
_Query = TypeVar("_Query", bound=BaseModel)
_Call = TypeVar("_Call", bound=GuestCall)
_PROBLEMS = 10
_PLACE = 100


def parse_object(text: str) -> dict[str, Any]:
    """The JSON object that the text holds. Raises InvalidRequest."""
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(f"This is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidRequest("A JSON object is needed here.")
    # PostgreSQL cannot keep it in text, and nobody types it.
    if "\\u0000" in text and _holds_nul(value):
        raise InvalidRequest("The text holds a NUL character.")
    return value


def socket_command(text: str, value: Mapping[str, Any]) -> AnyCommand | Subscribe | Unsubscribe:
    """A text frame's command; ``value`` is what ``parse_object`` made of it. Raises InvalidRequest."""
    try:
        return _SOCKET_COMMAND.validate_json(text, strict=True)
    except ValidationError as error:
        raise _invalid(error, tag=value.get("do")) from None


def rest_command(model: type[Command], body: Mapping[str, Any], path: Mapping[str, str], fresh_id: str) -> AnyCommand:
    """A REST call's command: the body's fields and those that the path names. Raises InvalidRequest."""
    for name in ("do", *path):
        if name in body:
            raise InvalidRequest(f"{name}: Extra inputs are not permitted", problems=[_problem(name, "not permitted")])
    try:
        command = model.model_validate_json(to_json({"id": fresh_id, **body, **path}), strict=True)
        return cast(AnyCommand, command)
    except ValidationError as error:
        raise _invalid(error) from None


def guest_call(model: type[_Call], body: Mapping[str, Any]) -> _Call:
    """What somebody asks for who is nobody yet. Raises InvalidRequest."""
    try:
        return model.model_validate(body, strict=True)
    except ValidationError as error:
        raise _invalid(error) from None


def file_put(query: Mapping[str, Any], path: Mapping[str, str], data: bytes, fresh_id: str) -> FilePut:
    """The command for a file that came as a call's body. Raises InvalidRequest."""
    try:
        return FilePut(id=query["id"] or fresh_id, thread=path["thread"], name=query["name"], data=data)
    except ValidationError as error:
        raise _invalid(error) from None


def query(model: type[_Query], arguments: Mapping[str, str]) -> _Query:
    """A call's query parameters. Raises InvalidRequest."""
    try:
        return model.model_validate(arguments)
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError, tag: object = None) -> InvalidRequest:
    problems = []
    for found in error.errors(include_url=False, include_input=False)[:_PROBLEMS]:
        places = found["loc"]
        if places and places[0] == tag:
            places = places[1:]
        words = found["msg"].removeprefix("Value error, ")
        if found["type"] == "union_tag_invalid":  # pydantic's words repeat what was sent
            words = f"This does not match any command: {found['ctx']['expected_tags']}"
        problems.append(_problem(".".join(map(str, places)), words))
    message = "; ".join(f"{problem['place'] or 'command'}: {problem['message']}" for problem in problems)
    return InvalidRequest(message, problems=problems)


def _problem(place: str, message: str) -> dict[str, str]:
    return {"place": place[:_PLACE], "message": message[:300]}


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))
