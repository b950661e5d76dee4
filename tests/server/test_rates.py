"""How fast one person may ask."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import RateLimited
from jupyter_groupchat.server.rates import Rates
from tests.doubles import Seconds


def test_four_seconds_worth_can_be_saved_up() -> None:
    """a burst is fine until it is used up, then the error says how long to wait."""
    rates = Rates(10, Seconds())
    for _ in range(40):
        rates.take("ana")
    with pytest.raises(RateLimited) as refused:
        rates.take("ana")
    assert refused.value.retry_after == pytest.approx(0.1)


def test_waiting_as_told_is_enough() -> None:
    """after ``retry_after`` seconds the next command is accepted."""
    clock = Seconds()
    rates = Rates(2, clock)
    for _ in range(8):
        rates.take("ana")
    with pytest.raises(RateLimited) as refused:
        rates.take("ana")
    clock.now += refused.value.retry_after
    rates.take("ana")
    with pytest.raises(RateLimited):
        rates.take("ana")


def test_people_do_not_wait_for_one_another() -> None:
    """one person's flood leaves another's rate alone."""
    rates = Rates(1, Seconds())
    for _ in range(4):
        rates.take("ana")
    rates.take("ben")
    with pytest.raises(RateLimited):
        rates.take("ana")


def test_who_stays_away_is_forgotten() -> None:
    """memory does not grow with everybody who ever asked, and forgetting gives nobody more than they had."""
    clock = Seconds()
    rates = Rates(1, clock)
    for number in range(2_000):
        rates.take(f"user{number}")
        clock.now += 10
    assert len(rates._buckets) < 1_100
