"""What tables and other outputs say: values, extremes, rows, and what there is altogether. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from jupyter_groupchat.assistant import claims
from jupyter_groupchat.assistant.reader.question import Question, stems
from jupyter_groupchat.assistant.reader.quoting import tabled
from jupyter_groupchat.assistant.reader.wording import COMPARE, FINDINGS, HIGHEST, LOWEST, SUMMARY, TALK, WE
from jupyter_groupchat.assistant.request_text import Cell, numeric_columns, row_label
from jupyter_groupchat.cells.tables import Table

#: Values, rows, or cells that one answer lists.
MOST = 6


def value(question: Question) -> str | None:
    """Numbers whose row and column are both named, from where most of the other words are.

    Where a number has one name only, its cell has to explain one of the other words.
    """
    found: dict[str, int] = {}
    for cell, one in _values(question):
        relevance = question.relevance(cell, one.label)
        if one.column or relevance or stems(one.label).issuperset(question.terms):
            found.setdefault(_said(question, cell, one), relevance)
    best = max(found.values(), default=0)
    return "\n".join([said for said, relevance in found.items() if relevance == best][:MOST]) or None


def exact(question: Question) -> str | None:
    """The one number whose names are all that is asked for."""
    named = [(cell, one) for cell, one in _values(question) if stems(one.label).issuperset(question.terms)]
    return _said(question, *named[0]) if len(named) == 1 else None


def _values(question: Question) -> Iterator[tuple[Cell, claims.Value]]:
    for cell in question.cells:
        for one in values_of(cell):
            if question.names(one.row) and (not one.column or question.names(one.column)):
                yield cell, one


def _said(question: Question, cell: Cell, one: claims.Value) -> str:
    named = question.say("of", row=one.row, column=one.column) if one.column else one.label
    return question.say("value", place=cell.place, label=named, value=one.text)


def extreme(question: Question) -> str | None:
    """The row with the highest or lowest number of the column that is asked about."""
    if not question.has(HIGHEST) and not question.has(LOWEST):
        return None
    for cell, table in question.tables():
        place = _column(question, table)
        rows = [row for row in table.rows if place is not None and claims.number(row[place]) is not None]
        if place is None or not rows:
            continue
        highest = question.has(HIGHEST)
        by_number = sorted(rows, key=lambda row: claims.number(row[place]) or 0.0, reverse=highest)
        first, last = by_number[0], by_number[-1]
        return question.say(
            "highest" if highest else "lowest",
            row=row_label(table, first),
            column=table.columns[place],
            value=first[place],
            place=cell.place,
            other=row_label(table, last),
            least=last[place],
        )
    return None


def ranges(question: Question) -> str | None:
    """Where it is not said which column is meant: the extremes of all; or that a table is not whole."""
    if not question.has(HIGHEST) and not question.has(LOWEST):
        return None
    for cell, table in question.tables():
        if question.names(table.columns[0]) and (found := _ranges(question, table)):
            return "\n".join([question.say("by", place=cell.place, label=table.columns[0]), "", *found])
    if part := question.part():
        rows = question.say("of so many", rows=part[0].length) if part[0].length else ""
        return question.say("part", place=part[0].place, rows=rows)
    return None


def count(question: Question) -> str | None:
    """How many rows a table has, where what they are is asked for."""
    if not {"how", "many"} <= set(question.words) and not {"wie", "viele"} <= set(question.words):
        return None
    for cell, table, rows in [
        *((cell, table, len(table.rows)) for cell, table in question.tables()),
        *((cell, table, cell.length) for cell, table in filter(None, [question.part()])),
    ]:
        label = next((name for name in table.columns if name), "")
        if rows is not None and question.names(label) and stems(label).issuperset(question.terms):
            return question.say("rows", place=cell.place, rows=rows, label=label)
    return None


def compared(question: Question) -> str | None:
    """The rows that are named, or a small table whose rows are to be compared."""
    if question.has(TALK):
        return None
    for cell, table in question.tables():
        rows = [row for row in table.rows if question.names(row_label(table, row))]
        if 0 < len(rows) <= MOST:
            asked = [place for place in numeric_columns(table) if question.names(table.columns[place])]
            lines = [_row(table, row, asked or [*numeric_columns(table)]) for row in rows]
            return "\n".join([f"{cell.place}:", "", *lines])
    if question.has(COMPARE):
        for cell, table in question.tables():
            if question.names(table.columns[0]) and (shown := tabled(table)):
                return f"{cell.place}:\n\n{shown}"
    return None


def summary(question: Question) -> str | None:
    """What a table holds: its columns, its rows, and the range of its numbers."""
    if not question.has(SUMMARY):
        return None
    for cell, table in question.tables():
        columns = ", ".join(name for name in table.columns if name)
        said = question.say("table", place=cell.place, rows=len(table.rows), columns=columns)
        return "\n".join([said, "", *_ranges(question, table)]).strip()
    if part := question.part():
        columns = ", ".join(name for name in part[1].columns if name)
        rows = question.say("of so many", rows=part[0].length) if part[0].length else ""
        return question.say("part table", place=part[0].place, rows=rows, columns=columns)
    return None


def findings(question: Question) -> str | None:
    """What there is altogether, a line for each of the newest cells with an output."""
    if not question.has(FINDINGS) or not (question.has(SUMMARY) or question.has(WE)) or question.seen.named:
        return None
    lines = [line for cell in question.seen.cells if (line := _finding(question, cell))][:MOST]
    return "\n".join([question.say("findings"), "", *lines]) if lines else None


def _finding(question: Question, cell: Cell) -> str | None:
    if cell.failure:
        return f"- {question.say('ended with', place=cell.place, name=cell.failure.name)}"
    for table in cell.tables:
        spans = [_span(table, place) for place in numeric_columns(table)]
        if spans:
            label = next((name for name in table.columns if name), "")
            of = question.say("of rows", place=cell.place, rows=len(table.rows), label=label)
            return f"- {of} {'; '.join(spans)}"
    named = [f"{one.label} {one.text}" for one in values_of(cell)]
    if named:
        return f"- {cell.place}: {', '.join(named[:MOST])}"
    return f"- {question.say('draws', place=cell.place)}" if cell.has_picture else None


def _column(question: Question, table: Table) -> int | None:
    """The column that the question is about: the one that it names, if it says nothing that no name explains."""
    numeric = [*numeric_columns(table)]
    asked = [place for place in numeric if question.names(table.columns[place])]
    if not asked:
        return numeric[0] if len(numeric) == 1 and _explained(question, table) else None
    return asked[0] if len(numeric) == 1 or _explained(question, table) else None


def _explained(question: Question, table: Table) -> bool:
    named = frozenset().union(*(stems(name) for name in table.columns if question.names(name)))
    return named.issuperset(question.terms)


def _ranges(question: Question, table: Table) -> list[str]:
    return [_range(question, table, place) for place in numeric_columns(table)]


def _range(question: Question, table: Table, place: int) -> str:
    low, high = _ends(table, place)
    names = row_label(table, low), row_label(table, high)
    values = {"column": table.columns[place], "low": low[place], "high": high[place]}
    if low[place] == high[place] or any(claims.number(name) is not None for name in names):
        return question.say("range plain", **values)
    return question.say("range", lowest=names[0], highest=names[1], **values)


def _span(table: Table, place: int) -> str:
    low, high = _ends(table, place)
    return f"{table.columns[place]} {low[place]} ({row_label(table, low)}) – {high[place]} ({row_label(table, high)})"


def _ends(table: Table, place: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = [row for row in table.rows if claims.number(row[place]) is not None]
    by_number = sorted(rows, key=lambda row: claims.number(row[place]) or 0.0)
    return by_number[0], by_number[-1]


def _row(table: Table, row: tuple[str, ...], places: list[int]) -> str:
    return f"- {row_label(table, row)}: {', '.join(f'{table.columns[place]} {row[place]}' for place in places)}"


def values_of(cell: Cell) -> Iterator[claims.Value]:
    """Every number of a cell's outputs that has a name."""
    for kind, text in cell.outputs:
        if kind != "error":
            yield from claims.values(text)
