"""Threads: starting, changing, copying, deleting, and one's own marks in them."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound
from jupyter_groupchat.threads.happenings import Happening, ThreadDeleted
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Mode, Role
from jupyter_groupchat.wire.commands import (
    CellPut,
    MessageDelete,
    MutePut,
    ReadPut,
    ThreadCopy,
    ThreadCreate,
    ThreadDelete,
    ThreadPatch,
)
from jupyter_groupchat.wire.events import Event, ThreadGone, ThreadJoined
from tests.doubles import ANA, BEN, CLEO, EVE, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def test_a_new_thread_is_its_makers(service: ThreadService) -> None:
    """Empty, with one member, shown as the document shows it."""
    events: list[Event] = []
    service.person("ana", events.append)
    create = ThreadCreate(id="c1", title="Churn", notebook="churn.ipynb", instructions="Be brief.", mode=Mode.MENTION)
    thread = (await service.execute(ANA, create))["thread"]
    assert (thread["role"], thread["last_seq"], thread["unread"], thread["last_message"]) == ("owner", -1, 0, None)
    assert await service.threads(ANA) == [thread] == [await service.thread(ANA, thread["id"])]
    meta = (await Party(service, thread["id"]).look(ANA)).board["meta"]
    assert (meta["title"], meta["notebook"], meta["instructions"]) == ("Churn", "churn.ipynb", "Be brief.")
    assert (meta["mode"], meta["page_size"], meta["last_seq"]) == ("mention", 256, -1)
    assert events[:1] == [ThreadJoined(thread=thread["id"], title="Churn", role=Role.OWNER)]


async def test_the_same_command_again_starts_no_second_thread(service: ThreadService) -> None:
    """It gets the first answer; somebody else's command of the same id is another command."""
    create = ThreadCreate(id="c1", title="Churn")
    first = await service.execute(ANA, create)
    assert await service.execute(ANA, create) == first
    assert await service.execute(BEN, create) != first
    assert len(await service.threads(ANA)) == 1


async def test_an_id_with_something_else_is_another_command(party: Party) -> None:
    """It is carried out, and is not taken for the one that had the id before: their answers may not even be alike."""
    created = await party.service.execute(ANA, ThreadCreate(id="c1", title="Churn"))
    renamed = await party.do(ANA, ThreadPatch, id="c1", title="Churn in May")
    assert renamed["thread"]["title"] == "Churn in May"
    assert await party.do(ANA, ThreadPatch, id="c1", title="Churn in May") == renamed
    assert (await party.do(ANA, ThreadPatch, id="c1", title="Churn in June"))["thread"]["title"] == "Churn in June"
    assert await party.service.execute(ANA, ThreadCreate(id="c1", title="Churn")) == created


async def test_members_change_title_mode_and_instructions(party: Party) -> None:
    """Title and mode are announced by a line; what stays the same is not."""
    changed = await party.do(BEN, ThreadPatch, title="Churn in May", mode="quiet", instructions="Be kind.")
    assert (changed["thread"]["title"], changed["thread"]["mode"]) == ("Churn in May", "quiet")
    await party.do(BEN, ThreadPatch, title="Churn in May", mode="quiet", instructions="Be kind.")
    lines = [message.body for message in (await party.look(ANA, page=0)).messages]
    assert lines == [
        "Ben joined.",
        "Ben renamed the thread to “Churn in May”.",
        "Ben asked the assistant to be quiet unless mentioned.",
    ]
    assert (await party.look(ANA)).board["meta"]["instructions"] == "Be kind."


async def test_a_reviewer_changes_no_settings_and_a_member_does_not_archive(party: Party) -> None:
    """Archiving is the owner's."""
    await party.invite(ANA, CLEO, role=Role.REVIEWER)
    with pytest.raises(NotAllowed):
        await party.do(CLEO, ThreadPatch, title="Mine")
    with pytest.raises(NotAllowed, match="archive"):
        await party.do(BEN, ThreadPatch, archived=True)
    assert (await party.service.thread(ANA, party.thread))["archived_at"] is None


async def test_an_archived_thread_is_brought_back_before_it_is_changed(party: Party) -> None:
    """Bringing it back and changing it may be one command; the assistant is told when one is archived."""
    heard: list[Happening] = []
    party.service.watch(heard.append)
    archived = await party.do(ANA, ThreadPatch, archived=True)
    assert archived["thread"]["archived_at"] is not None
    assert heard == [ThreadDeleted(thread_id=party.thread)]
    with pytest.raises(Conflict, match="Bring it back"):
        await party.do(ANA, ThreadPatch, title="Churn in May")
    back = await party.do(ANA, ThreadPatch, archived=False, title="Churn in May")
    assert (back["thread"]["archived_at"], back["thread"]["title"]) == (None, "Churn in May")


