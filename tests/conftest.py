"""What all tests share."""

from __future__ import annotations

import pytest

from tests.no_paid_models import no_paid_models

__all__ = ["no_paid_models"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as Jupyter servers do."""
    return "asyncio"
