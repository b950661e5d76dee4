"""How older databases become the newest. Imported only where one has to: Alembic is slow to import.

A new schema is a file in ``versions``, its name in ``storage.versions.REVISIONS``, the change in
``storage.tables``, and a kept database of the schema before in ``tests/storage/fixtures``.
"""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent


def directory(scripts: Path = SCRIPTS) -> ScriptDirectory:
    """The migrations, each a file in ``versions``."""
    return ScriptDirectory(str(scripts))


def upgrade(connection: Connection, scripts: Path = SCRIPTS) -> None:
    """Bring the schema to the newest revision, inside the transaction that ``connection`` has begun."""
    found = directory(scripts)
    context = EnvironmentContext(Config(), found, fn=lambda now, _: found._upgrade_revs("head", now))
    with context:
        context.configure(connection=connection)
        context.run_migrations()
