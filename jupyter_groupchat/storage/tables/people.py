"""Everybody, whatever threads they are in."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from jupyter_groupchat.storage.tables.base import Time, metadata

# People who chose a name or a picture, and where people are found by name everybody who has used the chat.
people = Table(
    "people",
    metadata,
    Column("username", Text, primary_key=True),
    Column("name", Text, nullable=False),  # as the identity provider says
    Column("avatar", Text),
    Column("display_name", Text),  # the person's own
    Column("picture", Text),  # SHA-256 of a blob
    Column("seen_at", Time, nullable=False),
    Index(None, "picture"),
    sqlite_with_rowid=False,
)
