"""Options of threads, people who wait to be let in, profiles, reports, co-written drafts; shorter ids of messages."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """New tables. Ids of 32 hexadecimal digits, which browsers take, become 17 bytes in place of 33."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "thread_options",
        sa.Column("thread", key, nullable=False, autoincrement=False),
        sa.Column("approval", sa.Boolean(), nullable=False),
        sa.Column("keep_days", sa.Integer()),
        sa.Column("kept_from", sa.Integer()),
        sa.Column("model", sa.Text()),
        sa.PrimaryKeyConstraint("thread", name="thread_options_pkey"),
        sa.ForeignKeyConstraint(["thread"], ["threads.key"], name="thread_options_thread_fkey", ondelete="CASCADE"),
    )
    op.create_table(
        "join_requests",
        sa.Column("thread", key, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("avatar", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger()),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("thread", "username", name="join_requests_pkey"),
        sa.ForeignKeyConstraint(["thread"], ["threads.key"], name="join_requests_thread_fkey", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("join_requests_username_idx", "join_requests", ["username"])
    op.create_table(
        "people",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("avatar", sa.Text()),
        sa.Column("display_name", sa.Text()),
        sa.Column("picture", sa.Text()),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="people_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index("people_picture_idx", "people", ["picture"])
    op.create_table(
        "reports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("closed_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="reports_pkey"),
    )
    op.create_index("reports_at_idx", "reports", ["at"])
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("thread", key, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="drafts_pkey"),
        sa.ForeignKeyConstraint(["thread"], ["threads.key"], name="drafts_thread_fkey", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("drafts_thread_idx", "drafts", ["thread"])
    op.create_table(
        "draft_writers",
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("client", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("draft", "client", name="draft_writers_pkey"),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name="draft_writers_draft_fkey", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "credits",
        sa.Column("message", key, nullable=False, autoincrement=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message", "username", name="credits_pkey"),
        sa.ForeignKeyConstraint(["message"], ["messages.key"], name="credits_message_fkey", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    _shorten_ids(op.get_bind())


def _shorten_ids(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.create_function("shortened", 1, _shortened, deterministic=True)
        connection.exec_driver_sql("UPDATE messages SET id = shortened(id) WHERE length(id) = 33")
    else:
        connection.exec_driver_sql(
            "UPDATE messages SET id = '\\x01'::bytea || decode(encode(substr(id, 2), 'escape'), 'hex')"
            " WHERE length(id) = 33 AND encode(substr(id, 2), 'escape') ~ '^[0-9a-f]{32}$'"
        )


def _shortened(id: bytes) -> bytes:
    return b"\1" + bytes.fromhex(id[1:].decode()) if re.fullmatch(rb"\0[0-9a-f]{32}", id) else id
