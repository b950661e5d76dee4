"""Outputs of shared cells as nbformat has them: images as base64, not as files of the thread."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from jupyter_groupchat.cells.render import IMAGES
from jupyter_groupchat.types import SharedCell


def with_images(cell: SharedCell, image: Callable[[str], bytes | None]) -> list[dict[str, Any]]:
    """The cell's outputs; where ``image`` has nothing for a hash, a visible note."""
    return [_with_images(dict(output), image) for output in cell.outputs]


def _with_images(output: dict[str, Any], image: Callable[[str], bytes | None]) -> dict[str, Any]:
    data = output.get("data")
    if data is None or not any(media_type in data for media_type in IMAGES):
        return output
    filled: dict[str, Any] = {}
    for media_type, value in data.items():
        if media_type not in IMAGES:
            filled[media_type] = value
        elif (raw := image(value["file"])) is not None:
            filled[media_type] = base64.b64encode(raw).decode()
        else:
            filled.setdefault("text/plain", f"[{media_type} is no longer there]")
    return {**output, "data": filled}
