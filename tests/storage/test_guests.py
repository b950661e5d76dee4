"""Guests and the hashes of their passes."""

from __future__ import annotations

from dataclasses import replace

from jupyter_groupchat.invitation_types import Ended, Guest
from tests.storage.things import Stage, minutes

HANA = Guest(
    username="guest:hana",
    thread_id="t1",
    name="Hana Sato",
    invitation="i1",
    came_at=minutes(0),
    ends_at=minutes(60),
)


def test_a_guest_comes_back_as_written(stage: Stage) -> None:
    """By the username and by the hash of the pass."""
    with stage.store.writing() as tx:
        tx.guests.add(HANA, "hash")
    with stage.store.reading() as tx:
        assert tx.guests.get("guest:hana") == HANA
        assert tx.guests.by_pass_hash("hash") == HANA
        assert (tx.guests.get("guest:noor"), tx.guests.by_pass_hash("other")) == (None, None)


def test_a_pass_ends_once(stage: Stage) -> None:
    """Why it did stays as it was first said; it is forgotten some time after its own end."""
    with stage.store.writing() as tx:
        tx.guests.add(HANA, "hash")
        assert tx.guests.end("guest:hana", Ended.REMOVED)
        assert not tx.guests.end("guest:hana", Ended.ENDED)
        assert not tx.guests.end("guest:noor", Ended.ENDED)
        assert tx.guests.by_pass_hash("hash") == replace(HANA, ended=Ended.REMOVED)
        tx.guests.forget(minutes(59))
        assert tx.guests.get("guest:hana")
        tx.guests.forget(minutes(60))
        assert tx.guests.get("guest:hana") is None


def test_those_are_due_whose_time_is_over_and_who_are_not_out_yet(stage: Stage) -> None:
    """The longest first; at the very moment it is over. Nobody who was not told is forgotten."""
    with stage.store.writing() as tx:
        tx.guests.add(HANA, "1")
        tx.guests.add(replace(HANA, username="guest:noor", ends_at=minutes(30)), "2")
        tx.guests.add(replace(HANA, username="guest:omar", ends_at=minutes(20)), "3")
        tx.guests.end("guest:omar", Ended.LEFT)
        assert [guest.username for guest in tx.guests.due(minutes(29))] == []
        assert [guest.username for guest in tx.guests.due(minutes(60))] == ["guest:noor", "guest:hana"]
        tx.guests.forget(minutes(100))
        assert tx.guests.get("guest:hana")
        assert tx.guests.get("guest:omar") is None


def test_of_a_deleted_threads_guests_only_that_is_known(stage: Stage) -> None:
    """Not what they were called, nor for longer than of others; whose access had ended before reads why it did."""
    with stage.store.writing() as tx:
        tx.guests.add(HANA, "hash")
        tx.guests.add(replace(HANA, username="guest:noor"), "other")
        tx.guests.end("guest:noor", Ended.REMOVED)
        tx.threads.delete("t1")
        left = tx.guests.by_pass_hash("hash")
        assert left == replace(HANA, thread_id="", name="", invitation="", ended=Ended.DELETED)
        assert [guest.ended for guest in [tx.guests.by_pass_hash("other")] if guest] == [Ended.REMOVED]
        assert tx.guests.due(minutes(60)) == []
        tx.guests.forget(minutes(60))
        assert tx.guests.by_pass_hash("hash") is None


def test_what_guests_used_is_counted_by_thread(stage: Stage) -> None:
    """All of them together, and none of the members."""
    with stage.store.writing() as tx:
        for username, thread in (
            ("guest:a", "t1"),
            ("guest:b", "t1"),
            ("guest:a", "t2"),
            ("ana", "t1"),
            ("guest", "t1"),
        ):
            tx.usage.add(thread, username, "m", 10, 5, minutes(1), True)
        tx.usage.add("t1", "guest:a", "m", 10, 5, minutes(-100), True)
        assert tx.usage.count_in("t1", minutes(0), guests=True) == (2, 30, minutes(1))
        assert tx.usage.count_in("t1", minutes(2), guests=True) == (0, 0, None)
        assert tx.usage.count_in("t1", minutes(0)) == (4, 60, minutes(1))
