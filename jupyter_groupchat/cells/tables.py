"""Tables in outputs: read from HTML or from printed text, written as text. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

#: No table that people read is larger; a hostile colspan must not make one.
MAX_SPAN = 200
_VOID = re.compile(r"\s+")
_GAP = re.compile(r"\s{2,}")
#: How pandas ends a series.
_SERIES = re.compile(r"(?:Name: (.+?), )?(?:Length: \d+, )?dtype: \w+")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name, and rows of as many texts. A data frame's index is a column with an empty or its own name."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def known(self) -> tuple[tuple[str, ...], ...]:
        """Its rows without those of dots, which stand for others."""
        return tuple(row for row in self.rows if not all(cell and not cell.strip(".…⋮") for cell in row))

    @property
    def is_whole(self) -> bool:
        """Whether no row stands for others."""
        return len(self.known) == len(self.rows)


@lru_cache(maxsize=32)
def from_html(html: str) -> tuple[Table, ...]:
    """Every outermost table of an HTML fragment. Remembered: 64 kB take 40 ms, and each request looks again."""
    parser = _TableParser()
    parser.feed(html)
    parser.close()
    return tuple(table for grid in parser.grids if (table := _from_grid(*grid)))


def from_text(text: str) -> list[Table]:
    """The tables that ``to_text`` wrote, and those that pandas and its like print with columns two blanks apart."""
    found: list[Table] = []
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            block.append(line)
            continue
        if len(block) > 1 and (table := _from_pipes(block) or _from_columns(block)):
            found.append(table)
        block = []
    return found


def to_text(table: Table) -> str:
    """``a | b`` lines under a line of names. Cells are kept to one line."""
    lines = [table.columns, *table.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def strip_tags(html: str) -> str:
    """The readable text of an HTML fragment; scripts and styles are not."""
    parser = _TextParser()
    parser.feed(html)
    parser.close()
    lines = (_VOID.sub(" ", line).strip() for line in "".join(parser.text).split("\n"))
    return "\n".join(line for line in lines if line)


def _from_pipes(block: list[str]) -> Table | None:
    lines = [line.strip() for line in block if line.strip().startswith("|") and line.strip().endswith("|")]
    if len(lines) < 2:
        return None
    grid = [
        tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line[1:-1]))
        for line in lines
        if not re.fullmatch(r"\|(\s*:?-{3,}:?\s*\|)+", line)
    ]
    width = len(grid[0])
    return Table(grid[0], tuple(row for row in grid[1:] if len(row) == width))


def _from_columns(block: list[str]) -> Table | None:
    if series := _SERIES.fullmatch(block[-1].strip()):
        return _from_series(block[:-1], series.group(1) or "")
    names = _GAP.split(block[0].strip())
    rows = [_GAP.split(line.strip()) for line in block[1:]]
    for indexed in (False, True):
        width = len(names) + indexed
        fitting = [tuple(row) for row in rows if len(row) == width]
        if width > 1 and len(fitting) >= max(1, len(rows) - 1):
            return Table((*([""] * indexed), *names), tuple(fitting))
    return None


def _from_series(block: list[str], name: str) -> Table | None:
    """Values of one name, below a line with the index's name where it has one."""
    lines = [_GAP.split(line.strip()) for line in block]
    index = lines.pop(0)[0] if lines and len(lines[0]) == 1 and lines[0][0].strip(".…") else ""
    rows = tuple((label, value) for label, *rest in lines for value in (rest[-1] if rest else label,))
    return Table((index, name), rows) if rows else None


def _from_grid(head: list[list[str]], body: list[list[str]]) -> Table | None:
    if not head and body:
        head, body = body[:1], body[1:]
    width = max((len(row) for row in [*head, *body]), default=0)
    if not width:
        return None
    padded = [row + [""] * (width - len(row)) for row in head]
    # Several header rows (a MultiIndex, or pandas' row for the index's name) become one name a column.
    columns = tuple(" ".join(dict.fromkeys(name for name in names if name)) for names in zip(*padded, strict=True))
    return Table(columns, tuple(tuple(row + [""] * (width - len(row))) for row in body))


class _TableParser(HTMLParser):
    """Collects (head rows, body rows) of each table; colspan and rowspan repeat their cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[tuple[list[list[str]], list[list[str]]]] = []
        self._depth = 0
        self._in_head = False
        self._row: list[str] | None = None
        self._all_head = True
        self._cell: list[str] | None = None
        self._span = 1
        self._down: dict[int, tuple[int, str]] = {}
        self._rowspan = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.grids.append(([], []))
                self._in_head, self._down = False, {}
        if self._depth != 1:
            return
        if tag in ("thead", "tbody", "tfoot"):
            self._in_head = tag == "thead"
        elif tag == "tr":
            self._end_row()
            self._row, self._all_head = [], True
        elif tag in ("td", "th"):
            self._end_cell()
            if self._row is None:
                self._row, self._all_head = [], True
            values = dict(attrs)
            self._cell = []
            self._span, self._rowspan = _span(values.get("colspan")), _span(values.get("rowspan"))
            self._all_head = self._all_head and tag == "th"
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._depth == 1:
            if tag in ("td", "th"):
                self._end_cell()
            elif tag in ("tr", "table", "thead", "tbody"):
                self._end_row()
        if tag == "table" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        self._fill_from_above()
        text = _VOID.sub(" ", "".join(self._cell)).strip()
        for _ in range(min(self._span, MAX_SPAN - len(self._row))):
            if self._rowspan > 1:
                self._down[len(self._row)] = (self._rowspan - 1, text)
            self._row.append(text)
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        self._fill_from_above()
        if self._row and self.grids:
            head, body = self.grids[-1]
            (head if self._in_head or (self._all_head and not body) else body).append(self._row)
        self._row = None

    def _fill_from_above(self) -> None:
        assert self._row is not None
        while (above := self._down.get(len(self._row))) is not None:
            left, text = above
            if left > 1:
                self._down[len(self._row)] = (left - 1, text)
            else:
                del self._down[len(self._row)]
            self._row.append(text)


def _span(value: str | None) -> int:
    return max(1, min(int(value), MAX_SPAN)) if value and value.isascii() and value.isdigit() and len(value) < 6 else 1


class _TextParser(HTMLParser):
    """Text outside of scripts and styles, with a line break where a block ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag in ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "pre"):
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self._hidden:
            self._hidden -= 1
        elif tag in ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "pre"):
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text.append(data)
