"""How the notebook reader answers: it finds what the request holds about the question and quotes it. Pure."""

from __future__ import annotations

import ast
import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from jupyter_groupchat.assistant import claims, phrases, recount, wording
from jupyter_groupchat.assistant.request_text import FILE, Cell, Failure, Seen, numeric_columns, row_label
from jupyter_groupchat.assistant.wording import CODE, COMMON, ERROR, HIGHEST, ITSELF, LOWEST, SUMMARY, Wording
from jupyter_groupchat.cells.tables import Table

#: Lines of code or output in a quote.
QUOTE = 12

_UNTOLD = COMMON | HIGHEST | LOWEST


@dataclass(frozen=True, slots=True)
class Answer:
    """Text, or a call of a tool."""

    text: str = ""
    tool: str | None = None
    arguments: dict[str, Any] | None = None


class Passage(NamedTuple):
    """Something that can be quoted: its words, where it is, and the quote."""

    words: frozenset[str]
    at: str
    quote: str


def answer(seen: Seen) -> Answer:
    """The answer to a request."""
    if seen.missed_by is not None:
        return Answer(recount.recount(seen))
    if "stay_out" in seen.tools:
        return _unasked(seen)
    look = _Look(seen)
    text = (
        look.itself() or look.error() or look.value() or look.extreme() or look.table() or look.code() or look.passage()
    )
    if text is None:
        nothing = look.say("nothing", cells=look.all_cells()) if seen.cells else look.say("share")
        return Answer(f"{nothing} {look.say('who')}")
    if any(look.say("who") in earlier for earlier in seen.answers) or look.say("who") in text:
        return Answer(text)
    return Answer(f"{text}\n\n*{look.say('who')}*")


def _unasked(seen: Seen) -> Answer:
    """Nobody asked: it speaks where a cell has the answer to the letter, and otherwise stays out."""
    look = _Look(seen)
    statement = seen.asked.text.replace("?", ".")
    for cell in seen.cells:
        values = [value for kind, text in cell.outputs if kind != "error" for value in claims.values(text)]
        found = claims.check(statement, values)
        if found and not found[0].holds:
            value = found[0].value
            return Answer(
                look.say("differs", place=cell.place, value=value.text, label=value.label, said=found[0].said)
            )
        if found:
            return Answer(tool="react", arguments={"emoji": "👍"})
    asks = phrases.is_question(seen.asked.text)
    text = look.error() if asks or seen.named else None
    text = text or (look.value() or look.extreme() if asks else None)
    return Answer(text) if text else Answer(tool="stay_out", arguments={"reason": look.say("silent")})


