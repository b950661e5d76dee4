"""What the nouns of a transaction share: the driver's connection, and the keys that were looked up in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Dialect, select

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage.statement import Statement, param
from jupyter_groupchat.storage.tables.threads import threads

_KEY = Statement(select(threads.c.key).where(threads.c.id == param("thread_id")))


class Session:
    """One transaction's connection. Errors are the driver's own until the transaction ends; see ``store``.

    ``thread_keys`` holds for this transaction only: another server may delete a thread at any time.
    ``author_keys`` are for ever, once their transaction is committed; ``new_author_keys`` wait for that.
    """

    def __init__(self, connection: Any, dialect: Dialect, author_keys: Mapping[tuple[str, str], int]) -> None:
        self.connection = connection
        self.dialect = dialect
        self.author_keys = author_keys
        self.new_author_keys: dict[tuple[str, str], int] = {}
        self.thread_keys: dict[str, int] = {}

    def run(self, statement: Statement, **params: Any) -> Any:
        """Run ``statement``; the driver's cursor, from which rows come as tuples."""
        sql, names, defaults = statement.prepare(self.dialect)
        if defaults:
            params = {**defaults, **params}
        if names is not None:
            return self.connection.execute(sql, [params[name] for name in names])
        return self.connection.execute(sql, params)

    def run_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run ``statement`` for each of ``rows``, without waiting for the database in between."""
        sql, names, defaults = statement.prepare(self.dialect)
        values = [{**defaults, **row} for row in rows]
        given = values if names is None else [[row[name] for name in names] for row in values]
        self.connection.cursor().executemany(sql, given)

    def key(self, thread_id: str) -> int | None:
        """The thread's key, None when there is no such thread."""
        key = self.thread_keys.get(thread_id)
        if key is None:
            row = self.run(_KEY, thread_id=thread_id).fetchone()
            if row is None:
                return None
            key = self.thread_keys[thread_id] = row[0]
        return key

    def key_of(self, thread_id: str) -> int:
        """The thread's key. Raises NotFound."""
        key = self.key(thread_id)
        if key is None:
            raise NotFound("There is no such thread.")
        return key


class Noun:
    """A part of a transaction: the statements about one kind of thing."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._run = session.run
