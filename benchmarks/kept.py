"""Results as JSON files: the latest run's, which is not committed, and the one that is kept."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.figures import Result

_RESULTS = Path(__file__).parent / "results"
LATEST = _RESULTS / "latest.json"
KEPT = _RESULTS / "kept.json"


def read(file: Path) -> dict[str, Result]:
    """The results of a file by work; none when there is no file."""
    if not file.exists():
        return {}
    return {name: Result.from_json(value) for name, value in json.loads(file.read_text()).items()}


def add(file: Path, name: str, result: Result) -> None:
    """Put one work's result in place of an earlier one."""
    results = {**read(file), name: result}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({key: value.to_json() for key, value in results.items()}, indent=1) + "\n")
