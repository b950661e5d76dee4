"""A Chat Completions request read back into the cells and messages that it was made of. Pure.

What the embedded notebook reader knows is what any endpoint is sent: it has no other door.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jupyter_groupchat.assistant import blocks, claims, voice
from jupyter_groupchat.assistant.blocks import Block
from jupyter_groupchat.cells import render, tables
from jupyter_groupchat.cells.tables import Table

_NUMBER = re.compile(r"\[(\d+)\]|\b(?:cell|zelle)\s+\[?(\d+)", re.IGNORECASE)
_ERROR = re.compile(r"^([A-Z]\w*(?:\.\w+)*): ?(.*)", re.MULTILINE)
_AT_LINE = re.compile(r"^-+>\s*(\d+)\s?(.*)$", re.MULTILINE)
_SHAPE = re.compile(r"^\[?([\d,]{1,12}) rows [×x] \d+ columns\]?$", re.MULTILINE)
_ANSWER = "assistant"
#: The kind of what is a file, no cell.
FILE = "file"


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as its output tells it. ``line`` is the number and the text of the cell's line that raised it."""

    name: str
    value: str
    line: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A shared cell as the request shows it."""

    place: str  #: ``churn.ipynb [12]``
    number: int | None
    kind: str
    source: str
    outputs: tuple[tuple[str, str], ...]  #: type and text
    whole: bool = True  #: false for a file of which there is more than the request shows
    told: Mapping[str, str] = field(default_factory=dict, hash=False)  #: all that its block says of it

    @property
    def tables(self) -> list[Table]:
        """The tables in its outputs; none where rows are missing, among which the highest may be."""
        return [table for table, whole in self._all_tables() if whole]

    @property
    def parts_of_tables(self) -> list[Table]:
        """Those of which rows are missing."""
        return [table for table, whole in self._all_tables() if not whole]

    @property
    def length(self) -> int | None:
        """How many rows its table has, where it says so."""
        shape = next((found for _, text in self.outputs if (found := _SHAPE.search(text))), None)
        return int(shape.group(1).replace(",", "")) if shape else None

    @property
    def has_picture(self) -> bool:
        """Whether one of its outputs is a picture."""
        return any(is_of_picture(line) for _, text in self.outputs for line in text.split("\n"))

    def _all_tables(self) -> Iterator[tuple[Table, bool]]:
        for kind, text in self.outputs:
            whole = self.whole and not render.is_cut(text)
            for table in tables.from_text(text) if kind != "error" else ():
                yield table, whole and table.is_whole

    @property
    def failure(self) -> Failure | None:
        """The error that it ended with."""
        trace = next((text for kind, text in self.outputs if kind == "error"), None)
        if trace is None:
            return None
        said = _ERROR.findall(trace)
        name, value = said[-1] if said else (trace.strip().split("\n")[-1], "")
        return Failure(name, value.strip(), self._raising_line(trace))

    def _raising_line(self, trace: str) -> tuple[int, str] | None:
        """IPython marks a line of each frame with an arrow; the cell's own is the first whose text the source holds."""
        lines = self.source.split("\n")
        for number, text in _AT_LINE.findall(trace):
            place = int(number)
            if 0 < place <= len(lines) and lines[place - 1].strip() == text.strip():
                return place, text.strip()
        return None


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a person."""

    number: int
    by: str
    text: str
    cells: tuple[str, ...]  #: places of the cells that came with it
    files: tuple[str, ...] = ()  #: names of its files
    told: Mapping[str, str] = field(default_factory=dict, hash=False)  #: all that its block says of it


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a request holds."""

    cells: tuple[Cell, ...]  #: the most recently updated first
    messages: tuple[Said, ...]  #: oldest first
    asked: Said
    tools: frozenset[str]
    answers: tuple[str, ...]  #: what was answered before
    files: tuple[Cell, ...] = ()  #: as cells of the kind ``file``; those of the question first
    missed_by: str | None = None  #: who wants to be told what they missed, where that is what is asked

    @property
    def named(self) -> tuple[Cell, ...]:
        """The cells that the question is about by name: ``[12]``, "cell 12", or attached to it."""
        numbers = {int(first or second) for first, second in _NUMBER.findall(self.asked.text)}
        return tuple(cell for cell in self.cells if cell.number in numbers or cell.place in self.asked.cells)


def read(request: Mapping[str, Any]) -> Seen:
    """What a request holds. Raises ValueError where it asks nothing."""
    turns = [(turn.get("role"), _text(turn.get("content"))) for turn in request["messages"]]
    found = [block for role, text in turns if role == "user" for block in blocks.read(text)]
    messages = tuple(_said(block) for block in found if block.tag == "message")
    asked = next((block for block in reversed(found) if block.tag == "asked"), None)
    about = next((said for said in messages if asked and str(said.number) == asked.attributes.get("message")), None)
    missed_by = asked.attributes.get("by") if asked and "since" in asked.attributes else None
    if about is None:
        last = next((text for role, text in reversed(turns) if role == "user"), None)
        if last is None:
            raise ValueError("the request asks nothing")
        about = Said(-1, "", last, ())
    tools = frozenset(tool.get("function", {}).get("name", "") for tool in request.get("tools") or ())
    return Seen(
        cells=tuple(_cell(block) for block in found if block.tag == "cell"),
        messages=messages,
        asked=about,
        tools=tools,
        answers=tuple(text for role, text in turns if role == _ANSWER),
        missed_by=missed_by,
        files=tuple(
            sorted(
                (_file(block) for block in found if block.tag == "file"),
                key=lambda file: file.place not in about.files and file.place not in about.text,
            )
        ),
    )


def is_of_picture(line: str) -> bool:
    """Whether a line stands in the place of a picture."""
    return line.startswith("[a picture")


def numeric_columns(table: Table) -> Iterator[int]:
    """The places of the columns that hold numbers, the unnamed one of row numbers left out."""
    for place, name in enumerate(table.columns):
        column = [row[place] for row in table.known if row[place] not in ("", "NaN", "nan", "None")]
        if name and column and all(claims.number(value) is not None for value in column):
            yield place


def row_label(table: Table, row: tuple[str, ...]) -> str:
    """What a row is called: its first text that is no number."""
    return next((value for value in row if value and claims.number(value) is None), row[0] if row else "")


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return str(content or "")


def _said(block: Block) -> Said:
    cells, files = (block.attributes.get(name, "").split("; ") for name in ("cells", "files"))
    number = block.attributes.get("n", "-1")
    return Said(
        int(number) if number.isdigit() else -1,
        block.attributes.get("by", ""),
        block.text,
        tuple(place.strip() for place in cells if place.strip()),
        tuple(name.strip() for name in files if name.strip()),
        block.attributes,
    )


def _file(block: Block) -> Cell:
    return Cell(
        place=block.attributes.get("name", ""),
        number=None,
        kind=FILE,
        source="",
        outputs=((FILE, block.text),),
        whole="shown" not in block.attributes,
    )


def _cell(block: Block) -> Cell:
    given = block.attributes.get("n", "")
    number = int(given) if given.isdigit() else None
    parts = {part.tag: part.text for part in block.inner}
    return Cell(
        place=voice.place(block.attributes.get("notebook", ""), number),
        number=number,
        kind=block.attributes.get("type", "code"),
        source=parts.get("source", ""),
        outputs=tuple((part.attributes.get("type", ""), part.text) for part in block.inner if part.tag == "output"),
        told=block.attributes,
    )
