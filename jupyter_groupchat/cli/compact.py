"""``jupyter groupchat compact``."""

from __future__ import annotations

from datetime import UTC, datetime

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.rooms.room import merged
from jupyter_groupchat.storage.documents import Snapshot
from jupyter_groupchat.threads.upkeep import KEEP_ANSWERS


class Compact(Command):
    """Merge the logs of all documents, remove what deleted threads left behind, and give the space back.

        jupyter groupchat compact

    Servers do this by themselves, little by little. It can be done while they run.
    """

    name = "jupyter-groupchat-compact"
    description = __doc__

    def run(self) -> None:  # type: ignore[override]
        """In steps between which servers write."""
        store = self.store()
        store.open()
        try:
            before = store.path.stat().st_size if store.path else None
            with store.writing() as tx:
                tx.commands.prune(datetime.now(UTC) - KEEP_ANSWERS)
            with store.reading() as tx:
                documents = tx.documents.large(2)
            for doc_id in documents:
                with store.reading() as tx:
                    stored = tx.documents.load(doc_id)
                snapshot = Snapshot(merged(stored))
                with store.writing() as tx:
                    tx.documents.fold(doc_id, snapshot, stored.seq)
            store.compact()
            words = f"Merged the logs of {len(documents):,} documents."
            if store.path is not None and before is not None:
                words += f" The chat takes {store.path.stat().st_size / 1e6:,.1f} MB; it took {before / 1e6:,.1f}."
            self.say(words)
        finally:
            store.close()
