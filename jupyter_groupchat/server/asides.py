"""Calls by which the model does something for the caller alone."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic reads it; before Python 3.12 it needs this one

from jupyter_groupchat.assistant.recap import Point
from jupyter_groupchat.errors import Conflict
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.answers import cell_reference_json, message_reference_json
from jupyter_groupchat.wire.reply_shapes import CatchUpJson, PointJson


class CatchUp(TypedDict):
    """What the caller missed."""

    catch_up: CatchUpJson


class Transcription(TypedDict):
    """What a recording says."""

    text: str


async def transcribe(host: Host, actor: Actor, path: dict[str, str], query: Any, data: bytes) -> Transcription:
    """What the body, a recording, says. Raises Conflict where nobody writes recordings down."""
    if host.dictation is None:
        raise Conflict("Dictation is not switched on at this server.")
    return {"text": await host.dictation.transcribe(actor, data)}


async def catch_up(host: Host, actor: Actor, path: dict[str, str], query: Any, data: bytes) -> CatchUp:
    """What was said since, in points that refer to messages and cells. The body is of no account."""
    told = await host.catch_up(actor, path["thread"], query.since_seq)
    return {
        "catch_up": {
            "since_seq": told.since_seq,
            "points": [_point(point) for point in told.points],
            "messages": told.messages,
            "left_out": told.left_out,
            "model": told.model,
        }
    }


def _point(point: Point) -> PointJson:
    return {
        "text": point.text,
        "messages": [message_reference_json(row) for row in point.messages],
        "cells": [cell_reference_json(cell) for cell in point.cells],
    }
