"""Documents of every schema that there has been can be read for ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.types import Attachments, MessageKind, MessageStatus
from tests.documents.keep import FIXTURES


def _read(file: Path) -> Doc[Any]:
    doc: Doc[Any] = Doc()
    doc.apply_update(file.read_bytes())
    return doc


def test_schemas_are_kept() -> None:
    """A changed schema has a new version, and an example is kept of every schema that was released."""
    for name, newest in (("thread", YThread().version), ("page", YPage().version)):
        kept = sorted(file.stem.removeprefix(f"{name}-") for file in FIXTURES.glob(f"{name}-*.bin"))
        before = [version for version in ("1.0.0", "1.1.0") if version != newest]
        assert kept in (before, [*before, newest])


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("page-*.bin")), ids=lambda file: file.stem)
def test_pages_of_every_schema_are_read(file: Path) -> None:
    """With every message as it was, and can be written on."""
    page = YPage(_read(file))
    first, reply, deleted, edited = page.messages("t1")
    assert (first.body, first.mentions, first.cells, first.files) == ("Grüße 👋", ("ben",), ("s1",), ("f1",))
    assert (first.reactions, first.marks) == ({"👍": ("ben",)}, {"agreed": "ana"})
    assert first.credits == (() if file.stem == "page-1.0.0" else ("ben",))
    assert (reply.kind, reply.status, reply.body, reply.reply_to) == (
        MessageKind.ASSISTANT,
        MessageStatus.COMPLETE,
        "42",
        "m1",
    )
    assert reply.reply.items() >= {"asked_by": "ana", "about": "m1", "model": "tiny", "tokens": 42}.items()
    assert reply.reply.get("model_why") == (None if file.stem == "page-1.0.0" else "fast: a short question")
    assert deleted.deleted
    assert deleted.body == ""
    assert deleted.expired == (None if file.stem == "page-1.0.0" else 30)
    assert edited.body == "2"
    assert edited.edited_at is not None
    assert edited.via == "kernel"
    assert edited.decision["reason"] == "Ben was asked"
    page.set_reaction("m1", "🎉", "ana", True)
    assert page.message("t1", "m1").reactions["🎉"] == ("ana",)


@pytest.mark.parametrize("file", sorted(FIXTURES.glob("thread-*.bin")), ids=lambda file: file.stem)
def test_threads_of_every_schema_are_read(file: Path) -> None:
    """With settings, members, cells and files."""
    thread = YThread(_read(file))
    value = thread.get()
    assert value["meta"]["title"] == "Churn review"
    assert value["meta"].get("model") == (None if file.stem == "thread-1.0.0" else "auto")
    assert value["meta"].get("keep_days") == (None if file.stem == "thread-1.0.0" else 30)
    assert set(value["members"]) == {"ana", "ben"}
    assert thread.last_seq == 3
    cell = thread.cell("s1")
    assert cell is not None
    assert cell.source == "1 + 1  # ü"
    assert cell.execution_count == 7
    assert thread.has_file("f1")
    drafts = {"d1": {"by": "ana", "at": "2026-11-24T12:00:00.125Z", "with": ["ben", "ana"]}}
    brought = Attachments(reply_to="m1", cells=("s1",), files=("f1",))
    if file.stem in ("thread-1.0.0", "thread-1.1.0"):
        assert value["drafts"] == ({} if file.stem == "thread-1.0.0" else drafts)
        brought = Attachments()
    assert thread.attachments("d1") == brought
