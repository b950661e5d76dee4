"""What all tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.no_paid_models import no_paid_models

__all__ = ["no_paid_models"]

#: Files in memory, where the system has them, and the bytes that have to be free there.
_MEMORY, _ROOM = Path("/dev/shm"), 2_000_000_000


def pytest_configure(config: pytest.Config) -> None:
    """Have what tests write in memory where there is room: no test can see whether a commit waited for a disk."""
    chosen = config.option.basetemp or "PYTEST_DEBUG_TEMPROOT" in os.environ
    if not chosen and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as Jupyter servers do."""
    return "asyncio"
