"""What servers on one database tell each other after a commit: where to look, and whom it concerns.

A piece of news is small and may be lost, doubled or late; the rows are the truth (see ``upkeep`` for what was missed).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter

from jupyter_groupchat.threads.delivery import Close, Delivery, Stop, Tidings
from jupyter_groupchat.wire.events import AnyEvent, Event

TOPIC = "news"
#: Bytes of one notice: PostgreSQL takes 8,000 with what is around it.
_ROOM = 7_000

_events: TypeAdapter[Event] = TypeAdapter(AnyEvent)


def pack(delivery: Delivery, server_id: str) -> Iterator[dict[str, Any]]:
    """The payloads that tell other servers what they need of a delivery."""
    items, size = list[list[Any]](), 0
    for item in _items(delivery):
        length = len(json.dumps(item)) + 1
        if items and size + length > _ROOM:
            yield {"server": server_id, "items": items}
            items, size = [], 0
        items.append(item)
        size += length
    if items:
        yield {"server": server_id, "items": items}


def unpack(payload: dict[str, Any]) -> Delivery:
    """What another server packed. Of documents, only how far they are: their rows are yet to be read."""
    delivery = Delivery()
    for kind, *values in payload["items"]:
        match kind:
            case "document":
                doc_id, seq = values
                delivery.heads[doc_id] = seq
            case "close":
                delivery.closes.append(Close(*values))
            case "event":
                username, event = values
                delivery.events.append((username, _events.validate_python(event)))
            case "tidings":
                delivery.tidings.append(Tidings(*values))
            case "stop":
                delivery.stops.append(Stop(*values))
    return delivery


def event_payload(username: str, event: Event, server_id: str) -> dict[str, Any]:
    """An event for one person, wherever they are."""
    delivery = Delivery()
    delivery.events.append((username, event))
    return next(pack(delivery, server_id))


def _items(delivery: Delivery) -> Iterator[list[Any]]:
    for doc_id, seq in delivery.heads.items():
        yield ["document", doc_id, seq]
    for close in delivery.closes:
        yield ["close", close.thread_id, close.username, close.why, close.doc]
    for username, event in delivery.events:
        yield ["event", username, event.model_dump(mode="json")]
    yield from _tidings(delivery.tidings)
    for stop in delivery.stops:
        yield ["stop", stop.thread_id, stop.message, stop.by]


def _tidings(tidings: Iterable[Tidings]) -> Iterator[list[Any]]:
    """The first and the last message of each thread stand for those between: hundreds may share a commit."""
    seqs: dict[tuple[str, str | None, bool], list[int]] = {}
    for one in tidings:
        found = seqs.setdefault((one.thread_id, one.username, one.members), [])
        if one.seq is not None:
            found.append(one.seq)
    for (thread_id, username, members), found in seqs.items():
        for seq in sorted({min(found), max(found)}) if found else (None,):
            yield ["tidings", thread_id, seq, username, members]
