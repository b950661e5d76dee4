"""How many invitation codes one person may get wrong."""

from __future__ import annotations

import time
from collections.abc import Callable

from jupyter_groupchat.errors import RateLimited

#: Wrong codes that a person has at once, and seconds until there is one more.
AT_ONCE = 10
EVERY = 30.0


class Guesses:
    """Who got codes wrong of late. Belongs to the core thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._forgiven: dict[str, float] = {}  # username -> when all of the person's wrong codes are forgotten
        self._sweep_at = 1024

    def check(self, username: str) -> None:
        """Raises RateLimited for somebody who has none left, whatever the next code is."""
        wait = self._forgiven.get(username, 0.0) - self._clock() - (AT_ONCE - 1) * EVERY
        if wait > 0:
            raise RateLimited(
                f"You tried many codes that open nothing. Wait {wait:.0f} s before the next.",
                retry_after=round(wait, 3),
            )

    def wrong(self, username: str) -> None:
        """Count a wrong code."""
        now = self._clock()
        self._forgiven[username] = max(self._forgiven.get(username, now), now) + EVERY
        if len(self._forgiven) > self._sweep_at:
            self._forgiven = {username: at for username, at in self._forgiven.items() if at > now}
            self._sweep_at = max(1024, 2 * len(self._forgiven))
