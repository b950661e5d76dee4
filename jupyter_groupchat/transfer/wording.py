"""What the exports for reading say beside what people said: headings, and lines about a message."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from jupyter_groupchat.transfer.quoting import inline
from jupyter_groupchat.transfer.source import Outline, Source
from jupyter_groupchat.types import GUEST, Message, MessageKind, MessageRow, MessageStatus, SharedCell

_STATUS = {
    MessageStatus.STREAMING: "was still being written",
    MessageStatus.FAILED: "failed",
    MessageStatus.CANCELLED: "was stopped",
    MessageStatus.INTERRUPTED: "was interrupted",
}
_KINDS = {MessageKind.KERNEL: "from a notebook", MessageKind.IMPORT: "imported"}
_START = 60


def moment(at: datetime) -> str:
    """A time, to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def preface(outline: Outline, now: datetime) -> Iterator[str]:
    """The first paragraphs: what this is, and who was there."""
    thread = outline.thread
    yield f"# {inline(thread.title)}"
    yield f"Exported from Jupyter on {moment(now)}. Started on {moment(thread.created_at)}."
    people = ", ".join(
        f"{inline(member.name)} ({'guest' if member.guest_until else member.role})" for member in outline.members
    )
    yield f"Members: {people}."


def place(cell: SharedCell) -> str:
    """Where a shared cell stands."""
    count = f"In [{cell.execution_count}]" if cell.execution_count is not None else "a cell"
    return f"{inline(count)} of {inline(cell.notebook)}"


def heading(message: Message, outline: Outline) -> str:
    """Who said it and when, after the number by which others refer to it."""
    others = f" with {', '.join(inline(outline.name(name)) for name in message.credits)}" if message.credits else ""
    guest = " (guest)" if message.author.startswith(GUEST) else ""
    words = [f"{message.seq} · {inline(message.author_name)}{guest}{others}", moment(message.created_at)]
    words += [_KINDS[message.kind]] if message.kind in _KINDS else []
    words += ["edited"] if message.edited_at and not message.deleted else []
    return " · ".join(words)


def remarks(message: Message, outline: Outline, source: Source) -> list[str]:
    """What became of a message and what it belongs to, a line each."""
    found = []
    if message.reply_to and (answered := source.message(message.reply_to)):
        found.append(f"In reply to {_start(answered)}")
    shared = [place(cell) for cell in outline.cells if cell.id in message.cells]
    if shared:
        found.append(f"With {', '.join(shared)}")
    found += [f"With the file {inline(file.name)}" for file in outline.files if file.id in message.files]
    if message.status in _STATUS:
        why = message.reply.get("error")
        found.append(f"This reply {_STATUS[message.status]}{f': {inline(str(why))}' if why else '.'}")
    if message.reply.get("model"):
        found.append(f"Written by {inline(str(message.reply['model']))}")
    for emoji, usernames in message.reactions.items():
        found.append(f"{inline(emoji)} {', '.join(inline(outline.name(username)) for username in usernames)}")
    for mark, words in (("pinned", "Pinned by"), ("agreed", "Marked as agreed by")):
        if mark in message.marks:
            found.append(f"{words} {inline(outline.name(message.marks[mark]))}")
    return found


def _start(message: MessageRow) -> str:
    text = " ".join(message.body.split())
    start = f"{text[:_START]}…" if len(text) > _START else text
    return f"{message.seq} · {inline(message.author_name)}{f': “{inline(start)}”' if start else ''}"
