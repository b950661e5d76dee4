"""From a REST call to its answer; it knows nothing of tornado."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote

from jupyter_groupchat.errors import Conflict, GroupChatError, InvalidRequest, NotFound, TooLarge
from jupyter_groupchat.server import parsing
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.server.openapi import document
from jupyter_groupchat.server.routes import ROUTES, Route
from jupyter_groupchat.server.transfers import Download
from jupyter_groupchat.types import Actor, StoredFile

T = TypeVar("T")

#: Query parameters that belong to the Jupyter server and are not ours to judge. JupyterLab adds a bare time stamp, too.
_JUPYTERS = re.compile(r"token|no_track_activity|_xsrf|\d*")


class MethodNotAllowed(GroupChatError):
    """The address exists, and cannot be asked for that way."""

    code, status = "invalid_request", 405


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request. ``path`` is what follows ``groupchat/api/``, still percent-encoded; ``base_url`` is the server's.

    ``gone`` is set when the caller has hung up.
    """

    method: str
    path: str
    arguments: Mapping[str, str]
    body: bytes
    base_url: str
    gone: asyncio.Event = field(default_factory=asyncio.Event)


async def answer(
    host: Host, actor: Actor, call: Call
) -> tuple[int, dict[str, Any] | tuple[StoredFile, bytes] | Download]:
    """The status and the answer. Raises GroupChatError."""
    if call.path == "openapi.json" and call.method == "GET":
        return 200, document(call.base_url)
    route, path = find(ROUTES, call)
    return await follow(host, actor, call, route, path)


async def follow(
    host: Host, actor: Actor, call: Call, route: Route, path: dict[str, str]
) -> tuple[int, dict[str, Any] | tuple[StoredFile, bytes] | Download]:
    """The status and the answer of a call that a route was found for. Raises GroupChatError."""
    arguments = {name: value for name, value in call.arguments.items() if not _JUPYTERS.fullmatch(name)}
    if route.read is not None:
        return route.status, await route.read(host, actor, path, parsing.query(route.query, arguments))
    host.rates.take(actor.username)
    if route.take is not None:
        taken = route.take(host, actor, path, parsing.query(route.query, arguments), call.body)
        return route.status, await (_until(call.gone, taken) if route.until_gone else taken)
    assert route.command is not None
    command = parsing.rest_command(route.command, body(host, call), path, uuid.uuid4().hex)
    return route.status, await host.execute(actor, command, call.base_url)


async def _until(gone: asyncio.Event, work: Awaitable[T]) -> T:
    """What the work gives; cancelled when the caller is gone, since nobody else would hear of it."""
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(gone.wait())
    try:
        await asyncio.wait([doing, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            doing.cancel()
            await asyncio.wait([doing])
        if doing.cancelled():
            raise Conflict("This was given up, since nobody waited for it any more.")
        return doing.result()
    finally:
        leaving.cancel()
        doing.cancel()


def body(host: Host, call: Call) -> dict[str, Any]:
    """The JSON object that came with a call, an empty one where nothing did. Raises TooLarge and InvalidRequest."""
    limit = host.options.frame_bytes
    if len(call.body) > limit:
        raise TooLarge(f"This request has {len(call.body):,} bytes; {limit:,} are possible.", limit=limit)
    if not call.body:
        return {}
    try:
        return parsing.parse_object(call.body.decode())
    except UnicodeDecodeError:
        raise InvalidRequest("The request's body is not UTF-8.") from None


def find(routes: Iterable[Route], call: Call) -> tuple[Route, dict[str, str]]:
    """The route of a call, with what the names in its path stand for. Raises NotFound and MethodNotAllowed."""
    parts = [unquote(part) for part in call.path.split("/")]
    fitting = [(route, names) for route in routes if (names := _match(route, parts)) is not None]
    for route, names in fitting:
        if route.method == call.method:
            return route, names
    if fitting:
        methods = [route.method for route, _ in fitting]
        raise MethodNotAllowed(f"{call.method} is not possible here; {', '.join(methods)} is.", methods=methods)
    raise NotFound("There is nothing at this address.")


def _match(route: Route, parts: list[str]) -> dict[str, str] | None:
    """What the names in the route's path stand for, or None when it does not fit."""
    segments = route.segments
    if len(segments) != len(parts):
        return None
    names = {}
    for segment, part in zip(segments, parts, strict=True):
        if segment.startswith("{"):
            if not part or "\0" in part:
                return None
            names[segment[1:-1]] = part
        elif segment != part:
            return None
    return names
