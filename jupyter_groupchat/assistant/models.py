"""The models that an operator configured. Each is reached at its own endpoint, and nothing is asked of any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from jupyter_groupchat.assistant.choice import Question, choose
from jupyter_groupchat.assistant.language_model import LanguageModel
from jupyter_groupchat.types import AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """A model under the ``name`` that members read; ``model`` is what its endpoint calls it.

    ``context_tokens`` bounds a request, and ``images`` says whether pictures go into it.
    """

    name: str
    model: str
    endpoint: LanguageModel
    context_tokens: int = 16_000
    temperature: float | None = None
    images: bool = False
    strength: Literal["fast", "strong"] | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """Who answers. ``why`` tells members, where it is not simply the model that they set."""

    model: NamedModel
    why: str | None = None


class Models:
    """One or more models; the first is the default."""

    def __init__(self, models: Sequence[NamedModel]) -> None:
        self._models = tuple(models)

    def __iter__(self) -> Iterator[NamedModel]:
        return iter(self._models)

    @property
    def default(self) -> NamedModel:
        """Who answers where nobody chose."""
        return self._models[0]

    @property
    def names(self) -> list[str]:
        """What members call them."""
        return [model.name for model in self._models]

    @property
    def choices(self) -> list[str]:
        """What a thread's model may be."""
        return [*self.names, *([AUTO] if self.can_choose else [])]

    @property
    def can_choose(self) -> bool:
        """Whether there is something to choose by the question: a fast model and a strong one."""
        return {"fast", "strong"} <= {model.strength for model in self._models}

    def pick(self, wanted: str | None, question: Question | None = None) -> Pick:
        """The model that members set: by name, ``AUTO`` for one that fits the question, or None for the default.

        One that is not there any more is answered for by the default, and that is said.
        """
        if wanted is None:
            return Pick(self.default)
        if wanted == AUTO and self.can_choose:
            return self._chosen(question or Question(body=""))
        for model in self._models:
            if model.name == wanted:
                return Pick(model)
        gone = "no model is chosen by the question" if wanted == AUTO else f"“{wanted}” is not set up"
        return Pick(self.default, f"{gone} here any more")

    def _chosen(self, question: Question) -> Pick:
        choice = choose(question)
        seeing = [model for model in self._models if model.images] if question.has_pictures else []
        able = seeing or self._models
        fitting = (model for model in able if model.strength == choice.strength)
        return Pick(next(fitting, able[0]), choice.words)

    async def close(self) -> None:
        """Give back connections."""
        for model in self._models:
            await model.endpoint.close()
