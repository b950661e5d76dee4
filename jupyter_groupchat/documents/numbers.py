"""Numbers as JSON means them: a document gives back every number as a float."""

from __future__ import annotations

from typing import Any


def whole(value: Any) -> Any:
    """The same value with its whole numbers as integers, at any depth."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return value
