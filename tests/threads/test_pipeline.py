"""The core thread: groups of commands, their order, and what happens when one of them fails."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from jupyter_groupchat.errors import Conflict, GroupChatError, NotFound, StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import handlers, messages
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import MessageEdit, MessagePost, ReactionPut, ThreadDelete
from tests.doubles import ANA, BEN, FailingStore, Onlooker, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

AWAY = StorageUnavailable("The disk is full. Nothing was changed; try again.")


@pytest.fixture
def failing(store: Store) -> FailingStore:
    """The store, whose commits fail when the test says so."""
    return FailingStore(store)


@pytest.fixture
async def party(failing: FailingStore) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too, on a store that may fail."""
    service = ThreadService(cast(Store, failing))
    await service.start()
    yield await Party.of(service, ANA, BEN)
    await service.stop()


async def together(*doing: Any) -> list[Any]:
    """Do things at the same moment: answers and errors, in order."""
    return await asyncio.gather(*doing, return_exceptions=True)


async def equal_to_the_log(party: Party, *onlookers: Onlooker) -> None:
    """Every replica shows what somebody sees who has just come, and what the log says."""
    fresh = await party.look(ANA, page=0)
    told = await party.service.messages(ANA, party.thread, limit=256)
    assert [message.body for message in fresh.messages] == [message["body"] for message in reversed(told)]
    for onlooker in onlookers:
        assert onlooker.messages == fresh.messages


async def test_two_people_who_post_at_the_same_moment_are_both_heard(party: Party) -> None:
    """A hundred times: nothing is lost, nothing is doubled, and everybody sees the same order."""
    onlookers = [await party.look(actor, page=0) for actor in (ANA, BEN)]
    for number in range(100):
        await together(party.post(ANA, f"ana {number}"), party.post(BEN, f"ben {number}"))
    assert sorted(onlookers[0].bodies) == sorted(f"{who} {number}" for who in ("ana", "ben") for number in range(100))
    assert [message.seq for message in onlookers[0].messages] == list(range(201))
    await equal_to_the_log(party, *onlookers)


async def test_what_arrives_together_shares_commits_and_updates(party: Party, failing: FailingStore) -> None:
    """A hundred posts take a few commits, and subscribers a few frames; each is answered by itself, in order."""
    page = await party.look(BEN, page=0)
    before = failing.commits
    answers = await together(*(party.post(ANA, f"number {number}") for number in range(100)))
    assert [answer["body"] for answer in answers] == [f"number {number}" for number in range(100)]
    assert page.bodies == [f"number {number}" for number in range(100)]
    assert failing.commits - before < 50
    assert len(page.frames) < 50


async def test_a_refusal_concerns_nobody_else(party: Party) -> None:
    """What was asked for at the same moment is done."""
    fine, refused, also_fine = await together(
        party.post(ANA, "first"), party.post(BEN, "x" * 100_000), party.post(BEN, "second")
    )
    assert (fine["body"], also_fine["body"]) == ("first", "second")
    assert isinstance(refused, GroupChatError)
    assert (await party.look(ANA, page=0)).bodies == ["first", "second"]


async def test_the_same_message_twice_at_the_same_moment_is_there_once(party: Party) -> None:
    """Both get the same answer; another author's message of that id is refused."""
    one, two, other = await together(
        party.post(ANA, "once", id="m1"), party.post(ANA, "once", id="m1"), party.post(BEN, "mine", id="m1")
    )
    assert one == two
    assert isinstance(other, Conflict)
    assert (await party.look(ANA, page=0)).bodies == ["once"]


async def test_commands_build_on_those_before_them_in_the_same_commit(party: Party) -> None:
    """A message is answered, edited and reacted to while it is not yet committed."""
    await together(
        party.post(ANA, "frist", id="m1"),
        party.do(ANA, MessageEdit, message="m1", body="first"),
        party.post(BEN, "second", reply_to="m1"),
        party.do(BEN, ReactionPut, message="m1", emoji="👍"),
    )
    first, second = (message for message in (await party.look(ANA, page=0)).messages if message.kind == "human")
    assert (first.body, first.reactions) == ("first", {"👍": ("ben",)})
    assert second.reply_to == "m1"
    await equal_to_the_log(party)


