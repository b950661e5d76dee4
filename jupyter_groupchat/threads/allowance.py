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

    def check(self, username: str) -> None:
        """Raises RateLimited when there is none left."""
        wait = self._full.get(username, 0.0) - self._clock() - (self._at_once - 1) * self._every
        if wait > 0:
            raise RateLimited(f"{self._words} Try again in {wait:.0f} s.", retry_after=round(wait, 3))

    def take(self, username: str) -> None:
        """Use one. Raises RateLimited when there is none left."""
        self.check(username)
        self.note(username)

    def note(self, username: str) -> None:
        """One was used, whether it was left or not."""
        now = self._clock()
        self._full[username] = max(self._full.get(username, now), now) + self._every
        if len(self._full) > self._sweep_at:
            self._full = {username: at for username, at in self._full.items() if at > now}
            self._sweep_at = max(1024, 2 * len(self._full))
