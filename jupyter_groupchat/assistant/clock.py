"""The time of day and the passing of time, in one place, so that tests need not wait for either."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time to the assistant."""

    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """Call on the loop after so many seconds; returns how to cancel that."""
        ...


class LoopClock:
    """The system's time and the running loop's timers."""

    def now(self) -> datetime:
        """See ``Clock``."""
        return datetime.now(UTC)

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """See ``Clock``."""
        return asyncio.get_running_loop().call_later(seconds, call).cancel
