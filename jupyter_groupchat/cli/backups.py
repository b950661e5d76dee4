"""``jupyter groupchat backup`` and ``jupyter groupchat restore``."""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path

from traitlets import Bool, Unicode

from jupyter_groupchat.cli.command import FAILED, Command
from jupyter_groupchat.errors import Conflict, GroupChatError
from jupyter_groupchat.storage.backup import backup, check, opened
from jupyter_groupchat.storage.restoring import restore
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import MemberPut
from jupyter_groupchat.transfer.restoring import restored
from jupyter_groupchat.transfer.source import Source
from jupyter_groupchat.types import THE_OPERATOR, Actor, Role


class Backup(Command):
    """Copy the whole chat, as it is at one moment, to a new file. It can be done while servers run.

        jupyter groupchat backup FILE

    The file is an SQLite database, also where the chat is on PostgreSQL.
    """

    name = "jupyter-groupchat-backup"
    description = __doc__
    arguments = "FILE"

    def run(self, file: str) -> None:  # type: ignore[override]
        """Copy it and check the copy."""
        store = self.store()
        try:
            contents = backup(store, Path(file))
        finally:
            store.close()
        self.say(
            f"{file} holds {contents.threads:,} threads with {contents.messages:,} messages "
            f"(schema {contents.schema}, {contents.size / 1e6:,.1f} MB). It was read again and is in order."
        )


class Restore(Command):
    """Put a backup in the place of the chat, or bring one of its threads back. It can be done while servers run.

        jupyter groupchat restore FILE                 all of it; the chat until then is kept as another backup
        jupyter groupchat restore FILE --list          which threads it holds
        jupyter groupchat restore FILE --thread=ID     one of them, as a new thread of its members

    The file can come from a chat on SQLite or on PostgreSQL, whichever this one is on.
    """

    name = "jupyter-groupchat-restore"
    description = __doc__
    arguments = "FILE"
    aliases = {  # noqa: RUF012
        **Command.aliases,
        "thread": "Restore.thread",
        "keep": "Restore.keep",
    }
    flags = {  # noqa: RUF012
        **Command.flags,
        "list": ({"Restore": {"listing": True}}, "Show its threads."),
        "yes": ({"Restore": {"sure": True}}, "Do not ask whether to replace the chat."),
    }

    thread = Unicode("", config=True, help="The id that a thread has in the backup.")
    listing = Bool(False, config=True, help="Show which threads the backup holds.")
    sure = Bool(False, config=True, help="Replace the chat without asking.")
    keep = Unicode(
        "",
        config=True,
        help="The new file in which the chat until then is kept. Default: beside the database, or for PostgreSQL "
        "beside the backup.",
    )

    def run(self, file: str) -> int | None:  # type: ignore[override]
        """Check the backup, and put it or a part of it in place."""
        if not self.listing and not self.thread:
            return self._restore(Path(file))
        with opened(Path(file)) as store:
            if self.listing:
                self._list(store)
            else:
                asyncio.run(self._restore_thread(store, file))
        return None

    def _restore(self, file: Path) -> int | None:
        contents = check(file)
        self.say(f"{file} holds {contents.threads:,} threads with {contents.messages:,} messages.")
        if not self.sure and not self._asked():
            return FAILED
        url = self.options.database_url
        kept = restore(file, url, by=self.operator, keep=Path(self.keep) if self.keep else None)
        self.say("The chat is now what it holds. Servers that run, and open pages, go on with it by themselves.")
        if kept is not None:
            self.say(f"What the chat was before is in {kept}; delete that when you no longer need it.")
        return None

    def _asked(self) -> bool:
        if not sys.stdin.isatty():
            self.complain("Nothing was changed: say --yes to replace the whole chat with it.")
            return False
        self.say("All that the chat holds now is replaced for everybody, and kept as another backup.")
        if input("Replace it? [y/N] ").strip().casefold() in ("y", "yes"):
            return True
        self.complain("Nothing was changed.")
        return False

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
