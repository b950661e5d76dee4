"""Times in documents and on the wire: RFC 3339 in UTC, to the millisecond."""

from __future__ import annotations

from datetime import UTC, datetime


def to_wire(at: datetime) -> str:
    """``2026-11-24T09:30:00.125Z``"""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_wire(text: str) -> datetime:
    """The same time as an aware datetime. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)
