"""``jupyter groupchat backup`` and ``jupyter groupchat restore``."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from traitlets import Bool, Unicode

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.errors import Conflict, GroupChatError
from jupyter_groupchat.storage.backup import backup, check, restore
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import MemberPut
from jupyter_groupchat.transfer.restoring import restored
from jupyter_groupchat.transfer.source import Source
from jupyter_groupchat.types import THE_OPERATOR, Actor, Role


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
    """Put a backup in the place of the chat, with the servers stopped; or bring one thread back while they run.

        jupyter groupchat restore FILE                 all of it; the chat until then is kept beside it
        jupyter groupchat restore FILE --list          which threads it holds
        jupyter groupchat restore FILE --thread=ID     one of them, as a new thread of its members

    For SQLite; PostgreSQL has pg_restore.
    """

    name = "jupyter-groupchat-restore"
    description = __doc__
    arguments = "FILE"
    aliases = {**Command.aliases, "thread": "Restore.thread"}  # noqa: RUF012
    flags = {**Command.flags, "list": ({"Restore": {"listing": True}}, "Show its threads.")}  # noqa: RUF012

    thread = Unicode("", config=True, help="The id that a thread has in the backup.")
    listing = Bool(False, config=True, help="Show which threads the backup holds.")

    def run(self, file: str) -> None:  # type: ignore[override]
        """Check the backup, and put it or a part of it in place."""
        if self.listing or self.thread:
            with _opened(Path(file)) as store:
                if self.listing:
                    self._list(store)
                else:
                    asyncio.run(self._restore_thread(store, file))
            return
        kept = restore(Path(file), self.options.database_url)
        self.say(f"The chat is now what {file} holds.")
        if kept is not None:
            self.say(f"What it was before is in {kept}; delete that when you no longer need it.")
            self.say("Pages that are still open in browsers have to be loaded again.")

    def _list(self, store: Store) -> None:
        with store.reading() as tx:
            for id in tx.threads.all_ids():
                thread = tx.threads.get(id)
                assert thread is not None
                names = ", ".join(member.username for member in tx.members.list(id))
                self.say(f"{id}  {tx.messages.count(id):>7,} messages  {thread.title}  ({names})")

    async def _restore_thread(self, store: Store, file: str) -> None:
        """Its members are in it again, save for those who may have no further thread."""
        by = f"{self.operator} at the command line"
        outline, imported = restored(Source(store, self.thread), {"format": "backup", "by": by})
        owner = next((member for member in outline.members if member.role is Role.OWNER), None)
        if owner is None:
            raise Conflict("This thread has no owner in the backup. Export it from there and import it for somebody.")
        async with self.service() as service:
            actor = Actor(username=owner.username, name=owner.name, avatar=owner.avatar)
            thread = (await service.bring_in(actor, imported))["thread"]
            for member in outline.members:
                if member.guest_until is not None:
                    self.complain(f"{member.name} was a guest and is not in it. Send them a new link.")
                elif member is not owner:
                    put = MemberPut(
                        id=secrets.token_urlsafe(12),
                        thread=thread["id"],
                        username=member.username,
                        role=member.role,
                        name=member.name,
                        by=self.operator,
                    )
                    try:
                        await service.execute(THE_OPERATOR, put)
                    except GroupChatError as error:
                        self.complain(f"{member.username} is not in it: {error.message}")
        self.say(f"“{thread['title']}” is there with {len(imported.messages):,} messages: {thread['id']}")
        self.say("What was written in the thread since the backup is where it was.")


@contextmanager
def _opened(file: Path) -> Iterator[Store]:
    """A backup, checked, in a copy: opening a database changes its file, and may bring it to a newer schema."""
    check(file)
    with TemporaryDirectory(prefix="groupchat-") as folder:
        copy = Path(folder, "backup.sqlite")
        shutil.copyfile(file, copy)
        store = Store(f"sqlite:///{copy}")
        store.open()
        try:
            yield store
        finally:
            store.close()
