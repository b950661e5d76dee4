"""``openapi.json`` tells the truth about the running server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from jupyter_groupchat.server import guests
from jupyter_groupchat.server.openapi import document
from jupyter_groupchat.server.routes import ROUTES
from jupyter_groupchat.wire import commands, events
from tests.server.client import Person

pytestmark = pytest.mark.anyio

DOCUMENT = document("http://localhost:8888/")


def validator(name: str) -> Draft202012Validator:
    """Checks values against a named schema of the document."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]})


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def test_every_route_is_in_it_and_nothing_else() -> None:
    """each call has an operation with its parameters, its body and its errors, and there are no others."""
    described = {
        (method.upper(), path): operation
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
    }
    assert set(described) == {(route.method, f"/{route.path}") for route in ROUTES} | {("GET", "/openapi.json")}
    for route in ROUTES:
        operation = described[route.method, f"/{route.path}"]
        assert operation["summary"]
        in_path = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"]
        assert in_path == route.names
        assert str(route.status) in operation["responses"]
        assert ("requestBody" in operation) == (route.command is not None or route.take is not None)
    operations = [operation["operationId"] for operation in described.values()]
    assert len(set(operations)) == len(operations)


def test_guests_have_a_document_of_their_own() -> None:
    """with their calls and no others, in which every reference leads somewhere."""
    document = guests.guests_document("http://localhost:8888/")
    described = {(method.upper(), path) for path, found in document["paths"].items() for method in found}
    assert described == {(route.method, f"/{route.path}") for route in guests.ROUTES} | {("GET", "/openapi.json")}
    assert document["servers"] == [{"url": "http://localhost:8888/groupchat/guest/api"}]
    for reference in references(document):
        _, kind, group, name = reference.split("/")
        assert name in document[kind][group]
    assert set(document["components"]["schemas"]["GuestEnterBody"]["properties"]) == {"code", "name"}


def test_every_command_and_event_is_in_it() -> None:
    """all that goes over the socket as text has a schema."""
    for annotation, name in ((commands.SocketCommand, "SocketCommand"), (events.AnyEvent, "Event")):
        models = {model.__name__ for model in get_args(get_args(annotation)[0])}
        listed = {
            reference["$ref"].rpartition("/")[2] for reference in DOCUMENT["components"]["schemas"][name]["oneOf"]
        }
        assert listed == models


def test_it_holds_together() -> None:
    """every reference leads somewhere, and every schema is a valid one."""
    for reference in references(DOCUMENT):
        _, kind, group, name = reference.split("/")
        assert kind == "components"
        assert name in DOCUMENT[kind][group]
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_a_body_does_not_repeat_the_path() -> None:
    """a call's body has the command's fields without those in its path, and the id is optional."""
    schema = DOCUMENT["components"]["schemas"]["MessagePostBody"]
    assert set(schema["properties"]) == {"id", "body", "reply_to", "cells", "files"}
    assert schema["required"] == ["body"]
    assert schema["additionalProperties"] is False


async def test_the_server_answers_with_it(ana: Person) -> None:
    """the document is served, with the server's own address."""
    served = await ana.ask("GET", "openapi.json")
    assert served == {**DOCUMENT, "servers": [{"url": ana.server.api.rstrip("/")}]}


async def test_answers_are_as_described(ana: Person, ben: Person) -> None:
    """what a running server answers fits the schemas, errors too."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    cell = {"notebook": "a.ipynb", "cell_id": "c", "cell_type": "code", "source": "1", "outputs": []}
    told: list[tuple[str, Any]] = [
        ("Me", await ana.ask("GET", "me")),
        ("Invitation", await ana.ask("POST", f"threads/{thread}/invitations", {"expires_in": 60})),
        ("Message", await ana.ask("POST", f"threads/{thread}/messages", {"id": "m1", "body": "@ben hello"})),
        ("Cell", await ana.ask("PUT", f"threads/{thread}/cells/s1", cell)),
        ("File", await ana.ask("POST", f"threads/{thread}/files", "Some words.", name="notes.txt")),
        ("Read", await ana.ask("PUT", f"threads/{thread}/read", {"seq": 0})),
        ("Empty", await ana.ask("PUT", f"threads/{thread}/mute", {"muted": False})),
        ("Member", await ana.ask("PATCH", f"threads/{thread}/members/ben", {"role": "annotator"})),
        ("Thread", await ana.ask("GET", f"threads/{thread}")),
        ("Threads", await ana.ask("GET", "threads")),
        ("Members", await ana.ask("GET", f"threads/{thread}/members")),
        ("Invitations", await ana.ask("GET", f"threads/{thread}/invitations")),
        ("Messages", await ana.ask("GET", f"threads/{thread}/messages")),
        ("Decisions", await ana.ask("GET", f"threads/{thread}/decisions")),
        ("Hits", await ana.ask("GET", f"threads/{thread}/search", q="hello")),
        ("Audit", await ana.ask("GET", f"threads/{thread}/audit")),
        ("Error", (await ana.call("GET", "threads/nowhere"))[1]),
    ]
    for name, value in told:
        validator(name).validate(value)
        assert value or name == "Empty"


async def test_events_are_as_described(ana: Person, ben: Person) -> None:
    """what comes unasked over the socket fits the schemas."""
    socket = await ben.connect()
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    await socket.open(f"thread:{thread}")
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "@ben hello"})
    await socket.event("thread.updated", thread=thread)
    await ana.ask("DELETE", f"threads/{thread}/members/ben")
    await socket.event("thread.gone", thread=thread)
    assert {event["event"] for event in socket.events} >= {"thread.joined", "thread.updated", "presence"}
    for event in socket.events:
        validator("Event").validate(event)
