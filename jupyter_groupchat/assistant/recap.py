"""The request that sums up what somebody missed, and what its answer says. Pure.

In the request each message has its number and each cell a reference of its own; a point of the answer ends with what it
rests on, like ``[m12] [c1]``. What the request does not hold cannot be referred to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jupyter_groupchat.assistant import attachments, blocks, voice
from jupyter_groupchat.assistant.attachments import Attachment
from jupyter_groupchat.assistant.context import SMALLEST_CELL, Ask, Building, Model, is_seen, named_cells
from jupyter_groupchat.assistant.language_model import Request
from jupyter_groupchat.threads.queries import Missed
from jupyter_groupchat.types import MessageKind, MessageRow, SharedCell, StoredFile

#: Points that are kept of an answer, and characters of one.
MOST_POINTS, LONGEST_POINT = 12, 600
#: The share of the budget that one message may take, and tokens that each may.
_ONE_MESSAGE, _AT_LEAST = 10, 200

_ITEM = re.compile(r"\s*(?:[-*•–·]|\d{1,2}[.)])\s+(.*)")
_BRACKETS = re.compile(r"[\[(【]([^\[\]()【】\n]{2,200})[\])】]")
_REFERENCE = re.compile(r"([mc])#?(\d{1,9})(?:-[mc]?#?(\d{1,9}))?", re.IGNORECASE)
_BETWEEN = frozenset({"and", "und", "&"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that was said, and what it rests on."""

    text: str
    messages: tuple[MessageRow, ...] = ()
    cells: tuple[SharedCell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """A request, and what it holds: ``messages`` by number, ``cells`` by reference, ``files``.

    ``left_out`` is how many messages did not fit; ``tokens`` is our count of the request.
    """

    request: Request
    messages: dict[int, MessageRow]
    cells: dict[str, SharedCell]
    files: tuple[StoredFile, ...]
    left_out: int
    tokens: int

    def points(self, answer: str) -> list[Point]:
        """What a model's answer says; empty where it says nothing. References to what it was not told are dropped."""
        points = [self._point(item) for item in _items(answer)]
        return [point for point in points if point.text][:MOST_POINTS]

    def _point(self, item: str) -> Point:
        messages: dict[int, MessageRow] = {}
        cells: dict[str, SharedCell] = {}

        def take(brackets: re.Match[str]) -> str:
            found = _references(brackets.group(1))
            if found is None:
                return brackets.group(0)
            for kind, first, last in found:
                if kind == "m":
                    named = range(first, min(last, first + MOST_POINTS) + 1)
                    messages.update({seq: self.messages[seq] for seq in named if seq in self.messages})
                elif cell := self.cells.get(f"c{first}"):
                    cells[cell.id] = cell
            return ""

        text = " ".join(_BRACKETS.sub(take, item).split())
        text = re.sub(r"\s+([.,;:!?])", r"\1", text).rstrip(" ,;:–—-")
        return Point(text=_short(text), messages=tuple(messages.values()), cells=tuple(cells.values()))


def ask_about(missed: Missed, username: str) -> Ask | None:
    """What ``username`` asks for; None where there is nothing to read."""
    newest = next((row for row in reversed(missed.conversation.messages) if is_seen(row)), None)
    return None if newest is None else Ask(about=newest, asked_by=username, asked=True)


def build(
    missed: Missed,
    ask: Ask,
    model: Model,
    *,
    name: str,
    images: Mapping[str, bytes] | None = None,
    files: Mapping[str, Attachment] | None = None,
) -> Recap:
    """The request for what somebody missed. ``name``, ``images`` and ``files`` are as in ``context.build``."""
    rows = [row for row in missed.conversation.messages if is_seen(row)]
    work = _Building(missed.conversation, ask, model, name, images or {}, files or {}, missed=missed)
    work.spend()
    # Of those that were not even read from the database it is not known which are notices.
    unread = missed.messages - len(missed.conversation.messages)
    return Recap(
        request=Request(model=model.name, turns=work.turns(), temperature=model.temperature),
        messages={row.seq: row for row in work.rows()},
        cells={work.reference[cell.id]: cell for cell in missed.conversation.cells if cell.id in work.cells},
        files=tuple(work.attached[id].file for id in work.files),
        left_out=len(rows) - len(work.messages) + unread,
        tokens=work.used,
    )


@dataclass
class _Building(Building):
    """The ordinary rules; but everything is a block of its own with a number, the assistant's messages too."""

    missed: Missed = field(kw_only=True)

    def __post_init__(self) -> None:
        cells = self.conversation.cells
        self.reference = {cell.id: f"c{place}" for place, cell in enumerate(cells, start=1)}
        self.new = {cell.id for cell in cells if self.missed.since is None or cell.updated_at > self.missed.since}
        super().__post_init__()

    def spend(self) -> None:
        """The newest messages first, each at most a share of it all; then their files, the cells that they name and the
        new ones, for which a third is kept.
        """
        for text in (self.system, self.members, self.last):
            self.used += self.model.count(text)
        rows = [row for row in self.conversation.messages if is_seen(row)]
        wanted = named_cells(rows, self.conversation.cells) | self.new
        cells = [cell for cell in self.conversation.cells if cell.id in wanted]
        files = attachments.named(reversed(rows))
        pool = self.left - self._wanted(files, cells, self.left // 3)
        most = max(self.left // _ONE_MESSAGE, _AT_LEAST)
        for row in reversed(rows):
            spent = self._message(row, min(pool, most))
            pool -= spent
            if not spent:
                break
        # One long file leaves room for the cells.
        for id in attachments.named(reversed(self.rows())):
            self._file(id, self.left // 2)
        for cell in cells:
            if self.left < SMALLEST_CELL:
                break
            self._cell(cell, self.left)

    def _role(self, row: MessageRow) -> str:
        return "user"

    def _as_block(self, row: MessageRow, body: str) -> str:
        return blocks.block("message", body, **self._about(row))

    def _about(self, row: MessageRow) -> dict[str, object]:
        marks = self.missed.marks.get(row.id, {})
        told: dict[str, object] = {
            **super()._about(row),
            "agreed": "yes" if "agreed" in marks else None,
            "pinned": "yes" if "pinned" in marks else None,
            "to_asker": "yes" if self.ask.asked_by in row.mentions else None,
        }
        if row.kind is MessageKind.ASSISTANT:
            told |= {"by": self.name, "via": "assistant"}
        return told

    def _about_cell(self, cell: SharedCell) -> dict[str, object]:
        told = {"ref": self.reference[cell.id], "new": "yes" if cell.id in self.new else None}
        return {**super()._about_cell(cell), **told}

    def _last(self) -> str:
        asker = self.names[self.ask.asked_by]
        words = voice.missed(blocks.escape(asker), self.missed.since_seq + 1)
        return blocks.wrap("asked", words, by=asker, since=self.missed.since_seq)


def _items(answer: str) -> Iterator[str]:
    """The points of an answer as they were written: list items, or, where there is no list, paragraphs."""
    lines = [line for line in answer.splitlines() if not line.lstrip().startswith(("```", "#"))]
    if not any(_ITEM.fullmatch(line) for line in lines):
        yield from (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", "\n".join(lines)))
        return
    item = ""
    for line in lines:
        if begun := _ITEM.fullmatch(line):
            yield from _unless_heading(item)
            item = begun.group(1)
        elif line.strip():
            item = f"{item} {line.strip()}".strip()
        else:
            yield from _unless_heading(item)
            item = ""
    yield from _unless_heading(item)


def _unless_heading(item: str) -> Iterable[str]:
    bare = item.strip("*_ ")
    return () if not bare or bare.endswith(":") else (item,)


def _references(inside: str) -> list[tuple[str, int, int]] | None:
    """What stands between brackets as kinds, first and last numbers; None where it is no reference."""
    joined = re.sub(r"\b([mc])\s+(?=#?\d)", r"\1", re.sub(r"\s*[-–]\s*", "-", inside), flags=re.IGNORECASE)
    found = []
    for word in re.split(r"[\s,;]+", joined.strip()):
        reference = _REFERENCE.fullmatch(word)
        if reference:
            kind, first, last = reference.groups()
            found.append((kind.lower(), int(first), int(last or first)))
        elif word.lower() not in _BETWEEN:
            return None
    return found or None


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_POINT else f"{text[:LONGEST_POINT].rstrip()}…"
