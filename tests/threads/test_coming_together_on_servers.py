"""Asking to be let in, and names, where people are on different servers of one database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from jupyter_groupchat.errors import GroupChatError, InvitationGone, NotAllowed, NotFound
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import (
    InvitationAccept,
    InvitationCreate,
    MemberDelete,
    MemberPatch,
    ProfilePatch,
    RequestAdmit,
    RequestDecline,
    ThreadPatch,
)
from jupyter_groupchat.wire.events import Event
from tests.doubles import ANA, BEN, CLEO, EVE, PATIENCE, Party, until
from tests.threads.test_servers import Cluster, cluster, parties, postgresql_server, postgresql_url

__all__ = ["cluster", "parties", "postgresql_server", "postgresql_url"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

KIM = Actor(username="kim", name="Kim")


def hears(party: Party, who: Actor) -> list[str]:
    """The names of what a person is told at one server from now on."""
    heard: list[str] = []

    def listen(event: Event) -> None:
        heard.append(event.model_dump()["event"])

    party.service.person(who.username, listen)
    return heard


async def test_owner_and_newcomer_are_on_different_servers(parties: list[Party]) -> None:
    """The owner hears who asks, the newcomer hears the owner's word, wherever they are connected."""
    first, second, third = parties
    await first.do(ANA, ThreadPatch, approval=True)
    made = await first.do(ANA, InvitationCreate)
    owner, kim, eve = hears(second, ANA), hears(third, KIM), hears(first, EVE)
    for person in (KIM, EVE):
        assert "waiting" in await third.do(person, InvitationAccept, code=made["invitation"]["code"])
    await until(lambda: owner.count("thread.requested") == 2)
    await second.do(ANA, RequestAdmit, username="kim")
    await second.do(ANA, RequestDecline, username="eve")
    await until(lambda: "thread.joined" in kim)
    await until(lambda: "request.ended" in eve)
    assert (await first.service.thread(KIM, first.thread))["role"] == "member"


async def test_one_newcomer_is_let_in_once(parties: list[Party]) -> None:
    """However many servers the owner says it on at once."""
    await parties[0].do(ANA, ThreadPatch, approval=True)
    made = await parties[0].do(ANA, InvitationCreate, max_uses=1)
    await parties[1].do(KIM, InvitationAccept, code=made["invitation"]["code"])
    answers = await asyncio.gather(
        *(party.do(ANA, RequestAdmit, username="kim") for party in parties), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(answers) - len(refused) == 1
    assert all(isinstance(error, GroupChatError) for error in refused)
    members = await parties[2].service.members(ANA, parties[2].thread)  # from the rows, which are never behind
    assert [member["username"] for member in members] == ["ana", "ben", "cleo", "kim"]
    page = await parties[0].look(ANA, page=0)
    await until(lambda: "Kim joined." in [message.body for message in page.messages])
    assert [message.body for message in page.messages].count("Kim joined.") == 1
    with pytest.raises(InvitationGone):
        await parties[0].do(EVE, InvitationAccept, code=made["invitation"]["code"])


async def test_a_name_is_seen_on_every_server(parties: list[Party]) -> None:
    """Those who have the thread open see it, and what is said elsewhere then bears it."""
    boards = [await party.look(person) for party, person in zip(parties, (ANA, BEN, CLEO), strict=True)]
    await parties[0].do(BEN, ProfilePatch, name="Benedict")
    await until(lambda: all(board.board["members"]["ben"]["name"] == "Benedict" for board in boards))
    assert (await parties[2].post(BEN, "from another server"))["author_name"] == "Benedict"
    await parties[1].do(ANA, MemberPatch, username="ben", role=Role.REVIEWER)
    assert (await parties[0].service.members(ANA, parties[0].thread))[1]["name"] == "Benedict"


async def test_a_guest_is_out_everywhere_at_once(parties: list[Party]) -> None:
    """Removed at one server, they hear nothing more at another, and their pass opens nothing at the third."""
    made = (await parties[0].do(ANA, InvitationCreate, role=Role.REVIEWER, expires_in=600, guest=True))["invitation"]
    holder, value = await parties[1].service.passes.enter(made["code"], "Hana Sato", "here", None)
    hana = holder.actor
    assert (await parties[2].service.passes.holder(value)).actor == hana
    page, heard = await parties[1].look(hana, page=0), hears(parties[1], hana)
    await parties[0].post(ANA, "before")
    await until(lambda: "before" in page.bodies)
    await parties[0].do(ANA, MemberDelete, username=hana.username)
    with pytest.raises(NotAllowed, match="removed"):
        await parties[2].service.passes.holder(value)
    await until(lambda: page.why == "removed" and "thread.gone" in heard)
    with pytest.raises(NotFound):
        await parties[1].post(hana, "after")


async def test_guests_are_taken_out_once_when_their_time_is_over(cluster: Cluster, parties: list[Party]) -> None:
    """Whichever server is the first to notice, with one line, and those who wait as well."""
    await parties[0].guest()
    await parties[0].do(ANA, ThreadPatch, approval=True)
    made = (await parties[0].do(ANA, InvitationCreate, role=Role.REVIEWER, expires_in=600, guest=True))["invitation"]
    await parties[2].service.passes.enter(made["code"], "Noor", "here", None)
    pages = [await party.look(who, page=0) for party, who in zip(parties, (ANA, BEN, CLEO), strict=True)]
    cluster.clock.ahead = timedelta(days=3)
    line = "Hana Sato’s access as a guest ended."
    await until(lambda: all(line in [message.body for message in page.messages] for page in pages))
    await parties[0].post(ANA, "and on")
    await until(lambda: all("and on" in page.bodies for page in pages))
    assert [[message.body for message in page.messages].count(line) for page in pages] == [1, 1, 1]
    members = [member["username"] for member in await parties[1].service.members(ANA, parties[1].thread)]
    assert members == ["ana", "ben", "cleo"]
    ended: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while len(ended) < 2:
            audit = await parties[1].service.audit(ANA, parties[1].thread)
            ended = [line["details"]["name"] for line in audit if line["action"] == "guest.end"]
    assert sorted(ended) == ["Hana Sato", "Noor"]
    assert await parties[2].service.requests(ANA, parties[2].thread) == []


async def test_a_guest_link_is_used_as_often_as_it_says(parties: list[Party]) -> None:
    """By guests who come at once at every server."""
    wanted = {"role": Role.REVIEWER, "expires_in": 600, "guest": True, "max_uses": 2}
    made = (await parties[0].do(ANA, InvitationCreate, **wanted))["invitation"]
    coming = [
        party.service.passes.enter(made["code"], f"Guest {number} {place}", f"{number}", None)
        for place, party in enumerate(parties)
        for number in range(3)
    ]
    came = await asyncio.gather(*coming, return_exceptions=True)
    assert sum(isinstance(one, tuple) for one in came) == 2
    assert all(isinstance(one, tuple | InvitationGone) for one in came)
    assert len(await parties[2].service.members(ANA, parties[2].thread)) == 5
