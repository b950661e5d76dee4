"""From bytes that anybody may have written to a checked value, or to an error that says where it goes wrong."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from jupyter_groupchat.errors import InvalidRequest

Model = TypeVar("Model", bound=BaseModel)

_PROBLEMS = 3


def json_object(data: bytes, where: str) -> dict[str, Any]:
    """The JSON object that ``data`` holds. Raises InvalidRequest, which begins with ``where``."""
    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidRequest(f"{where}: this is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise InvalidRequest(f"{where}: a JSON object is needed here.")
    if b"\\u0000" in data and _holds_nul(value):
        raise InvalidRequest(f"{where}: a text holds a NUL character.")
    return value


def validated(model: type[Model], data: bytes, where: str) -> Model:
    """``data`` as what ``model`` describes. Raises InvalidRequest, which names the fields and repeats no text."""
    try:
        return model.model_validate_json(data, strict=True)
    except ValidationError as error:
        problems = []
        for found in error.errors(include_url=False, include_context=False, include_input=False)[:_PROBLEMS]:
            place = ".".join(map(str, found["loc"]))[:100]
            problems.append(f"{place}: {found['msg'].removeprefix('Value error, ')}")
        raise InvalidRequest(f"{where}: {'; '.join(problems)}.") from None


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))
