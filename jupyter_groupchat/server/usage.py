"""What everybody used of the model, for those who keep the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from typing_extensions import TypedDict  # pydantic reads it; before Python 3.12 it needs this one

from jupyter_groupchat.errors import InvalidRequest, NotAllowed
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.reply_shapes import UsageLineJson
from jupyter_groupchat.wire.times import to_wire

#: The time that a report covers unless told.
_USUAL = timedelta(days=30)


class UsageReport(TypedDict):
    """What everybody used from ``since`` on and before ``until``, by person, thread and model."""

    since: str
    until: str
    usage: list[UsageLineJson]


async def report(host: Host, actor: Actor, path: dict[str, str], query: Any) -> UsageReport:
    """The report. Raises NotAllowed for everybody but operators."""
    if actor.via is not None or actor.username not in host.options.operators:
        raise NotAllowed("Only those whom GroupChat.operators names may read what everybody used.")
    until = query.until or datetime.now(UTC)
    since = query.since or until - _USUAL
    if since >= until:
        raise InvalidRequest("The time that since names is not before until.")
    return {
        "since": to_wire(since),
        "until": to_wire(until),
        "usage": await host.service.usage_report(since, until),
    }
