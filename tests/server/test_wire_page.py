"""docs/wire.md names everything that is on the wire, and nothing that is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from jupyter_groupchat import errors
from jupyter_groupchat.server import guests
from jupyter_groupchat.server.routes import ROUTES
from jupyter_groupchat.wire import commands, events

PAGE = (Path(__file__).parents[2] / "docs" / "wire.md").read_text(encoding="utf-8")
CALL = re.compile(r"((?:GET|POST|PUT|PATCH|DELETE)(?:, (?:PUT|DELETE))*) ([^ `?]+)")


def test_every_call_is_on_the_page() -> None:
    """the tables of calls have a row for each route, those of guests too."""
    named = {(method, path) for methods, path in CALL.findall(PAGE) for method in methods.split(", ")}
    routes = {(route.method, route.path) for route in (*ROUTES, *guests.ROUTES)}
    assert named == routes | {("GET", "openapi.json")}


def test_every_command_and_event_is_on_the_page() -> None:
    """each command is named with its call or for itself, each event in the section on events."""
    for annotation, tag in ((commands.SocketCommand, "do"), (events.AnyEvent, "event")):
        for model in get_args(get_args(annotation)[0]):
            assert f"`{model.model_fields[tag].default}`" in PAGE


def test_every_error_code_is_on_the_page() -> None:
    """each code that a request can be refused with is in the table of errors."""

    def below(error: type[errors.GroupChatError]) -> set[str]:
        return {error.code}.union(*(below(child) for child in error.__subclasses__()))

    of_models = below(errors.ModelError)
    for code in below(errors.GroupChatError) - of_models - {errors.GroupChatError.code}:
        assert f"`{code}`" in PAGE
