"""The bundles: what a browser loads before anybody opens the chat, and the page of guests."""

import gzip
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "jupyter_groupchat"
STATIC = PACKAGE / "labextension" / "static"
PAGE = PACKAGE / "guest"
LIMIT = 100_000  # bytes, gzipped
PAGE_LIMIT = 400_000  # the same, with all libraries: there is no JupyterLab that brings them


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


def test_page_of_guests_stays_small() -> None:
    """what a guest waits for is at most 400 kB gzipped; what shows code comes after it"""
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    loaded = re.findall(r"""(?:src|href)="(static/[^"]+)""", page)
    sizes = {name: len(gzip.compress((PAGE / name).read_bytes())) for name in loaded}
    assert len(sizes) == 2, "one script and one sheet"
    assert sum(sizes.values()) <= PAGE_LIMIT, sizes


def test_page_of_guests_has_no_inline_script() -> None:
    """the page keeps to a policy that lets no script in but its own files"""
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)
