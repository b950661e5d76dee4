"""What everybody who starts a Jupyter server pays, whether they chat or not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import ours, peer, servers
from benchmarks.bench import Bench
from benchmarks.figures import Line, middle

_STARTS = 20
#: Seconds beyond a bare server.
_TARGET = 0.25


async def startup(bench: Bench) -> list[Line]:
    """Start to first answer, beyond a server without any extension, in turn; the first start of each is not counted."""
    ours_beyond, ours_cpu = await _beyond(bench, Path(sys.executable), ours.EXTENSIONS)
    peer_beyond, peer_cpu = await _beyond(bench, bench.peer.python, peer.EXTENSIONS)
    return [
        Line(
            what="server start-up beyond a bare server",
            unit="s",
            pairs=False,
            ours=ours_beyond,
            peer=peer_beyond,
            target=f"at most {_TARGET:g} s",
            hit=middle(ours_beyond) <= _TARGET,
        ),
        Line(what="processor time of it", unit="s", pairs=False, ours=ours_cpu, peer=peer_cpu),
    ]


async def _beyond(bench: Bench, python: Path, extensions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Start with the extensions less start without, pair by pair: in seconds of the clock, and of the processor."""
    clock: list[float] = []
    processor: list[float] = []
    for number in range(bench.much(_STARTS) + 1):
        bare, bare_cpu = await _start(python, ())
        full, full_cpu = await _start(python, extensions)
        if number:
            clock.append(full - bare)
            processor.append(full_cpu - bare_cpu)
    bench.say(f"start-up with {', '.join(extensions)}: {middle(clock):.3f} s more")
    return clock, processor


async def _start(python: Path, extensions: Sequence[str]) -> tuple[float, float]:
    home = servers.scratch()
    try:
        server = await servers.start(python, extensions, {}, home)
        cpu = server.cpu()
        await servers.stop(server)
        return server.started_in, cpu
    finally:
        shutil.rmtree(home, ignore_errors=True)
