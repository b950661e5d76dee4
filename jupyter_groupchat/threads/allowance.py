"""How often one person may do what is seldom done, and costs more than it seems."""

from __future__ import annotations

import time
from collections.abc import Callable

from jupyter_groupchat.errors import RateLimited


class Allowance:
    """So many at once, and one more every so many seconds. Belongs to one thread of execution.

    ``words`` say what there was too much of.
    """

    def __init__(self, at_once: int, every: float, words: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._at_once = at_once
        self._every = every
        self._words = words
        self._clock = clock
        self._full: dict[str, float] = {}  # username -> when the person has all of them again
        self._sweep_at = 1024

    def take(self, username: str) -> None:
        """Use one. Raises RateLimited when there is none left."""
        now = self._clock()
        full = max(self._full.get(username, now), now)
        wait = full - now - (self._at_once - 1) * self._every
        if wait > 0:
            raise RateLimited(f"{self._words} Try again in {wait:.0f} s.", retry_after=round(wait, 3))
        self._full[username] = full + self._every
        if len(self._full) > self._sweep_at:
            self._full = {username: at for username, at in self._full.items() if at > now}
            self._sweep_at = max(1024, 2 * len(self._full))
