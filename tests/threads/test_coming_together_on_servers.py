"""Asking to be let in, and names, where people are on different servers of one database."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_groupchat.errors import GroupChatError, InvitationGone
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import (
    InvitationAccept,
    InvitationCreate,
    MemberPatch,
    ProfilePatch,
    RequestAdmit,
    RequestDecline,
    ThreadPatch,
)
from jupyter_groupchat.wire.events import Event
from tests.doubles import ANA, BEN, CLEO, EVE, Party, until
from tests.threads.test_servers import cluster, parties, postgresql_server, postgresql_url

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
