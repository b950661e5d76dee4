"""Asking to be let in, and the owner's word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from jupyter_groupchat.errors import Conflict, InvitationGone, NotAllowed, NotFound, ThreadFull
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import MemberPut
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.requests import TIMES
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_OPERATOR, Actor, Role
from jupyter_groupchat.wire.commands import (
    InvitationAccept,
    InvitationCreate,
    InvitationDelete,
    MemberDelete,
    MemberPatch,
    RequestAdmit,
    RequestDecline,
    RequestWithdraw,
    ThreadCopy,
    ThreadCreate,
    ThreadDelete,
    ThreadPatch,
)
from jupyter_groupchat.wire.events import Event
from tests.doubles import ANA, BEN, CLEO, EVE, Clock, Party, fresh, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

KIM = Actor(username="kim", name="Kim", avatar="/kim.png")


@pytest.fixture
async def party(store: Store, clock: Clock) -> AsyncIterator[Party]:
    """Ana's thread with approval, in which Ben is too, with few places."""
    service = ThreadService(store, limits=Limits(members=4, threads_per_person=2, requests_per_thread=2), clock=clock)
    await service.start()
    party = await Party.of(service, ANA, BEN)
    await party.do(ANA, ThreadPatch, approval=True)
    yield party
    await service.stop()


async def link(party: Party, by: Actor = ANA, **fields: Any) -> dict[str, Any]:
    """A new invitation with its code."""
    made: dict[str, Any] = (await party.do(by, InvitationCreate, **fields))["invitation"]
    return made


async def knocks(party: Party, who: Actor, code: str) -> dict[str, Any]:
    """Come by a link and wait."""
    answer = await party.do(who, InvitationAccept, code=code)
    assert "thread" not in answer
    waiting: dict[str, Any] = answer["waiting"]
    return waiting


def hears(party: Party, who: Actor) -> list[Event]:
    """What a person is told from now on."""
    heard: list[Event] = []
    party.service.person(who.username, heard.append)
    return heard


async def waiting(party: Party) -> list[str]:
    """Who waits."""
    return [request["username"] for request in await party.service.requests(ANA, party.thread)]


async def test_who_comes_by_a_link_waits(party: Party, store: Store) -> None:
    """They are in nothing, see nothing and use nothing up; the owner hears of them and sees who they are."""
    owner = hears(party, ANA)
    made = await link(party, BEN, role=Role.REVIEWER, max_uses=1)
    answer = await knocks(party, KIM, made["code"])
    assert (answer["thread"], answer["title"], answer["owner"]) == (party.thread, "Churn review", "Ana")
    with pytest.raises(NotFound):
        await party.service.thread(KIM, party.thread)
    (request,) = await party.service.requests(ANA, party.thread)
    assert request == {
        "username": "kim",
        "name": "Kim",
        "avatar": "/kim.png",
        "role": "reviewer",
        "invited_by": "ben",
        "asked_at": answer["asked_at"],
        "guest_until": None,
    }
    await until(lambda: [event for event in owner if event.event == "thread.requested"])  # type: ignore[attr-defined]
    told = [event.model_dump() for event in owner if event.event == "thread.requested"]  # type: ignore[attr-defined]
    assert [(event["waiting"], event["name"]) for event in told] == [(1, "Kim")]
    assert await party.service.waiting(KIM) == [answer]
    listed = next(entry for entry in await party.service.invitations(ANA, party.thread) if entry["id"] == made["id"])
    assert listed["uses"] == 0


async def test_coming_again_changes_nothing(party: Party, clock: Clock) -> None:
    """Somebody who waits goes on waiting, whichever link they open, also one that is gone meanwhile."""
    made, other = await link(party), await link(party, role=Role.REVIEWER)
    first = await knocks(party, KIM, made["code"])
    clock.now += timedelta(minutes=5)
    await party.do(ANA, InvitationDelete, invitation=other["id"])
    owner = hears(party, ANA)
    assert await knocks(party, KIM, made["code"]) == first
    assert await knocks(party, KIM, other["code"]) == first
    assert [request["role"] for request in await party.service.requests(ANA, party.thread)] == ["member"]
    assert owner == []


