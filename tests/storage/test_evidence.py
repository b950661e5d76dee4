"""What lines of the audit log vouch for."""

from __future__ import annotations

import zlib

import pytest

from jupyter_groupchat.reply_types import Manifest
from jupyter_groupchat.storage.store import Store
from tests.storage.raw import execute
from tests.storage.things import Stage, a_job, minutes, post

MANIFEST = Manifest(
    model="tiny",
    instructions="",
    messages=("m1",),
    messages_cut=(),
    cells=(),
    files=(),
    tools=(),
    prompt_tokens=10,
    completion_tokens=5,
    counted_by="endpoint",
)


@pytest.fixture
def sealed(stage: Stage) -> Store:
    """Two replies that ended, each with its line."""
    with stage.store.writing() as tx:
        tx.audit.append(None, "ana", "test", {}, minutes(0))
        for id in ("r1", "r2"):
            post(tx, author="assistant", id=id)
            tx.replies.add(a_job(id))
            seal = {"reply": id, "manifest": tx.replies.put_manifest(id, MANIFEST)}
            tx.audit.append("t1", "assistant", "reply.seal", seal, minutes(1))
        tx.audit.append("t1", "assistant", "reply.seal", {"reply": "r3"}, minutes(1))
    return stage.store


def altered(store: Store) -> list[tuple[int, str]]:
    """What is not as it was."""
    with store.reading() as tx:
        assert tx.audit.verify() is None
        return list(tx.evidence.altered())


def test_what_nobody_touched_is_as_it_was(sealed: Store) -> None:
    """Also for replies without a manifest."""
    assert altered(sealed) == []


@pytest.mark.parametrize("how", ["changed", "broken", "removed"])
def test_a_manifest_that_was_touched_is_found(sealed: Store, how: str) -> None:
    """Although the chain of lines is whole."""
    if how == "removed":
        execute(sealed, "DELETE FROM manifests WHERE reply = 'r2'")
    else:
        data = zlib.compress(b"{}") if how == "changed" else b"no zlib"
        written = f"x'{data.hex()}'" if sealed.path else f"decode('{data.hex()}', 'hex')"
        execute(sealed, f"UPDATE manifests SET data = {written} WHERE reply = 'r2'")
    assert altered(sealed) == [(3, "The manifest of the reply r2 is not the one that it ended with.")]


def test_what_went_as_it_should_is_not_missed(sealed: Store) -> None:
    """With a message that became too old, and with the thread."""
    with sealed.writing() as tx:
        tx.messages.delete("t1", "r1")
        tx.replies.forget_manifest("r1")
    assert altered(sealed) == []
    with sealed.writing() as tx:
        tx.threads.delete("t1")
    assert altered(sealed) == []
