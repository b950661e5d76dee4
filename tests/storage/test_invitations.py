"""Invitations by link."""

from __future__ import annotations

from threading import Thread as Flow

from jupyter_groupchat.types import Role
from tests.storage.things import Stage, an_invitation, minutes


def test_an_invitation_comes_back_as_written(stage: Stage) -> None:
    """By its id and by the hash of its code; all of a thread's, newest first."""
    first = an_invitation("i1", role=Role.REVIEWER, expires_at=minutes(60), max_uses=3, guest=True)
    second = an_invitation("i2", created_at=minutes(1))
    with stage.store.writing() as tx:
        tx.invitations.add(first, "hash-1")
        tx.invitations.add(second, "hash-2")
    with stage.store.reading() as tx:
        assert tx.invitations.get("i1") == first
        assert tx.invitations.by_code_hash("hash-2") == second
        assert tx.invitations.list("t1") == [second, first]
        assert (tx.invitations.get("i3"), tx.invitations.by_code_hash("hash-3")) == (None, None)
        assert tx.invitations.list("nowhere") == []


def test_an_invitation_is_used_until_it_is_used_up(stage: Stage) -> None:
    """Each use counts; the one too many finds it gone."""
    with stage.store.writing() as tx:
        tx.invitations.add(an_invitation(max_uses=2), "hash")
        assert [tx.invitations.use("i1", minutes(1)) for _ in range(3)] == [True, True, False]
        used = tx.invitations.get("i1")
        assert used is not None
        assert (used.uses, used.open_at(minutes(1))) == (2, False)
        assert not tx.invitations.use("nothing", minutes(1))


def test_an_invitation_ends_at_its_time_or_when_it_is_revoked(stage: Stage) -> None:
    """At the very moment of expiry it is gone."""
    with stage.store.writing() as tx:
        tx.invitations.add(an_invitation("i1", expires_at=minutes(5)), "hash-1")
        tx.invitations.add(an_invitation("i2"), "hash-2")
        assert tx.invitations.use("i1", minutes(4.99))
        assert not tx.invitations.use("i1", minutes(5))
        assert tx.invitations.revoke("i2", minutes(1))
        assert not tx.invitations.revoke("i2", minutes(2))
        assert not tx.invitations.use("i2", minutes(1))
        revoked = tx.invitations.get("i2")
        assert revoked is not None
        assert revoked.revoked_at == minutes(1)


def test_the_last_use_goes_to_one_of_those_who_come_together(stage: Stage) -> None:
    """Ten people, three places."""
    with stage.store.writing() as tx:
        tx.invitations.add(an_invitation(max_uses=3), "hash")
    came: list[bool] = []

    def use() -> None:
        with stage.store.writing() as tx:
            came.append(tx.invitations.use("i1", minutes(1)))

    flows = [Flow(target=use) for _ in range(10)]
    for flow in flows:
        flow.start()
    for flow in flows:
        flow.join()
    assert sorted(came) == [False] * 7 + [True] * 3
