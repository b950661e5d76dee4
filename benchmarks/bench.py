"""What a work is given: the two sides, how much there is to do, and how to take turns."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from benchmarks.chats import Side
from benchmarks.ours import Ours
from benchmarks.peer import Peer

T = TypeVar("T")


@dataclass
class Bench:
    """One run. A ``quick`` one does a tenth of the work, to see that everything runs: its figures are no figures."""

    quick: bool
    rounds: int

    @cached_property
    def ours(self) -> Ours:
        """This project."""
        return Ours()

    @cached_property
    def peer(self) -> Peer:
        """The peer; made at its first use, since installing it takes a minute."""
        return Peer()

    def much(self, amount: int) -> int:
        """So much, or a tenth of it."""
        return max(1, amount // 10) if self.quick else amount

    def say(self, text: str) -> None:
        """Tell whoever waits how far it is."""
        print(f"  {text}", file=sys.stderr, flush=True)

    async def pairs(self, what: str, work: Callable[[Side], Awaitable[T]]) -> tuple[list[T], list[T]]:
        """Do the same with both sides, round by round, the second of one round going first in the next."""
        results: dict[str, list[T]] = {self.ours.name: [], self.peer.name: []}
        sides: list[Side] = [self.ours, self.peer]
        for number in range(self.rounds):
            for side in sides if number % 2 == 0 else reversed(sides):
                result = await work(side)
                results[side.name].append(result)
                self.say(f"{what}, round {number + 1} of {self.rounds}, {side.name}: {result}")
        return results[self.ours.name], results[self.peer.name]
