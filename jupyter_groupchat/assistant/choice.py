"""Which model a question needs, where a thread leaves that open. Pure; the first row of ``_ROWS`` that fits decides.

A wrong guess costs little: the reply says what was chosen and why, and can be asked for again from another model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from jupyter_groupchat.assistant import phrases
from jupyter_groupchat.cells import render, tables
from jupyter_groupchat.cells.filetypes import PICTURES
from jupyter_groupchat.types import SharedCell

#: A question of more words is a long one.
LONG = 60

#: Words after which somebody wants to have something thought through.
_THINKING = phrases.listed(
    """why compare comparison contrast prove proof derive explain justify argue evaluate assess critique review analyse
    analyze debug fix refactor rewrite optimise optimize implement design plan diagnose investigate interpret tradeoff
    trade-off trade-offs pros cons implications versus vs
    warum wieso weshalb vergleiche vergleichen vergleich beweise beweis beweisen erkläre erklären begründe begründen
    bewerte bewerten beurteile analysiere analysieren untersuche entwirf entwerfen plane umschreiben optimiere
    implementiere behebe interpretiere
    pourquoi comparer compare prouve prouver explique expliquer analyse
    explica explicar comparar demuestra analiza
    perché confronta spiega dimostra analizza
    porque compare prova explique analise
    waarom vergelijk bewijs analyseer"""
)
#: How a question begins that something is only to be looked up for.
_LOOK_UP = re.compile(
    r"""^(?:@?\w+[\s,:]+)?(?:please\s+|bitte\s+)?(?:
    what(?:'s|\s+is|\s+was|\s+are|\s+were)|which|who|when|where|how\s+(?:many|much|big|long|old)|
    show|list|give|find|count|name|
    was\s+ist|was\s+war|welche[rsn]?|wer|wann|wo|wie\s+(?:viele?|groß|hoch|lang)|zeige?|nenne?|gib|finde|
    combien|quel(?:le)?s?|où|quand|cuánt[oa]s?|cuál|dónde|quant[oi]|quale|dove|hoeveel|welke?|waar
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FENCE = re.compile(r"```|^(?: {4}|\t)\S", re.MULTILINE)
_ERROR = re.compile(r"\bTraceback\b|\b[A-Z]\w*(?:Error|Exception)\b")

Strength = Literal["fast", "strong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: the message's text, the cells that it or what it replies to names, and the types of their files.

    ``names`` is what the assistant is called.
    """

    body: str
    cells: Sequence[SharedCell] = ()
    files: Sequence[str] = ()
    names: Sequence[str] = ()

    @property
    def has_pictures(self) -> bool:
        """Whether it needs a model that takes pictures."""
        return any(type in PICTURES for type in self.files) or any(render.images(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a question needs, and why, in a few words."""

    strength: Strength
    why: str

    @property
    def words(self) -> str:
        """For members: ``fast: a short question``."""
        return f"{self.strength}: {self.why}"


def choose(question: Question) -> Choice:
    """A fast model for what is short, a strong one for what is not."""
    return next(Choice(strength, why) for fits, strength, why in _ROWS if fits(question))


def _own(question: Question) -> list[str]:
    """The words that people chose, without code, quotes, links and the assistant's name."""
    names = {word for name in question.names for word in phrases.words(name)}
    return [word for word in phrases.words(phrases.spoken(question.body)) if word not in names]


def _shows_error(question: Question) -> bool:
    outputs = (output for cell in question.cells for output in cell.outputs)
    return bool(_ERROR.search(question.body)) or any(output["output_type"] == "error" for output in outputs)


def _shows_table(question: Question) -> bool:
    return any(tables.from_text(render.as_text(output)) for cell in question.cells for output in cell.outputs) or bool(
        tables.from_text(question.body)
    )


def _greets(question: Question) -> bool:
    return all(word in phrases.SMALL_TALK for word in _own(question)) and not phrases.is_question(question.body)


def _looks_up(question: Question) -> bool:
    return _LOOK_UP.search(phrases.spoken(question.body)) is not None


_ROWS: tuple[tuple[Callable[[Question], bool], Strength, str], ...] = (
    (lambda question: question.has_pictures, "strong", "a picture to look at"),
    (lambda question: bool(question.files), "strong", "a file to read"),
    (_shows_error, "strong", "an error to explain"),
    (lambda question: bool(_FENCE.search(question.body)), "strong", "code to read"),
    (lambda question: not _THINKING.isdisjoint(_own(question)), "strong", "something to think through"),
    (lambda question: len(_own(question)) > LONG, "strong", "a long question"),
    (_greets, "fast", "a greeting"),
    (_looks_up, "fast", "something to look up"),
    (_shows_table, "strong", "a table to read"),
    (lambda question: any(cell.cell_type == "code" for cell in question.cells), "strong", "code to read"),
    (lambda question: True, "fast", "a short question"),
)
