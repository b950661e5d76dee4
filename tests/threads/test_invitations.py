"""Invitations by link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from jupyter_groupchat.errors import (
    Conflict,
    GroupChatError,
    InvitationGone,
    NotAllowed,
    NotFound,
    ThreadFull,
)
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import (
    InvitationAccept,
    InvitationCreate,
    InvitationDelete,
    MemberDelete,
    ThreadDelete,
    ThreadPatch,
)
from tests.doubles import ANA, BEN, CLEO, EVE, Clock, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture
async def party(store: Store, clock: Clock) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too, under the test's clock and with few places."""
    service = ThreadService(
        store, limits=Limits(members=4, invitations_per_thread=3, threads_per_person=3), clock=clock
    )
    await service.start()
    yield await Party.of(service, ANA, BEN)
    await service.stop()


async def invitation(party: Party, by: Actor = ANA, **fields: Any) -> dict[str, Any]:
    """A new invitation with its code."""
    made: dict[str, Any] = (await party.do(by, InvitationCreate, **fields))["invitation"]
    return made


async def test_who_accepts_is_a_member_with_the_links_role(party: Party) -> None:
    """Everybody sees who they are and who invited them; what was said before they came is not unread."""
    await party.post(ANA, "before")
    made = await invitation(party, BEN, role=Role.REVIEWER)
    thread = (await party.do(CLEO, InvitationAccept, code=made["code"]))["thread"]
    assert (thread["id"], thread["role"], thread["unread"]) == (party.thread, "reviewer", 0)
    cleo = (await party.service.members(ANA, party.thread))[-1]
    assert (cleo["username"], cleo["role"], cleo["invited_by"], cleo["colour"]) == ("cleo", "reviewer", "ben", 2)
    board = await party.look(CLEO)
    assert board.board["members"]["cleo"]["role"] == "reviewer"
    assert (await party.look(CLEO, page=0)).messages[-1].body == "Cleo joined."


async def test_a_code_is_shown_once(party: Party, store: Store) -> None:
    """Lists do not have it, and neither has the answer to the same command again; the file holds only its hash."""
    made = await invitation(party, id="again")
    assert len(made["code"]) >= 32
    listed = await party.service.invitations(ANA, party.thread)
    assert [entry["id"] for entry in listed if entry["open"]].count(made["id"]) == 1
    assert all("code" not in entry for entry in listed)
    repeated = await invitation(party, id="again")
    assert repeated == {key: value for key, value in made.items() if key != "code"}
    assert store.path is not None
    everything = b"".join(file.read_bytes() for file in store.path.parent.iterdir())
    assert made["id"].encode() in everything
    assert made["code"].encode() not in everything


async def test_a_member_who_accepts_uses_nothing_up(party: Party) -> None:
    """They get the thread, and the link is still good for somebody else."""
    made = await invitation(party, max_uses=1)
    for person in (BEN, ANA):
        answer = await party.do(person, InvitationAccept, code=made["code"])
        assert answer["thread"]["id"] == party.thread
    await party.do(CLEO, InvitationAccept, code=made["code"])


async def test_a_link_dies_when_it_expires(party: Party, clock: Clock) -> None:
    """To the second."""
    made = await invitation(party, expires_in=60)
    clock.now += timedelta(seconds=60)
    with pytest.raises(InvitationGone, match="expired"):
        await party.do(CLEO, InvitationAccept, code=made["code"])
    listed = {entry["id"]: entry["open"] for entry in await party.service.invitations(ANA, party.thread)}
    assert listed.pop(made["id"]) is False
    assert all(listed.values())


async def test_a_link_dies_when_it_is_used_up(party: Party) -> None:
    """The last place goes to one person."""
    made = await invitation(party, max_uses=1)
    await party.do(CLEO, InvitationAccept, code=made["code"])
    with pytest.raises(InvitationGone, match="used up"):
        await party.do(EVE, InvitationAccept, code=made["code"])


async def test_a_link_dies_when_it_is_revoked(party: Party) -> None:
    """Its maker or the owner revokes it; another member may not; twice does no harm."""
    made = await invitation(party, ANA)
    with pytest.raises(NotAllowed):
        await party.do(BEN, InvitationDelete, invitation=made["id"])
    theirs = await invitation(party, BEN)
    for _ in range(2):
        await party.do(ANA, InvitationDelete, invitation=theirs["id"])
    await party.do(ANA, InvitationDelete, invitation=made["id"])
    for code in (made["code"], theirs["code"]):
        with pytest.raises(InvitationGone, match="revoked"):
            await party.do(CLEO, InvitationAccept, code=code)


