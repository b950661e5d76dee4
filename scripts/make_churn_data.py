"""Writes ``notebooks/data/churn.csv``: customers of an invented phone company, some of whom left.

The same numbers on every machine: they come from ``random.Random(10).random()`` alone, whose sequence Python promises
to keep. Run it as ``python scripts/make_churn_data.py [path]``. The result is in the public domain (CC0).

``tenure_months`` counts at the start of a year, ``churned`` says who left in its course. A month's chance to leave is
1.2 %, four times that in a customer's first half year, multiplied by the factors below: it depends on the plan and on
calls to support, and hardly on the region. Two flaws are put in on purpose, because real tables have them: the region
``North`` is sometimes written ``north``, and some fees read ``free``.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import TypeVar

CUSTOMERS = 1_200
MONTHS = 12
Key = TypeVar("Key")
COLUMNS = ("customer", "plan", "region", "tenure_months", "monthly_fee", "support_calls", "churned")

PLANS = {"basic": 0.44, "plus": 0.29, "family": 0.20, "team": 0.07}
FEES = {"basic": 9, "plus": 19, "family": 29, "team": 49}
LEAVES_PLAN = {"basic": 1.5, "plus": 0.7, "family": 0.9, "team": 0.35}
REGIONS = {"North": 0.30, "South": 0.28, "East": 0.22, "West": 0.20}
LEAVES_REGION = {"North": 1.0, "South": 1.05, "East": 0.95, "West": 1.0}
CALLS = {0: 0.52, 1: 0.25, 2: 0.13, 3: 0.07, 4: 0.03}


def pick(draw: Callable[[], float], shares: Mapping[Key, float]) -> Key:
    """One key of ``shares``, each as often as its share says."""
    left = draw() * sum(shares.values())
    for value, share in shares.items():
        left -= share
        if left < 0:
            return value
    return value


def customers(seed: int = 10) -> Iterator[tuple[str, str, str, int, str, int, int]]:
    """The table, row by row, in the order of ``COLUMNS``; every call draws the same."""
    draw = Random(seed).random
    for number in range(1, CUSTOMERS + 1):
        plan, region, calls = pick(draw, PLANS), pick(draw, REGIONS), pick(draw, CALLS)
        tenure = int(draw() * draw() * 48)
        monthly = 0.012 * LEAVES_PLAN[plan] * LEAVES_REGION[region] * (1 + 0.45 * calls)
        churned = int(any(draw() < monthly * (4 if tenure + month < 6 else 1) for month in range(MONTHS)))
        free = plan == "basic" and draw() < 0.06
        written = "north" if region == "North" and draw() < 0.12 else region
        yield f"C{number:04}", plan, written, tenure, "free" if free else str(FEES[plan]), calls, churned


def main(path: Path) -> None:
    """Write the table to ``path``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(customers())


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent / "notebooks" / "data" / "churn.csv")