async def test_who_is_let_in_is_a_member(party: Party) -> None:
    """With the role of their link, told to everybody in a line and to them in an event; the link is used."""
    made = await link(party, BEN, role=Role.ANNOTATOR, max_uses=1)
    await knocks(party, KIM, made["code"])
    heard = hears(party, KIM)
    admitted = (await party.do(ANA, RequestAdmit, username="kim"))["member"]
    assert (admitted["role"], admitted["invited_by"], admitted["avatar"]) == ("annotator", "ben", "/kim.png")
    assert (await party.service.thread(KIM, party.thread))["role"] == "annotator"
    assert (await party.look(KIM, page=0)).messages[-1].body == "Kim joined."
    await until(lambda: heard)
    assert heard[0].model_dump()["event"] == "thread.joined"
    assert (await waiting(party), await party.service.waiting(KIM)) == ([], [])
    listed = next(entry for entry in await party.service.invitations(ANA, party.thread) if entry["id"] == made["id"])
    assert (listed["uses"], listed["open"]) == (1, False)
    with pytest.raises(NotFound):
        await party.do(ANA, RequestAdmit, username="kim")


async def test_the_owners_word_counts_more_than_the_link(party: Party, clock: Clock) -> None:
    """Who asked in time is let in, also when the link was revoked, expired or used up by then."""
    made = await link(party, expires_in=60, max_uses=1)
    await knocks(party, KIM, made["code"])
    await knocks(party, CLEO, made["code"])
    await party.do(ANA, RequestAdmit, username="kim")
    await party.do(ANA, InvitationDelete, invitation=made["id"])
    clock.now += timedelta(minutes=5)
    with pytest.raises(InvitationGone):
        await party.do(EVE, InvitationAccept, code=made["code"])
    await party.do(ANA, RequestAdmit, username="cleo")
    assert (await party.service.thread(CLEO, party.thread))["role"] == "member"


async def test_who_is_declined_hears_of_it_and_may_ask_again(party: Party) -> None:
    """So many times, and then no more."""
    made = await link(party)
    heard = hears(party, KIM)
    for _ in range(TIMES):
        await knocks(party, KIM, made["code"])
        assert await party.do(ANA, RequestDecline, username="kim") == {}
        assert await waiting(party) == []
    await until(lambda: len(heard) == TIMES)
    assert {event.model_dump()["why"] for event in heard} == {"declined"}
    with pytest.raises(NotAllowed, match="Talk to its owner"):
        await party.do(KIM, InvitationAccept, code=made["code"])
    with pytest.raises(NotFound):
        await party.do(ANA, RequestAdmit, username="kim")


async def test_who_waits_may_go(party: Party) -> None:
    """The owner then sees nobody, and hears that."""
    await knocks(party, KIM, (await link(party))["code"])
    owner = hears(party, ANA)
    await party.do(KIM, RequestWithdraw)
    assert await waiting(party) == []
    await until(lambda: owner)
    assert (owner[0].model_dump()["waiting"], owner[0].model_dump()["name"]) == (0, None)
    with pytest.raises(NotFound):
        await party.do(KIM, RequestWithdraw)
    with pytest.raises(NotFound):
        await party.do(EVE, RequestWithdraw, thread="no-such-thread")


async def test_only_the_owner_decides(party: Party) -> None:
    """Members neither see who waits nor let them in; to strangers, those who wait among them, there is no thread."""
    await knocks(party, KIM, (await link(party))["code"])
    for who, refusal in ((BEN, NotAllowed), (KIM, NotFound), (EVE, NotFound)):
        with pytest.raises(refusal):
            await party.service.requests(who, party.thread)
        for kind in (RequestAdmit, RequestDecline):
            with pytest.raises(refusal):
                await party.do(who, kind, username="kim")
        with pytest.raises(refusal):
            await party.do(who, ThreadPatch, approval=False)
    assert await waiting(party) == ["kim"]
    assert (await party.service.thread(BEN, party.thread))["waiting"] == 0
    assert (await party.service.thread(ANA, party.thread))["waiting"] == 1
    await party.do(ANA, MemberPatch, username="ben", role=Role.OWNER)
    await party.do(BEN, RequestAdmit, username="kim")


async def test_only_so_many_wait(party: Party) -> None:
    """The next one is told so, and nothing is kept of them."""
    made = await link(party)
    await knocks(party, KIM, made["code"])
    await knocks(party, CLEO, made["code"])
    with pytest.raises(Conflict, match="2 people wait"):
        await party.do(EVE, InvitationAccept, code=made["code"])
    assert await party.service.waiting(EVE) == []


