"""The bundle that a browser loads before anybody opens the chat."""

import gzip
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "jupyter_groupchat" / "labextension" / "static"
LIMIT = 100_000  # bytes, gzipped


def own_chunks() -> list[Path]:
    """The chunks made of our own modules; those of libraries are named for `node_modules`."""
    return [chunk for chunk in STATIC.glob("*.js") if "node_modules" not in chunk.name]


def test_own_code_stays_small() -> None:
    """our own code is at most 100 kB gzipped."""
    chunks = own_chunks()
    if not chunks:
        pytest.fail("no bundle to measure: run `make install` first")
    sizes = {chunk.name: len(gzip.compress(chunk.read_bytes())) for chunk in chunks}
    assert sum(sizes.values()) <= LIMIT, sizes
