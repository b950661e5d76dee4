"""Roles, removal and leaving."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound
from jupyter_groupchat.threads.members import free_colour
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import MemberDelete, MemberPatch, MessagePost, ThreadLeave
from jupyter_groupchat.wire.events import Event, RoleChanged, ThreadGone
from tests.documents.things import a_member
from tests.doubles import ANA, BEN, CLEO, EVE, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def roles(party: Party) -> dict[str, str]:
    """Who is what, as the tables say and the document shows."""
    rows = {member["username"]: member["role"] for member in await party.service.members(ANA, party.thread)}
    board = (await party.look(ANA)).board["members"]
    assert {username: value["role"] for username, value in board.items()} == rows
    return rows


async def test_a_removed_member_hears_nothing_more(party: Party) -> None:
    """Their channels are closed when the removal is answered, and the thread does not exist for them."""
    channels = [await party.look(BEN), await party.look(BEN, page=0)]
    events: list[Event] = []
    party.service.person("ben", events.append)
    await party.do(ANA, MemberDelete, username="ben")
    assert [channel.why for channel in channels] == ["removed", "removed"]
    heard = [len(channel.frames) for channel in channels]
    assert events[-1] == ThreadGone(thread=party.thread, title="Churn review", why="removed")
    await party.post(ANA, "now we are alone")
    assert [len(channel.frames) for channel in channels] == heard
    with pytest.raises(NotFound):
        await party.look(BEN)
    with pytest.raises(NotFound):
        await party.service.difference(BEN, f"page:{party.thread}:0", b"\x00")
    with pytest.raises(NotFound):
        await party.post(BEN, "let me in")
    assert await party.service.threads(BEN) == []


async def test_what_a_removed_member_wrote_stays(party: Party) -> None:
    """And a line says who removed them."""
    await party.post(BEN, "I was here")
    await party.do(ANA, MemberDelete, username="ben")
    page = await party.look(ANA, page=0)
    assert [message.body for message in page.messages] == ["Ben joined.", "I was here", "Ana removed Ben."]
    assert await roles(party) == {"ana": "owner"}


async def test_members_remove_others_but_not_the_owner_and_not_themselves(party: Party) -> None:
    """Annotators and reviewers remove nobody."""
    await party.invite(ANA, CLEO, role=Role.ANNOTATOR)
    with pytest.raises(NotAllowed, match="owner cannot be removed"):
        await party.do(BEN, MemberDelete, username="ana")
    with pytest.raises(NotAllowed, match="As an annotator"):
        await party.do(CLEO, MemberDelete, username="ben")
    with pytest.raises(Conflict, match="leave the thread"):
        await party.do(BEN, MemberDelete, username="ben")
    with pytest.raises(NotFound, match="no such member"):
        await party.do(BEN, MemberDelete, username="eve")
    await party.do(BEN, MemberDelete, username="cleo")
    assert await roles(party) == {"ana": "owner", "ben": "member"}


async def test_only_the_owner_gives_roles(party: Party) -> None:
    """The person is told, and has the new rights with the next command."""
    await party.invite(ANA, CLEO)
    events: list[Event] = []
    party.service.person("cleo", events.append)
    with pytest.raises(NotAllowed):
        await party.do(BEN, MemberPatch, username="cleo", role="reviewer")
    told = await party.do(ANA, MemberPatch, username="cleo", role="reviewer")
    assert told["member"]["role"] == "reviewer"
    assert events[-1] == RoleChanged(thread=party.thread, role=Role.REVIEWER)
    with pytest.raises(NotAllowed, match="As a reviewer"):
        await party.do(CLEO, MemberDelete, username="ben")
    assert (await party.do(ANA, MemberPatch, username="cleo", role="reviewer"))["member"] == told["member"]
    with pytest.raises(NotFound):
        await party.do(ANA, MemberPatch, username="eve", role="member")


async def test_a_thread_is_handed_over(party: Party) -> None:
    """There is one owner before and one after."""
    with pytest.raises(Conflict, match="hand the thread over"):
        await party.do(ANA, MemberPatch, username="ana", role="member")
    await party.do(ANA, MemberPatch, username="ben", role="owner")
    assert await roles(party) == {"ana": "member", "ben": "owner"}
    await party.do(BEN, MemberDelete, username="ana")
    assert [member["username"] for member in await party.service.members(BEN, party.thread)] == ["ben"]


async def test_who_leaves_is_gone_and_the_owner_cannot(party: Party) -> None:
    """A line says who left; the owner hands the thread over first."""
    channel = await party.look(BEN)
    events: list[Event] = []
    party.service.person("ben", events.append)
    with pytest.raises(Conflict, match="needs its owner"):
        await party.do(ANA, ThreadLeave)
    with pytest.raises(NotAllowed, match="ticket"):
        await party.do(Actor(username="ben", name="Ben", via="kernel"), ThreadLeave)
    await party.do(BEN, ThreadLeave)
    assert channel.why == "left"
    assert events[-1] == ThreadGone(thread=party.thread, title="Churn review", why="left")
    assert (await party.look(ANA, page=0)).messages[-1].body == "Ben left."
    with pytest.raises(NotFound):
        await party.do(BEN, MessagePost, body="back?")
    await party.invite(ANA, BEN)
    await party.post(BEN, "back")


async def test_a_change_of_members_is_in_the_audit_log(party: Party) -> None:
    """Who did what to whom, for the owner only."""
    await party.do(ANA, MemberPatch, username="ben", role="annotator")
    await party.do(ANA, MemberDelete, username="ben")
    log = await party.service.audit(ANA, party.thread)
    assert [(line["actor"], line["action"]) for line in reversed(log)] == [
        ("ana", "thread.create"),
        ("ana", "invitation.create"),
        ("ben", "invitation.accept"),
        ("ana", "member.patch"),
        ("ana", "member.delete"),
    ]
    assert log[1]["details"] == {"username": "ben", "from": "member", "to": "annotator"}
    await party.invite(ANA, CLEO)
    with pytest.raises(NotAllowed):
        await party.service.audit(CLEO, party.thread)
    with pytest.raises(NotFound):
        await party.service.audit(EVE, party.thread)


def test_a_newcomer_gets_the_smallest_free_colour() -> None:
    """Twelve colours are told apart; the thirteenth person shares one that the fewest have."""
    assert free_colour([]) == 0
    assert free_colour([a_member(colour=0), a_member(colour=2)]) == 1
    twelve = [a_member(colour=colour) for colour in range(12)]
    assert free_colour(twelve) == 0
    assert free_colour([*twelve, a_member(colour=0)]) == 1
