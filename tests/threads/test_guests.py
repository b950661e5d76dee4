"""Guests: people without an account, who follow a link."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, NotFound, ThreadFull
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import guests, queries
from jupyter_groupchat.threads.internal import GuestEnd, InternalCommand, PicturePut, Usage
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_OPERATOR, Actor, Role
from jupyter_groupchat.wire.commands import (
    AnyCommand,
    DraftOpen,
    InvitationAccept,
    InvitationCreate,
    PictureDelete,
    ReplyStop,
    RequestAdmit,
    RequestDecline,
    ThreadCopy,
    ThreadDelete,
    ThreadPatch,
)
from tests.doubles import ANA, BEN, CLEO, MANIFEST, NOON, Clock, Party, fresh
from tests.transfer.conftest import png

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

DAY = 86_400


@pytest.fixture
async def party(store: Store, clock: Clock) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too, at a server that lets guests in for ten days."""
    service = ThreadService(store, policy=Policy(guests_allowed=True, guest_days=10), clock=clock)
    await service.start()
    yield await Party.of(service, ANA, BEN)
    await service.stop()


async def guest_link(party: Party, by: Actor = ANA, **fields: Any) -> dict[str, Any]:
    """A link for guests with its code, made by Ana unless told."""
    wanted = {"role": Role.REVIEWER, "expires_in": 2 * DAY, "guest": True} | fields
    made: dict[str, Any] = (await party.do(by, InvitationCreate, **wanted))["invitation"]
    return made


async def test_a_guest_is_a_reviewer_for_some_days(party: Party) -> None:
    """No more, and no longer than the operator allows; who may invite makes the link."""
    made = await guest_link(party, by=BEN, max_uses=2)
    assert (made["guest"], made["role"], made["open"]) == (True, "reviewer", True)
    longest = await guest_link(party, expires_in=100 * DAY)
    assert longest["expires_at"] == (await guest_link(party, expires_in=10 * DAY))["expires_at"]
    for wrong in ({"role": Role.MEMBER}, {"expires_in": None}):
        with pytest.raises(InvalidRequest):
            await guest_link(party, **wrong)
    line = (await party.service.audit(ANA, party.thread))[2]
    assert (line["actor"], line["action"]) == ("ben", "invitation.create")
    assert line["details"].items() >= {"guest": True, "ends_at": made["expires_at"]}.items()


async def test_a_guests_link_lets_nobody_join_who_has_an_account(party: Party) -> None:
    """It opens the guests' page, and nothing in JupyterLab."""
    made = await guest_link(party)
    with pytest.raises(NotAllowed, match="for a guest"):
        await party.do(CLEO, InvitationAccept, code=made["code"])
    assert len(await party.service.members(ANA, party.thread)) == 2


def test_what_is_not_on_the_list_is_not_for_guests() -> None:
    """Whatever commands there will be: a guest may give those, and no others, and none when their time is over."""
    guest = Actor(username="guest:x", name="Hana", via="guest", thread="t", until=NOON)
    before, kinds = NOON - timedelta(seconds=1), [*get_args(AnyCommand), *get_args(InternalCommand)]
    may = set()
    for kind in kinds:
        try:
            guests.require_allowed(guest, kind.model_construct(), before)
        except NotAllowed:
            continue
        may.add(kind.model_fields["do"].default)
        with pytest.raises(NotAllowed, match="has ended"):
            guests.require_allowed(guest, kind.model_construct(), NOON)
    assert may == {
        *("message.post", "message.edit", "message.delete", "message.report", "reaction.put", "reaction.delete"),
        *("reply.stop", "read.put", "typing", "thread.leave", "request.withdraw", "guest.enter"),
    }


@pytest.mark.parametrize("rules", [{}, {"guests_allowed": True, "invitation_links": False}])
async def test_no_link_for_guests_is_made_where_there_are_none(store: Store, rules: dict[str, Any]) -> None:
    """Unless the operator allows guests, and links at all."""
    service = ThreadService(store, policy=Policy(**rules))
    await service.start()
    party = await Party.of(service, ANA)
    with pytest.raises(NotAllowed):
        await guest_link(party)
    await service.stop()


async def test_a_guest_cannot_be_taken_out_before_their_time(party: Party, clock: Clock) -> None:
    """What is done about guests whose time is over is done once, says so, and leaves what they wrote."""
    hana = await party.guest(days=2)
    await party.post(hana, "Before or after the refund?")
    command = GuestEnd(id=fresh(), thread=party.thread, username=hana.username)
    with pytest.raises(Conflict):
        await party.service.execute(THE_OPERATOR, command)
    for actor in (ANA, hana):
        with pytest.raises((NotFound, NotAllowed)):
            await party.service.execute(actor, command)
    clock.now += timedelta(days=2)
    with pytest.raises(NotAllowed, match="has ended"):
        await party.post(hana, "One more thing")
    for _ in range(2):
        await party.service.execute(THE_OPERATOR, command)
    messages = await party.service.messages(ANA, party.thread)
    assert [message["body"] for message in messages[:2]] == [
        "Hana Sato’s access as a guest ended.",
        "Before or after the refund?",
    ]
    assert messages[1]["author"] == hana.username
    assert [member["username"] for member in await party.service.members(ANA, party.thread)] == ["ana", "ben"]
    ended = [line for line in await party.service.audit(ANA, party.thread) if line["action"] == "guest.end"]
    assert [line["details"]["name"] for line in ended] == ["Hana Sato"]


