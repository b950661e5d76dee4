"""Which model a question needs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from jupyter_groupchat.assistant.choice import LONG, Choice, Question, choose
from jupyter_groupchat.types import SharedCell
from tests.assistant.scenes import RATES, a_cell, html, printed, raised

CODE = a_cell("code", "rates = churn.groupby('plan').mean()", printed("done"))
TABLE = a_cell("table", "rates", RATES)
BROKEN = a_cell("broken", "rates['rat']", raised("KeyError", "'rat'"))
NOTE = a_cell("note", "# Churn", cell_type="markdown")
PLAIN_HTML = a_cell("html", "", html("<p>no table here</p>"), cell_type="raw")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PICTURE = a_cell(
    "plot",
    "plot()",
    {
        "output_type": "display_data",
        "metadata": {},
        "data": {"image/png": PIXEL},
    },
)


@pytest.mark.parametrize(
    ("body", "cells", "files", "words"),
    [
        # What is short, a greeting, or only to be looked up.
        ("@assistant hello there", (), (), "fast: a greeting"),
        ("Danke!", (), (), "fast: a greeting"),
        ("@assistant", (), (), "fast: a greeting"),
        ("is churn seasonal?", (), (), "fast: a short question"),
        ("@assistant what is the rate of basic?", (), (), "fast: something to look up"),
        ("what is the rate of basic?", (TABLE,), (), "fast: something to look up"),
        ("Wie viele Kunden hat basic?", (TABLE,), (), "fast: something to look up"),
        ("show me the highest rate in [12]", (TABLE, CODE), (), "fast: something to look up"),
        ("and this one?", (NOTE, PLAIN_HTML), (), "fast: a short question"),
        # Words after which something is to be thought through.
        ("why is basic so high?", (), (), "strong: something to think through"),
        ("@assistant compare basic and plus", (), (), "strong: something to think through"),
        ("Can you prove that the mean is unbiased?", (), (), "strong: something to think through"),
        ("Warum ist basic so hoch?", (), (), "strong: something to think through"),
        ("what are the pros and cons?", (), (), "strong: something to think through"),
        # ... but not where they are code, a quote or a link.
        ("is `why` a column?", (), (), "fast: a short question"),
        ("> why is that\nno idea", (), (), "fast: a short question"),
        ("seen https://example.org/why/compare ?", (), (), "fast: a short question"),
        # Length, in words of people.
        ("is this good " + "and so on " * (LONG // 3), (), (), "strong: a long question"),
        ("what is this " + "and so on " * (LONG // 3), (), (), "strong: a long question"),
        ("ok " * LONG, (), (), "fast: a greeting"),
        # What is in scope.
        ("is this right?\n```python\nx = 1\n```", (), (), "strong: code to read"),
        ("is this right?\n\n    x = 1\n", (), (), "strong: code to read"),
        ("is this right?", (CODE,), (), "strong: code to read"),
        ("is this right?", (TABLE,), (), "strong: a table to read"),
        ("right?\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", (), (), "strong: a table to read"),
        ("what is this?", (BROKEN,), (), "strong: an error to explain"),
        ("I get a KeyError, what is that?", (), (), "strong: an error to explain"),
        ("Traceback (most recent call last): ...", (), (), "strong: an error to explain"),
        # Files and pictures.
        ("what is this?", (), ("text/csv",), "strong: a file to read"),
        ("what is this?", (), ("application/pdf", "image/png"), "strong: a picture to look at"),
        ("what is this?", (PICTURE,), (), "strong: a picture to look at"),
    ],
)
def test_a_question_gets_the_model_that_it_needs(
    body: str, cells: Sequence[SharedCell], files: Sequence[str], words: str
) -> None:
    """By its words, its length, and what is in scope."""
    assert choose(Question(body=body, cells=cells, files=files, names=("Assistant", "Ada"))).words == words


@pytest.mark.parametrize(
    "body", ["", "?", "\n" * 10_000, "why " * 100_000, "`" * 5_000, "|" * 5_000 + "\n" + "-" * 5_000]
)
def test_any_text_gets_one(body: str) -> None:
    """However odd, and without taking long."""
    assert isinstance(choose(Question(body=body)), Choice)


def test_pictures_are_known() -> None:
    """Where a question has some, it needs a model that takes them."""
    assert Question(body="", files=("image/png",)).has_pictures
    assert Question(body="", cells=(PICTURE,)).has_pictures
    assert not Question(body="", cells=(TABLE,), files=("text/csv",)).has_pictures
