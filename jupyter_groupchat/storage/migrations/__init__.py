"""How older databases become the newest. Imported only where one has to: Alembic is slow to import."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def scripts() -> ScriptDirectory:
    """The migrations in ``versions``."""
    return ScriptDirectory(str(Path(__file__).parent))


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the schema to revision ``to``, inside the transaction that ``connection`` has begun."""
    directory = scripts()
    context = EnvironmentContext(
        Config(), directory, fn=lambda revision, _context: directory._upgrade_revs(to, revision)
    )
    with context:
        context.configure(connection=connection)
        context.run_migrations()
