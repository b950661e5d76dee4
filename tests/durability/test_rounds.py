"""A short version of the rounds; ``make durability`` runs twenty."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.durability.rounds import run

pytestmark = pytest.mark.anyio


async def test_a_killed_server_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    """kill -9 while two people post and the assistant writes loses nothing, doubles nothing and leaves no reply open"""
    told: list[str] = []
    await run(2, tmp_path, 7, told.append)
    assert len(told) == 2
