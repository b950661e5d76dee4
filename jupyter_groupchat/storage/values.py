"""How values become columns and columns become values."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from jupyter_groupchat.storage.tables.messages import SEQ_BITS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SEQ = (1 << SEQ_BITS) - 1
_HEX = re.compile(r"[0-9a-f]{32}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def micros(at: datetime) -> int:
    """Microseconds since 1970. Exact: a time comes back as it was."""
    return (at - _EPOCH) // _MICROSECOND


def time(at: int) -> datetime:
    """The aware UTC datetime of ``micros``."""
    return _EPOCH + timedelta(microseconds=at)


def micros_or_none(at: datetime | None) -> int | None:
    """``micros`` where there is a time."""
    return None if at is None else micros(at)


def time_or_none(at: int | None) -> datetime | None:
    """``time`` where there is one."""
    return None if at is None else time(at)


def message_key(thread: int, seq: int) -> int:
    """A message's key; ``seq`` -1 is before all of the thread's."""
    return (thread << SEQ_BITS) + seq


def seq_of(key: int) -> int:
    """The ``seq`` in a message's key."""
    return key & _SEQ


def packed(id: str) -> bytes:
    """A message's id as bytes: 16 of a UUID, 17 of 32 hexadecimal digits, which the browser takes; another one's
    characters after a zero."""
    if _UUID.fullmatch(id):
        return bytes.fromhex(id.replace("-", ""))
    if _HEX.fullmatch(id):
        return b"\1" + bytes.fromhex(id)
    return id.encode().rjust(17, b"\0") if len(id) <= 16 else b"\0" + id.encode()


def unpacked(data: bytes) -> str:
    """The id of ``packed``."""
    if data[:1] == b"\1" and len(data) == 17:
        return data[1:].hex()
    if len(data) != 16:
        return data.lstrip(b"\0").decode()
    text = data.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def to_json(value: Any) -> str:
    """Compact JSON; ASCII, since PostgreSQL's text cannot hold every character."""
    return json.dumps(value, separators=(",", ":"))


def list_to_json(items: tuple[str, ...]) -> str | None:
    """Null for an empty list: nearly all are."""
    return to_json(items) if items else None


def list_from_json(text: str | None) -> tuple[str, ...]:
    """The list of ``list_to_json``."""
    return tuple(json.loads(text)) if text else ()
