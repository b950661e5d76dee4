"""What people are called, and how they look."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError

from jupyter_groupchat.errors import InvalidRequest, NotAllowed, NotFound, RateLimited, TooLarge
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import profiles
from jupyter_groupchat.threads.internal import PersonSeen, PicturePut
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import InvitationAccept, InvitationCreate, PictureDelete, ProfilePatch, ThreadPatch
from jupyter_groupchat.wire.events import Event, ProfileChanged
from tests.doubles import ANA, BEN, CLEO, Party, fresh, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def a_picture(colour: str = "red") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "PNG")
    return out.getvalue()


async def calls_themselves(party: Party, who: Actor, name: str | None) -> dict[str, Any]:
    """Change a name; the profile."""
    profile: dict[str, Any] = (await party.do(who, ProfilePatch, name=name))["profile"]
    return profile


async def test_a_name_is_shown_to_everybody(party: Party) -> None:
    """Members see it at once, what is said from then on bears it, and the username stays what it is."""
    await party.post(BEN, "as Ben")
    board = await party.look(ANA)
    profile = await calls_themselves(party, BEN, "  Benedict   B. ")
    assert profile == {
        "username": "ben",
        "identity_name": "Ben",
        "display_name": "Benedict B.",
        "picture": None,
        "name": "Benedict B.",
        "avatar": None,
    }
    assert board.board["members"]["ben"]["name"] == "Benedict B."
    assert (await party.service.members(ANA, party.thread))[1]["name"] == "Benedict B."
    message = await party.post(BEN, "as Benedict")
    assert (message["author"], message["author_name"]) == ("ben", "Benedict B.")
    page = await party.look(ANA, page=0)
    assert [(m.body, m.author_name) for m in page.messages if m.kind == "human"] == [
        ("as Ben", "Ben"),
        ("as Benedict", "Benedict B."),
    ]
    mentioned = await party.post(ANA, "what does @Benedict B. think?")
    assert mentioned["mentions"] == ["ben"]
    conversation = await party.service.conversation(party.thread)
    assert [member.name for member in conversation.members] == ["Ana", "Benedict B."]
    assert conversation.messages[-2].author_name == "Benedict B."


async def test_null_is_what_the_identity_provider_says(party: Party) -> None:
    """And a field left out changes nothing."""
    await calls_themselves(party, BEN, "Benedict")
    assert (await party.do(BEN, ProfilePatch))["profile"]["name"] == "Benedict"
    assert (await calls_themselves(party, BEN, None))["name"] == "Ben"
    assert (await party.post(BEN, "again"))["author_name"] == "Ben"


async def test_a_name_comes_along_into_new_threads(party: Party) -> None:
    """Whether one starts them, joins them or asks to."""
    await calls_themselves(party, CLEO, "Cleopatra")
    await party.invite(ANA, CLEO)
    assert (await party.service.members(ANA, party.thread))[-1]["name"] == "Cleopatra"
    theirs = await Party.of(party.service, CLEO)
    assert (await party.service.members(CLEO, theirs.thread))[0]["name"] == "Cleopatra"
    await theirs.do(CLEO, ThreadPatch, approval=True)
    await calls_themselves(party, BEN, "Benedict")
    made = await theirs.do(CLEO, InvitationCreate)
    waiting = await theirs.do(BEN, InvitationAccept, code=made["invitation"]["code"])
    assert waiting["waiting"]["owner"] == "Cleopatra"
    assert (await party.service.requests(CLEO, theirs.thread))[0]["name"] == "Benedict"


@pytest.mark.parametrize("name", ["Assistant", "assist ant", "Ada", "ada", "everyone", "\u0410da", "Assistant please"])
async def test_nobody_takes_the_assistants_name(store: Store, name: str) -> None:
    """Neither of its two, nor what mentions everybody, however it is written."""
    service = ThreadService(store, assistant_name="Ada")
    await service.start()
    party = await Party.of(service, ANA)
    with pytest.raises(NotAllowed, match="taken for somebody else"):
        await calls_themselves(party, ANA, name)
    assert (await service.members(ANA, party.thread))[0]["name"] == "Ana"
    await service.stop()


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "Ana\u202e", "A\u200bna", 7])
def test_names_that_are_none_are_no_command(name: Any) -> None:
    """Nothing of them gets as far as a handler."""
    with pytest.raises(ValidationError):
        ProfilePatch(id="c1", name=name)


async def test_a_picture_is_shown_to_everybody(party: Party) -> None:
    """It is made small, named by its hash, and to be had by who is signed in."""
    profile = (await party.do(BEN, PicturePut, data=a_picture()))["profile"]
    assert profile["avatar"] == f"picture:{profile['picture']}"
    assert (await party.look(ANA)).board["members"]["ben"]["avatar"] == profile["avatar"]
    data = await party.service.acquaintances.picture(CLEO, profile["picture"])
    assert data.startswith(b"\xff\xd8")
    again = (await party.do(BEN, PicturePut, data=a_picture("blue")))["profile"]
    with pytest.raises(NotFound):
        await party.service.acquaintances.picture(CLEO, profile["picture"])
    gone = (await party.do(BEN, PictureDelete))["profile"]
    assert (gone["picture"], gone["avatar"]) == (None, None)
    with pytest.raises(NotFound):
        await party.service.acquaintances.picture(CLEO, again["picture"])
    assert "avatar" not in (await party.look(ANA)).board["members"]["ben"]


async def test_what_is_no_picture_changes_nothing(party: Party) -> None:
    """The one before stays."""
    profile = (await party.do(BEN, PicturePut, data=a_picture()))["profile"]
    with pytest.raises(InvalidRequest):
        await party.do(BEN, PicturePut, data=b"<html>")
    with pytest.raises(TooLarge):
        await party.do(BEN, PicturePut, data=b"\x89PNG" + b"x" * party.service.limits.file_bytes)
    assert await party.service.acquaintances.profile(BEN) == profile


async def test_a_kernel_changes_nobody(party: Party) -> None:
    """A ticket is for what is said, not for who says it."""
    kernel = Actor(username="ben", name="Ben", via="kernel", thread=party.thread)
    picture = (await party.do(BEN, PicturePut, data=a_picture("blue")))["profile"]["picture"]
    with pytest.raises(NotFound):
        await party.service.acquaintances.picture(kernel, picture)
    for kind, fields in ((ProfilePatch, {"name": "B"}), (PicturePut, {"data": a_picture()}), (PictureDelete, {})):
        with pytest.raises(NotAllowed):
            await party.do(kernel, kind, **fields)
    await calls_themselves(party, BEN, "Benedict")
    assert (await party.post(kernel, "from a notebook"))["author_name"] == "Benedict"


async def test_a_new_name_of_the_identity_providers_reaches_all_threads(party: Party) -> None:
    """As soon as the person is seen; who has a name of their own keeps it."""
    other = await Party.of(party.service, ANA, BEN)
    ben = Actor(username="ben", name="Ben Becker", avatar="/ben.png")
    party.service.acquaintances.seen(ben)
    boards = [await party.look(ANA), await other.look(ANA)]
    await until(lambda: all(board.board["members"]["ben"]["name"] == "Ben Becker" for board in boards))
    assert {board.board["members"]["ben"]["avatar"] for board in boards} == {"/ben.png"}
    await calls_themselves(party, ben, "Benedict")
    party.service.acquaintances.seen(Actor(username="ben", name="Ben B.", avatar="/b.png"))
    await until(lambda: all(board.board["members"]["ben"]["avatar"] == "/b.png" for board in boards))
    assert {board.board["members"]["ben"]["name"] for board in boards} == {"Benedict"}


async def test_a_name_reaches_more_threads_than_one_command_writes(
    party: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest follows by itself."""
    monkeypatch.setattr(profiles, "AT_ONCE", 2)
    parties = [party, *[await Party.of(party.service, BEN) for _ in range(4)]]
    boards = [await each.look(BEN) for each in parties]
    await calls_themselves(party, BEN, "Benedict")
    await until(lambda: all(board.board["members"]["ben"]["name"] == "Benedict" for board in boards))