async def test_what_comes_after_a_deletion_in_the_same_commit_finds_nothing(party: Party) -> None:
    """And what came before it is gone with the thread."""
    page = await party.look(BEN, page=0)
    posted, deleted, late = await together(
        party.post(ANA, "before"), party.do(ANA, ThreadDelete), party.post(BEN, "after")
    )
    assert (posted["body"], deleted) == ("before", {})
    assert isinstance(late, NotFound)
    assert page.why == "deleted"
    with pytest.raises(NotFound):
        await party.look(ANA, page=0)


async def test_a_commit_that_fails_was_never_told(party: Party, failing: FailingStore) -> None:
    """Everybody in it gets an error, nobody sees anything of it, and the next commit works with the same ids."""
    page, board = await party.look(BEN, page=0), await party.look(BEN)
    await party.post(ANA, "before")
    failing.failures = [AWAY]
    answers = await together(*(party.post(ANA, f"number {number}", id=f"m{number}") for number in range(5)))
    assert any(isinstance(answer, StorageUnavailable) for answer in answers)
    lost = [f"m{number}" for number, answer in enumerate(answers) if isinstance(answer, StorageUnavailable)]
    assert not {message.id for message in page.messages} & set(lost)
    await equal_to_the_log(party, page)
    await together(*(party.post(ANA, "again", id=id) for id in lost))
    assert {message.id for message in page.messages} >= set(lost)
    assert board.board["meta"]["last_seq"] == page.messages[-1].seq
    await equal_to_the_log(party, page)


async def test_what_breaks_alone_fails_alone(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handler that breaks after it wrote half: the others of its group are carried out, of it nothing stays."""

    def breaking(work: Work, actor: Actor, command: MessagePost) -> dict[str, Any]:
        answer = messages.post(work, actor, command)
        if command.body == "break":
            raise RuntimeError("a mistake in the code")
        if command.body == "refuse":
            raise Conflict("refused too late")
        return answer

    monkeypatch.setitem(handlers._HANDLERS, MessagePost, breaking)
    page = await party.look(BEN, page=0)
    bodies = ["first", "break", "second", "refuse", "third"]
    answers = await together(*(party.post(ANA, body) for body in bodies))
    assert [type(answer) for answer in answers] == [dict, GroupChatError, dict, Conflict, dict]
    assert "Nothing was changed" in str(answers[1])
    assert page.bodies == ["first", "second", "third"]
    await equal_to_the_log(party, page)


async def test_what_another_server_got_in_the_way_of_is_tried_again(party: Party, failing: FailingStore) -> None:
    """Whoever lost a lock to another server notices nothing."""
    in_the_way = StorageUnavailable("Somebody else changed the same thing.", retry=True)
    failing.failures = [in_the_way, in_the_way]
    assert (await party.post(ANA, "first"))["body"] == "first"
    failing.failures = [in_the_way]
    answers = await together(*(party.post(ANA, f"number {number}") for number in range(5)))
    assert [answer["body"] for answer in answers] == [f"number {number}" for number in range(5)]
    failing.failures = [in_the_way] * 3
    with pytest.raises(StorageUnavailable):
        await party.post(ANA, "last")
    await equal_to_the_log(party)


@pytest.mark.parametrize("seed", range(3))
async def test_replicas_are_equal_to_the_log_whatever_fails(party: Party, failing: FailingStore, seed: int) -> None:
    """Posts, edits, reactions and streaming at random, every fifth commit failing: what was answered is there once."""
    chance = random.Random(seed)
    onlookers = [await party.look(actor, page=0) for actor in (ANA, BEN)]
    await party.post(ANA, "start", id="m0")
    reply = await party.begin_reply("m0")
    kept = ["m0", reply]

    async def act(number: int) -> None:
        actor = chance.choice((ANA, BEN))
        match chance.randrange(4):
            case 0 | 1:
                kept.append((await party.post(actor, f"number {number}"))["id"])
            case 2:
                await party.do(actor, ReactionPut, message="m0", emoji=chance.choice("👍🎉👀"))
            case 3:
                await party.append(reply, f"piece {number} ")

    for number in range(40):
        failing.failures = [AWAY if chance.random() < 0.2 else None for _ in range(10)]
        await together(*(act(number * 10 + i) for i in range(chance.randrange(1, 6))))
    failing.failures = []
    await equal_to_the_log(party, *onlookers)
    shown = [message.id for message in onlookers[0].messages if message.kind != "system"]
    assert sorted(shown) == sorted(kept)
