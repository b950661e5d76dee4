"""The table, in a terminal and in the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import chart, kept
from benchmarks.figures import Line, Result, middle
from benchmarks.servers import ROOT

_PAGE = ROOT / "docs" / "performance.md"
_BEGIN = "<!-- figures: written by `python -m benchmarks report` -->"
_END = "<!-- end of figures -->"
_CHART = "![This project beside the peer](images/performance.svg)"
_HEAD = ("work", "jupyter_groupchat", "peer", "ratio (each pair)", "to reach", "")


def table(results: Mapping[str, Result]) -> str:
    """Rows of text for a terminal, and the machine below."""
    rows = [_HEAD, *(_row(line) for result in results.values() for line in result.lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    notes = [f"  {line.what}: {line.note}" for result in results.values() for line in result.lines if line.note]
    return "\n".join([*lines, *notes, *_machines(results)]) + "\n"


def markdown(results: Mapping[str, Result]) -> str:
    """The same for the documentation."""
    rows = [_row(line) for result in results.values() for line in result.lines]
    lines = [f"| {' | '.join(row)} |" for row in (_HEAD, ("---",) * len(_HEAD), *rows)]
    notes = [f"- {line.what}: {line.note}" for result in results.values() for line in result.lines if line.note]
    return "\n".join([*lines, "", *notes, "", *_machines(results)])


def write(page: Path = _PAGE) -> None:
    """Put the kept result into the documentation, and its chart beside it."""
    results = kept.read(kept.KEPT)
    before, _, rest = page.read_text().partition(_BEGIN)
    _, _, after = rest.partition(_END)
    page.write_text(f"{before}{_BEGIN}\n\n{_CHART}\n\n{markdown(results)}\n\n{_END}{after}")
    chart.write(results, page.parent / "images" / "performance.svg")


def _row(line: Line) -> tuple[str, ...]:
    hit = {True: "holds", False: "MISSED", None: ""}[line.hit]
    return line.what, _figure(line.ours, line.unit), _figure(line.peer, line.unit), _ratio(line), line.target, hit


def _figure(values: Sequence[float], unit: str) -> str:
    if not values:
        return ""
    return f"{number(middle(values))} {unit}"


def _ratio(line: Line) -> str:
    ratios = line.ratios()
    if not ratios:
        return ""
    each = f" ({', '.join(number(ratio) for ratio in ratios)})" if 1 < len(ratios) <= 5 else ""
    return f"{number(middle(ratios))}{each}"


def number(value: float) -> str:
    """Three digits that say something."""
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _machines(results: Mapping[str, Result]) -> list[str]:
    lines = {
        f"{result.machine}." + (" A quick run: no figures." if result.quick else "") for result in results.values()
    }
    packages = {", ".join(f"{name} {one}" for name, one in result.versions.items()) for result in results.values()}
    return [*sorted(lines), *sorted(packages)]
