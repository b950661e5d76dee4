"""Who a message mentions. Pure."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable

from jupyter_groupchat.types import ASSISTANT, Member

#: Mentions everybody in the thread but the assistant.
EVERYONE = "everyone"

_FENCED = re.compile(r"^(`{3,}|~{3,})[^\n]*$.*?(?:^\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_BACKTICKS = re.compile(r"`+")
_AT = re.compile(r"(?<![\w@./+-])@(?=\w)")


def find(body: str, members: Iterable[Member], assistant_names: Iterable[str]) -> tuple[str, ...]:
    """The usernames that a message mentions, each once, in order.

    ``@username``, ``@Display Name``, ``@everyone``, and ``@assistant`` or one of ``assistant_names``; of a display name
    the first word is enough where no other member could be meant. The longest name that fits counts; a display name
    that two members share mentions both. Code mentions nobody: ``@decorator``.
    """
    if "@" not in body:
        return ()
    people = list(members)
    names: dict[str, list[str]] = {}
    first: dict[str, list[str]] = {}
    for member in people:
        names.setdefault(member.name.casefold(), []).append(member.username)
        for word in member.name.casefold().split()[:1]:
            first.setdefault(word, []).append(member.username)
    names = {word: whom for word, whom in first.items() if len(whom) == 1} | names
    # A username is its owner's, whatever others call themselves.
    names |= {member.username.casefold(): [member.username] for member in people}
    for name in {ASSISTANT, *(name.casefold() for name in assistant_names)}:
        names[name] = [ASSISTANT]
    names[EVERYONE] = [member.username for member in people]
    longest_first = sorted((name for name in names if name), key=len, reverse=True)

    prose = _without_code_spans(_FENCED.sub("\n", body)).casefold()
    found: dict[str, None] = {}
    for at in _AT.finditer(prose):
        for name in longest_first:
            end = at.end() + len(name)
            if prose.startswith(name, at.end()) and not _goes_on(prose, end):
                found.update(dict.fromkeys(names[name]))
                break
    return tuple(found)


def _without_code_spans(text: str) -> str:
    """The text without ``code`` in backticks: a run of them is closed by the next run of the same length.

    By hand, because a regular expression for this takes the square of the time on a body made to hurt.
    """
    runs = [found.span() for found in _BACKTICKS.finditer(text)]
    by_length: dict[int, deque[int]] = defaultdict(deque)
    for number, (start, end) in enumerate(runs):
        by_length[end - start].append(number)
    kept, at, number = [], 0, 0
    while number < len(runs):
        start, end = runs[number]
        closing = by_length[end - start]
        while closing and closing[0] <= number:
            closing.popleft()
        if closing:
            kept.append(text[at:start])
            at, number = runs[closing[0]][1], closing[0]
        number += 1
    return " ".join([*kept, text[at:]])


def _goes_on(text: str, end: int) -> bool:
    """Whether a word continues at ``end``: ``@ana`` is not in ``@anabel``, nor in ``@ana-maria``, but in ``@ana.``"""
    if end >= len(text):
        return False
    if text[end].isalnum() or text[end] == "_":
        return True
    return text[end] in "-.@" and end + 1 < len(text) and text[end + 1].isalnum()
