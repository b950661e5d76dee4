"""A file told to a model as text. Pure; what cannot be told is said to be so."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jupyter_groupchat.cells import render, tables
from jupyter_groupchat.cells.filetypes import CSV, NOTEBOOK, TSV, decode
from jupyter_groupchat.cells.tables import Table

#: Rows of a table, and characters of one of its values.
MAX_ROWS, MAX_VALUE = 100, 200
MAX_COLUMNS = 100
#: A file's text, in bytes of UTF-8.
MAX_TEXT = 128 * 1024


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a file, and whether that is all of it."""

    text: str
    whole: bool


def tell(media_type: str, data: bytes) -> Told:
    """A file as text: of a table the names, the first rows and how many there are, of a notebook its cells' sources.

    Of what is no text, such as PDF, only that: nothing here reads it.
    """
    text = decode(data)
    if text is None or media_type.startswith("application/pdf"):
        return Told("[only its name and size are known to you, not what is in it]", False)
    told = None
    if media_type in (CSV, TSV):
        told = _table(text, "\t" if media_type == TSV else None)
    elif media_type == NOTEBOOK:
        told = _notebook(text)
    told = told or Told(render.plain(text), True)
    shorter = render.cut_middle(told.text, MAX_TEXT)
    return Told(shorter, told.whole and shorter == told.text)


def _table(text: str, delimiter: str | None) -> Told | None:
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter or _delimiter(text))
    kept: list[list[str]] = []
    count = 0
    try:
        for line in lines:
            if any(value.strip() for value in line):
                count += 1
                if len(kept) <= MAX_ROWS:
                    kept.append([_value(value) for value in line[:MAX_COLUMNS]])
    except csv.Error:
        return None
    if not kept:
        return None
    width = max(map(len, kept))
    names, *rows = [tuple(line + [""] * (width - len(line))) for line in kept]
    whole = len(rows) == count - 1
    shown = "" if whole else f", the first {len(rows)} shown"
    head = f"[{_counted(count - 1, 'row')}, {_counted(len(names), 'column')}{shown}]"
    return Told(f"{head}\n\n{tables.to_text(Table(names, tuple(rows)))}", whole)


def _delimiter(text: str) -> str:
    """What parts the first line the most often; German spreadsheets write semicolons."""
    first = text.partition("\n")[0]
    return max(",;\t|", key=first.count)


def _value(value: str) -> str:
    value = " ".join(render.plain(value).split())
    return value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}…"


def _notebook(text: str) -> Told | None:
    try:
        cells = json.loads(text)["cells"]
        told = [*_cells(cells)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Told("\n\n".join([f"[{_counted(len(told), 'cell')}, without outputs]", *told]), True)


def _cells(cells: list[dict[str, Any]]) -> Iterator[str]:
    for cell in cells:
        source = cell.get("source", "")
        count = cell.get("execution_count")
        number = f" [{count}]" if isinstance(count, int) else ""
        said = render.plain(source if isinstance(source, str) else "".join(map(str, source)))
        yield f"# {cell['cell_type']}{number}\n{said}".rstrip()


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
