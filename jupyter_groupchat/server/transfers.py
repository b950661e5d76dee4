"""Exports and imports as calls."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyter_groupchat.server import results
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.transfer import exporting, reading
from jupyter_groupchat.types import Actor


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is sent while it is made. What ``pieces`` raises comes too late for an error: the file is cut off."""

    name: str
    media_type: str
    pieces: AsyncIterator[bytes]


async def export_thread(host: Host, actor: Actor, path: dict[str, str], query: Any) -> Download:
    """A thread in a format, as far as it is written now."""
    thread = await host.service.thread(actor, path["thread"])
    pieces = exporting.export(host.source(actor, path["thread"]), query.format, datetime.now(UTC))
    first = await asyncio.to_thread(next, pieces)  # an error in it is still one that the caller hears
    name = exporting.file_name(thread["title"], query.format)
    return Download(name, exporting.media_type(query.format), _all(first, pieces))


async def import_thread(host: Host, actor: Actor, path: dict[str, str], query: Any, data: bytes) -> results.Thread:
    """A new thread of the caller's with what the file holds."""
    limit = host.options.import_bytes
    imported = await asyncio.to_thread(reading.read, io.BytesIO(data), limit=limit, title=query.title)
    return {"thread": (await host.service.bring_in(actor, imported))["thread"]}


async def _all(first: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    while (piece := await asyncio.to_thread(next, rest, None)) is not None:
        yield piece
