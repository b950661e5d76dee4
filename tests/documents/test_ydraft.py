"""A draft is a text, and the same text in Python and JavaScript."""

from __future__ import annotations

import pytest

from jupyter_groupchat.documents.updates import read, write
from jupyter_groupchat.documents.ydraft import YDraft
from tests.documents import yjs

#: Edits as ``[position, letters deleted, text inserted]``, positions as JavaScript counts.
EDITS = [
    [[0, 0, "Why does"], [8, 0, " churn rise 👋"], [0, 3, "How"], [3, 0, " 😀much"], [15, 5, ""]],
    [[0, 0, "Grüße"], [5, 0, "\n日本語"], [1, 3, ""]],
    [[0, 0, "gone"], [0, 4, ""]],
]


def test_a_draft_is_written_and_read() -> None:
    """and tells of changes."""
    draft = YDraft()
    told: list[str] = []
    draft.observe(lambda root, event: told.append(root))
    draft.set("How much?")
    draft.set("How many? 👋")
    assert draft.get() == "How many? 👋"
    assert set(told) == {"body"}
    assert draft.version == "1.0.0"


@pytest.mark.parametrize("together", [False, True])
def test_pycrdt_reads_what_yjs_drafts(together: bool) -> None:
    """edit by edit and all at once, by several who did not know of each other, also written anew by the server."""
    updates, text = yjs.write(EDITS, together=together)
    draft = YDraft()
    for update in updates:
        draft.ydoc.apply_update(write(read(update)))
    assert draft.get() == text
    assert "😀much" in text
    assert "日本語" in text
