"""What a run says: lines of figures, each with its target and whether it was reached."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table.

    ``ours`` and ``peer`` hold a figure for each round, side by side; what is shown is the median. A line without
    ``target`` is there for comparison.
    """

    what: str
    unit: str
    ours: Sequence[float] = ()
    peer: Sequence[float] = ()
    target: str = ""
    hit: bool | None = None
    note: str = ""
    pairs: bool = True  #: whether figure by figure was measured in turn, so that each ratio means something

    def ratios(self) -> list[float]:
        """Ours by the peer's, pair by pair."""
        if not self.pairs:
            return []
        return [ours / peer for ours, peer in zip(self.ours, self.peer, strict=False) if peer]


@dataclass(slots=True, kw_only=True)
class Result:
    """What one work showed, when, and on what."""

    at: str
    machine: str
    versions: dict[str, str]
    quick: bool
    lines: list[Line] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Result:
        """As it was kept."""
        return cls(**{**value, "lines": [Line(**line) for line in value["lines"]]})


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of the values do not exceed (nearest rank); NaN of nothing."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle(values: Sequence[float]) -> float:
    """The median; NaN of nothing."""
    return median(values) if values else math.nan
