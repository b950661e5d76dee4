"""A question as the reader understands it: its telling words, what it goes on with, where to look. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from jupyter_groupchat.assistant import phrases
from jupyter_groupchat.assistant.reader import wording
from jupyter_groupchat.assistant.reader.wording import COMMON, COMPARE, HIGHEST, LOWEST, SUMMARY, TALK, Wording
from jupyter_groupchat.assistant.request_text import Cell, Said, Seen, numeric_columns, row_label
from jupyter_groupchat.cells.tables import Table

_UNTOLD = COMMON | HIGHEST | LOWEST | COMPARE | TALK
_INTENTS = HIGHEST | LOWEST | SUMMARY | COMPARE
#: How a question begins that goes on with the one before, and the words that it has at most.
_GOES_ON = re.compile(
    r"(?:and|or|und|oder|et|y|e|en|what about|how about|was ist mit|wie ist es mit|wie sieht es mit)\b", re.IGNORECASE
)
_FEW = 7
_ASKS_ANEW = phrases.listed("why how which who where when does is are can warum wie welche welcher wer wo wann ist")
#: Somebody who is spoken to.
MENTION = re.compile(r"@[\w.\-]+")


@dataclass(frozen=True, slots=True)
class Question:
    """``terms`` are the stems of the words that tell what is looked for, of which ``own`` are not from a question
    before; ``cells`` is where to look: what is named first, then what is newest, files last."""

    seen: Seen
    words: list[str]
    terms: list[str]
    own: frozenset[str]
    wording: Wording
    cells: tuple[Cell, ...]

    @classmethod
    def of(cls, seen: Seen) -> Self:
        """What was asked. A few words that go on with a question of the same person before are read with it."""
        text = MENTION.sub(" ", phrases.telling(seen.asked.text))
        words, terms = phrases.words(text), _terms(text)
        own = frozenset(terms)
        if _goes_on(text, words) and (earlier := _before(seen)) is not None:
            before = MENTION.sub(" ", phrases.telling(earlier.text))
            terms, of_a_row = _merged(terms, _terms(before), seen.cells)
            if not of_a_row and _INTENTS.isdisjoint(words):
                words = [*words, *(word for word in phrases.words(before) if word in _INTENTS)]
            text = f"{text} {before}"
        # What is named is looked at first, then what is newest.
        asked = [file for file in seen.files if file.place in seen.asked.files or file.place in seen.asked.text]
        cells = tuple(dict.fromkeys([*seen.named, *asked, *seen.cells, *seen.files]))
        return cls(seen, words, terms, own, wording.of(text), cells)

    def say(self, key: str, **values: object) -> str:
        """A sentence in the language of the question."""
        return self.wording[key].format(**values)

    def has(self, vocabulary: Collection[str]) -> bool:
        """Whether one of these words is in it."""
        return any(word in vocabulary for word in self.words)

    def names(self, name: str) -> bool:
        """Whether all words of a name are in it."""
        return _named(name, self.terms)

    def relevance(self, cell: Cell, name: str) -> int:
        """How many of the terms that ``name`` does not explain a cell's source and outputs do."""
        there = stems(" ".join([cell.place, cell.source, *(text for _, text in cell.outputs)]))
        explained = stems(name)
        return sum(term in there for term in self.terms if term not in explained)

    def tables(self) -> list[tuple[Cell, Table]]:
        """Whole tables, up to one of which rows are missing and that the question is rather about.

        Those with something that the question names come first, and of these those of more.
        """
        found: list[tuple[Cell, Table]] = []
        for cell, table, whole in self._all_tables():
            if whole:
                found.append((cell, table))
            elif self._named_in(table):
                break
        return found

    def part(self) -> tuple[Cell, Table] | None:
        """The table of which rows are missing and that the question is about, if any."""
        parts = ((cell, table) for cell, table, whole in self._all_tables() if not whole and self._named_in(table))
        return next(parts, None)

    def _all_tables(self) -> list[tuple[Cell, Table, bool]]:
        found = [(cell, table, True) for cell in self.cells for table in cell.tables]
        found += [(cell, table, False) for cell in self.cells for table in cell.parts_of_tables]
        return sorted(found, key=lambda one: -self._named_in(one[1]))

    def shown(self, term: str) -> str:
        """A term as it was written."""
        return next((word for word in self.words if stem(word) == term), term)

    def _named_in(self, table: Table) -> int:
        return sum(self.names(name) for name in table.columns if name)


def stem(word: str) -> str:
    """A word without its ending: ``drop`` of drops, dropped and dropping."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 3 and word.endswith(ending):
            word = word.removesuffix(ending)
            word = word[:-1] if word[-1] == word[-2] else word
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def stems(text: str) -> frozenset[str]:
    """The stems of a text's words; ``monthly_fee`` has two."""
    return frozenset(stem(word) for word in phrases.words(text.replace("_", " ")))


def _terms(text: str) -> list[str]:
    found = dict.fromkeys(stem(word) for word in phrases.words(text.replace("_", " ")) if word not in _UNTOLD)
    return [term for term in found if term not in _UNTOLD]


def _named(name: str, terms: Collection[str]) -> bool:
    parts = stems(name)
    return bool(parts) and all(part in terms for part in parts)


def _goes_on(text: str, words: list[str]) -> bool:
    begins = _GOES_ON.match(text.strip())
    if begins is None or len(words) > _FEW:
        return False
    return _ASKS_ANEW.isdisjoint(phrases.words(text.strip()[begins.end() :]))


def _before(seen: Seen) -> Said | None:
    """The newest question of the same person that stands on its own."""
    for message in reversed(seen.messages):
        if message.number < seen.asked.number and message.by == seen.asked.by and phrases.is_question(message.text):
            text = MENTION.sub(" ", phrases.telling(message.text))
            if not _goes_on(text, phrases.words(text)):
                return message
    return None


def _merged(own: list[str], before: list[str], cells: Iterable[Cell]) -> tuple[list[str], bool]:
    """The terms of a question that goes on, and whether it names a row.

    A column or a row that it names takes the place of the one before.
    """
    tables = [table for cell in cells for table in (*cell.tables, *cell.parts_of_tables)]
    columns = {table.columns[place] for table in tables for place in numeric_columns(table)}
    labels = {name for table in tables for name in table.columns if name} - columns
    rows = {row_label(table, row) for table in tables for row in table.known}
    terms = list(own)
    by_label = any(_named(label, own) for label in labels)
    for names, replaced in ((columns, False), (rows, by_label)):
        if not replaced and not any(_named(name, own) for name in names):
            kept = [part for name in names if _named(name, before) for part in stems(name)]
            terms += [term for term in before if term in kept and term not in terms]
    return terms, any(_named(name, own) for name in rows)
