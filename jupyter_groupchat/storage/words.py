"""What full-text search compares: the words of a message, and of a query.

Letters lose case and accents; runs of Han and Kana, which have no spaces, become pairs of neighbours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Longer words are cut, and more words of one message are not found: bounds of PostgreSQL's index.
LONGEST = 64
MOST = 5_000

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def of_text(text: str) -> list[str]:
    """The distinct words by which ``text`` is found, in order."""
    found: dict[str, None] = {}
    for word in _split(text):
        if word.isascii():
            found[word[:LONGEST]] = None
        else:
            for run, unspaced in _runs(word):
                if unspaced:
                    found.update((run[i : i + 2], None) for i in range(len(run)))
                else:
                    found[run[:LONGEST]] = None
        if len(found) >= MOST:
            break
    return list(found)[:MOST]


def of_query(text: str) -> list[str]:
    """The words that a message must all have; the last may be the beginning of one. Any string will do."""
    found: list[str] = []
    for word in _split(text):
        for run, unspaced in _runs(word):
            if unspaced and len(run) > 1:
                found.extend(run[i : i + 2] for i in range(len(run) - 1))
            else:
                found.append(run[:LONGEST])
        if len(found) >= 32:
            break
    return found[:32]


def _split(text: str) -> list[str]:
    if not text.isascii():
        plain = (c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
        text = unicodedata.normalize("NFC", "".join(plain))
    return _WORD.findall(text.lower())


def _runs(word: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for match in _UNSPACED.finditer(word):
        if match.start() > at:
            yield word[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(word):
        yield word[at:], False
