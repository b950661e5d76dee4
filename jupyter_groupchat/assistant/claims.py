"""Numbers that people state, held against the numbers in outputs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jupyter_groupchat.assistant import phrases
from jupyter_groupchat.cells import tables
from jupyter_groupchat.cells.tables import Table

#: A number as people write it; not a part of a name, a date or a version.
NUMBER = re.compile(
    r"(?<![\w.:/\-\[])[-+]?\d+(?:,\d{3})*(?:\.\d+)?(?:e[-+]?\d+)?\s?%?(?![\w:/\]]|[.\-]\d)", re.IGNORECASE
)
#: An entry of a dictionary as Python prints it.
_ENTRY = re.compile(
    r"['\"]([^'\"\n]{1,40})['\"]: (?:np\.\w+\()?([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?=[,})])", re.IGNORECASE
)
_PAIR = re.compile(
    r"^[ \t]*([^\W\d_][\w .\-]{1,40}?)[ \t]*[:=][ \t]*([-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?[ \t]?%?)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """A number that an output holds. ``row`` and ``column`` are what it is called there."""

    row: str
    column: str
    text: str

    @property
    def label(self) -> str:
        """``rate of basic``, or just the one name that there is."""
        return f"{self.column} of {self.row}" if self.row and self.column else self.row or self.column


@dataclass(frozen=True, slots=True)
class Finding:
    """A number that somebody stated about something that an output tells as well."""

    said: str
    value: Value
    holds: bool


def number(text: str) -> float | None:
    """The number that a text is, with thousands separators and a per cent sign understood; else None."""
    plain = text.strip().replace(",", "").replace("\N{MINUS SIGN}", "-")
    per_cent = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%"))
    except ValueError:
        return None
    return (value / 100 if per_cent else value) if abs(value) < 1e300 else None


def agrees(said: str, found: str) -> bool:
    """Whether a stated number is the found one, rounded as far as it was stated. 19% and 0.19 are 0.187."""
    stated, actual = number(said), number(found)
    if stated is None or actual is None:
        return True
    digits = said.strip().removesuffix("%").strip().partition(".")[2]
    step = 10.0 ** -(len(digits) + (2 if said.strip().endswith("%") else 0))
    return abs(stated - actual) <= step * 0.5000001 or abs(stated / 100 - actual) <= step * 0.005


def values(output: str) -> Iterator[Value]:
    """Every number of an output's text that has a name: in tables, dictionaries, and lines like ``accuracy: 0.81``."""
    for table in tables.from_text(output):
        yield from _of_table(table)
    for pattern in (_PAIR, _ENTRY):
        for match in pattern.finditer(output):
            yield Value(match.group(1).strip(), "", match.group(2))


def check(body: str, values: Iterable[Value]) -> list[Finding]:
    """What a message states about named numbers. Empty for questions and for messages without numbers."""
    said = phrases.spoken(body)
    numbers = NUMBER.findall(said)
    if not numbers or phrases.is_question(body):
        return []
    spoken = set(phrases.words(NUMBER.sub(" ", said)))
    named = [value for value in values if _names(value, spoken)]
    # Where the statement fits several numbers, it is about whichever it is right about.
    findings = [Finding(text.strip(), value, agrees(text, value.text)) for value in named for text in numbers]
    return [finding for finding in findings if finding.holds] or findings[:1]


def _of_table(table: Table) -> Iterator[Value]:
    numeric = [
        place
        for place, name in enumerate(table.columns)
        if name and all(number(row[place]) is not None for row in table.known if row[place] and row[place] != "NaN")
    ]
    for row in table.known:
        label = next((text for text in row if text and number(text) is None), "")
        for place in numeric:
            if label and number(row[place]) is not None:
                yield Value(label, table.columns[place], row[place])


def _names(value: Value, spoken: set[str]) -> bool:
    """Whether the words name both the row and the column (or the one name that there is)."""
    return all(
        any(word in spoken or f"{word}s" in spoken or word.removesuffix("s") in spoken for word in phrases.words(name))
        for name in (value.row, value.column)
        if name
    )
