"""Rows of drafts."""

from __future__ import annotations

from dataclasses import replace

from jupyter_groupchat.types import Draft
from tests.storage.things import Stage, minutes


def a_draft(id: str, at: float, thread_id: str = "t1") -> Draft:
    """A draft that Ana began."""
    return Draft(id=id, thread_id=thread_id, opened_by="ana", opened_at=minutes(at))


def test_all_drafts_come_by_their_last_change(stage: Stage) -> None:
    """Each with how long its thread keeps messages."""
    stage.thread("t2", "ana")
    first, second, third = a_draft("d1", 1), a_draft("d2", 2, "t2"), a_draft("d3", 3)
    with stage.store.writing() as tx:
        tx.threads.update("t2", keep_days=30)
        for draft in (first, second, third):
            tx.drafts.add(draft)
        tx.drafts.changed(first, minutes(9))
        assert tx.drafts.all() == [(second, 30), (third, None), (replace(first, changed_at=minutes(9)), None)]
        assert tx.drafts.get("t1", "d1") == replace(first, changed_at=minutes(9))
        assert tx.drafts.get("t1", "d3") == third
