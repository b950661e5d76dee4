"""What the notebook reader tells somebody who was away: a list of what is there, for it cannot sum up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jupyter_groupchat.assistant import phrases
from jupyter_groupchat.assistant.reader import wording
from jupyter_groupchat.assistant.reader.wording import Wording
from jupyter_groupchat.assistant.request_text import Cell, Said, Seen

#: Points of one kind, messages that a point refers to, and characters of a message in it.
_EACH, _REFERENCES, _LONGEST = 3, 6, 140
#: What a message itself writes like a reference.
_LIKE_A_REFERENCE = re.compile(r"[\[(【](\s*[mc]\s?#?\d[^\[\]()【】\n]*)[\])】]", re.IGNORECASE)
#: Of what people wrote, so much tells the language that they speak.
_LANGUAGE = 4_000


def recount(seen: Seen) -> str:
    """Points as a language model is asked for them, each with what it rests on."""
    said = "\n".join(message.text for message in reversed(seen.messages))[:_LANGUAGE]
    words = wording.of(said)
    points = [
        *_marked(seen, words),
        *_questions(seen, words),
        *_errors(seen, words),
        *_cells(seen, words),
        *_files(seen, words),
        *_authors(seen, words),
        words["lists"],
    ]
    return "\n".join(f"- {point}" for point in points)


def _authors(seen: Seen, words: Wording) -> Iterator[str]:
    first: dict[str, Said] = {}
    counts: dict[str, int] = {}
    for message in seen.messages:
        first.setdefault(message.by, message)
        counts[message.by] = counts.get(message.by, 0) + 1
    most = sorted(counts, key=lambda by: counts[by], reverse=True)
    names = ", ".join(words["wrote so many"].format(by=by, count=counts[by]) for by in most)
    if names:
        references = "".join(_of(first[by]) for by in most[:_REFERENCES])
        yield f"{words['wrote'].format(names=names)} {references}"


def _marked(seen: Seen, words: Wording) -> Iterator[str]:
    for mark in ("agreed", "pinned"):
        for message in [message for message in seen.messages if mark in message.told][-_EACH:]:
            yield f"{_quoting(words[mark], message)} {_of(message)}"


def _questions(seen: Seen, words: Wording) -> Iterator[str]:
    """Those to the person first, then those that nobody replied to, then others; the newest of each."""
    answered = {message.told.get("reply_to") for message in seen.messages}
    kinds: dict[str, list[Said]] = {"asked you": [], "unanswered": [], "asked": []}
    for message in seen.messages:
        if message.told.get("via") == "assistant" or message.by == seen.missed_by:
            continue
        if phrases.is_question(message.text):
            to_asker = "to_asker" in message.told
            kind = "asked you" if to_asker else "asked" if str(message.number) in answered else "unanswered"
            kinds[kind].append(message)
    for kind, messages in kinds.items():
        for message in messages[-_EACH:]:
            yield f"{_quoting(words[kind], message)} {_of(message)}"


def _errors(seen: Seen, words: Wording) -> Iterator[str]:
    for cell in [cell for cell in seen.cells if cell.failure][:_EACH]:
        assert cell.failure is not None
        yield f"{words['ended with'].format(place=cell.place, name=cell.failure.name)} {_at(cell)}"


def _cells(seen: Seen, words: Wording) -> Iterator[str]:
    new = [cell for cell in seen.cells if "new" in cell.told][:_REFERENCES]
    if new:
        places = ", ".join(cell.place for cell in new)
        yield f"{words['new cells'].format(places=places)} {''.join(map(_at, new))}"


def _files(seen: Seen, words: Wording) -> Iterator[str]:
    for message in [message for message in seen.messages if message.files][-_EACH:]:
        yield f"{words['sent'].format(by=message.by, names=', '.join(message.files))} {_of(message)}"


def _quoting(pattern: str, message: Said) -> str:
    text = " ".join(phrases.spoken(message.text).split()) or message.text.strip().split("\n")[0]
    text = _LIKE_A_REFERENCE.sub(r"\1", text)
    return pattern.format(by=message.by, text=text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…")


def _of(message: Said) -> str:
    return f"[m{message.number}]"


def _at(cell: Cell) -> str:
    return f"[{cell.told['ref']}]" if "ref" in cell.told else ""
