"""Mending who is in a thread, as whoever keeps the server."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_groupchat.errors import Conflict, NotFound, ThreadFull
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import MemberPut, MemberRemove
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_OPERATOR, Actor, Role
from jupyter_groupchat.wire.commands import InvitationAccept, InvitationCreate, ThreadPatch
from jupyter_groupchat.wire.events import Event, ThreadJoined
from tests.doubles import ANA, BEN, CLEO, EVE, Onlooker, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def put(party: Party, username: str, role: Role, **fields: Any) -> dict[str, Any]:
    """What the operator does at the command line."""
    member: dict[str, Any] = (
        await party.do(THE_OPERATOR, MemberPut, username=username, role=role, by="root", **fields)
    )["member"]
    return member


async def roles(party: Party, actor: Actor = BEN) -> dict[str, str]:
    """Who is what in the thread."""
    return {member["username"]: member["role"] for member in await party.service.members(actor, party.thread)}


async def test_a_person_is_added(party: Party) -> None:
    """They find the thread in their list, with nothing unread, and everybody reads how they came."""
    events: list[Event] = []
    party.service.person("eve", events.append)
    await party.post(ANA, "before")
    member = await put(party, "eve", Role.REVIEWER, name="Eve")
    assert (member["name"], member["role"], member["colour"], member["invited_by"]) == ("Eve", "reviewer", 2, None)
    assert [type(event) for event in events] == [ThreadJoined]
    (thread,) = await party.service.threads(EVE)
    assert thread["unread"] == 0
    assert (await party.service.messages(ANA, party.thread))[0]["body"] == "Eve was added by the server's operator."


async def test_ownership_is_handed_over(party: Party) -> None:
    """Also to somebody who was no member: there is one owner, before and after."""
    await put(party, "ben", Role.OWNER)
    assert await roles(party) == {"ana": "member", "ben": "owner"}
    await put(party, "eve", Role.OWNER)
    assert await roles(party) == {"ana": "member", "ben": "member", "eve": "owner"}
    await put(party, "eve", Role.OWNER)
    assert len(await party.service.audit(EVE, party.thread)) == 5  # nothing was done the third time


async def test_a_thread_without_an_owner_is_mended(party: Party, store: Store) -> None:
    """And one with two."""
    for broken in (Role.MEMBER, Role.OWNER):
        with store.writing() as tx:
            for username in ("ana", "ben"):
                tx.members.update(party.thread, username, role=broken)
        await put(party, "ben", Role.OWNER)
        assert await roles(party) == {"ana": "member", "ben": "owner"}


async def test_a_role_is_changed(party: Party) -> None:
    """In an archived thread too, since it mends; the owner's only by making another the owner."""
    await party.do(ANA, ThreadPatch, archived=True)
    assert (await put(party, "ben", Role.ANNOTATOR))["role"] == "annotator"
    with pytest.raises(Conflict, match="Make another person the owner first"):
        await put(party, "ana", Role.MEMBER)
    with pytest.raises(Conflict):
        await party.do(THE_OPERATOR, MemberRemove, username="ana", by="root")


async def test_a_member_is_removed(party: Party) -> None:
    """Their channels close and their links die, as when a member removes them."""
    ben = await party.look(BEN)
    link = await party.do(BEN, InvitationCreate)
    await party.do(THE_OPERATOR, MemberRemove, username="ben", by="root")
    assert ben.why == "removed"
    assert "ben" not in await roles(party, ANA)
    with pytest.raises(Exception, match="revoked"):
        await party.do(EVE, InvitationAccept, code=link["invitation"]["code"])
    entry = (await party.service.audit(ANA, party.thread))[0]
    assert (entry["actor"], entry["action"]) == ("operator", "member.delete")
    assert entry["details"] == {"username": "ben", "by": "root"}


async def test_what_cannot_be_is_refused(store: Store) -> None:
    """A full thread, usernames that are nobody's, people and threads that are not there."""
    service = ThreadService(store, limits=Limits(members=1))
    await service.start()
    try:
        party = await Party.of(service, ANA)
        with pytest.raises(ThreadFull):
            await put(party, "ben", Role.MEMBER)
        for username in ("assistant", "import:ben"):
            with pytest.raises(Conflict):
                await put(party, username, Role.MEMBER)
        with pytest.raises(NotFound):
            await party.do(THE_OPERATOR, MemberRemove, username="eve", by="root")
        with pytest.raises(NotFound):
            await put(Party(service, "nowhere"), "ben", Role.OWNER)
    finally:
        await service.stop()


@pytest.mark.parametrize("actor", [ANA, CLEO, Actor(username="operator", name="Mallory")])
async def test_nobody_else_is_the_operator(party: Party, actor: Actor) -> None:
    """Not the owner, not a stranger, and not an account of that name."""
    for command in (
        MemberPut(id="c1", thread=party.thread, username="cleo", role=Role.OWNER, by="x"),
        MemberRemove(id="c2", thread=party.thread, username="ben", by="x"),
    ):
        with pytest.raises(NotFound):
            await party.service.execute(actor, command)
    assert await roles(party) == {"ana": "owner", "ben": "member"}


async def test_those_who_look_see_it_at_once(party: Party) -> None:
    """The thread's document tells the panel."""
    onlooker: Onlooker = await party.look(ANA)
    await put(party, "eve", Role.MEMBER)
    assert onlooker.board["members"]["eve"]["role"] == "member"
