"""A thread as a Markdown document, for reading."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from jupyter_groupchat.cells import render
from jupyter_groupchat.transfer import quoting, wording
from jupyter_groupchat.transfer.source import Outline, Source
from jupyter_groupchat.types import Message, MessageKind, SharedCell


def markdown(source: Source, now: datetime) -> Iterator[str]:
    """The document in pieces: shared cells first, then what was said."""
    outline = source.outline()
    yield _paragraphs(wording.preface(outline, now))
    if outline.thread.instructions:
        yield _paragraphs(["Instructions to the assistant:", quoting.quote(outline.thread.instructions)])
    if outline.cells:
        yield _paragraphs(["## Shared cells"])
    for cell in outline.cells:
        yield _paragraphs(_cell(cell, outline))
    yield _paragraphs(["## Conversation"])
    for page in source.pages(outline.thread.last_seq):
        yield "".join(_paragraphs(message_blocks(message, outline, source, "### ")) for message in page)


def message_blocks(message: Message, outline: Outline, source: Source, before: str) -> Iterator[str]:
    """A message's blocks; ``before`` is what stands before its heading, at the start of the line."""
    if message.kind is MessageKind.SYSTEM:
        yield f"*{quoting.inline(message.body)}* ({wording.moment(message.created_at)})"
        return
    yield f"{before}{wording.heading(message, outline)}"
    if message.deleted:
        yield "*This message was deleted.*"
        return
    if message.body:
        yield quoting.quote(message.body)
    remarks = wording.remarks(message, outline, source)
    if remarks:
        yield "\n".join(f"- {remark}" for remark in remarks)


def _cell(cell: SharedCell, outline: Outline) -> Iterator[str]:
    yield f"### {wording.place(cell)}, shared by {quoting.inline(outline.name(cell.shared_by))}"
    yield quoting.fence(cell.source, "python" if cell.cell_type == "code" else "markdown")
    for output in cell.outputs:
        text = render.as_text(output).strip()
        if text:
            yield quoting.fence(text, "text")
    pictures = [media_type for media_type, _ in render.images(cell)]
    if pictures:
        yield f"Pictures that are not in this document: {', '.join(pictures)}. The export as a notebook holds them."


def _paragraphs(blocks: Iterator[str] | list[str]) -> str:
    return "".join(f"{block}\n\n" for block in blocks)
