"""``openapi.json``: the calls, the socket's commands and its events, from the models that requests are parsed with."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter

from jupyter_groupchat import __version__, errors
from jupyter_groupchat.server import results
from jupyter_groupchat.server.routes import ROUTES, Nothing, Route
from jupyter_groupchat.wire import commands, events

_REF = "#/components/schemas/{model}"
_ERRORS: tuple[type[errors.GroupChatError], ...] = (
    errors.InvalidRequest,
    errors.NotAllowed,
    errors.NotFound,
    errors.Conflict,
    errors.InvitationGone,
    errors.TooLarge,
    errors.RateLimited,
    errors.StorageUnavailable,
)
_SOCKET = """The same commands go over the WebSocket `socket`, each as a text frame (schemas under `SocketCommand`);
what comes unasked is under `Event`. See docs/wire.md for its answers and its binary frames."""


def document(base_url: str, routes: tuple[Route, ...] = ROUTES, below: str = "groupchat/api") -> dict[str, Any]:
    """The document for a server at ``base_url``, where ``routes`` are ``below`` that."""
    return {**_document(routes), "servers": [{"url": f"{base_url}{below}"}]}


@cache
def _document(routes: tuple[Route, ...]) -> dict[str, Any]:
    schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(f"/{route.path}", {})[route.method.lower()] = _operation(route, schemas)
    paths["/openapi.json"] = {"get": _own_operation()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "jupyter_groupchat",
            "version": __version__,
            "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
            "description": _SOCKET,
        },
        "security": [{"token": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {error.__name__: _error_response(error) for error in _ERRORS},
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token <the server's token>`",
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-XSRFToken",
                    "description": "Jupyter's sign-in cookie; what changes something needs the XSRF token beside it.",
                },
            },
        },
    }


def _schemas(routes: tuple[Route, ...]) -> dict[str, Any]:
    """Every schema, by name: answers, commands, events, and the bodies of the calls."""
    named: dict[str, Any] = {route.answer.__name__: route.answer for route in routes if route.answer is not bytes}
    named |= {"Error": results.Error, "GuestWaiting": results.GuestWaiting}
    named |= {route.guest.__name__: route.guest for route in routes if route.guest is not None}
    models = [*get_args(get_args(commands.SocketCommand)[0]), *get_args(get_args(events.AnyEvent)[0])]
    named |= {model.__name__: model for model in models}
    adapters = [(name, "validation", TypeAdapter(model)) for name, model in named.items()]
    _, definitions = TypeAdapter.json_schemas(adapters, ref_template=_REF)  # type: ignore[arg-type]
    schemas: dict[str, Any] = dict(definitions["$defs"])
    for route in routes:
        schemas |= route.query.model_json_schema(ref_template=_REF).get("$defs", {})
        if route.body is not None:
            schemas[_body_name(route)] = _body(route, schemas[route.body.__name__])
    for name, annotation in (("SocketCommand", commands.SocketCommand), ("Event", events.AnyEvent)):
        members = [model.__name__ for model in get_args(get_args(annotation)[0])]
        schemas[name] = {"oneOf": [{"$ref": _REF.format(model=member)} for member in members]}
    return dict(sorted(schemas.items()))


def _body_name(route: Route) -> str:
    assert route.body is not None
    return f"{route.body.__name__}Body"


def _body(route: Route, command: dict[str, Any]) -> dict[str, Any]:
    """A command without what the path says of it; its id may be left out."""
    elsewhere = {"do", *route.names}
    properties = {name: value for name, value in command.get("properties", {}).items() if name not in elsewhere}
    required = [name for name in command.get("required", ()) if name not in {*elsewhere, "id"}]
    body = {**command, "title": _body_name(route), "properties": properties, "required": required}
    if not required:
        body.pop("required", None)
    return body


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{route.path.replace('/', '_').translate({123: None, 125: None})}",
        "summary": route.summary,
        "parameters": [*_path_parameters(route, schemas), *_query_parameters(route.query)],
        "responses": {
            str(route.status): _response(route),
            **{str(error.status): {"$ref": f"#/components/responses/{error.__name__}"} for error in _ERRORS},
        },
    }
    if route.may_wait:
        operation["responses"]["202"] = _json("The owner has not let the caller in yet.", "GuestWaiting")
    if route.take is not None:
        body = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": body}
    if route.body is not None:
        operation["requestBody"] = {
            "required": bool(schemas[_body_name(route)].get("required")),
            "content": {"application/json": {"schema": {"$ref": _REF.format(model=_body_name(route))}}},
        }
    return operation


def _path_parameters(route: Route, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    properties = schemas[route.command.__name__]["properties"] if route.command is not None else {}
    plain = {"type": "string", "minLength": 1}
    return [
        {"name": name, "in": "path", "required": True, "schema": properties.get(name, plain)} for name in route.names
    ]


def _query_parameters(query: type[Nothing]) -> list[dict[str, Any]]:
    schema = query.model_json_schema(ref_template=_REF)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": value}
        for name, value in schema.get("properties", {}).items()
    ]


def _response(route: Route) -> dict[str, Any]:
    if route.answer is bytes:
        return {"description": "The bytes.", "content": {"*/*": {}}}
    description = (route.answer.__doc__ or "").strip().splitlines()[0]
    return _json(description, route.answer.__name__)


def _error_response(error: type[errors.GroupChatError]) -> dict[str, Any]:
    return _json(f"`{error.code}`: {(error.__doc__ or '').strip().splitlines()[0]}", "Error")


def _json(description: str, model: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=model)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _own_operation() -> dict[str, Any]:
    return {
        "operationId": "get_openapi",
        "summary": "This document.",
        "responses": {
            "200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}
        },
    }
