"""How fast one person may ask for things."""

from __future__ import annotations

import time
from collections.abc import Callable

from jupyter_groupchat.errors import RateLimited

#: Commands that may be saved up, in seconds of the rate: a reconnecting client sends all that waited at once.
SAVED_UP = 4


class Rates:
    """A token bucket a person, shared by all of the person's connections and REST calls."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_second
        self._size = max(1.0, per_second * SAVED_UP)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}  # username -> (tokens, when)
        self._sweep_at = 1024

    def check(self, username: str) -> None:
        """Raises RateLimited where none is possible now. Nothing is counted."""
        self._left(username, self._clock())

    def take(self, username: str) -> None:
        """Count one command. Raises RateLimited, with the seconds until the next one is possible."""
        now = self._clock()
        self._buckets[username] = (self._left(username, now) - 1, now)
        if len(self._buckets) > self._sweep_at:
            self._sweep(now)

    def _left(self, username: str, now: float) -> float:
        tokens = self._tokens(username, now)
        if tokens < 1:
            wait = (1 - tokens) / self._rate
            raise RateLimited(
                f"More than {self._rate:g} commands a second. Nothing was changed; try again in {wait:.1f} s.",
                retry_after=round(wait, 3),
            )
        return tokens

    def _tokens(self, username: str, now: float) -> float:
        tokens, at = self._buckets.get(username, (self._size, now))
        return min(self._size, tokens + (now - at) * self._rate)

    def _sweep(self, now: float) -> None:
        """Forget who has not asked for long: a full bucket says as much as none."""
        full = [username for username in self._buckets if self._tokens(username, now) >= self._size]
        for username in full:
            del self._buckets[username]
        self._sweep_at = max(1024, 2 * len(self._buckets))
