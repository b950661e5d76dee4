"""The first schema.

Nothing is done here, since no database comes from before it: ``storage.schema.create`` makes new ones at the newest
schema. Later migrations change what is there, and leave what ``create`` would make; a test compares the two.
"""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """There is no schema before this one."""
    raise NotImplementedError("new databases are made by storage.schema.create")
