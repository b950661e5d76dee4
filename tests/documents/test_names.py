"""What documents are called, and numbers that come out of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jupyter_groupchat.documents.names import (
    DocumentName,
    draft_document,
    page_document,
    page_of,
    parse,
    thread_document,
)
from jupyter_groupchat.documents.numbers import whole
from jupyter_groupchat.errors import InvalidRequest


@pytest.mark.parametrize(
    ("doc_id", "name"),
    [
        (thread_document("t1"), DocumentName("t1", None)),
        (page_document("t1", 0), DocumentName("t1", 0)),
        ("page:t-_1:39", DocumentName("t-_1", 39)),
        (draft_document("t1", "d-_1"), DocumentName("t1", draft="d-_1")),
    ],
)
def test_a_name_has_its_parts(doc_id: str, name: DocumentName) -> None:
    """Names are parsed into what they were made from."""
    assert parse(doc_id) == name


@pytest.mark.parametrize(
    "doc_id",
    [
        *("", "thread:", "thread", "page:t1", "page:t1:", "page::1", "page:t1:-1", "page:t1:x", "page:t1:١", "x:t1"),
        *("page:t1:00", "page:t1:01", "page:t1:0x0"),
        *("draft:t1", "draft:t1:", "draft::d1", "draft:t1:d:1"),
    ],
)
def test_anything_else_is_no_document(doc_id: str) -> None:
    """There are threads, pages and drafts, and nothing else can be subscribed to."""
    with pytest.raises(InvalidRequest):
        parse(doc_id)


def test_a_thread_document_of_a_colon_is_none() -> None:
    """A thread's id holds no colon."""
    with pytest.raises(InvalidRequest):
        parse("thread:t1:2")


def test_a_page_holds_256_messages() -> None:
    """The first message of the second page is number 256."""
    assert [page_of(seq) for seq in (0, 255, 256, 511, 512)] == [0, 0, 1, 1, 2]


def test_whole_numbers_are_integers_at_any_depth() -> None:
    """Documents give back floats; JSON means integers."""
    value = whole({"a": 1.0, "b": [2.0, 2.5, {"c": 3.0}], "d": "1.0", "e": True, "f": None})
    assert value == {"a": 1, "b": [2, 2.5, {"c": 3}], "d": "1.0", "e": True, "f": None}
    assert isinstance(value["a"], int)
    assert isinstance(value["b"][2]["c"], int)


@pytest.mark.parametrize(
    "statement",
    [
        "from jupyter_ydoc import ydocs; assert {'groupchat-page', 'groupchat-thread'} <= set(ydocs)",
        "import jupyter_groupchat.documents.ydraft",
        "import jupyter_groupchat.documents.ypage",
        "import jupyter_groupchat.documents.ythread",
    ],
)
def test_documents_and_jupyter_ydoc_load_in_either_order(statement: str) -> None:
    """jupyter_ydoc loads our documents while it is imported, and ours import it."""
    subprocess.run([sys.executable, "-c", statement], check=True, timeout=60)