class _Look:
    """One question and where its answer may be. Each method gives a text, or None where it is not what was asked."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.question = phrases.spoken(seen.asked.text)
        self.words = phrases.words(self.question)
        self.terms = [term for term in dict.fromkeys(map(_stem, self.words)) if term not in _UNTOLD]
        self.wording: Wording = wording.of(self.question)
        # What is named is looked at first, then what is newest.
        asked = [file for file in seen.files if file.place in seen.asked.files or file.place in seen.asked.text]
        looked_at = [*seen.named, *asked, *seen.cells, *seen.files]
        self.cells = list(dict.fromkeys(looked_at))

    def say(self, key: str, **values: object) -> str:
        return self.wording[key].format(**values)

    def all_cells(self) -> str:
        count = len(self.seen.cells)
        return self.say("one cell") if count == 1 else self.say("many cells", count=count)

    def itself(self) -> str | None:
        said = " ".join(word for word in self.words if word not in ("assistant", "hi", "hello", "hallo"))
        if said not in ITSELF:
            return None
        places = ", ".join(cell.place for cell in self.seen.cells[:5]) or self.say("no cells")
        return f"{self.say('who')} {self.say('can')} {self.say('sees', cells=places)}"

    def error(self) -> str | None:
        asks = any(word in ERROR for word in self.words) or any(word.endswith("error") for word in self.words)
        failed = [cell for cell in self.cells if cell.failure]
        named = [cell for cell in self.seen.named if cell.failure]
        if not asks and not named:
            return None
        if not failed:
            return self.say("no error") if asks and not self.seen.named and not self.seen.tools else None
        return self.failed((named or failed)[0])

    def failed(self, cell: Cell) -> str:
        """What a cell's error says, the line that raised it, and what the other shared cells tell about it."""
        failure = cell.failure
        assert failure is not None
        key = "error" if failure.value else "error bare"
        lines = [self.say(key, place=cell.place, name=failure.name, value=_one_line(failure.value))]
        if failure.line:
            lines.append(f"{self.say('line', number=failure.line[0])}\n\n{_fenced(failure.line[1])}")
        if hint := self._hint(failure):
            lines.append(f"\n{hint}" if failure.line else hint)
        return "\n".join(lines)

    def value(self) -> str | None:
        """A number whose row and column are both named."""
        found = [
            self.say("value", place=cell.place, label=value.label, value=value.text)
            for cell in self.cells
            for kind, text in cell.outputs
            if kind != "error"
            for value in claims.values(text)
            if self._asks_for(value.row) and (not value.column or self._asks_for(value.column))
        ]
        return "\n".join(dict.fromkeys(found[:4])) or None

    def extreme(self) -> str | None:
        """The row with the highest or lowest number."""
        highest, lowest = (any(word in words for word in self.words) for words in (HIGHEST, LOWEST))
        if not highest and not lowest:
            return None
        for cell, table in self._tables():
            place = self._column(table)
            label = table.columns[0]
            if place is None:
                if self._asks_for(label) and (ranges := self._ranges(table)):
                    return "\n".join([self.say("by", place=cell.place, label=label), "", *ranges])
                continue
            rows = [row for row in table.rows if claims.number(row[place]) is not None]
            by_number = sorted(rows, key=lambda row: claims.number(row[place]) or 0.0, reverse=highest)
            first, last = by_number[0], by_number[-1]
            return self.say(
                "highest" if highest else "lowest",
                row=row_label(table, first),
                column=table.columns[place],
                value=first[place],
                place=cell.place,
                other=row_label(table, last),
                least=last[place],
            )
        return None

    def table(self) -> str | None:
        """What a table holds: its columns, its rows, and the range of its numbers."""
        if not any(word in SUMMARY for word in self.words):
            return None
        for cell, table in self._tables():
            columns = ", ".join(name for name in table.columns if name)
            said = self.say("table", place=cell.place, rows=len(table.rows), columns=columns)
            return "\n".join([said, "", *self._ranges(table)]).strip()
        return None

    def code(self) -> str | None:
        """The source of a cell that was named, or the lines that assign what was named."""
        if named := [cell for cell in self.seen.named if cell.kind == "code" and cell.source.strip()]:
            return (
                f"{self.say('code', place=named[0].place)}\n\n{_fenced(named[0].source)}{self._does(named[0].source)}"
            )
        if not any(word in CODE for word in self.words):
            return None
        for cell in self.cells:
            for number, line in enumerate(cell.source.split("\n")):
                target = re.match(r"\s*(?:def|class)?\s*([\w.\[\]\"', ]+?)\s*(?:[-+*/|&]?=(?!=)|\()", line)
                if target and self._asks_for(target.group(1)):
                    lines = cell.source.split("\n")[number : number + 4]
                    return f"{self.say('code', place=cell.place)}\n\n{_fenced(chr(10).join(lines))}"
        return None

    def passage(self) -> str | None:
        """The lines of code, of output and of messages that share the most telling words with the question."""
        passages = [*self._passages()]
        spread = Counter(term for passage in passages for term in passage.words)
        best: list[tuple[float, Passage]] = []
        for passage in passages:
            shared = [term for term in self.terms if term in passage.words]
            if shared and len(shared) * 3 >= len(self.terms):
                best.append((sum(math.log(1 + len(passages) / spread[term]) for term in shared), passage))
        best.sort(key=lambda scored: scored[0], reverse=True)
        quotes = dict.fromkeys(f"{at}\n\n{quote}" for score, (_, at, quote) in best[:2] if score > best[0][0] * 0.7)
        return "\n\n".join([self.say("found"), *quotes]) if quotes else None

    # -- parts

    def _asks_for(self, name: str) -> bool:
        parts = [_stem(word) for word in phrases.words(name)]
        return bool(parts) and all(part in self.terms for part in parts)

    def _tables(self) -> Iterable[tuple[Cell, Table]]:
        """Tables with something that the question names first."""
        found = [(cell, table) for cell in self.cells for table in cell.tables]
        return sorted(found, key=lambda pair: not any(self._asks_for(name) for name in pair[1].columns if name))

    def _column(self, table: Table) -> int | None:
        """The column that the question is about: the one that it names, if it says nothing that no name explains."""
        numeric = [*numeric_columns(table)]
        asked = [place for place in numeric if self._asks_for(table.columns[place])]
        if not asked:
            return numeric[0] if len(numeric) == 1 else None
        named = {_stem(word) for name in table.columns if self._asks_for(name) for word in phrases.words(name)}
        return asked[0] if len(numeric) == 1 or all(term in named for term in self.terms) else None

    def _ranges(self, table: Table) -> list[str]:
        return [self._range(table, place) for place in numeric_columns(table)]

    def _range(self, table: Table, place: int) -> str:
        rows = [row for row in table.rows if claims.number(row[place]) is not None]
        low = min(rows, key=lambda row: claims.number(row[place]) or 0.0)
        high = max(rows, key=lambda row: claims.number(row[place]) or 0.0)
        names = row_label(table, low), row_label(table, high)
        values = {"column": table.columns[place], "low": low[place], "high": high[place]}
        if low[place] == high[place] or any(claims.number(name) is not None for name in names):
            return self.say("range plain", **values)
        return self.say("range", lowest=names[0], highest=names[1], **values)

    def _hint(self, failure: Failure) -> str | None:
        named = re.search(r"['\"]([^'\"]+)['\"]", failure.value)
        name = named.group(1) if named else ""
        if failure.name == "NameError" and name:
            assigned = re.compile(
                rf"^\s*(?:def |class |import |from .* import .*)?\b{re.escape(name)}\b\s*[=(]", re.MULTILINE
            )
            where = next((cell for cell in self.seen.cells if assigned.search(cell.source)), None)
            return self.say("no name", name=name, place=where.place) if where else self.say("no name at all", name=name)
        if failure.name == "ModuleNotFoundError":
            return self.say("module")
        if name:
            columns = {column: cell for cell in self.seen.cells for table in cell.tables for column in table.columns}
            similar = difflib.get_close_matches(name, [column for column in columns if column], 1)
            if failure.name == "KeyError" and similar:
                return self.say("similar", name=similar[0], place=columns[similar[0]].place)
            for cell in self.seen.cells:
                for table in cell.tables:
                    for row in table.rows:
                        if name in row and (column := table.columns[row.index(name)]):
                            return self.say("value in", name=name, column=column, place=cell.place)
        return None

    def _does(self, source: str) -> str:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ""
        nodes = [*ast.walk(tree)]
        stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
        called = [
            node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            for node in nodes
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
        ]
        parts = [
            self.say(key, names=", ".join(f"`{name}`" for name in list(dict.fromkeys(names))[:6]))
            for key, names in (("assigns", stored), ("calls", called))
            if names
        ]
        text = ", ".join(parts)
        return f"\n\n{text[:1].upper()}{text[1:]}." if text else ""

    def _passages(self) -> Iterable[Passage]:
        for cell in self.cells:
            lines = cell.source.split("\n")
            for number, line in enumerate(lines):
                around = "\n".join(lines[max(number - 1, 0) : number + 2])
                yield Passage(_terms(line), self.say("code", place=cell.place), _fenced(around))
            for kind, text in cell.outputs:
                for line in [] if kind == "error" else text.split("\n"):
                    at = self.say("code" if kind == FILE else "output", place=cell.place)
                    yield Passage(_terms(line), at, _fenced(line, ""))
        for said in self.seen.messages:
            if said.number != self.seen.asked.number:
                by = self.say("said", by=said.by, number=said.number)
                yield Passage(_terms(said.text), by, _quoted(said.text))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _terms(text: str) -> frozenset[str]:
    return frozenset(map(_stem, phrases.words(text)))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:200]}…"


def _fenced(text: str, language: str = "python") -> str:
    lines = text.strip("\n").split("\n")
    shown = lines if len(lines) <= QUOTE else [*lines[:QUOTE], f"# … {len(lines) - QUOTE} more lines"]
    body = "\n".join(line[:300] for line in shown)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", body) or [""]))
    return f"{fence}{language}\n{body}\n{fence}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line[:300]}" for line in text.strip().split("\n")[:6])
