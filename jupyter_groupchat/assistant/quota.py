"""How much the assistant may write for one person, and in one thread. Pure, but for the counting that it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Limits for each person, or for each thread, over the last hour or day. None is no limit."""

    replies_per_hour: int | None = None
    replies_per_day: int | None = None
    tokens_per_hour: int | None = None
    tokens_per_day: int | None = None

    @property
    def limits_anything(self) -> bool:
        """Whether there is any limit."""
        return self != Quota()


@dataclass(frozen=True, slots=True)
class Used:
    """What somebody, or a thread, used within a window, and when the first of it was."""

    replies: int
    tokens: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left: replies, of how many; ``until`` is when the window that is used up opens again, else None."""

    left: int | None
    limit: int | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Out:
    """Who has no replies left, and until when. ``never`` where they get none at all."""

    whose: str  #: the beginning of a sentence: "You have" or "This thread has"
    until: datetime
    never: bool = False

    @property
    def reason(self) -> str:
        """Why the assistant stays out, in its log."""
        return "they get no replies here" if self.never else f"no replies left until {self.until:%H:%M} UTC"

    @property
    def words(self) -> str:
        """For the person who asked."""
        if self.never:
            return f"{self.whose} no replies of the assistant here."
        return f"{self.whose} no replies left until {self.until:%H:%M} UTC."


#: Counts what a person, or a thread, used since a moment.
Count = Callable[[str, datetime], Awaitable[Used]]


async def left(quota: Quota, of: str, now: datetime, count: Count, writing: Callable[[], int]) -> Left:
    """What a person or a thread has left. ``writing`` says how many replies are under way and not counted yet."""
    hour = HOUR, quota.replies_per_hour, quota.tokens_per_hour
    day = DAY, quota.replies_per_day, quota.tokens_per_day
    limited = [window for window in (hour, day) if window[1:] != (None, None)]
    used = [await count(of, now - window) for window, _, _ in limited]
    found = [
        remaining(each, window, replies, tokens, now, writing())
        for each, (window, replies, tokens) in zip(used, limited, strict=True)
    ]
    shut = [each for each in found if each.until is not None]
    if shut:
        return max(shut, key=lambda each: each.until or now)
    counted = [each for each in found if each.left is not None]
    return min(counted, key=lambda each: each.left or 0) if counted else Left(left=None, limit=None, until=None)


def remaining(
    used: Used, window: timedelta, replies: int | None, tokens: int | None, now: datetime, writing: int = 0
) -> Left:
    """What one window leaves. It opens again when the oldest of what was used drops out of it."""
    over = (replies is not None and used.replies + writing >= replies) or (tokens is not None and used.tokens >= tokens)
    return Left(
        left=None if replies is None else 0 if over else replies - used.replies - writing,
        limit=replies,
        until=(used.oldest or now) + window if over else None,
    )
