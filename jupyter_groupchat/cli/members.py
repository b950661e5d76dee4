"""``jupyter groupchat members``."""

from __future__ import annotations

import asyncio
import secrets

from traitlets import Enum, Unicode

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.errors import Conflict, NotFound
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads.internal import MemberPut, MemberRemove
from jupyter_groupchat.types import THE_OPERATOR, Role

_USAGE = {
    "list": "list [THREAD]",
    "add": "add THREAD USERNAME",
    "remove": "remove THREAD USERNAME",
    "role": "role THREAD USERNAME ROLE",
    "owner": "owner THREAD USERNAME",
}


class Members(Command):
    """See who is in threads, and mend it. It can be done while servers run: they hear of it at once.

        jupyter groupchat members list                          all threads with their owners
        jupyter groupchat members list THREAD                   who is in one
        jupyter groupchat members add THREAD USERNAME           let somebody in, with --role and --name
        jupyter groupchat members remove THREAD USERNAME        take somebody out
        jupyter groupchat members role THREAD USERNAME ROLE     owner, member, annotator or reviewer
        jupyter groupchat members owner THREAD USERNAME         make somebody the one owner, even a stranger

    Everybody in the thread reads that the operator did it, and the audit log keeps by which account. A thread's id that
    begins with - goes after --, with all that follows it.
    """

    name = "jupyter-groupchat-members"
    description = __doc__
    arguments = "list|add|remove|role|owner [THREAD] [USERNAME] [ROLE]"
    aliases = {**Command.aliases, "role": "Members.role", "name": "Members.person"}  # noqa: RUF012

    role = Enum(
        [role.value for role in Role], Role.MEMBER.value, config=True, help="What the person who is added may do."
    )
    person = Unicode("", config=True, help="What the person who is added is called. Default: the username.")

    def run(self, action: str, *arguments: str) -> None:  # type: ignore[override]
        """Find out what is meant, and do it."""
        usage = _USAGE.get(action)
        if usage is None:
            self.misused(f"It is one of {', '.join(_USAGE)}, not {action!r}.")
        words = usage.split()[1:]
        if not len([word for word in words if word[0] != "["]) <= len(arguments) <= len(words):
            self.misused(f"It is called as: jupyter groupchat members {usage}")
        if action == "list":
            self._list(*arguments)
            return
        thread, username, *rest = arguments
        role = rest[0] if rest else Role.OWNER if action == "owner" else self.role
        if role not in list(Role):
            self.misused(f"A role is one of {', '.join(Role)}, not {role!r}.")
        self._check(action, thread, username)
        asyncio.run(self._change(action, thread, username, Role(role)))

    def _list(self, thread_id: str | None = None) -> None:
        store = self.store()
        store.open()
        try:
            with store.reading() as tx:
                rows = _threads(tx) if thread_id is None else _people(tx, thread_id)
        finally:
            store.close()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            self.say("  ".join(map(str.ljust, row, widths)).rstrip())

    def _check(self, action: str, thread_id: str, username: str) -> None:
        """What a command at the command line is likely to get wrong."""
        store = self.store()
        store.open()
        try:
            with store.reading() as tx:
                _existing(tx, thread_id)
                present = tx.members.get(thread_id, username) is not None
        finally:
            store.close()
        if action == "add" and present:
            raise Conflict(f"{username} is in the thread already. To change the role: members role.")
        if action == "role" and not present:
            raise NotFound(f"{username} is not in the thread. To let them in: members add.")

    async def _change(self, action: str, thread: str, username: str, role: Role) -> None:
        id, by = secrets.token_urlsafe(12), self.operator
        async with self.service() as service:
            if action == "remove":
                remove = MemberRemove(id=id, thread=thread, username=username, by=by)
                await service.execute(THE_OPERATOR, remove)
                self.say(f"{username} is no longer in the thread.")
                return
            put = MemberPut(id=id, thread=thread, username=username, role=role, name=self.person or None, by=by)
            member = (await service.execute(THE_OPERATOR, put))["member"]
        self.say(f"{member['username']} ({member['name']}) is in the thread as {member['role']}.")


def _existing(tx: Transaction, thread_id: str) -> None:
    if tx.threads.get(thread_id) is None:
        raise NotFound(f"There is no thread {thread_id}. All threads: jupyter groupchat members list")


def _threads(tx: Transaction) -> list[tuple[str, ...]]:
    rows = [("THREAD", "OWNER", "MEMBERS", "MESSAGES", "TITLE")]
    for thread_id in tx.threads.all_ids():
        thread, members = tx.threads.get(thread_id), tx.members.list(thread_id)
        if thread is not None:
            owners = ",".join(member.username for member in members if member.role is Role.OWNER)
            count = f"{thread.last_seq + 1:,}"
            rows.append((thread.id, owners or "nobody", str(len(members)), count, " ".join(thread.title.split())))
    return list(rows)


def _people(tx: Transaction, thread_id: str) -> list[tuple[str, ...]]:
    _existing(tx, thread_id)
    rows: list[tuple[str, ...]] = [("USERNAME", "ROLE", "SINCE", "NAME")]
    for member in tx.members.list(thread_id):
        role = f"guest until {member.guest_until:%Y-%m-%d}" if member.guest_until else member.role.value
        rows.append((member.username, role, f"{member.joined_at:%Y-%m-%d}", member.name))
    return rows
