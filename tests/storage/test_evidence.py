"""What lines of the audit log vouch for."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest

from jupyter_groupchat.storage.evidence import MOST_KEPT
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import AuditBody
from tests.doubles import MANIFEST
from tests.storage.raw import execute
from tests.storage.things import Stage, a_job, minutes, post


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


# -- texts


def wrote(store: Store, text: str, days: float = 0, thread_id: str = "t1") -> int:
    """A line with a text that somebody wrote so many days after noon; its id."""
    at = minutes(0) + timedelta(days=days)
    with store.writing() as tx:
        tx.audit.append(thread_id, "ana", "message.edit", {"message": "m1"}, at, AuditBody(text=text, since=at))
        (line,) = tx.audit.list(None, 1)
        return line.id


def test_a_text_is_kept_beside_its_line(store: Store) -> None:
    """The line has its size and a hash that tells nothing to who does not have the text, however short it is."""
    ids = [wrote(store, "yes"), wrote(store, "yes")]
    with store.reading() as tx:
        assert [tx.evidence.body(id) for id in (*ids, 99)] == ["yes", "yes", None]
        lines = tx.audit.after(0, 9)
    assert [line.details["body_bytes"] for line in lines] == [3, 3]
    assert len({line.details["body"] for line in lines}) == 2
    assert "yes" not in str(lines)
    assert altered(store) == []


def test_a_long_text_is_cut(store: Store) -> None:
    """Between two letters; its line says how long it was. What a database cannot hold is replaced."""
    id, odd = wrote(store, "é" * MOST_KEPT), wrote(store, "a\0b\ud800")
    with store.reading() as tx:
        assert tx.evidence.body(id) == "é" * (MOST_KEPT // 2)
        assert tx.evidence.body(odd) == "a\ufffdb?"
        assert tx.audit.after(0, 1)[0].details["body_bytes"] == 2 * MOST_KEPT
    assert altered(store) == []


@pytest.mark.parametrize("change", ["body = 'no'", "salt = 'pepper'", "line = 7"])
def test_a_text_that_was_touched_is_found(store: Store, change: str) -> None:
    """Although the chain of lines is whole."""
    id = wrote(store, "yes")
    execute(store, f"UPDATE audit_bodies SET {change}")
    at = 7 if change == "line = 7" else id
    assert altered(store) == [(at, "The text that is kept with it is not the one that was written.")]


def test_texts_go_when_they_are_too_old(stage: Stage) -> None:
    """By what their thread says, or the server for all, threads that are gone among them; the chain stays whole."""
    store = stage.store
    stage.thread("t2", "ana")
    ids = [wrote(store, "old", 0, thread) for thread in ("t1", "t2", "gone")]
    young = wrote(store, "young", 20)
    now = minutes(0) + timedelta(days=31)
    with store.writing() as tx:
        tx.threads.update("t1", keep_days=30)
        assert tx.evidence.due(now, None) == [ids[0]]
        assert tx.evidence.due(now, 10) == [*ids, young]
        assert tx.evidence.due(now, 31) == [ids[0]]
        tx.evidence.forget(tx.evidence.due(now, 30))
        assert [tx.evidence.body(id) for id in (*ids, young)] == [None, None, None, "young"]
    assert altered(store) == []
