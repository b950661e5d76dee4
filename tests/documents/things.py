"""Values for the documents' tests, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jupyter_groupchat.types import (
    Draft,
    Member,
    Message,
    MessageKind,
    MessageStatus,
    Mode,
    Role,
    SharedCell,
    StoredFile,
    Thread,
)

NOON = datetime(2026, 11, 24, 12, 0, 0, 125_000, tzinfo=UTC)


def a_message(id: str = "m1", seq: int = 0, **fields: Any) -> Message:
    """A person's message."""
    values: dict[str, Any] = {
        "author": "ana",
        "author_name": "Ana",
        "kind": MessageKind.HUMAN,
        "via": None,
        "body": "Grüße 👋",
        "created_at": NOON,
        "edited_at": None,
        "deleted": False,
        "reply_to": None,
        "mentions": (),
        "reactions": {},
        "status": MessageStatus.COMPLETE,
        "files": (),
        "cells": (),
    }
    return Message(id=id, thread_id="t1", seq=seq, **(values | fields))


def a_thread(**fields: Any) -> Thread:
    """A thread's settings."""
    values: dict[str, Any] = {
        "id": "t1",
        "title": "Churn review",
        "mode": Mode.AUTO,
        "instructions": "",
        "notebook": "churn.ipynb",
        "archived_at": None,
        "created_at": NOON,
        "created_by": "ana",
        "last_seq": -1,
        "updated_at": NOON,
    }
    return Thread(**(values | fields))


def a_member(username: str = "ana", **fields: Any) -> Member:
    """A member."""
    values: dict[str, Any] = {
        "name": username.title(),
        "role": Role.MEMBER,
        "joined_at": NOON,
        "invited_by": None,
        "colour": 0,
    }
    return Member(username=username, **(values | fields))


def a_draft(id: str = "d1") -> Draft:
    """A draft that members write together."""
    return Draft(id=id, thread_id="t1", opened_by="ana", opened_at=NOON)


def a_cell(id: str = "s1", **fields: Any) -> SharedCell:
    """A shared cell with an output."""
    values: dict[str, Any] = {
        "notebook": "churn.ipynb",
        "cell_id": "abc",
        "cell_type": "code",
        "source": "1 + 1  # ü",
        "outputs": ({"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {"n": 1}},),
        "execution_count": 7,
        "content_hash": "0" * 64,
        "shared_by": "ana",
        "updated_at": NOON,
        "live": True,
    }
    return SharedCell(id=id, **(values | fields))


def a_file(id: str = "f1", **fields: Any) -> StoredFile:
    """A file."""
    values: dict[str, Any] = {
        "name": "rates.csv",
        "media_type": "text/csv",
        "size": 1_024,
        "sha256": "0" * 64,
        "uploaded_by": "ana",
        "created_at": NOON,
    }
    return StoredFile(id=id, thread_id="t1", **(values | fields))
