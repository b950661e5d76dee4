"""What servers tell each other, as the databases carry it. A notice is a hint: the rows are the truth."""

from __future__ import annotations

import json
from typing import Any

#: SQL for the channel's name: one for each schema, so that chats in one database do not hear each other.
CHANNEL = "'groupchat_' || md5(current_schema())"
POSTGRESQL = f"SELECT pg_notify({CHANNEL}, :notice)"
SQLITE = "INSERT INTO notices (notice) VALUES (:notice)"
#: PostgreSQL's limit for a payload, in bytes.
LONGEST = 7_999


def pack(topic: str, payload: dict[str, Any]) -> str:
    """The notice as text. Raises ValueError when it is too long."""
    notice = json.dumps([topic, payload], separators=(",", ":"))
    if len(notice) > LONGEST:
        raise ValueError(f"A notice of {len(notice)} bytes does not fit into {LONGEST}.")
    return notice


def unpack(notice: str) -> tuple[str, dict[str, Any]]:
    """Topic and payload of a notice. Raises ValueError."""
    topic, payload = json.loads(notice)
    return topic, payload
