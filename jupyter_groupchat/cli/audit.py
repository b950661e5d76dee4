"""``jupyter groupchat audit``."""

from __future__ import annotations

import json
from dataclasses import asdict

from jupyter_groupchat.cli.command import FAILED, Command
from jupyter_groupchat.storage.store import Store

_AT_ONCE = 1_000


class Audit(Command):
    """Verify the audit log, or write it out.

        jupyter groupchat audit verify    whether each line is as it was written and none is missing, and whether what
                                          a reply was made from is what its line says
        jupyter groupchat audit export    all lines as JSON, one a line, oldest first

    Each line has a hash over itself and the hash before. Keep the last one elsewhere: it shows later that nobody cut
    lines off the end, or wrote the log anew.
    """

    name = "jupyter-groupchat-audit"
    description = __doc__
    arguments = "verify|export"

    def run(self, action: str) -> int | None:  # type: ignore[override]
        """Read the log from its beginning."""
        if action not in ("verify", "export"):
            self.misused(f"The audit log can be verified and exported, not {action!r}.")
        store = self.store()
        store.open()
        try:
            if action == "verify":
                return self._verify(store)
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
                    self.say(json.dumps({**asdict(entry), "at": entry.at.isoformat()}, ensure_ascii=False))
                last = entries[-1].id
