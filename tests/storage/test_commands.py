"""What commands answered."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import StorageUnavailable
from tests.storage.things import Stage, minutes


def test_a_command_that_was_carried_out_is_known_with_its_answer(stage: Stage) -> None:
    """By the person who gave it; another person's command of the same id is another command."""
    answer = {"message": {"id": "m1", "body": "Ärger 🐙 \x00", "seq": 3, "deleted": False, "at": None}}
    with stage.store.writing() as tx:
        assert tx.commands.result("ana", "c1") is None
        tx.commands.remember("ana", "c1", answer, minutes(0))
        assert tx.commands.result("ana", "c1") == answer
        assert tx.commands.result("bob", "c1") is None
        tx.commands.remember("bob", "c1", {}, minutes(0))
        assert tx.commands.result("bob", "c1") == {}


def test_a_command_cannot_be_carried_out_twice(stage: Stage) -> None:
    """Not even by two servers at the same moment: the second's transaction fails."""

    def remember() -> None:
        with stage.store.writing() as tx:
            tx.commands.remember("ana", "c1", {"n": 1}, minutes(0))

    remember()
    with pytest.raises(StorageUnavailable):
        remember()


def test_old_answers_are_forgotten(stage: Stage) -> None:
    """Those from before the given time, and no others."""
    with stage.store.writing() as tx:
        for n in range(4):
            tx.commands.remember("ana", f"c{n}", {}, minutes(n))
        assert tx.commands.prune(minutes(2)) == 2
        assert [tx.commands.result("ana", f"c{n}") for n in range(4)] == [None, None, {}, {}]
