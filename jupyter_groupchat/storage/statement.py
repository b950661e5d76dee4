"""Statements that are compiled once and run on the driver's own cursor.

SQLAlchemy writes the SQL for either database, but running a small statement through it costs several times what
SQLite takes for it, and a posted message is ten small statements. Columns hold plain integers, strings and bytes,
so that no value needs converting on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ClauseElement, Dialect, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import Table

#: ``insert`` of either dialect: the one with ON CONFLICT.
Insert = Callable[[Table], Any]


class Prepared(NamedTuple):
    """``names`` is the order of the values for SQLite, None where the driver takes a dictionary."""

    sql: str
    names: tuple[str, ...] | None
    defaults: dict[str, Any]


class Statement:
    """One SQL statement, given as a Core construct, or as a function of the dialect's ``insert``."""

    def __init__(self, construct: ClauseElement | Callable[[Insert], ClauseElement]) -> None:
        self._construct = construct
        self._prepared: dict[str, Prepared] = {}

    def prepare(self, dialect: Dialect) -> Prepared:
        """The SQL for ``dialect``, compiled when first asked for."""
        try:
            return self._prepared[dialect.name]
        except KeyError:
            prepared = self._prepared[dialect.name] = self._compile(dialect)
            return prepared

    def _compile(self, dialect: Dialect) -> Prepared:
        construct = self._construct
        if not isinstance(construct, ClauseElement):
            construct = construct(postgresql.insert if dialect.name == "postgresql" else sqlite.insert)
        compiled: Any = construct.compile(dialect=dialect)
        defaults = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        names = tuple(compiled.positiontup) if compiled.positional else None
        return Prepared(str(compiled), names, defaults)


def param(name: str) -> Any:
    """A value that is given when the statement runs."""
    return bindparam(name)


def params(*names: str) -> dict[str, Any]:
    """The values of an insert or update, each given under its column's name."""
    return {name: bindparam(name) for name in names}
