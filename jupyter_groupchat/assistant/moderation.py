"""What the assistant says where shielded accounts listen: told so beforehand, and checked before anybody sees it.

A check that cannot be made counts as one that found something: nothing is shown unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from jupyter_groupchat.assistant.language_model import LanguageModel
from jupyter_groupchat.errors import ModelError, ModelWithheld
from jupyter_groupchat.types import Member

#: Characters that wait for the end of a paragraph; what is longer is checked in parts.
MOST_HELD = 4_000
#: Characters of an answer that are checked together, its newest.
MOST_CHECKED = 20_000

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shield:
    """What an operator chose for shielded accounts. Without ``model`` nothing is checked."""

    accounts: frozenset[str] = frozenset()
    instructions: str = ""  #: before all others, where one of them is a member
    model: str = ""  #: as the endpoint's ``moderations`` call knows it

    def covers(self, members: Iterable[Member]) -> bool:
        """Whether one of them is a member."""
        return any(member.username in self.accounts for member in members)

    def standing(self, members: Iterable[Member], instructions: str) -> str:
        """The operator's instructions for a thread of these members."""
        before = self.instructions if self.covers(members) else ""
        return "\n\n".join(filter(None, [before, instructions]))

    def guard(self, members: Iterable[Member], endpoint: LanguageModel) -> Guard | None:
        """What an answer for these members has to pass; None where it has to pass nothing."""
        return Guard(endpoint, self.model) if self.model and self.covers(members) else None


class Guard:
    """Lets an answer through paragraph by paragraph, each checked together with what was said before it.

    The check is made at the endpoint that wrote the answer, so that the text goes nowhere where it was not.
    """

    def __init__(self, endpoint: LanguageModel, model: str) -> None:
        self.said = ""  #: all that the model said, shown or not
        self._endpoint = endpoint
        self._model = model
        self._passed = 0

    async def take(self, text: str) -> str:
        """Hear more; what may be shown by now. Raises ModelWithheld."""
        self.said += text
        held = self.said[self._passed :]
        ends = [match.end() for match in _PARAGRAPH.finditer(held)]
        if ends:
            return await self._let_through(ends[-1])
        if len(held) > MOST_HELD:
            return await self._let_through(held.rfind("\n") + 1 or held.rfind(" ") + 1 or len(held))
        return ""

    async def rest(self) -> str:
        """Hear the end; what may be shown of what is left. Raises ModelWithheld."""
        return await self._let_through(len(self.said) - self._passed)

    async def _let_through(self, length: int) -> str:
        end = self._passed + length
        piece = self.said[self._passed : end]
        if piece.strip():
            await self.check(self.said[max(0, end - MOST_CHECKED) : end])
        self._passed = end
        return piece

    async def check(self, text: str) -> None:
        """Raise ModelWithheld for a text that must not be shown."""
        try:
            found = await self._endpoint.flagged(self._model, text)
        except ModelError as error:
            words = f"What the assistant wrote could not be checked, so nobody sees it. {error.message}"
            raise ModelWithheld(words) from error
        if found:
            raise ModelWithheld(f"What the assistant wrote was flagged for {_listed(found)}, so nobody sees it.")


def _listed(names: Iterable[str]) -> str:
    words = list(dict.fromkeys(re.split(r"[/_]", name)[0].replace("-", " ") for name in names))
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
