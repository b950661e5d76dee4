"""Who is in a thread, and how far each has read."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.types import MessageKind, Role
from tests.storage.things import Stage, a_member, minutes


def test_a_member_comes_back_as_written(stage: Stage) -> None:
    """With every field; a stranger is none."""
    member = a_member(
        "çarla@example.org",
        role=Role.REVIEWER,
        avatar="https://a/b.png",
        muted=True,
        invited_by=None,
        guest_until=minutes(60),
    )
    with stage.store.writing() as tx:
        tx.members.add("t1", member)
    with stage.store.reading() as tx:
        assert tx.members.get("t1", member.username) == member
        assert tx.members.get("t1", "dora") is None
        assert tx.members.get("nowhere", "ana") is None
        assert tx.members.count("t1") == 3
        assert tx.members.count("nowhere") == 0


def test_members_are_listed_in_the_order_in_which_they_came(stage: Stage) -> None:
    """Not by name."""
    with stage.store.writing() as tx:
        tx.members.add("t1", a_member("aaron", joined_at=minutes(30)))
        assert [member.username for member in tx.members.list("t1")] == ["ana", "bob", "aaron"]
        assert tx.members.list("nowhere") == []


def test_a_removed_member_is_gone_and_can_come_back(stage: Stage) -> None:
    """Removing once more finds nobody."""
    with stage.store.writing() as tx:
        assert tx.members.remove("t1", "bob")
        assert not tx.members.remove("t1", "bob")
        assert tx.members.threads_of("bob") == []
        tx.members.add("t1", a_member("bob"))
        assert tx.members.threads_of("bob") == ["t1"]


def test_a_change_of_role_or_name_touches_that_member_only(stage: Stage) -> None:
    """An unknown member or thread is an error."""
    with stage.store.writing() as tx:
        tx.members.update("t1", "bob", role=Role.OWNER, name="Robert", muted=True)
        bob, ana = tx.members.get("t1", "bob"), tx.members.get("t1", "ana")
        assert bob is not None
        assert ana is not None
        assert (bob.role, bob.name, bob.muted) == (Role.OWNER, "Robert", True)
        assert (ana.name, ana.muted) == ("Ana", False)
        with pytest.raises(NotFound):
            tx.members.update("t1", "dora", muted=True)
        with pytest.raises(NotFound):
            tx.members.update("nowhere", "ana", muted=True)


def test_unread_counts_other_peoples_messages_after_the_mark(stage: Stage) -> None:
    """Own messages never count, wherever the mark is, nor does a mention of oneself."""
    for author in ("ana", "bob", "bob", "ana", "assistant"):
        stage.post(author=author, mentions=("bob", "ana"))
    with stage.store.writing() as tx:
        assert tx.members.unread("t1", "ana") == (3, 3)
        assert tx.members.unread("t1", "bob") == (3, 3)
        assert tx.members.mark_read("t1", "bob", 0) == 0
        assert tx.members.unread("t1", "bob") == (2, 2)
        assert tx.members.mark_read("t1", "bob", 2) == 2
        assert tx.members.unread("t1", "bob") == (2, 2)
        assert tx.members.mark_read("t1", "bob", 4) == 4
        assert tx.members.unread("t1", "bob") == (0, 0)
        assert tx.members.unread("t1", "dora") == (0, 0)
        assert tx.members.unread("nowhere", "ana") == (0, 0)


def test_what_happened_in_the_thread_is_nobodys_unread(stage: Stage) -> None:
    """Lines such as “Bob joined.” count for nobody, wherever the marks are."""
    for kind in (MessageKind.SYSTEM, MessageKind.HUMAN, MessageKind.SYSTEM, MessageKind.HUMAN):
        stage.post(author="bob", kind=kind)
    with stage.store.writing() as tx:
        assert tx.members.unread("t1", "ana") == (2, 0)
        assert tx.members.unread("t1", "bob") == (0, 0)
        assert tx.members.mark_read("t1", "ana", 2) == 2
        assert tx.members.unread("t1", "ana") == (1, 0)
        tx.members.add("t1", a_member("carla"))
        assert tx.members.unread("t1", "carla") == (2, 0)


def test_the_read_mark_only_moves_forward_and_not_beyond_the_last_message(stage: Stage) -> None:
    """So that a mark from the future hides nothing."""
    stage.post()
    stage.post()
    with stage.store.writing() as tx:
        assert tx.members.mark_read("t1", "bob", 99) == 1
        assert tx.members.mark_read("t1", "bob", 0) == 1
    stage.post()
    with stage.store.writing() as tx:
        assert tx.members.unread("t1", "bob") == (1, 0)
        with pytest.raises(NotFound):
            tx.members.mark_read("t1", "dora", 0)


def test_who_comes_back_does_not_find_own_messages_unread(stage: Stage) -> None:
    """What they wrote before they left is still their own."""
    stage.post(author="bob")
    stage.post(author="ana")
    with stage.store.writing() as tx:
        tx.members.remove("t1", "bob")
        tx.members.add("t1", a_member("bob"))
        assert tx.members.unread("t1", "bob") == (1, 0)
        tx.members.add("t1", a_member("carla", read_seq=1))
        assert tx.members.unread("t1", "carla") == (0, 0)


def test_an_edit_that_adds_or_drops_a_mention_moves_the_count(stage: Stage) -> None:
    """And deleting the message drops its mentions."""
    message = stage.post(mentions=("bob",))
    with stage.store.writing() as tx:
        tx.messages.set_body("t1", message.id, "never mind", (), minutes(1))
        assert tx.members.unread("t1", "bob") == (1, 0)
        tx.messages.set_body("t1", message.id, "@bob after all", ("bob", "bob"), minutes(2))
        assert tx.members.unread("t1", "bob") == (1, 1)
        tx.messages.delete("t1", message.id)
        assert tx.members.unread("t1", "bob") == (1, 0)
