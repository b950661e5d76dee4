"""A guest's calls: which there are, and what each answers. Knows nothing of tornado.

Everything that is not in ``ROUTES`` is refused, be it a call that members have or none at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jupyter_groupchat.errors import NotAllowed, NotFound
from jupyter_groupchat.server import parsing, results, routes
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.server.openapi import document
from jupyter_groupchat.server.rest import Call, MethodNotAllowed, body, find, follow
from jupyter_groupchat.server.routes import Route
from jupyter_groupchat.server.transfers import Download
from jupyter_groupchat.threads.guests import NOT_FOR_GUESTS
from jupyter_groupchat.threads.passes import Holder
from jupyter_groupchat.types import GUEST, StoredFile
from jupyter_groupchat.wire.guest_calls import GuestEnter, GuestLeave, GuestPeek
from jupyter_groupchat.wire.shapes import GuestEnteredJson, GuestJson, GuestLinkJson
from jupyter_groupchat.wire.times import to_wire

_MESSAGE = "threads/{thread}/messages/{message}"
#: Calls of members that guests have too, for their thread.
_SHARED = {
    ("GET", "threads"),
    ("GET", "threads/{thread}"),
    ("GET", "threads/{thread}/members"),
    ("GET", "threads/{thread}/messages"),
    ("POST", "threads/{thread}/messages"),
    ("GET", _MESSAGE),
    ("PATCH", _MESSAGE),
    ("DELETE", _MESSAGE),
    ("POST", f"{_MESSAGE}/reports"),
    ("PUT", f"{_MESSAGE}/reactions/{{emoji}}"),
    ("DELETE", f"{_MESSAGE}/reactions/{{emoji}}"),
    ("GET", f"{_MESSAGE}/versions"),
    ("GET", f"{_MESSAGE}/manifest"),
    ("DELETE", "threads/{thread}/replies/{message}"),
    ("GET", "threads/{thread}/files/{file}"),
    ("GET", "threads/{thread}/search"),
    ("GET", "threads/{thread}/marked"),
    ("PUT", "threads/{thread}/read"),
    ("POST", "threads/{thread}/leave"),
    ("GET", "pictures/{sha256}"),
    ("GET", "me/requests"),  # always empty: who waits is not in yet
}


_ME = Route(method="GET", path="me", summary="Who the caller is.", answer=results.Me, may_wait=True)
_PEEK = Route(method="POST", path="peek", summary="What a link opens.", answer=GuestLinkJson, guest=GuestPeek)
_ENTER = Route(
    method="POST",
    path="enter",
    summary="Come in by a link; the answer's cookie is the caller's pass.",
    answer=GuestEnteredJson,
    guest=GuestEnter,
    may_wait=True,
)
_LEAVE = Route(method="POST", path="leave", summary="Leave for good.", answer=results.Empty, guest=GuestLeave)

#: All calls below ``groupchat/guest/api/``.
ROUTES: tuple[Route, ...] = (
    _ME,
    _PEEK,
    _ENTER,
    _LEAVE,
    *(route for route in routes.ROUTES if (route.method, route.path) in _SHARED),
)


@dataclass(frozen=True, slots=True)
class Pass:
    """What the caller is to keep: a pass until some time, or with None no longer any."""

    value: str | None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and what becomes of the caller's pass, if anything."""

    status: int
    result: dict[str, Any] | tuple[StoredFile, bytes] | Download
    kept: Pass | None = None


def guests_document(base_url: str) -> dict[str, Any]:
    """``openapi.json`` of what guests may ask for."""
    return document(base_url, ROUTES, "groupchat/guest/api")


async def answer(host: Host, call: Call, value: str | None, address: str) -> Answer:
    """Answer a call from ``address`` with the pass ``value``, where there is one. Raises GroupChatError."""
    if (call.method, call.path) == ("GET", "openapi.json"):
        return Answer(200, guests_document(call.base_url))
    route, path = _find(call)
    if route.guest is not None:
        host.rates.take(_from(address))
        return await _of_anybody(host, call, route, value, address)
    holder = await known(host, value, address)
    if route.command is None:
        host.rates.take(holder.guest.username)
    if route is _ME and holder.waiting:
        return Answer(202, _waiting(holder))
    actor = holder.actor
    if route is _ME:
        return Answer(route.status, {**await _me(host, holder)})
    return Answer(*await follow(host, actor, call, route, path))


async def known(host: Host, value: str | None, address: str) -> Holder:
    """Who holds the pass ``value``. Raises NotAllowed, and RateLimited at an address that shows others all the time."""
    host.rates.check(_from(address))
    try:
        return await host.service.passes.holder(value)
    except NotAllowed:
        host.rates.take(_from(address))
        raise


def _from(address: str) -> str:
    """Under which name the commands of somebody are counted who is nobody yet. It is nobody's username."""
    return f"{GUEST}at {address}"


def _find(call: Call) -> tuple[Route, dict[str, str]]:
    try:
        return find(ROUTES, call)
    except (NotFound, MethodNotAllowed):
        find(routes.ROUTES, call)  # raises where nobody has it
        raise NotAllowed(NOT_FOR_GUESTS) from None


async def _of_anybody(host: Host, call: Call, route: Route, value: str | None, address: str) -> Answer:
    """What somebody asks for who is no guest yet, or no longer wants to be."""
    assert route.guest is not None
    asked = parsing.guest_call(route.guest, body(host, call))
    passes = host.service.passes
    if isinstance(asked, GuestPeek):
        return Answer(200, {**await passes.peek(asked.code, address)})
    if isinstance(asked, GuestEnter):
        holder, value = await passes.enter(asked.code, asked.name, address, value)
        kept = Pass(value, holder.guest.ends_at)
        if holder.waiting:
            return Answer(202, _waiting(holder), kept)
        guest = holder.guest
        return Answer(200, {"thread_id": guest.thread_id, "ends_at": to_wire(guest.ends_at)}, kept)
    await passes.leave(value)
    return Answer(200, {}, Pass(None))


def _waiting(holder: Holder) -> dict[str, Any]:
    answer: results.GuestWaiting = {"waiting": True, "title": holder.title, "invited_by": holder.invited_by}
    return {**answer}


async def _me(host: Host, holder: Holder) -> results.Me:
    """As for members; what the operator lets people do, guests may not."""
    guest = holder.guest
    me = await results.me(host, holder.actor, {}, None)
    nothing: results.Allowed = {
        **me["allowed"],
        "threads": False,
        "invitation_links": False,
        "reports": False,
        "add_people": False,
        "guests_allowed": False,
    }
    told: GuestJson = {
        "thread_id": guest.thread_id,
        "ends_at": to_wire(guest.ends_at),
        "invited_by": holder.invited_by,
    }
    limits: results.Capacity = {**me["limits"], "file_types": []}
    return {**me, "dictation": None, "limits": limits, "allowed": nothing, "guest": told}
