"""``jupyter groupchat backup`` and ``jupyter groupchat restore``."""

from __future__ import annotations

from pathlib import Path

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.storage.backup import backup, restore


class Backup(Command):
    """Copy the whole chat, as it is at one moment, to a new file. It can be done while servers run.

        jupyter groupchat backup FILE

    For SQLite; PostgreSQL has pg_dump.
    """

    name = "jupyter-groupchat-backup"
    description = __doc__
    arguments = "FILE"

    def run(self, file: str) -> None:  # type: ignore[override]
        """Copy it and check the copy."""
        contents = backup(self.options.database_url, Path(file))
        self.say(
            f"{file} holds {contents.threads:,} threads with {contents.messages:,} messages "
            f"(schema {contents.schema}, {contents.size / 1e6:,.1f} MB). It was read again and is in order."
        )


class Restore(Command):
    """Put a backup in the place of the chat. Servers must be stopped first.

        jupyter groupchat restore FILE

    The chat until then is kept beside it. For SQLite; PostgreSQL has pg_restore.
    """

    name = "jupyter-groupchat-restore"
    description = __doc__
    arguments = "FILE"

    def run(self, file: str) -> None:  # type: ignore[override]
        """Check the backup and put it in place."""
        kept = restore(Path(file), self.options.database_url)
        self.say(f"The chat is now what {file} holds.")
        if kept is not None:
            self.say(f"What it was before is in {kept}; delete that when you no longer need it.")
            self.say("Pages that are still open in browsers have to be loaded again.")