async def test_who_is_seen_is_written_seldom(store: Store) -> None:
    """Where people are found by name: once, until a day has gone by or they changed."""
    service = ThreadService(store, policy=Policy(people_can_be_added=True))
    await service.start()
    party = await Party.of(service, ANA)
    for _ in range(3):
        service.acquaintances.seen(CLEO)

    def row() -> Any:
        with store.reading() as tx:
            return tx.people.get("cleo")

    await until(row)
    before = row()
    await party.do(CLEO, PersonSeen)
    assert row() == before
    await service.stop()


async def test_nobody_is_remembered_without_need(party: Party, store: Store) -> None:
    """Elsewhere only who chose a name or a picture is kept."""
    await party.do(CLEO, PersonSeen)
    await calls_themselves(party, BEN, "Benedict")
    with store.reading() as tx:
        assert tx.people.get("cleo") is None
        assert tx.people.get("ben") is not None


async def test_other_windows_of_the_person_hear_of_it(party: Party) -> None:
    """And nobody else's: others see it in their threads."""
    heard: dict[str, list[Event]] = {"ben": [], "ana": []}
    for username, events in heard.items():
        party.service.person(username, events.append)
    await calls_themselves(party, BEN, "Benedict")

    def changes(username: str) -> list[Event]:
        return [event for event in heard[username] if isinstance(event, ProfileChanged)]

    await until(lambda: changes("ben"))
    assert (len(changes("ben")), changes("ana")) == (1, [])


async def test_changes_are_counted_and_logged(party: Party, store: Store) -> None:
    """Who changes their name all the time has to wait, for it is written into every thread that they are in."""

    async def restless() -> None:
        for number in range(100):
            await calls_themselves(party, BEN, f"Ben {number}")

    with pytest.raises(RateLimited, match="often"):
        await restless()
    await calls_themselves(party, ANA, "Ana R.")
    with store.reading() as tx:
        lines = [(line.actor, line.action) for line in tx.audit.list(None, 100) if line.action == "profile.patch"]
    assert lines[0] == ("ana", "profile.patch")
    assert 10 <= len(lines) <= 50
    assert (await party.do(BEN, ProfilePatch, id=fresh()))["profile"]["display_name"].startswith("Ben ")
