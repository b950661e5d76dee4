"""What an operator switches off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from jupyter_groupchat.errors import InvitationGone, NotAllowed
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.imports import Imported
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Mode
from jupyter_groupchat.wire.commands import (
    InvitationAccept,
    InvitationCreate,
    InvitationDelete,
    ThreadCopy,
    ThreadCreate,
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
