"""``jupyter groupchat audit``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from jupyter_groupchat.cli.command import FAILED, Command
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction

_AT_ONCE = 1_000


class Audit(Command):
    """Verify the audit log, or write it out; and what messages said before they were edited.

        jupyter groupchat audit verify    whether each line is as it was written and none is missing, and whether what
                                          a reply was made from is what its line says
        jupyter groupchat audit export    all lines as JSON, one a line, oldest first
        jupyter groupchat audit versions MESSAGE
                                          what a message said before it was edited, and says now, as JSON, oldest
                                          first; of one that was deleted, what GroupChat.audit_bodies kept

    Each line has a hash over itself and the hash before. Keep the last one elsewhere: it shows later that nobody cut
    lines off the end, or wrote the log anew.
    """

    name = "jupyter-groupchat-audit"
    description = __doc__
    arguments = "verify|export|versions [MESSAGE]"

    def run(self, action: str, message: str | None = None) -> int | None:  # type: ignore[override]
        """Read the log from its beginning, or all versions of a message."""
        if action not in ("verify", "export", "versions"):
            self.misused(f"The audit log can be verified and exported, not {action!r}.")
        if (action == "versions") != (message is not None):
            self.misused("Earlier versions are those of a message: name it by its id.")
        store = self.store()
        store.open()
        try:
            if action == "verify":
                return self._verify(store)
            if message is not None:
                return self._versions(store, message)
            self._export(store)
            return None
        finally:
            store.close()

    def _verify(self, store: Store) -> int | None:
        with store.reading() as tx:
            broken = tx.audit.verify()
            altered = list(tx.evidence.altered())
            newest = tx.audit.list(None, 1)
        for id, what in altered:
            self.complain(f"Line {id}: {what}")
        if broken is not None:
            self.complain(f"Line {broken} of the audit log is not as it was written, or is missing.")
            return FAILED
        for last in newest:
            self.say(f"All {last.id:,} lines of the audit log are as they were written. Last hash: {last.hash}")
        if altered:
            return FAILED
        if not newest:
            self.say("The audit log is empty.")
        return None

    def _export(self, store: Store) -> None:
        last = 0
        with store.reading() as tx:
            while entries := tx.audit.after(last, _AT_ONCE):
                for entry in entries:
                    line = {**asdict(entry), "at": entry.at.isoformat()}
                    if "body" in entry.details:
                        line["body"] = tx.evidence.body(entry.id)
                    self.say(json.dumps(line, ensure_ascii=False))
                last = entries[-1].id

    def _versions(self, store: Store, message: str) -> int | None:
        with store.reading() as tx:
            found = [*_of_messages(tx, message), *_of_log(tx, message)]
        for version in found:
            self.say(json.dumps(version, ensure_ascii=False))
        if not found:
            self.complain("Nothing is known of a message of that id.")
            return FAILED
        return None


def _of_messages(tx: Transaction, message: str) -> Iterator[dict[str, Any]]:
    """The versions of messages that are there."""
    for row in tx.messages.of_id(message):
        if not row.deleted:
            for body, at in tx.messages.versions(row.thread_id, row.id):
                yield _version(row.thread_id, message, row.author, at, body)


def _of_log(tx: Transaction, message: str) -> Iterator[dict[str, Any]]:
    """Those of messages that were deleted, as far as the audit log has them: each line keeps what it put an end to."""
    there = {row.thread_id: row for row in tx.messages.of_id(message)}
    written: dict[str, datetime] = {}
    for line in tx.audit.of_message(message):
        thread_id = line.thread_id or ""
        row = there.get(thread_id)
        if row is None or row.deleted:
            began = written.get(thread_id, row.created_at if row else None)
            author = row.author if row else line.details.get("author", line.actor)
            body = tx.evidence.body(line.id)
            ended = {"ended_by": line.actor, "ended_at": line.at.isoformat(), "line": line.id}
            yield _version(thread_id, message, author, began, body) | ended
        written[thread_id] = line.at


def _version(thread: str, message: str, author: str, at: datetime | None, body: str | None) -> dict[str, Any]:
    written_at = None if at is None else at.isoformat()
    return {"thread": thread, "message": message, "author": author, "written_at": written_at, "body": body}
