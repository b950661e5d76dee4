"""The lines of code, of output and of messages that share the most telling words with a question. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from jupyter_groupchat.assistant import phrases
from jupyter_groupchat.assistant.reader.question import Question, stem, stems
from jupyter_groupchat.assistant.reader.quoting import fenced, quoted
from jupyter_groupchat.assistant.reader.wording import ASKED, TALK
from jupyter_groupchat.assistant.request_text import FILE, is_of_picture

#: Places that are quoted at most; the second only where it is nearly as good.
_MOST, _NEARLY = 2, 0.7


class Passage(NamedTuple):
    """Something that can be quoted: its words, where it is, and the quote."""

    words: frozenset[str]
    at: str
    quote: str


def closest(question: Question) -> str | None:
    """The best passage of each of the best places. At least half of the telling words have to be there, and of a
    question that goes on with another one some of its own."""
    passages = [*_passages(question)]
    spread = Counter(term for passage in passages for term in passage.words)
    best: dict[str, tuple[float, str]] = {}
    for passage in passages:
        shared = [term for term in question.terms if term in passage.words]
        if len(shared) * 2 >= len(question.terms) and not question.own.isdisjoint(shared):
            score = sum(math.log(1 + len(passages) / spread[term]) for term in shared)
            if score > best.get(passage.at, (0.0, ""))[0]:
                best[passage.at] = score, passage.quote
    ranked = sorted(best.items(), key=lambda place: place[1][0], reverse=True)
    quotes = [f"{at}\n\n{quote}" for at, (score, quote) in ranked[:_MOST] if score > ranked[0][1][0] * _NEARLY]
    return "\n\n".join([question.say("found"), *quotes]) if quotes else None


def unknown(question: Question) -> list[str]:
    """The telling words that are nowhere."""
    there = frozenset().union(*(passage.words for passage in _passages(question)))
    return [question.shown(term) for term in question.terms if term not in there]


def said(question: Question) -> str | None:
    """What one person said about something."""
    if not question.has(TALK):
        return None
    words = frozenset(map(stem, question.words))
    people = {said.by for said in question.seen.messages if stems(said.by.split()[0]) <= words}
    if len(people) != 1:
        return None
    (by,) = people
    name = stems(by)
    terms = [term for term in question.terms if term not in name]
    found = [
        said
        for said in question.seen.messages
        if said.by == by
        and said.number != question.seen.asked.number
        and phrases.is_question(said.text) == question.has(ASKED)
    ]
    telling = [said for said in found if len(stems(said.text).intersection(terms)) * 2 >= len(terms)]
    if not telling:
        about = ", ".join(f"“{question.shown(term)}”" for term in terms) or "…"
        return question.say("not said", by=by, about=about)
    return f"{question.say('said', by=by, number=telling[-1].number)}\n\n{quoted(telling[-1].text)}"


def _passages(question: Question) -> Iterator[Passage]:
    for cell in question.cells:
        lines = cell.source.split("\n")
        for number, line in enumerate(lines):
            around = "\n".join(lines[max(number - 1, 0) : number + 2])
            quote = fenced(around) if cell.kind == "code" else quoted(line)
            yield Passage(stems(line), question.say("code", place=cell.place), quote)
        for kind, text in cell.outputs:
            at = question.say("code" if kind == FILE else "output", place=cell.place)
            for line in [] if kind == "error" else text.split("\n"):
                if not is_of_picture(line):
                    yield Passage(stems(line), at, fenced(line, ""))
    for said in question.seen.messages:
        # What somebody asked is no answer.
        if said.number != question.seen.asked.number and not phrases.is_question(said.text):
            yield Passage(stems(said.text), question.say("said", by=said.by, number=said.number), quoted(said.text))
