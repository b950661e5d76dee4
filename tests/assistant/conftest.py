"""Endpoints, models and services for the assistant's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from jupyter_groupchat.assistant.openai_model import OpenAIModel
from tests.assistant.endpoints import Aimock, Endpoint
from tests.assistant.stage import ScriptedModel, Stage, a_stage
from tests.no_paid_models import no_paid_models

__all__ = ["aimock", "endpoint", "model", "model_at", "no_paid_models", "stage"]


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


@pytest.fixture
def model() -> ScriptedModel:
    """Says "I see." unless told otherwise."""
    return ScriptedModel()


@pytest.fixture
async def stage(tmp_path: Path, model: ScriptedModel) -> AsyncIterator[Stage]:
    """A service and its assistant."""
    async with a_stage(tmp_path, model) as stage:
        yield stage
