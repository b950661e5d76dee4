"""What was answered, for commands that come again."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, UniqueConstraint

from jupyter_groupchat.storage.tables.base import Key, Time, metadata

commands = Table(
    "commands",
    metadata,
    Column("key", Key, primary_key=True),
    Column("username", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("at", Time, nullable=False, index=True),
    Column("result", Text, nullable=False),
    UniqueConstraint("username", "id"),
)
