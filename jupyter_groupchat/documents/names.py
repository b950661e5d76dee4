"""What documents are called: ``thread:<thread id>``, ``page:<thread id>:<n>`` and ``draft:<thread id>:<draft id>``."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.types import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A parsed document id; neither a ``page`` nor a ``draft`` for a thread document."""

    thread_id: str
    page: int | None = None
    draft: str | None = None

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread's own document."""
        return self.page is None and self.draft is None


def thread_document(thread_id: str) -> str:
    """The id of a thread's own document."""
    return f"thread:{thread_id}"


def page_document(thread_id: str, page: int) -> str:
    """The id of a thread's ``page``-th page."""
    return f"page:{thread_id}:{page}"


def draft_document(thread_id: str, draft_id: str) -> str:
    """The id of a draft that members of a thread write together."""
    return f"draft:{thread_id}:{draft_id}"


def is_page(doc_id: str) -> bool:
    """Whether a document is a page."""
    return doc_id.startswith("page:")


def is_draft(doc_id: str) -> bool:
    """Whether a document is a draft."""
    return doc_id.startswith("draft:")


def page_of(seq: int) -> int:
    """The page that holds the message ``seq``."""
    return seq // PAGE_SIZE


def parse(doc_id: str) -> DocumentName:
    """The parts of a document id. Raises InvalidRequest for anything else."""
    kind, _, rest = doc_id.partition(":")
    if kind == "thread" and rest and ":" not in rest:
        return DocumentName(rest)
    thread_id, _, which = rest.partition(":")
    # A page has one name: without zeros before its number.
    if kind == "page" and thread_id and which.isascii() and which.isdigit() and (which == "0" or which[0] != "0"):
        return DocumentName(thread_id, page=int(which))
    if kind == "draft" and thread_id and which and ":" not in which:
        return DocumentName(thread_id, draft=which)
    raise InvalidRequest(
        "There are three kinds of documents: thread:<thread id>, page:<thread id>:<n> and draft:<thread id>:<draft id>."
    )
