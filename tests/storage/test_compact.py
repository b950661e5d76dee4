"""Space that is given back."""

from __future__ import annotations

from jupyter_groupchat.storage.documents import Snapshot
from jupyter_groupchat.storage.store import Store
from tests.storage.raw import execute
from tests.storage.things import Stage, minutes, post


def test_pruned_folded_and_deleted_rows_give_their_space_back(sqlite: Store) -> None:
    """The file shrinks to what is left, while the store is in use."""
    stage = Stage(sqlite)
    stage.thread("t2", "ana")
    stage.post("kept")
    assert sqlite.path is not None
    with sqlite.writing() as tx:
        for n in range(200):
            tx.commands.remember("ana", f"c{n}", {"body": "x" * 5_000}, minutes(0))
            tx.documents.append("page:t1:0", "t1", b"x" * 5_000)
            post(tx, f"{n} " * 1_000, thread_id="t2")
    execute(sqlite, "PRAGMA wal_checkpoint(TRUNCATE)")
    full = sqlite.path.stat().st_size
    with sqlite.writing() as tx:
        tx.commands.prune(minutes(1))
        tx.documents.fold("page:t1:0", Snapshot(b"snapshot"), 200)
        tx.threads.delete("t2")
    sqlite.compact()
    assert sqlite.path.stat().st_size < full / 5
    with sqlite.reading() as tx:
        assert [message.body for message in tx.messages.search("kept", username="ana")] == ["kept"]
    assert execute(sqlite, "PRAGMA integrity_check") == [("ok",)]
