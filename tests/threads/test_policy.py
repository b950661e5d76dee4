"""What an operator switches off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from jupyter_groupchat.errors import InvitationGone, NotAllowed
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.imports import Imported
from jupyter_groupchat.threads.internal import MemberPut, PersonSeen
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_OPERATOR, Mode, Role
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.commands import (
    InvitationAccept,
    InvitationCreate,
    InvitationDelete,
    MemberPatch,
    RequestAdmit,
    ThreadCopy,
    ThreadCreate,
    ThreadPatch,
)
from tests.doubles import ANA, BEN, CLEO, Party, fresh

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@asynccontextmanager
async def under(store: Store, **rules: Any) -> AsyncIterator[ThreadService]:
    """A service under an operator's rules."""
    service = ThreadService(store, policy=Policy(**rules))
    await service.start()
    yield service
    await service.stop()


async def test_only_chosen_people_start_threads(store: Store) -> None:
    """starting, copying and importing are refused to everybody else with the reason, who may be invited all the same"""
    async with under(store, thread_creators=frozenset({"ana"})) as service:
        party = await Party.of(service, ANA, BEN)
        await party.post(BEN, "I may talk")
        imported = Imported(title="Old", mode=Mode.AUTO, instructions="", messages=(), origin={})
        refused: list[Callable[[], Any]] = [
            lambda: party.do(BEN, ThreadCreate, title="Mine"),
            lambda: party.do(BEN, ThreadCopy),
            lambda: service.bring_in(BEN, imported),
        ]
        for attempt in refused:
            with pytest.raises(NotAllowed, match="chosen"):
                await attempt()
        assert [thread["id"] for thread in await service.threads(BEN)] == [party.thread]
        await party.do(ANA, ThreadCopy)
        await service.bring_in(ANA, imported)
        assert len(await service.threads(ANA)) == 3


async def test_links_that_are_switched_off_neither_come_to_be_nor_open(store: Store) -> None:
    """an operator's switch holds for links that were made before it, and revoking one still works"""
    async with under(store) as service:
        party = await Party.of(service, ANA)
        made = (await party.do(ANA, InvitationCreate))["invitation"]
        other = (await party.do(ANA, InvitationCreate))["invitation"]
    async with under(store, invitation_links=False) as service:
        party = Party(service, party.thread)
        with pytest.raises(NotAllowed, match="switched off"):
            await party.do(ANA, InvitationCreate)
        for code in (made["code"], "no code at all"):
            with pytest.raises(NotAllowed, match="switched off"):
                await party.do(BEN, InvitationAccept, code=code)
        await party.do(ANA, InvitationDelete, invitation=other["id"])
        assert [member["username"] for member in await service.members(ANA, party.thread)] == ["ana"]
    async with under(store) as service:
        with pytest.raises(InvitationGone):
            await service.execute(CLEO, InvitationAccept(id=fresh(), code=other["code"]))
        await service.execute(BEN, InvitationAccept(id=fresh(), code=made["code"]))


async def test_a_shielded_account_has_threads_of_its_own(store: Store) -> None:
    """It joins no thread with others, nobody joins its own, and it makes no link; alone it does what people do"""
    rules = {"shielded": frozenset({"ben"}), "shielded_in_groups": False, "people_can_be_added": True}
    async with under(store, **rules) as service:
        anas, bens = await Party.of(service, ANA), await Party.of(service, BEN)
        for person in (ANA, BEN):
            await anas.do(person, PersonSeen)
        with pytest.raises(NotAllowed, match="“ben” can only be in threads of their own"):
            await anas.do(ANA, commands.MemberPut, username="ben")
        with pytest.raises(NotAllowed, match="for one person"):
            await bens.do(BEN, commands.MemberPut, username="ana")
        with pytest.raises(NotAllowed, match="threads of your own"):
            await anas.invite(ANA, BEN)
        with pytest.raises(NotAllowed, match="for one person"):
            await bens.do(BEN, InvitationCreate)
        for party, username in ((anas, "ben"), (bens, "ana")):
            with pytest.raises(NotAllowed):
                await party.do(THE_OPERATOR, MemberPut, username=username, role=Role.MEMBER, by="root")
        await anas.invite(ANA, CLEO)
        await bens.post(BEN, "among myself")
        await bens.do(BEN, ThreadCopy)
        assert [len(thread["members"]) for thread in await service.threads(BEN)] == [1, 1]
        assert {member["username"] for member in await service.members(ANA, anas.thread)} == {"ana", "cleo"}


async def test_a_link_from_before_lets_nobody_into_a_shielded_thread(store: Store) -> None:
    """Nor does the owner's word to somebody who asked before; who is in already stays"""
    async with under(store) as service:
        party, shared = await Party.of(service, BEN), await Party.of(service, ANA, BEN)
        code = (await party.do(BEN, InvitationCreate))["invitation"]["code"]
        await shared.do(ANA, ThreadPatch, approval=True)
        await shared.invite(ANA, CLEO)
    async with under(store, shielded=frozenset({"ben"}), shielded_in_groups=False) as service:
        party, shared = Party(service, party.thread), Party(service, shared.thread)
        with pytest.raises(NotAllowed, match="for one person"):
            await party.do(ANA, InvitationAccept, code=code)
        with pytest.raises(NotAllowed, match="for one person"):
            await shared.do(ANA, RequestAdmit, username="cleo")
        assert await service.members(BEN, party.thread) == (await service.members(BEN, party.thread))[:1]
        await shared.post(BEN, "still here")
        await shared.do(ANA, MemberPatch, username="ben", role=Role.REVIEWER)


async def test_shielded_accounts_may_be_in_groups_unless_the_operator_says_no(store: Store) -> None:
    """Naming them changes nothing about who may talk with whom"""
    async with under(store, shielded=frozenset({"ben"})) as service:
        party = await Party.of(service, ANA, BEN)
        assert len(await service.members(BEN, party.thread)) == 2
