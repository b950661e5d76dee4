"""Reads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from jupyter_groupchat.errors import InvalidRequest, NotAllowed, NotFound
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import ReactionPut
from tests.doubles import ANA, BEN, EVE, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

Read = Callable[[ThreadService, Actor, str], Awaitable[Any]]

READS: dict[str, Read] = {
    "thread": lambda service, actor, thread: service.thread(actor, thread),
    "members": lambda service, actor, thread: service.members(actor, thread),
    "invitations": lambda service, actor, thread: service.invitations(actor, thread),
    "messages": lambda service, actor, thread: service.messages(actor, thread),
    "message": lambda service, actor, thread: service.message(actor, thread, "m1"),
    "versions": lambda service, actor, thread: service.versions(actor, thread, "m1"),
    "manifest": lambda service, actor, thread: service.manifest(actor, thread, "m1"),
    "search": lambda service, actor, thread: service.search(actor, "hello", thread),
    "decisions": lambda service, actor, thread: service.decisions(actor, thread),
    "audit": lambda service, actor, thread: service.audit(actor, thread),
    "file": lambda service, actor, thread: service.file(actor, thread, "f1"),
    "state": lambda service, actor, thread: service.state(actor, f"thread:{thread}"),
    "difference": lambda service, actor, thread: service.difference(actor, f"page:{thread}:0", b"\x00"),
}


@pytest.mark.parametrize("read", READS)
async def test_a_stranger_reads_nothing(party: Party, read: str) -> None:
    """A thread that one is not in and one that is not there answer in the same words."""
    await party.post(ANA, "hello", id="m1")
    said = set()
    for thread in (party.thread, "nothing"):
        with pytest.raises(NotFound) as refused:
            await READS[read](party.service, EVE, thread)
        said.add(str(refused.value))
    kernel = Actor(username="ana", name="Ana", via="kernel", thread="another")
    with pytest.raises(NotFound) as refused:
        await READS[read](party.service, kernel, party.thread)
    said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize("read", READS)
async def test_a_person_called_assistant_reads_nothing(party: Party, read: str) -> None:
    """Whoever signs in under that name is not the assistant."""
    with pytest.raises(NotAllowed):
        await READS[read](party.service, Actor(username="assistant", name="Assistant"), party.thread)


async def test_messages_are_read_newest_first_across_pages(party: Party) -> None:
    """With all that happened to them, as many as were asked for, before the place that was named."""
    for number in range(300):
        await party.post(ANA, f"number {number}", id=f"m{number}")
    await party.do(BEN, ReactionPut, message="m298", emoji="👍")
    newest = await party.service.messages(BEN, party.thread, limit=2)
    assert [(message["body"], message["reactions"]) for message in newest] == [
        ("number 299", {}),
        ("number 298", {"👍": ["ben"]}),
    ]
    older = await party.service.messages(BEN, party.thread, before_seq=newest[-1]["seq"], limit=256)
    assert [message["body"] for message in older] == [f"number {number}" for number in range(297, 41, -1)]
    rest = await party.service.messages(BEN, party.thread, before_seq=older[-1]["seq"], limit=256)
    assert len(rest) == 42 + 1
    assert rest[-1]["body"] == "Ben joined."
    assert await party.service.messages(BEN, party.thread, before_seq=0) == []


@pytest.mark.parametrize("limit", [0, -1, 257])
async def test_a_limit_is_within_a_page(party: Party, limit: int) -> None:
    """Nobody asks for a whole thread at once."""
    with pytest.raises(InvalidRequest):
        await party.service.messages(ANA, party.thread, limit=limit)
    with pytest.raises(InvalidRequest):
        await party.service.search(ANA, "hello", limit=limit)


async def test_an_empty_thread_has_no_messages(service: ThreadService) -> None:
    """An empty list, not an error; one that is not there is one."""
    party = await Party.of(service, ANA)
    assert await service.messages(ANA, party.thread) == []
    with pytest.raises(NotFound):
        await service.message(ANA, party.thread, "m1")


async def test_search_finds_what_one_may_read(party: Party) -> None:
    """In one thread or in all of one's own, with the thread's title."""
    other = await Party.of(party.service, BEN)
    await party.post(ANA, "churn is high")
    await other.post(BEN, "churn is low")
    assert [hit["body"] for hit in await party.service.search(ANA, "churn")] == ["churn is high"]
    assert {hit["body"] for hit in await party.service.search(BEN, "churn")} == {"churn is high", "churn is low"}
    (hit,) = await party.service.search(BEN, "churn", party.thread)
    assert (hit["body"], hit["thread_title"]) == ("churn is high", "Churn review")
    kernel = Actor(username="ben", name="Ben", via="kernel", thread=party.thread)
    assert [found["body"] for found in await party.service.search(kernel, "churn")] == ["churn is high"]
    assert [thread["id"] for thread in await party.service.threads(kernel)] == [party.thread]


async def test_the_list_is_ordered_by_what_happened_last(party: Party) -> None:
    """With the newest message, who is in it, and what is unread."""
    other = await Party.of(party.service, ANA)
    await party.post(BEN, "@ana " + "x" * 200)
    first, second = await party.service.threads(ANA)
    assert (first["id"], second["id"]) == (party.thread, other.thread)
    assert first["last_message"] is not None
    assert first["last_message"]["body"] == ("@ana " + "x" * 200)[:120]
    assert [member["username"] for member in first["members"]] == ["ana", "ben"]
    assert (first["unread"], first["mentions"]) == (1, 1)
    assert first == await party.service.thread(ANA, party.thread)


async def test_a_conversation_ends_where_it_is_asked_to(party: Party) -> None:
    """The newest that fit, oldest first."""
    for number in range(5):
        await party.post(ANA, f"number {number}")
    conversation = await party.service.conversation(party.thread, through_seq=4, limit=3)
    assert [row.body for row in conversation.messages] == ["number 1", "number 2", "number 3"]
    assert [member.username for member in conversation.members] == ["ana", "ben"]
    assert conversation.thread.last_seq == 5
