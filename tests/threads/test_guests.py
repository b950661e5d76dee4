"""Guests: people without an account, who follow a link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from jupyter_groupchat.errors import InvalidRequest, NotAllowed
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import guests
from jupyter_groupchat.threads.internal import InternalCommand
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import AnyCommand, InvitationAccept, InvitationCreate
from tests.doubles import ANA, BEN, CLEO, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

DAY = 86_400
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def party(store: Store) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too, at a server that lets guests in for ten days."""
    service = ThreadService(store, policy=Policy(guests_allowed=True, guest_days=10))
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
    for wrong in ({"role": Role.MEMBER}, {"expires_in": None}, {"expires_in": 10 * DAY + 1}):
        with pytest.raises(InvalidRequest):
            await guest_link(party, **wrong)
    line = (await party.service.audit(ANA, party.thread))[0]
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
