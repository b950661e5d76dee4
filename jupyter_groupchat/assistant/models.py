"""The models that an operator configured. Each is reached at its own endpoint, and nothing is asked of any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from jupyter_groupchat.assistant.language_model import LanguageModel


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
    def can_choose(self) -> bool:
        """Whether there is something to choose by the question: a fast model and a strong one."""
        return {"fast", "strong"} <= {model.strength for model in self._models}

    async def close(self) -> None:
        """Give back connections."""
        for model in self._models:
            await model.endpoint.close()
