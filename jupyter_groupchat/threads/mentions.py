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
    the first word is enough where no other member could be meant. Everybody counts whose username or whole name stands
    there, so that nobody takes another's mention by a longer name, or by the same one: with Ana and Ana Ruiz,
    ``@Ana Ruiz`` mentions both, and the panel completes a name that would do so to the username. Code mentions nobody:
    ``@decorator``.
    """
    if "@" not in body:
        return ()
    names = _Names(list(members), assistant_names)
    prose = _without_code_spans(_FENCED.sub("\n", body)).casefold()
    found: dict[str, None] = {}
    for at in _AT.finditer(prose):
        found.update(dict.fromkeys(names.meant(prose, at.end())))
    return tuple(found)


class _Names:
    """What can follow an @ in a thread, in lower case, and whom it means."""

    def __init__(self, people: list[Member], assistant_names: Iterable[str]) -> None:
        whole: dict[str, list[str]] = {}
        first: dict[str, list[str]] = {}
        for member in people:
            whole.setdefault(member.name.casefold(), []).append(member.username)
            for word in member.name.casefold().split()[:1]:
                first.setdefault(word, []).append(member.username)
        # A username is its owner's, whatever others call themselves.
        whole |= {member.username.casefold(): [member.username] for member in people}
        #: Names that nobody else's begins with, unless the identity provider says so: the longer one counts.
        reserved = {name.casefold(): [ASSISTANT] for name in (ASSISTANT, *assistant_names)}
        reserved[EVERYONE] = [member.username for member in people]
        alone = {word: whom for word, whom in first.items() if len(whom) == 1}
        self._peoples = whole.keys() - reserved.keys()
        self._whom = alone | whole | reserved
        self._longest_first = sorted((name for name in self._whom if name), key=len, reverse=True)

    def meant(self, text: str, start: int) -> list[str]:
        """Whom the name means that begins at ``start``."""
        fitting = (name for name in self._longest_first if text.startswith(name, start))
        fitting = (name for name in fitting if not _goes_on(text, start + len(name)))
        longest = next(fitting, None)
        if longest is None:
            return []
        others = [name for name in fitting if name in self._peoples] if longest in self._peoples else []
        return [username for name in (longest, *others) for username in self._whom[name]]


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
