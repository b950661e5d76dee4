"""Who may do what."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import NotAllowed
from jupyter_groupchat.threads.permissions import Act, assistant_may, is_impostor, may, may_give, may_remove, require
from jupyter_groupchat.types import THE_ASSISTANT, Actor, Role

OWNER, M, A, R = Role.OWNER, Role.MEMBER, Role.ANNOTATOR, Role.REVIEWER

TABLE = {
    Act.READ: {OWNER, M, A, R},
    Act.POST: {OWNER, M, A, R},
    Act.DRAFT: {OWNER, M, A, R},
    Act.REACT: {OWNER, M, A, R},
    Act.ASK: {OWNER, M, A, R},
    Act.STOP: {OWNER, M, A, R},
    Act.REPORT: {OWNER, M, A, R},
    Act.SHARE: {OWNER, M, A},
    Act.MARK: {OWNER, M, A},
    Act.INVITE: {OWNER, M},
    Act.SETTINGS: {OWNER, M},
    Act.COPY: {OWNER, M},
    Act.REMOVE: {OWNER, M},
    Act.ROLES: {OWNER},
    Act.ARCHIVE: {OWNER},
    Act.DELETE_THREAD: {OWNER},
    Act.AUDIT: {OWNER},
    Act.ADMIT: {OWNER},
    Act.KEEP: {OWNER},
    Act.DELETE: {OWNER},
    Act.VERSIONS: {OWNER},
    Act.WITHDRAW: {OWNER},
    Act.REVOKE: {OWNER},
    Act.DELETE_FILE: {OWNER},
    Act.DISCARD: {OWNER},
    Act.EDIT: set(),
}


def test_the_table_covers_everything_that_can_be_done() -> None:
    """Every act has its row."""
    assert set(TABLE) == set(Act)


@pytest.mark.parametrize("act", TABLE)
def test_a_role_may_do_what_its_row_says_to_what_is_not_its_own(act: Act) -> None:
    """Each role is allowed exactly what the table lists."""
    assert {role for role in Role if may(role, act) is None} == TABLE[act]


@pytest.mark.parametrize(
    "act", [Act.EDIT, Act.DELETE, Act.VERSIONS, Act.WITHDRAW, Act.DELETE_FILE, Act.DISCARD, Act.REVOKE]
)
def test_everybody_may_take_back_their_own(act: Act) -> None:
    """A reviewer too edits and deletes what they wrote themselves."""
    assert all(may(role, act, own=True) is None for role in Role)


def test_a_reason_says_what_is_missing() -> None:
    """The reason names the role and the act in words."""
    assert may(R, Act.SHARE) == "As a reviewer you may not share cells."
    assert may(A, Act.INVITE) == "As an annotator you may not invite people."
    assert may(OWNER, Act.EDIT) == "Only its author may change a message."


@pytest.mark.parametrize(
    "act", [Act.INVITE, Act.SETTINGS, Act.COPY, Act.REMOVE, Act.ROLES, Act.ARCHIVE, Act.DELETE_THREAD, Act.AUDIT]
)
def test_a_kernel_may_not_administer_its_persons_thread(act: Act) -> None:
    """A ticket lets a kernel write and read, even the owner's no more than that."""
    assert may(OWNER, act, via="kernel") is not None
    assert may(OWNER, Act.POST, via="kernel") is None


def test_the_assistant_reads_and_reacts() -> None:
    """Nothing else is open to it as an act; replying has commands of its own."""
    assert {act for act in Act if assistant_may(act) is None} == {Act.READ, Act.REACT}


@pytest.mark.parametrize(
    ("giver", "role", "allowed"),
    [
        (OWNER, M, True),
        (OWNER, R, True),
        (OWNER, OWNER, False),
        (M, M, True),
        (M, OWNER, False),
        (A, R, False),
        (R, R, False),
    ],
)
def test_an_invitation_gives_member_or_less(giver: Role, role: Role, allowed: bool) -> None:
    """Nobody gives ownership away by a link, and annotators and reviewers invite nobody."""
    assert (may_give(giver, role) is None) is allowed


@pytest.mark.parametrize(
    ("remover", "target", "allowed"),
    [
        (OWNER, M, True),
        (M, M, True),
        (M, R, True),
        (M, OWNER, False),
        (A, R, False),
        (R, A, False),
        (OWNER, OWNER, False),
    ],
)
def test_any_member_may_remove_others_save_the_owner(remover: Role, target: Role, allowed: bool) -> None:
    """The owner cannot be removed, by nobody."""
    assert (may_remove(remover, target) is None) is allowed


def test_a_reason_is_raised_and_no_reason_is_not() -> None:
    """``require`` lets through what is allowed."""
    require(None)
    with pytest.raises(NotAllowed, match="Because"):
        require("Because.")


def test_only_the_assistant_itself_carries_its_username() -> None:
    """Somebody who signed in as “assistant” is an impostor."""
    assert is_impostor(Actor(username="assistant", name="Assistant"))
    assert is_impostor(Actor(username="assistant", name="Assistant", via="kernel"))
    assert not is_impostor(THE_ASSISTANT)
    assert not is_impostor(Actor(username="ana", name="Assistant"))