async def test_who_waits_too_long_waits_no_more(party: Party, clock: Clock) -> None:
    """A request ends with the link's time: the owner cannot let in who could not stay."""
    await party.do(ANA, ThreadPatch, approval=True)
    made = await guest_link(party, expires_in=DAY)
    holder, value = await party.service.passes.enter(made["code"], "Hana Sato", "here", None)
    assert holder.waiting
    clock.now += timedelta(days=1)
    username = holder.guest.username
    with pytest.raises(Conflict, match="time is over"):
        await party.do(ANA, RequestAdmit, username=username)
    await party.do(THE_OPERATOR, GuestEnd, username=username)
    assert await party.service.requests(ANA, party.thread) == []
    with pytest.raises(NotAllowed) as refused:
        await party.service.passes.holder(value)
    assert refused.value.details["reason"] == "ended"


async def test_who_waits_is_not_let_in_beside_a_namesake(party: Party) -> None:
    """Of two who wait under one name one comes in, and the owner reads why the other does not; they go on waiting."""
    await party.do(ANA, ThreadPatch, approval=True)
    made = await guest_link(party)
    enter = party.service.passes.enter
    first, second, third = [
        await enter(made["code"], name, "here", None) for name in ("Hana Sato", "hana  sató", "Zoë")
    ]
    await party.do(ANA, RequestAdmit, username=first[0].guest.username)
    with pytest.raises(Conflict, match="under another name") as refused:
        await party.do(ANA, RequestAdmit, username=second[0].guest.username)
    assert refused.value.details == {"reason": "name"}
    assert (await party.service.passes.holder(second[1])).waiting
    await party.do(ANA, ThreadPatch, approval=False)
    await party.invite(ANA, Actor(username="zoe", name="Zoe Young"))
    with pytest.raises(Conflict, match="under another name"):
        await party.do(ANA, RequestAdmit, username=third[0].guest.username)
    await party.do(ANA, RequestDecline, username=third[0].guest.username)
    with pytest.raises(NotAllowed, match="not let into"):
        await party.service.passes.holder(third[1])


async def test_a_guest_reads_what_a_reply_was_made_from_but_the_instructions(party: Party) -> None:
    """Among them are the operator's, which are for people with an account; where there were none, none are left out."""
    hana = await party.guest()
    for id, told, seen in (("m1", "We are ACME. Be brief.", queries.NOT_SHOWN), ("m2", "", "")):
        await party.post(hana, "@assistant how many?", id=id)
        reply = await party.begin_reply(id, asked_by=hana)
        await party.seal(
            reply, manifest=replace(MANIFEST, instructions=told), usage=Usage(prompt_tokens=1, completion_tokens=1)
        )
        mine, theirs = [await party.service.manifest(actor, party.thread, reply) for actor in (hana, BEN)]
        assert (mine["instructions"], theirs["instructions"]) == (seen, told)
        assert {**mine, "instructions": told} == theirs


async def test_a_copy_of_a_thread_is_not_for_its_guests(party: Party) -> None:
    """What they wrote is in it, and they are not: neither among the members, nor with their pass or the old link."""
    made = await guest_link(party)
    holder, value = await party.service.passes.enter(made["code"], "Hana Sato", "here", None)
    await party.post(holder.actor, "Before the refund?")
    copied = (await party.do(ANA, ThreadCopy))["thread"]
    assert [member["username"] for member in copied["members"]] == ["ana"]
    said = await party.service.messages(ANA, copied["id"])
    assert [(message["author"], message["body"]) for message in said] == [(holder.guest.username, "Before the refund?")]
    assert [thread["id"] for thread in await party.service.threads(holder.actor)] == [party.thread]
    anywhere = replace(holder.actor, thread=None)
    for reading in (party.service.messages(anywhere, copied["id"]), party.service.thread(anywhere, copied["id"])):
        with pytest.raises(NotFound):
            await reading
    assert (await party.service.passes.peek(made["code"], "here"))["thread_id"] == party.thread
    assert (await party.service.passes.holder(value)).guest.thread_id == party.thread


async def test_guests_of_a_deleted_thread_are_told_so(party: Party) -> None:
    """Who is in and who waits, with every request."""
    made = await guest_link(party)
    enter, holder = party.service.passes.enter, party.service.passes.holder
    _, inside = await enter(made["code"], "Hana Sato", "here", None)
    await party.do(ANA, ThreadPatch, approval=True)
    _, waits = await enter(made["code"], "Noor", "here", None)
    await party.do(ANA, ThreadDelete)
    for value in (inside, waits):
        with pytest.raises(NotAllowed, match="was deleted") as refused:
            await holder(value)
        assert refused.value.details == {"reason": "deleted"}
    await party.service.passes.leave(inside)


