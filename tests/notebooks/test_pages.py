"""What the README and the page of features point to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "docs" / "features.md"]


def test_every_feature_has_its_test() -> None:
    """each row of the page of features names a test that exists"""
    page, beside, _ = (ROOT / "docs" / "features.md").read_text(encoding="utf-8").partition("## Beside others")
    assert beside
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith(("| feature", "| ---"))]
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for source in sources for name in re.findall(r"^(?:async )?def (test_\w+)", source, re.MULTILINE)}
    assert rows
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert set(named) <= there, row


def test_nothing_is_said_of_others_without_a_source() -> None:
    """each cell of the comparison names where that stands, or says that it is not known"""
    _, _, beside = (ROOT / "docs" / "features.md").read_text(encoding="utf-8").partition("## Beside others")
    sources = set(re.findall(r"^(\d+)\. .*\]\(https://", beside, re.MULTILINE))
    rows = [line.strip("|").split("|") for line in beside.splitlines() if line.startswith("| ")][2:]
    assert rows
    for feature, here, *others in rows:
        assert here.strip() not in ("", "?"), feature
        assert len(others) == 4, feature
        for cell in map(str.strip, others):
            named = re.findall(r"\d+", "".join(re.findall(r"\[([\d, ]+)\]", cell)).replace(",", " "))
            assert cell in ("?", "no") or named, cell
            assert set(named) <= sources, cell


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """a link within the project leads to a file, and a picture is there"""
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'src(?:set)?="([^"]+)"', text)
    for target in targets:
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
