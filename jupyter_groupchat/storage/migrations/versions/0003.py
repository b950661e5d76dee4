"""Guests; when drafts were written in; texts beside the audit log; asides; unfinished threads; a name."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Tables of guests, of texts and of asides; invitations and members say whether they are for a guest, and drafts
    when they were changed. The chat has a name, by which servers notice that all of it was put back from a backup."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("members", sa.Column("guest_until", sa.BigInteger()))
    op.add_column("invitations", sa.Column("guest", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "guests",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("thread", key),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("invitation", sa.Text(), nullable=False),
        sa.Column("pass_hash", sa.Text(), nullable=False),
        sa.Column("came_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.Text()),
        sa.PrimaryKeyConstraint("username", name="guests_pkey"),
        sa.ForeignKeyConstraint(["thread"], ["threads.key"], name="guests_thread_fkey", ondelete="SET NULL"),
        sa.UniqueConstraint("pass_hash", name="guests_pass_hash_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("guests_thread_idx", "guests", ["thread"])
    op.create_index("guests_ends_at_idx", "guests", ["ends_at"])
    op.add_column("drafts", sa.Column("changed_at", sa.BigInteger()))
    op.create_table(
        "audit_bodies",
        sa.Column("line", key, nullable=False, autoincrement=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("line", name="audit_bodies_pkey"),
    )
    op.create_table(
        "asides",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("username", "what", name="asides_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unfinished_threads",
        sa.Column("thread", key, nullable=False, autoincrement=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("thread", name="unfinished_threads_pkey"),
        sa.ForeignKeyConstraint(["thread"], ["threads.key"], name="unfinished_threads_thread_fkey", ondelete="CASCADE"),
    )
    generation = op.create_table(
        "generation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="generation_pkey"),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(generation, [{"id": secrets.token_urlsafe(12)}])