async def test_limits_are_looked_at_again(party: Party) -> None:
    """A thread that is full by then takes nobody, and neither does a person who is in too many; they go on waiting."""
    made = await link(party)
    await knocks(party, KIM, made["code"])
    for _ in range(2):
        await party.service.execute(KIM, ThreadCreate(id=fresh(), title="Kim's own"))
    with pytest.raises(Conflict, match="This person is in as many threads"):
        await party.do(ANA, RequestAdmit, username="kim")
    await knocks(party, CLEO, made["code"])
    for name in ("dan", "fay"):
        await party.do(THE_OPERATOR, MemberPut, username=name, role=Role.MEMBER, by="root")
    with pytest.raises(ThreadFull):
        await party.do(ANA, RequestAdmit, username="cleo")
    assert await waiting(party) == ["cleo", "kim"]


async def test_an_archived_thread_lets_nobody_in(party: Party) -> None:
    """Those who wait go on waiting until it is brought back; they can be declined meanwhile."""
    made = await link(party)
    await knocks(party, KIM, made["code"])
    await knocks(party, CLEO, made["code"])
    await party.do(ANA, ThreadPatch, archived=True)
    with pytest.raises(Conflict, match="archived"):
        await party.do(ANA, RequestAdmit, username="kim")
    await party.do(ANA, RequestDecline, username="cleo")
    await party.do(ANA, ThreadPatch, archived=False)
    await party.do(ANA, RequestAdmit, username="kim")


async def test_deleting_a_thread_ends_the_waiting(party: Party) -> None:
    """Those who waited hear of it."""
    await knocks(party, KIM, (await link(party))["code"])
    heard = hears(party, KIM)
    await party.do(ANA, ThreadDelete)
    await until(lambda: heard)
    assert heard[0].model_dump()["why"] == "deleted"
    assert await party.service.waiting(KIM) == []


async def test_without_approval_the_link_is_enough_again(party: Party) -> None:
    """Also for who waited: the same link then lets them in, and nobody waits any more."""
    made = await link(party)
    await knocks(party, KIM, made["code"])
    await party.do(ANA, ThreadPatch, approval=False)
    assert await waiting(party) == ["kim"]
    assert "thread" in await party.do(KIM, InvitationAccept, code=made["code"])
    assert await waiting(party) == []


async def test_who_the_operator_adds_waits_no_longer(party: Party) -> None:
    """There is one way in at a time."""
    await knocks(party, KIM, (await link(party))["code"])
    await party.do(THE_OPERATOR, MemberPut, username="kim", role=Role.MEMBER, by="root")
    assert await waiting(party) == []
    await party.do(ANA, MemberDelete, username="kim")
    await knocks(party, KIM, (await link(party))["code"])


async def test_the_setting_is_shown_and_goes_with_a_copy(party: Party) -> None:
    """The thread's JSON and its document have it, the document only where it is on; a line says who changed it."""
    assert (await party.service.thread(BEN, party.thread))["approval"] is True
    board = await party.look(BEN)
    assert board.board["meta"]["approval"] is True
    copied = (await party.do(BEN, ThreadCopy))["thread"]
    assert copied["approval"] is True
    await party.do(ANA, ThreadPatch, approval=False)
    assert "approval" not in board.board["meta"]
    assert (await party.service.thread(BEN, party.thread))["approval"] is False
    bodies = [message.body for message in (await party.look(BEN, page=0)).messages]
    assert bodies[-2:] == [
        "Ana decides who joins by a link from now on.",
        "Ana lets everybody in who has a link.",
    ]


async def test_everything_is_in_the_audit_log(party: Party) -> None:
    """Who asked, by which link, who was let in or not, and who set the thread so."""
    made = await link(party, BEN)
    await knocks(party, KIM, made["code"])
    await party.do(ANA, RequestDecline, username="kim")
    await knocks(party, KIM, made["code"])
    await party.do(KIM, RequestWithdraw)
    await knocks(party, KIM, made["code"])
    await party.do(ANA, RequestAdmit, username="kim")
    lines = [
        (line["actor"], line["action"])
        for line in reversed(await party.service.audit(ANA, party.thread))
        if line["action"].startswith("request") or "approval" in line["details"]
    ]
    assert lines == [
        ("ana", "thread.patch"),
        ("kim", "request.create"),
        ("ana", "request.decline"),
        ("kim", "request.create"),
        ("kim", "request.withdraw"),
        ("kim", "request.create"),
        ("ana", "request.admit"),
    ]