async def test_a_deleted_thread_is_gone_for_everybody(party: Party) -> None:
    """Channels close, everybody is told, nothing of it can be found."""
    await party.post(ANA, "a secret")
    channels = [await party.look(ANA), await party.look(BEN, page=0)]
    events: list[Event] = []
    heard: list[Happening] = []
    party.service.person("ben", events.append)
    party.service.watch(heard.append)
    with pytest.raises(NotAllowed):
        await party.do(BEN, ThreadDelete)
    await party.do(ANA, ThreadDelete)
    assert [channel.why for channel in channels] == ["deleted", "deleted"]
    assert events[-1] == ThreadGone(thread=party.thread, title="Churn review", why="deleted")
    assert heard == [ThreadDeleted(thread_id=party.thread)]
    for actor in (ANA, BEN):
        assert await party.service.threads(actor) == []
        assert await party.service.search(actor, "secret") == []
        with pytest.raises(NotFound):
            await party.look(actor)
    with pytest.raises(NotFound):
        await party.service.conversation(party.thread)


async def test_a_copy_has_what_was_said_and_nothing_else(party: Party) -> None:
    """Authors keep the names that they had; cells, reactions, lines and deleted messages stay behind."""
    await party.do(ANA, CellPut, share="s", notebook="n", cell_id="c", cell_type="code", source="1")
    question = await party.post(ANA, "why?", cells=["s"])
    answer = await party.post(BEN, "because", reply_to=question["id"])
    deleted = await party.post(BEN, "oops")
    await party.do(BEN, MessageDelete, message=deleted["id"])
    await party.post(BEN, "later")
    before = (await party.look(ANA, page=0)).messages
    made = (await party.do(BEN, ThreadCopy, through_seq=answer["seq"], title="Private"))["thread"]
    assert (made["title"], made["role"], made["unread"], made["last_seq"]) == ("Private", "owner", 0, 1)
    assert [member["username"] for member in made["members"]] == ["ben"]
    copy = Party(party.service, made["id"])
    first, second = (await copy.look(BEN, page=0)).messages
    assert (first.author, first.author_name, first.body, first.cells) == ("ana", "Ana", "why?", ())
    assert (second.author, second.body, second.reply_to) == ("ben", "because", first.id)
    assert second.created_at == before[2].created_at
    assert (await copy.look(BEN)).board["cells"] == {}
    with pytest.raises(NotFound):
        await copy.look(ANA)
    assert (await party.look(ANA, page=0)).messages == before
    whole = (await party.do(ANA, ThreadCopy))["thread"]
    assert (whole["title"], whole["last_seq"]) == ("Churn review (copy)", 2)


async def test_who_may_not_copy_is_refused(party: Party) -> None:
    """A reviewer reads here, and a stranger not even that."""
    await party.invite(ANA, CLEO, role=Role.REVIEWER)
    with pytest.raises(NotAllowed):
        await party.do(CLEO, ThreadCopy)
    with pytest.raises(NotFound):
        await party.do(EVE, ThreadCopy)
    with pytest.raises(NotAllowed):
        await party.do(Actor(username="ana", name="Ana", via="kernel"), ThreadCopy)


async def test_a_copy_of_several_pages_is_whole(party: Party) -> None:
    """Pages fill in the copy as they do in the source."""
    await party.fill(ANA, 300)
    made = (await party.do(ANA, ThreadCopy))["thread"]
    copy = Party(party.service, made["id"])
    pages = [await copy.look(ANA, page=page) for page in (0, 1)]
    assert [body for page in pages for body in page.bodies] == [f"number {number}" for number in range(300)]


async def test_read_marks_move_forward_only(party: Party) -> None:
    """And not past the newest message; they are one's own."""
    for number in range(3):
        await party.post(ANA, f"number {number}")
    assert (await party.service.thread(BEN, party.thread))["unread"] == 3
    assert await party.do(BEN, ReadPut, seq=2) == {"read_seq": 2}
    assert await party.do(BEN, ReadPut, seq=0) == {"read_seq": 2}
    assert (await party.service.thread(BEN, party.thread))["unread"] == 1
    assert await party.do(BEN, ReadPut, seq=99) == {"read_seq": 3}
    thread = await party.service.thread(BEN, party.thread)
    assert (thread["unread"], thread["read_seq"]) == (0, 3)
    assert (await party.service.thread(ANA, party.thread))["read_seq"] == -1


async def test_own_messages_and_lines_are_not_unread(party: Party) -> None:
    """Only what somebody else said is news."""
    await party.post(ANA, "mine")
    await party.invite(ANA, CLEO)
    await party.do(ANA, ThreadPatch, title="Other")
    assert (await party.service.thread(ANA, party.thread))["unread"] == 0
    assert (await party.service.thread(BEN, party.thread))["unread"] == 1


async def test_muting_is_ones_own(party: Party) -> None:
    """It is kept and can be taken back."""
    await party.do(BEN, MutePut, muted=True)
    assert (await party.service.thread(BEN, party.thread))["muted"] is True
    assert (await party.service.thread(ANA, party.thread))["muted"] is False
    await party.do(BEN, MutePut, muted=False)
    assert (await party.service.thread(BEN, party.thread))["muted"] is False
