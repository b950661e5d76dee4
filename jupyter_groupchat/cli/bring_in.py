"""``jupyter groupchat import``."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from traitlets import Unicode

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.threads.imports import Imported
from jupyter_groupchat.transfer.reading import read
from jupyter_groupchat.types import Actor


class Import(Command):
    """Start a thread with what a file holds: an export as JSON Lines, or a .chat file of jupyterlab-chat.

        jupyter groupchat import review.jsonl --owner=ana

    All of it is imported, or nothing. Authors keep their names and become nobody's accounts; the assistant answers
    none of their messages. It can be done while servers run: the thread then appears in its owner's list.
    """

    name = "jupyter-groupchat-import"
    description = __doc__
    arguments = "FILE"
    aliases = {  # noqa: RUF012
        **Command.aliases,
        "owner": "Import.owner",
        "name": "Import.owner_name",
        "title": "Import.title",
    }

    owner = Unicode("", config=True, help="The username of the person whose thread it becomes. Needed.")
    owner_name = Unicode("", config=True, help="What that person is called. Default: the username.")
    title = Unicode("", config=True, help="The thread's title. Default: the file's own one, or the file's name.")

    def run(self, file: str) -> None:  # type: ignore[override]
        """Read it whole, then write it."""
        if not self.owner:
            self.misused("Whose thread is it to be? Give a username with --owner.")
        path = Path(file)
        try:
            with path.open("rb") as lines:
                size = path.stat().st_size
                found = read(lines, limit=size, title=self.title or None, fallback=path.stem[:200])
        except OSError as error:
            raise InvalidRequest(f"{path} cannot be read: {error.strerror}.") from error
        except InvalidRequest as error:
            raise InvalidRequest(f"{path}: {error.message} Nothing was imported.") from None
        asyncio.run(self._import(found))

    async def _import(self, found: Imported) -> None:
        imported = replace(found, origin={**found.origin, "by": f"{self.operator} at the command line"})
        owner = Actor(username=self.owner, name=self.owner_name or self.owner)
        async with self.service() as service:
            known = bool(await service.threads(owner))
            thread = (await service.bring_in(owner, imported))["thread"]
        counts = f"{len(imported.messages):,} messages, {len(imported.cells):,} shared cells"
        self.say(f"Imported {counts} and {len(imported.files):,} files.")
        self.say(f"“{thread['title']}” is a thread of {self.owner}'s now: {thread['id']}")
        if not known:
            self.complain(f"Note: {self.owner} was in no thread before. It has to be the username they sign in with.")
