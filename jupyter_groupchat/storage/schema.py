"""A new database: the tables, and what each kind of database has in its own way."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, insert

from jupyter_groupchat.storage.tables import metadata
from jupyter_groupchat.storage.tables.generation import generation
from jupyter_groupchat.storage.versions import HEAD

# What only one of the two has, or has in its own way.
#
# The full-text index: ``storage.words`` makes the words, the same ones for both. FTS5 keeps no text of its own
# (content=''), no positions (detail=none) and no lengths (columnsize=0): nothing here asks for phrases or ranks.
#
# Notices: PostgreSQL carries them itself.
OWN = {
    "sqlite": (
        "CREATE VIRTUAL TABLE messages_search USING fts5("
        "words, content='', detail=none, columnsize=0, tokenize='ascii')",
        "CREATE TABLE notices (key INTEGER PRIMARY KEY, notice TEXT NOT NULL)",
    ),
    "postgresql": (
        "CREATE TABLE messages_search (key BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX messages_search_words_idx ON messages_search USING gin (words)",
    ),
}

#: Where Alembic looks for the schema's revision.
VERSION = (
    "CREATE TABLE alembic_version"
    " (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')",
)


def create(connection: Connection) -> None:
    """The whole schema in an empty database, as all migrations in turn would leave it, without loading Alembic."""
    metadata.create_all(connection, checkfirst=False)
    for ddl in (*OWN[connection.dialect.name], *VERSION):
        connection.exec_driver_sql(ddl)
    connection.execute(insert(generation).values(id=secrets.token_urlsafe(12)))
