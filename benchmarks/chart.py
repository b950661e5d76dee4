"""A chart as SVG: ours beside the peer's on a logarithmic scale, a pair of bars a line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.figures import Line, Result, middle

_WIDTH, _LEFT, _RIGHT = 860, 330, 110
_BAR, _ROW, _HEADING = 12, 38, 30
_OURS, _PEER = "#2563eb", "#9ca3af"


def write(results: Mapping[str, Result], file: Path) -> None:
    """Draw every line that both sides have."""
    lines = [line for result in results.values() for line in result.lines if line.ours and line.peer]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(svg(lines))


def svg(lines: list[Line]) -> str:
    """The chart's text."""
    groups = {
        "Less is better": [line for line in lines if not line.unit.endswith("/s")],
        "More is better": [line for line in lines if line.unit.endswith("/s")],
    }
    height = 50 + len(lines) * _ROW + len(groups) * _HEADING
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="This project beside the peer">',
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
        f'<rect x="{_LEFT}" y="14" width="12" height="12" fill="{_OURS}"/>'
        f'<text x="{_LEFT + 18}" y="24">jupyter_groupchat</text>',
        f'<rect x="{_LEFT + 150}" y="14" width="12" height="12" fill="{_PEER}"/>'
        f'<text x="{_LEFT + 168}" y="24">jupyterlab-chat (each pair on a logarithmic scale of its own)</text>',
    ]
    top = 34
    for heading, group in groups.items():
        parts.append(f'<text x="{_LEFT}" y="{top + 20}" font-weight="bold">{heading}</text>')
        top += _HEADING
        for line in group:
            parts += _pair(line, top)
            top += _ROW
    return "\n".join([*parts, "</svg>"]) + "\n"


def _pair(line: Line, top: int) -> list[str]:
    values = middle(line.ours), middle(line.peer)
    lengths = _lengths(*values)
    parts = [f'<text x="{_LEFT - 10}" y="{top + _BAR + 4}" text-anchor="end">{escape(line.what)}</text>']
    for row, (value, length, colour) in enumerate(zip(values, lengths, (_OURS, _PEER), strict=True)):
        y = top + row * _BAR
        parts.append(f'<rect x="{_LEFT}" y="{y}" width="{length:.0f}" height="{_BAR - 1}" fill="{colour}"/>')
        label = escape(f"{value:,.3g} {line.unit}" if value < 1_000 else f"{value:,.0f} {line.unit}")
        parts.append(f'<text x="{_LEFT + length + 6:.0f}" y="{y + _BAR - 2}">{label}</text>')
    return parts


def _lengths(ours: float, peer: float) -> tuple[float, float]:
    """The larger fills the width, and every tenfold between them is a third of it."""
    full = _WIDTH - _LEFT - _RIGHT
    if ours <= 0 or peer <= 0:
        largest = max(ours, peer, 1e-9)
        return full * max(ours, 0) / largest, full * max(peer, 0) / largest
    decades = math.log10(max(ours, peer) / min(ours, peer))
    smaller = full * max(0.02, 1 - decades / 3)
    return (full, smaller) if ours >= peer else (smaller, full)
