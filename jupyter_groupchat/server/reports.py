"""What members reported, for those who keep the server."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # pydantic reads it; before Python 3.12 it needs this one

from jupyter_groupchat.server.host import Host
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.shapes import ReportJson


class Reports(TypedDict):
    """Reports, the newest first."""

    reports: list[ReportJson]


async def reports(host: Host, actor: Actor, path: dict[str, str], query: Any) -> Reports:
    """Those that are open, or all. Raises NotAllowed for everybody but operators."""
    return {"reports": await host.service.reports(actor, query.limit, closed=query.closed)}
