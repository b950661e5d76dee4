"""Messages as people might write them: the same in every run, and no two alike, since repetition compresses well."""

from __future__ import annotations

from pathlib import Path
from random import Random

#: Characters of a message, all of ASCII.
LENGTH = 120
_WORDS = (Path(__file__).parent / "words.txt").read_text().split()


def message(number: int) -> str:
    """The message of that number: words, with a full stop."""
    random = Random(number)
    text = " ".join(random.choices(_WORDS, k=40)).capitalize()
    return text[: LENGTH - 1].rstrip().ljust(LENGTH - 1, ".") + "."