async def test_without_approval_a_link_is_enough_also_for_who_waits(party: Party) -> None:
    """They come in when they follow it again, and no longer wait."""
    await party.do(ANA, ThreadPatch, approval=True)
    made = await guest_link(party, max_uses=1)
    holder, value = await party.service.passes.enter(made["code"], "Hana Sato", "here", None)
    again = await party.service.passes.enter(made["code"], "Hana Sato", "here", value)
    assert again == (holder, value)
    await party.do(ANA, ThreadPatch, approval=False)
    holder, value = await party.service.passes.enter(made["code"], "Hana Sato", "here", value)
    assert not holder.waiting
    assert await party.service.requests(ANA, party.thread) == []
    assert (await party.service.thread(holder.actor, party.thread))["role"] == "reviewer"


async def test_guests_count_among_the_members(store: Store) -> None:
    """Who comes to a full thread is told so and uses nothing up."""
    service = ThreadService(store, policy=Policy(guests_allowed=True), limits=Limits(members=2))
    await service.start()
    party = await Party.of(service, ANA)
    made = await guest_link(party)
    await party.guest()
    for attempt in (service.passes.peek(made["code"], "a"), service.passes.enter(made["code"], "Noor", "a", None)):
        with pytest.raises(ThreadFull):
            await attempt
    (link, *_) = [one for one in await service.invitations(ANA, party.thread) if one["id"] == made["id"]]
    assert link["uses"] == 0
    await service.stop()


async def test_the_last_use_of_a_link_is_one_guests(party: Party) -> None:
    """Of several who come together, one is in."""
    made = await guest_link(party, max_uses=1)
    coming = [party.service.passes.enter(made["code"], f"Guest {n}", f"a{n}", None) for n in range(4)]
    came = await asyncio.gather(*coming, return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == [*["InvitationGone"] * 3, "tuple"]
    assert len(await party.service.members(ANA, party.thread)) == 3


async def test_a_guest_stops_only_what_they_asked_for(party: Party) -> None:
    """Somebody else's reply goes on."""
    hana = await party.guest()
    asked = (await party.post(hana, "@assistant which?"))["id"]
    other = (await party.post(ANA, "@assistant and why?"))["id"]
    mine, hers = await party.begin_reply(asked, asked_by=hana), await party.begin_reply(other)
    with pytest.raises(NotAllowed, match="asked for"):
        await party.do(hana, ReplyStop, message=hers)
    await party.do(hana, ReplyStop, message=mine)


async def test_nobody_signs_in_as_a_guest(party: Party) -> None:
    """A username that looks like a guest's is refused at the door, and a guest's account under another name, too."""
    await party.guest()
    for actor in (
        Actor(username="guest:ana", name="Ana"),
        Actor(username="ana", name="Ana", via="guest", thread=party.thread, until=NOON),
    ):
        with pytest.raises(NotAllowed):
            await party.service.thread(actor, party.thread)
        with pytest.raises(NotAllowed):
            await party.post(actor, "x")


async def test_a_guest_reads_no_draft_and_no_picture_but_members(party: Party) -> None:
    """Drafts are for members; a picture is shown while somebody in the thread has it."""
    hana = await party.guest()
    draft = (await party.do(ANA, DraftOpen, text="not yet"))["draft"]["id"]
    with pytest.raises(NotAllowed):
        await party.service.state(hana, f"draft:{party.thread}:{draft}")
    data = base64.b64decode(png())
    for who in (CLEO, ANA):
        sha256 = (await party.service.execute(who, PicturePut(id=fresh(), data=data)))["profile"]["picture"]
        with pytest.raises(NotFound) if who is CLEO else nullcontext():
            assert await party.service.acquaintances.picture(hana, sha256)
    await party.service.execute(ANA, PictureDelete(id=fresh()))
    assert await party.service.acquaintances.picture(BEN, sha256)
    with pytest.raises(NotFound):
        await party.service.acquaintances.picture(hana, sha256)


async def test_no_guest_comes_into_a_thread_of_one_who_is_looked_after(store: Store) -> None:
    """Where shielded accounts have threads of their own, neither a new link nor one from before opens theirs."""
    service = ThreadService(store, policy=Policy(guests_allowed=True))
    await service.start()
    party = await Party.of(service, BEN)
    made = await guest_link(party, BEN)
    await service.stop()
    rules: dict[str, Any] = {"guests_allowed": True, "shielded": frozenset({"ben"})}
    service = ThreadService(store, policy=Policy(**rules, shielded_in_groups=False))
    await service.start()
    with pytest.raises(NotAllowed, match="for one person"):
        await guest_link(Party(service, party.thread), BEN)
    with pytest.raises(NotAllowed, match="for one person"):
        await service.passes.enter(made["code"], "Hana Sato", "here", None)
    assert len(await service.members(BEN, party.thread)) == 1
    await service.stop()
    service = ThreadService(store, policy=Policy(**rules))
    await service.start()
    holder, _ = await service.passes.enter(made["code"], "Hana Sato", "here", None)
    assert {member["username"] for member in await service.members(BEN, party.thread)} == {
        "ben",
        holder.guest.username,
    }
    await service.stop()
