"""Adding people by name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound, RateLimited, ThreadFull
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import PersonSeen
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import (
    InvitationAccept,
    InvitationCreate,
    MemberDelete,
    MemberPatch,
    MemberPut,
    ProfilePatch,
    ThreadPatch,
)
from jupyter_groupchat.wire.events import Event, ThreadJoined
from tests.doubles import ANA, BEN, CLEO, EVE, Party, fresh, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture
async def party(store: Store) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too, at a server that lets people be added and has seen Cleo and Eve."""
    service = ThreadService(
        store, limits=Limits(members=3, threads_per_person=2), policy=Policy(people_can_be_added=True)
    )
    await service.start()
    party = await Party.of(service, ANA, BEN)
    for person in (CLEO, EVE):
        await party.do(person, PersonSeen)
    yield party
    await service.stop()


async def found(party: Party, words: str, by: Actor = ANA) -> list[str]:
    """The usernames of whom somebody finds."""
    return [person["username"] for person in await party.service.acquaintances.find(by, party.thread, words)]


async def test_who_is_added_is_a_member(party: Party) -> None:
    """Everybody sees by whom, in a line and in the list; they hear of it; adding them again changes nothing."""
    await party.do(CLEO, ProfilePatch, name="Cleopatra")
    heard: list[Event] = []
    party.service.person("cleo", heard.append)
    added = (await party.do(BEN, MemberPut, username="cleo", role=Role.ANNOTATOR))["member"]
    assert (added["name"], added["role"], added["invited_by"]) == ("Cleopatra", "annotator", "ben")
    assert (await party.service.thread(CLEO, party.thread))["unread"] == 0
    assert (await party.look(CLEO, page=0)).messages[-1].body == "Ben added Cleopatra."
    await until(lambda: any(isinstance(event, ThreadJoined) for event in heard))
    assert (await party.do(ANA, MemberPut, username="cleo"))["member"]["role"] == "annotator"
    lines = await party.service.audit(ANA, party.thread)
    assert [(line["actor"], line["details"]) for line in lines if line["action"] == "member.put"] == [
        ("ben", {"username": "cleo", "role": "annotator"})
    ]


async def test_only_known_people_are_added(party: Party) -> None:
    """A name that the server has not seen is no member, and neither is the assistant nor an imported author."""
    for username in ("kim", "assistant", "import:kim", "CLEO"):
        with pytest.raises(NotFound, match="Nobody of that username"):
            await party.do(ANA, MemberPut, username=username)
    assert [member["username"] for member in await party.service.members(ANA, party.thread)] == ["ana", "ben"]


async def test_limits_hold_for_who_is_added(party: Party) -> None:
    """A full thread, an archived one, a person who is in too many; and nobody is added as owner."""
    with pytest.raises(NotAllowed, match="one owner"):
        await party.do(ANA, MemberPut, username="cleo", role=Role.OWNER)
    for _ in range(2):
        await Party.of(party.service, EVE)
    with pytest.raises(Conflict, match="This person is in as many"):
        await party.do(ANA, MemberPut, username="eve")
    await party.do(ANA, ThreadPatch, archived=True)
    with pytest.raises(Conflict, match="archived"):
        await party.do(ANA, MemberPut, username="cleo")
    await party.do(ANA, ThreadPatch, archived=False)
    await party.do(ANA, MemberPut, username="cleo")
    await party.do(Actor(username="kim", name="Kim"), PersonSeen)
    with pytest.raises(ThreadFull):
        await party.do(ANA, MemberPut, username="kim")


async def test_only_who_may_invite_finds_and_adds(party: Party) -> None:
    """Annotators neither find nor add, and to strangers there is no thread; where the owner decides, they alone add."""
    await party.do(ANA, MemberPatch, username="ben", role=Role.ANNOTATOR)
    for who, refusal in ((BEN, NotAllowed), (EVE, NotFound)):
        with pytest.raises(refusal):
            await found(party, "cl", by=who)
        with pytest.raises(refusal):
            await party.do(who, MemberPut, username="cleo")
    await party.do(ANA, MemberPatch, username="ben", role=Role.MEMBER)
    await party.do(ANA, ThreadPatch, approval=True)
    with pytest.raises(NotAllowed, match="its owner's to decide"):
        await party.do(BEN, MemberPut, username="cleo")
    made = await party.do(ANA, InvitationCreate)
    await party.do(CLEO, InvitationAccept, code=made["invitation"]["code"])
    await party.do(ANA, MemberPut, username="cleo")
    assert await party.service.requests(ANA, party.thread) == []


async def test_people_are_found_by_their_names(party: Party) -> None:
    """By how a word of what they are called or their username begins; whoever is in the thread already is not."""
    people = {"oe1": "Özlem Ünal", "jw": "Jonas van der Weide", "x_y": "100% Sure"}
    for username, name in people.items():
        await party.do(Actor(username=username, name=name), PersonSeen)
    for words, usernames in {
        "cl": ["cleo"],
        "CLE": ["cleo"],
        "eo": [],
        "özl": ["oe1"],
        "ün": ["oe1"],
        "van d": ["jw"],
        "wei": ["jw"],
        "jw": ["jw"],
        "x_": ["x_y"],
        "xx": [],
        "__": [],
        "%%": [],
        "100%": ["x_y"],
        "an": [],
        "be": [],
    }.items():
        assert await found(party, words) == usernames, words
    await party.do(CLEO, ProfilePatch, name="Kleopatra")
    assert (await found(party, "kleo"), await found(party, "cleo")) == (["cleo"], ["cleo"])
    await party.do(ANA, MemberPut, username="cleo")
    assert await found(party, "kleo") == []
    await party.do(ANA, MemberDelete, username="cleo")
    assert await found(party, "kleo") == ["cleo"]


async def test_only_so_many_are_found(party: Party) -> None:
    """Ten, and not by asking on and on."""
    for number in range(12):
        await party.do(Actor(username=f"kim{number}", name="Kim"), PersonSeen)
    assert len(await found(party, "kim")) == 10

    async def everybody() -> None:
        for _ in range(100):
            await found(party, "kim")

    with pytest.raises(RateLimited, match="many people"):
        await everybody()


async def test_nobody_is_found_unless_the_operator_says_so(store: Store) -> None:
    """Nor added; the words say what to do instead."""
    service = ThreadService(store)
    await service.start()
    party = await Party.of(service, ANA)
    await party.do(CLEO, PersonSeen)

    async def add() -> dict[str, Any]:
        return await party.do(ANA, MemberPut, username="cleo", id=fresh())

    with pytest.raises(NotAllowed, match="invitation link"):
        await found(party, "cleo")
    with pytest.raises(NotAllowed, match="invitation link"):
        await add()
    await service.stop()
