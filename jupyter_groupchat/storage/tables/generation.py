"""Which chat a database holds."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from jupyter_groupchat.storage.tables.base import metadata

# Which chat this is: another one since all of it was put back from a backup. One row.
generation = Table("generation", metadata, Column("id", Text, primary_key=True), sqlite_with_rowid=False)
