"""Which answer a request gets: the first that fits of what the reader can say. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jupyter_groupchat.assistant import claims, phrases
from jupyter_groupchat.assistant.reader import code, errors, numbers, passages
from jupyter_groupchat.assistant.reader.question import MENTION, Question
from jupyter_groupchat.assistant.reader.recount import recount
from jupyter_groupchat.assistant.reader.wording import DO, ENGLISH, GERMAN, ITSELF, THANKS, WHY
from jupyter_groupchat.assistant.request_text import Seen

#: Words of a message that is nothing but thanks.
_FEW = 8
_POLITE = phrases.listed("can could would will you please pls kannst könntest würdest du bitte mal")
_ASKED = (
    errors.error,
    code.sharer,
    code.picture,
    passages.said,
    numbers.extreme,
    numbers.ranges,
    numbers.value,
    numbers.count,
    numbers.findings,
    numbers.compared,
    numbers.summary,
    code.code,
    passages.closest,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Text, or a call of a tool."""

    text: str = ""
    tool: str | None = None
    arguments: dict[str, Any] | None = None


def answer(seen: Seen) -> Answer:
    """The answer to a request."""
    if seen.missed_by is not None:
        return Answer(recount(seen))
    question = Question.of(seen)
    if "stay_out" in seen.tools:
        return _unasked(question)
    who = question.say("who")
    goes_on_with = [] if question.own.issuperset(question.terms) else passages.unknown(question)
    found = () if goes_on_with else (text for say in _ASKED if (text := say(question)))
    text = _aside(question) or next(iter(found), None) or _nothing(question)
    known = (ENGLISH["who"], GERMAN["who"])
    if who in text or any(said in earlier for said in known for earlier in seen.answers):
        return Answer(text)
    return Answer(f"{text}\n\n*{who}*")


def _unasked(question: Question) -> Answer:
    """Nobody asked: it speaks where a cell has the answer to the letter, and otherwise stays out."""
    seen = question.seen
    for cell in seen.cells:
        found = claims.check(seen.asked.text.replace("?", "."), numbers.values_of(cell))
        if found and not found[0].holds:
            value = found[0].value
            return Answer(
                question.say("differs", place=cell.place, value=value.text, label=value.label, said=found[0].said)
            )
        if found:
            return Answer(tool="react", arguments={"emoji": "👍"})
    if phrases.is_question(seen.asked.text):
        text = errors.error(question) if errors.is_all(question) else None
        # Why something is so, no number says.
        text = text or (None if question.has(WHY) else numbers.extreme(question) or numbers.exact(question))
    else:
        text = errors.error(question) if seen.named else None
    return Answer(text) if text else Answer(tool="stay_out", arguments={"reason": question.say("silent")})


def _aside(question: Question) -> str | None:
    """Who only greets or thanks it, asks what it is, doubts it, or wants what it cannot do."""
    words = phrases.words(MENTION.sub(" ", phrases.spoken(question.seen.asked.text)))
    said = " ".join(word for word in words if word not in phrases.SMALL_TALK)
    if " ".join(words) in ITSELF or said in ITSELF:
        places = ", ".join(cell.place for cell in question.seen.cells[:5]) or question.say("no cells")
        return f"{question.say('who')} {question.say('can')} {question.say('sees', cells=places)}"
    if not words:
        return f"{question.say('hello')} {question.say('can')}"
    if _wants_work(words):
        return question.say("cannot")
    if words in (["you", "are", "wrong"], ["that", "is", "wrong"], ["that's", "wrong"], ["das", "ist", "falsch"]):
        return question.say("check")
    if phrases.is_question(question.seen.asked.text) or question.seen.named:
        return None
    if not THANKS.isdisjoint(words) and len(words) <= _FEW:
        return question.say("welcome")
    if not said:
        return f"{question.say('hello')} {question.say('can')}"
    return None


def _wants_work(words: list[str]) -> bool:
    """Whether it begins with "write ..." or "can you please run ..."."""
    rest = [word for word in words if word not in phrases.SMALL_TALK | _POLITE]
    return bool(rest) and rest[0] in DO and (words[0] in DO or words[0] in _POLITE)


def _nothing(question: Question) -> str:
    seen = question.seen
    if not seen.cells and not seen.files:
        return question.say("share")
    count = len(seen.cells)
    where = question.say("one cell") if count == 1 else question.say("many cells", count=count)
    missing = passages.unknown(question)[:3]
    about = ", ".join(f"“{word}”" for word in missing)
    return question.say("nothing about", cells=where, about=about) if missing else question.say("nothing", cells=where)
