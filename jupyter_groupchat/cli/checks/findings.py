"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Whether something has to be done."""

    FINE = "fine"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, and where something is wrong what mends it: mostly a command."""

    level: Level
    words: str
    mend: str = ""


def fine(words: str) -> Finding:
    """It is as it should be."""
    return Finding(Level.FINE, words)


def note(words: str, mend: str = "") -> Finding:
    """It may be meant to be so."""
    return Finding(Level.NOTE, words, mend)


def problem(words: str, mend: str) -> Finding:
    """It keeps people from chatting, or puts what they said at risk."""
    return Finding(Level.PROBLEM, words, mend)
