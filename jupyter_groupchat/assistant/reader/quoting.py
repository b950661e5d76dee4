"""How the reader quotes: in fences and quotation marks that nothing inside can end, and never too much. Pure."""

from __future__ import annotations

import re

from jupyter_groupchat.cells.tables import Table

#: Lines of code or output in a quote, and characters of a line.
LINES, CHARACTERS = 12, 300
#: Rows and columns of a table that is quoted whole.
ROWS, COLUMNS = 12, 8


def one_line(text: str, most: int = 200) -> str:
    """Its words on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rstrip()}…"


def fenced(text: str, language: str = "python") -> str:
    """The first lines of code or output."""
    lines = text.strip("\n").split("\n")
    shown = lines if len(lines) <= LINES else [*lines[:LINES], f"# … {len(lines) - LINES} more lines"]
    body = "\n".join(line[:CHARACTERS] for line in shown)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", body) or [""]))
    return f"{fence}{language}\n{body}\n{fence}"


def quoted(text: str) -> str:
    """The first lines of what somebody said."""
    return "\n".join(f"> {line[:CHARACTERS]}" for line in text.strip().split("\n")[:6])


def tabled(table: Table) -> str | None:
    """A whole table as Markdown; None where it is too large."""
    if len(table.rows) > ROWS or len(table.columns) > COLUMNS:
        return None
    lines = [table.columns, ("---",) * len(table.columns), *table.rows]
    return "\n".join(
        "| " + " | ".join(one_line(cell, 60).replace("|", "\\|") for cell in line) + " |" for line in lines
    )
