"""The full-text index: FTS5 on SQLite, tsvector on PostgreSQL, over the same words (``storage.words``).

FTS5 keeps no text here, so that a message's words leave the index only by naming them once more.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import TextClause, column, select, table, text

from jupyter_groupchat.storage import words
from jupyter_groupchat.storage.session import Session
from jupyter_groupchat.storage.statement import Statement, param
from jupyter_groupchat.storage.tables.base import Key
from jupyter_groupchat.storage.tables.members import members
from jupyter_groupchat.storage.tables.messages import messages

_ADD = {
    "sqlite": Statement(text("INSERT INTO messages_search (rowid, words) VALUES (:key, :words)")),
    "postgresql": Statement(
        text("INSERT INTO messages_search (key, words) VALUES (:key, array_to_tsvector(string_to_array(:words, ' ')))")
    ),
}
_REMOVE = {
    "sqlite": Statement(
        text("INSERT INTO messages_search (messages_search, rowid, words) VALUES ('delete', :key, :words)")
    ),
    # The words are not needed here; both take the same values.
    "postgresql": Statement(text("DELETE FROM messages_search WHERE key = :key AND :words <> ''")),
}
#: https://www.sqlite.org/fts5.html#the_merge_command
_MERGE = Statement(text("INSERT INTO messages_search (messages_search, rank) VALUES ('merge', :pages)"))


def _find(key_name: str, matches: TextClause) -> tuple[Statement, Statement]:
    """The keys of the newest messages that match: in one thread, and in all of somebody's threads."""
    index = table("messages_search", column(key_name, Key))
    key = index.c[key_name]
    found = (
        select(messages.c.key)
        .select_from(index)
        .join(messages, messages.c.key == key)
        .where(matches, ~messages.c.deleted)
        .limit(param("limit"))
    )
    inside = found.where(key.between(param("first"), param("last"))).order_by(key.desc())
    everywhere = (
        found.join(members, members.c.thread == messages.c.thread)
        .where(members.c.username == param("username"))
        .order_by(messages.c.created_at.desc(), messages.c.key.desc())
    )
    return Statement(inside), Statement(everywhere)


_FIND = {
    "sqlite": _find("rowid", text("messages_search MATCH :query")),
    "postgresql": _find("key", text("messages_search.words @@ CAST(:query AS tsquery)")),
}


def add(session: Session, key: int, body: str) -> None:
    """Make a message findable."""
    found = words.of_text(body)
    if found:
        session.run(_ADD[session.dialect.name], key=key, words=" ".join(found))


def add_all(session: Session, bodies: Iterable[tuple[int, str]]) -> None:
    """Make many messages findable."""
    rows = [{"key": key, "words": " ".join(found)} for key, body in bodies if (found := words.of_text(body))]
    session.run_many(_ADD[session.dialect.name], rows)


def remove(session: Session, key: int, body: str) -> None:
    """Make it no longer findable; ``body`` must be the one with which it was added."""
    found = words.of_text(body)
    if found:
        session.run(_REMOVE[session.dialect.name], key=key, words=" ".join(found))


def merge(session: Session, pages: int) -> bool:
    """Merge so many pages of FTS5's index, which drops words that are only marked as removed; whether it did much."""
    before = session.connection.total_changes
    session.run(_MERGE, pages=pages)
    changes: int = session.connection.total_changes - before
    return changes >= 2


def find(session: Session, query: str, *, username: str, within: tuple[int, int] | None, limit: int) -> list[int]:
    """Keys of the newest messages with all words of ``query``, ``within`` first and last key, or of all of
    ``username``'s threads. Any string is a list of words; one without words finds nothing."""
    found = words.of_query(query)
    if not found:
        return []
    inside, everywhere = _FIND[session.dialect.name]
    if session.dialect.name == "sqlite":
        match = " AND ".join(f'"{word}"' for word in found) + "*"
    else:
        match = " & ".join(f"'{word}'" for word in found) + ":*"
    if within is None:
        rows = session.run(everywhere, query=match, username=username, limit=limit)
    else:
        rows = session.run(inside, query=match, first=within[0], last=within[1], limit=limit)
    return [row[0] for row in rows]
