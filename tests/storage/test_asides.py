"""What is done for one person alone: one holder at a time, under a lease."""

from __future__ import annotations

from jupyter_groupchat.storage.store import Store
from tests.storage.things import minutes


def test_one_server_holds_it_until_it_ends_or_its_lease_does(store: Store) -> None:
    """Of another person, and something else, it says nothing."""
    with store.writing() as tx:
        assert tx.asides.server("ana", "catch_up") is None
        assert tx.asides.take("ana", "catch_up", "one", minutes(1), now=minutes(0))
        assert not tx.asides.take("ana", "catch_up", "two", minutes(1), now=minutes(0))
        assert not tx.asides.take("ana", "catch_up", "one", minutes(1), now=minutes(0))
        assert tx.asides.take("ana", "dictation", "two", minutes(1), now=minutes(0))
        assert tx.asides.take("bob", "catch_up", "two", minutes(1), now=minutes(0))
    with store.reading() as tx:
        assert tx.asides.server("ana", "catch_up") == "one"
    with store.writing() as tx:
        tx.asides.end("ana", "catch_up", "two")
        assert not tx.asides.take("ana", "catch_up", "two", minutes(2), now=minutes(1))
        tx.asides.end("ana", "catch_up", "one")
        assert tx.asides.take("ana", "catch_up", "two", minutes(2), now=minutes(1))


def test_a_lease_that_ended_or_a_dead_server_gives_way(store: Store) -> None:
    """A lease that is renewed does not end."""
    with store.writing() as tx:
        tx.asides.take("ana", "catch_up", "one", minutes(1), now=minutes(0))
        tx.asides.take("bob", "catch_up", "two", minutes(1), now=minutes(0))
        tx.asides.renew("one", minutes(5))
        assert not tx.asides.take("ana", "catch_up", "two", minutes(5), now=minutes(3))
        assert tx.asides.take("ana", "catch_up", "two", minutes(5), now=minutes(3), dead="one")
        assert tx.asides.take("bob", "catch_up", "one", minutes(5), now=minutes(3))
        assert (tx.asides.server("ana", "catch_up"), tx.asides.server("bob", "catch_up")) == ("two", "one")