async def test_a_mistyped_link_opens_nothing(party: Party) -> None:
    """The error says what to check."""
    made = await invitation(party)
    for code in (made["code"][:-1], made["code"] + "x", made["id"], "x", "ü"):
        with pytest.raises(InvitationGone, match="Check that the link is complete"):
            await party.do(CLEO, InvitationAccept, code=code)


async def test_a_removed_members_links_die(party: Party) -> None:
    """Nobody comes back through their own door."""
    made = await invitation(party, BEN)
    await party.do(ANA, MemberDelete, username="ben")
    with pytest.raises(InvitationGone, match="revoked"):
        await party.do(BEN, InvitationAccept, code=made["code"])


async def test_a_full_thread_takes_nobody(party: Party) -> None:
    """The error says how many fit, and the link is not used up."""
    made = await invitation(party, max_uses=3)
    await party.do(CLEO, InvitationAccept, code=made["code"])
    await party.do(EVE, InvitationAccept, code=made["code"])
    one_too_many = Actor(username="kim", name="Kim")
    with pytest.raises(ThreadFull, match="4 members"):
        await party.do(one_too_many, InvitationAccept, code=made["code"])
    await party.do(ANA, MemberDelete, username="eve")
    await party.do(one_too_many, InvitationAccept, code=made["code"])
    colours = [member["colour"] for member in await party.service.members(ANA, party.thread)]
    assert sorted(colours) == [0, 1, 2, 3]


async def test_an_archived_or_deleted_thread_takes_nobody(party: Party) -> None:
    """Its links open nothing."""
    made = await invitation(party)
    await party.do(ANA, ThreadPatch, archived=True)
    with pytest.raises(Conflict, match="archived"):
        await party.do(CLEO, InvitationAccept, code=made["code"])
    await party.do(ANA, ThreadDelete)
    with pytest.raises(InvitationGone):
        await party.do(CLEO, InvitationAccept, code=made["code"])


@pytest.mark.parametrize(
    ("by", "role", "error"),
    [
        (ANA, Role.OWNER, NotAllowed),
        (CLEO, Role.REVIEWER, NotAllowed),
        (EVE, Role.REVIEWER, NotFound),
        (Actor(username="ana", name="Ana", via="kernel"), Role.REVIEWER, NotAllowed),
    ],
)
async def test_not_everybody_invites(party: Party, by: Actor, role: Role, error: type[GroupChatError]) -> None:
    """Nobody gives ownership away, and neither annotators nor strangers nor kernels invite."""
    await party.invite(ANA, CLEO, role=Role.ANNOTATOR)
    with pytest.raises(error):
        await invitation(party, by, role=role)


async def test_only_those_who_invite_see_invitations(party: Party) -> None:
    """A reviewer does not learn of them, and an invitation of another thread cannot be revoked from here."""
    await party.invite(ANA, CLEO, role=Role.REVIEWER)
    with pytest.raises(NotAllowed):
        await party.service.invitations(CLEO, party.thread)
    other = await Party.of(party.service, EVE)
    made = await invitation(other, EVE)
    with pytest.raises(NotFound):
        await party.do(ANA, InvitationDelete, invitation=made["id"])


async def test_a_thread_has_only_so_many_open_links(party: Party) -> None:
    """Revoking one makes room."""
    made = [await invitation(party) for _ in range(2)]
    with pytest.raises(Conflict, match="3 invitations"):
        await invitation(party)
    await party.do(ANA, InvitationDelete, invitation=made[0]["id"])
    await invitation(party)


async def test_a_person_is_in_only_so_many_threads(party: Party) -> None:
    """Neither by joining nor by starting one."""
    await Party.of(party.service, BEN)
    other = await Party.of(party.service, ANA, BEN)
    with pytest.raises(Conflict, match="3 threads"):
        await Party.of(party.service, BEN)
    last = await Party.of(party.service, CLEO)
    with pytest.raises(Conflict, match="as many threads"):
        await last.invite(CLEO, BEN)
    await other.do(ANA, ThreadDelete)
    await last.invite(CLEO, BEN)


async def test_a_kernel_joins_nothing(party: Party) -> None:
    """A ticket is for the thread that it was made for."""
    made = await invitation(party)
    with pytest.raises(NotAllowed, match="ticket"):
        await party.do(Actor(username="cleo", name="Cleo", via="kernel"), InvitationAccept, code=made["code"])
