"""What documents are called: ``thread:<thread id>`` and ``page:<thread id>:<n>``."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.types import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A parsed document id; ``page`` is None for a thread document."""

    thread_id: str
    page: int | None


def thread_document(thread_id: str) -> str:
    """The id of a thread's own document."""
    return f"thread:{thread_id}"


def page_document(thread_id: str, page: int) -> str:
    """The id of a thread's ``page``-th page."""
    return f"page:{thread_id}:{page}"


def is_page(doc_id: str) -> bool:
    """Whether a document is a page and not a thread document."""
    return doc_id.startswith("page:")


def page_of(seq: int) -> int:
    """The page that holds the message ``seq``."""
    return seq // PAGE_SIZE


def parse(doc_id: str) -> DocumentName:
    """The parts of a document id. Raises InvalidRequest for anything else."""
    kind, _, rest = doc_id.partition(":")
    if kind == "thread" and rest and ":" not in rest:
        return DocumentName(rest, None)
    thread_id, _, page = rest.partition(":")
    if kind == "page" and thread_id and page.isascii() and page.isdigit():
        return DocumentName(thread_id, int(page))
    raise InvalidRequest("There are two kinds of documents: thread:<thread id> and page:<thread id>:<n>.")
