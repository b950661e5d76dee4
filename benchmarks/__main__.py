"""``python -m benchmarks`` runs the works and prints the table; ``report`` writes what is kept into the docs."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from benchmarks import kept, report
from benchmarks.bench import Bench
from benchmarks.figures import Line, Result
from benchmarks.machine import machine, versions
from benchmarks.works import browser, growth, limits, memory, posts, reply, startup

WORKS: dict[str, Callable[[Bench], Awaitable[list[Line]]]] = {
    "steady": posts.steady,
    "burst": posts.burst,
    "more": growth.more,
    "archive": growth.archive,
    "reply": reply.reply,
    "memory": memory.memory,
    "startup": startup.startup,
    "list": browser.listing,
    "sight": browser.sight,
    "limits": limits.limits,
}


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("do", nargs="?", default="run", choices=["run", "report"])
    parser.add_argument("--only", action="append", choices=list(WORKS), help="one work; may be given several times")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, once: only to see that it runs")
    parser.add_argument("--rounds", type=int, default=3, help="how many times each pair takes turns (3)")
    parser.add_argument("--keep", action="store_true", help="put the result in place of the one that is kept")
    options = parser.parse_args()
    if options.do == "report":
        report.write()
        return
    bench = Bench(quick=options.quick, rounds=1 if options.quick else options.rounds)
    file = kept.KEPT if options.keep else kept.LATEST
    for name in options.only or WORKS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        result = asyncio.run(_run(bench, name))
        kept.add(file, name, result)
        print(report.table({name: result}), flush=True)


async def _run(bench: Bench, name: str) -> Result:
    result = Result(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=machine(),
        versions={**versions(), **{f"peer: {package}": number for package, number in bench.peer.versions.items()}},
        quick=bench.quick,
    )
    result.lines = await WORKS[name](bench)
    return result


if __name__ == "__main__":
    main()
