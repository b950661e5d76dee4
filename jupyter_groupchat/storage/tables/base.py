"""What every table is made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

#: SQLite's row ids are columns of type INTEGER, whatever their size.
Key = BigInteger().with_variant(Integer(), "sqlite")
Time = BigInteger


def thread_key(**options: Any) -> Column[int]:
    """The column of a table's thread, with which its row goes."""
    return Column("thread", Key, ForeignKey("threads.key", ondelete="CASCADE"), nullable=False, **options)
