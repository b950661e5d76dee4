"""Endpoints for the assistant's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from jupyter_groupchat.assistant.openai_model import OpenAIModel
from tests.assistant.endpoints import Aimock, Endpoint
from tests.no_paid_models import no_paid_models

__all__ = ["aimock", "endpoint", "model_at", "no_paid_models"]


@pytest.fixture(scope="session")
def aimock() -> Iterator[Aimock]:
    """aimock with the fixtures of ``aimock.json``."""
    with Aimock.running() as server:
        yield server


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    """An endpoint that does what the test says."""
    async with Endpoint() as server:
        yield server


@pytest.fixture
async def model_at() -> AsyncIterator[Callable[..., OpenAIModel]]:
    """Makes models for a base_url, and closes them."""
    made: list[OpenAIModel] = []

    def make(url: str, **options: float | str) -> OpenAIModel:
        made.append(OpenAIModel(base_url=url, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for model in made:
        await model.close()
