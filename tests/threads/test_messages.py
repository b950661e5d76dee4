"""Messages: posting, editing, deleting, reacting, marking."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pytest

from jupyter_groupchat.errors import Conflict, GroupChatError, InvalidRequest, NotAllowed, NotFound, TooLarge
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.happenings import Edited, Happening, Posted
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT, Actor, Role
from jupyter_groupchat.wire.commands import (
    CellPut,
    MessageDelete,
    MessageEdit,
    MessageMark,
    MessagePost,
    ReactionDelete,
    ReactionPut,
    ThreadPatch,
)
from tests.doubles import ANA, BEN, CLEO, EVE, Party, until
from tests.storage.raw import execute

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def test_a_message_is_seen_by_everybody_when_it_is_answered(party: Party) -> None:
    """The answer, the page, the rows and every replica say the same."""
    ben = await party.look(BEN, page=0)
    told = await party.post(ANA, "Look at *churn* 👋, @ben")
    shown = ben.messages[-1]
    assert (told["author"], told["author_name"], told["kind"], told["seq"]) == ("ana", "Ana", "human", shown.seq)
    assert told["mentions"] == ["ben"]
    assert (shown.body, shown.mentions, shown.id) == ("Look at *churn* 👋, @ben", ("ben",), told["id"])
    assert await party.service.message(BEN, party.thread, told["id"]) == told
    board = await party.look(BEN)
    assert board.board["meta"]["last_seq"] == shown.seq


async def test_the_same_id_again_is_the_same_message_once(party: Party) -> None:
    """A client that did not hear the answer asks again and gets it, with what happened to the message since."""
    first = await party.post(ANA, "once", id="m1")
    await party.do(BEN, ReactionPut, message="m1", emoji="👍")
    again = await party.post(ANA, "once", id="m1")
    assert again == {**first, "reactions": {"👍": ["ben"]}}
    assert (await party.look(BEN, page=0)).bodies == ["once"]


async def test_another_authors_id_is_a_conflict(party: Party) -> None:
    """Nobody gets or replaces another's message by its id."""
    await party.post(ANA, "mine", id="m1")
    with pytest.raises(Conflict):
        await party.post(BEN, "mine too", id="m1")
    assert (await party.look(BEN, page=0)).bodies == ["mine"]


async def test_the_same_id_in_two_threads_is_two_messages(party: Party) -> None:
    """Ids are a thread's own."""
    other = await Party.of(party.service, ANA)
    await party.post(ANA, "here", id="m1")
    await other.post(ANA, "there", id="m1")
    assert (await party.look(ANA, page=0)).bodies == ["here"]
    assert (await other.look(ANA, page=0)).bodies == ["there"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"body": ""}, InvalidRequest),
        ({"body": " \n\t\u200b"}, InvalidRequest),
        ({"body": "a\0b"}, InvalidRequest),
        ({"body": "ü" * 16_385}, TooLarge),
        ({"body": "x", "reply_to": "nothing"}, NotFound),
        ({"body": "x", "cells": ["nothing"]}, NotFound),
        ({"body": "x", "files": ["nothing"]}, NotFound),
    ],
)
async def test_a_bad_message_is_refused_and_changes_nothing(
    party: Party, fields: dict[str, Any], error: type[GroupChatError]
) -> None:
    """Each refusal leaves the thread as it was."""
    with pytest.raises(error):
        await party.do(ANA, MessagePost, **fields)
    assert (await party.look(ANA, page=0)).bodies == []
    assert (await party.post(ANA, "next"))["seq"] == 1


async def test_the_limit_of_a_body_is_the_operators(store: Store) -> None:
    """The error says what the limit is."""
    service = ThreadService(store, limits=Limits(body_bytes=2_048))
    await service.start()
    party = await Party.of(service, ANA)
    await party.post(ANA, "x" * 2_048)
    with pytest.raises(TooLarge, match="at most 2 kB"):
        await party.post(ANA, "x" * 2_049)
    await service.stop()


async def test_a_stranger_learns_nothing(party: Party) -> None:
    """A thread that one is not in and a thread that does not exist answer in the same words."""
    await party.post(ANA, "secret", id="m1")
    said = set()
    for thread in (party.thread, "nothing"):
        for kind, fields in (
            (MessagePost, {"body": "x"}),
            (MessageEdit, {"message": "m1", "body": "x"}),
            (MessageDelete, {"message": "m1"}),
            (MessageMark, {"message": "m1", "pinned": True}),
            (ReactionPut, {"message": "m1", "emoji": "👍"}),
        ):
            with pytest.raises(NotFound) as refused:
                await party.do(EVE, kind, thread=thread, **fields)
            said.add(str(refused.value))
    assert len(said) == 1


async def test_a_kernels_ticket_opens_one_thread(party: Party) -> None:
    """What a kernel writes is marked as its person's kernel's, and other threads are out of its reach."""
    other = await Party.of(party.service, ANA)
    kernel = Actor(username="ana", name="Ana", via="kernel", thread=party.thread)
    told = await party.post(kernel, "from a cell")
    assert (told["kind"], told["via"], told["author"]) == ("kernel", "kernel", "ana")
    with pytest.raises(NotFound):
        await other.post(kernel, "elsewhere")
    with pytest.raises(NotAllowed, match="kernel's ticket"):
        await party.do(kernel, ThreadPatch, title="Mine")


async def test_a_person_called_assistant_is_refused(party: Party) -> None:
    """Nobody speaks under the assistant's name."""
    with pytest.raises(NotAllowed, match="cannot be a person"):
        await party.post(Actor(username="assistant", name="Assistant"), "I am the assistant")


async def test_a_reply_keeps_what_it_answers_and_where_it_stands(party: Party) -> None:
    """Also when what it answers is on another page, or was deleted."""
    await party.post(ANA, "why?", id="m1")
    await party.do(ANA, MessageDelete, message="m1")
    assert (await party.post(BEN, "because", reply_to="m1"))["reply_to"] == "m1"


async def test_messages_fill_page_after_page(party: Party) -> None:
    """Message 256 is the first of the second page, and no page needs the other."""
    await party.fill(ANA, 300)
    first, second = await party.look(BEN, page=0), await party.look(BEN, page=1)
    assert len(first.messages) == 256
    assert [message.seq for message in second.messages] == list(range(256, 301))
    assert second.bodies[-1] == "number 299"


async def test_the_assistant_is_told_of_a_message_and_what_it_answers(party: Party) -> None:
    """With the members, so that deciding needs no look-up."""
    heard: list[Happening] = []
    close = party.service.watch(heard.append)
    question = await party.post(ANA, "why?")
    await party.post(BEN, "@assistant?", reply_to=question["id"])
    close()
    await party.post(ANA, "unheard")
    first, second = heard
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert first.answered is None
    assert second.answered is not None
    assert second.answered.id == question["id"]
    assert second.message.mentions == ("assistant",)
    assert [member.username for member in second.members] == ["ana", "ben"]
    assert second.thread.last_seq == second.message.seq


async def test_the_author_edits_and_nobody_else(party: Party) -> None:
    """The edit shows its time and whom it mentions now; what was said before is kept."""
    heard: list[Happening] = []
    party.service.watch(heard.append)
    message = await party.post(BEN, "chrun, @ana")
    edited = (await party.do(BEN, MessageEdit, message=message["id"], body="churn, @ben"))["message"]
    assert (edited["body"], edited["mentions"]) == ("churn, @ben", ["ben"])
    assert edited["edited_at"] is not None
    assert isinstance(heard[-1], Edited)
    assert heard[-1].message.body == "churn, @ben"
    with pytest.raises(NotAllowed, match="author"):
        await party.do(ANA, MessageEdit, message=message["id"], body="mine")
    hits = await party.service.search(ANA, "churn")
    assert [hit["id"] for hit in hits] == [message["id"]]
    assert await party.service.search(ANA, "chrun") == []


async def test_the_author_and_the_owner_read_earlier_versions(party: Party) -> None:
    """Each with when it was written; of a message that was deleted nobody does, and the audit log says who edited."""
    await party.invite(ANA, CLEO)
    message = await party.post(BEN, "chrun")
    edited = (await party.do(BEN, MessageEdit, message=message["id"], body="churn"))["message"]
    await party.do(BEN, MessageEdit, message=message["id"], body="churn, up")
    for actor in (ANA, BEN):
        assert await party.service.versions(actor, party.thread, message["id"]) == [
            {"body": "chrun", "written_at": message["created_at"]},
            {"body": "churn", "written_at": edited["edited_at"]},
        ]
    with pytest.raises(NotAllowed, match="said before"):
        await party.service.versions(CLEO, party.thread, message["id"])
    with pytest.raises(NotAllowed, match="ticket"):
        await party.service.versions(replace(BEN, via="kernel"), party.thread, message["id"])
    untouched = await party.post(BEN, "fine")
    assert await party.service.versions(BEN, party.thread, untouched["id"]) == []
    lines = [line for line in await party.service.audit(ANA, party.thread) if line["action"] == "message.edit"]
    assert [(line["actor"], line["details"]) for line in lines] == 2 * [("ben", {"message": message["id"]})]
    await party.do(ANA, MessageDelete, message=message["id"])
    for actor in (ANA, BEN):
        with pytest.raises(Conflict, match="deleted"):
            await party.service.versions(actor, party.thread, message["id"])


@pytest.mark.parametrize("body", ["", "x" * 40_000])
async def test_an_edit_is_checked_like_a_message(party: Party, body: str) -> None:
    """An empty or an over-long text is refused."""
    message = await party.post(BEN, "fine")
    with pytest.raises(GroupChatError):
        await party.do(BEN, MessageEdit, message=message["id"], body=body)
    assert (await party.look(BEN, page=0)).bodies == ["fine"]


async def test_author_and_owner_delete_and_nobody_else(party: Party) -> None:
    """A mark stays, without a word of what was there; deleting again does nothing, editing is refused."""
    await party.invite(ANA, CLEO)
    message = await party.post(BEN, "a secret")
    with pytest.raises(NotAllowed):
        await party.do(CLEO, MessageDelete, message=message["id"])
    for kind, fields in ((MessageDelete, {}), (MessageEdit, {"body": "x"}), (ReactionPut, {"emoji": "👍"})):
        with pytest.raises(NotFound, match="no such message"):
            await party.do(ANA, kind, message="nothing", **fields)
    await party.do(ANA, MessageDelete, message=message["id"])
    await party.do(BEN, MessageDelete, message=message["id"])
    shown = (await party.look(CLEO, page=0)).messages[-1]
    assert (shown.body, shown.deleted) == ("", True)
    assert await party.service.search(ANA, "secret") == []
    with pytest.raises(Conflict, match="deleted"):
        await party.do(BEN, MessageEdit, message=message["id"], body="back")
    with pytest.raises(Conflict, match="deleted"):
        await party.do(BEN, ReactionPut, message=message["id"], emoji="👍")


async def test_lines_about_what_happened_stay(party: Party) -> None:
    """The owner too cannot edit or delete that somebody joined."""
    joined = (await party.look(ANA, page=0)).messages[0]
    assert (joined.kind, joined.body, joined.author) == ("system", "Ben joined.", "ben")
    with pytest.raises(NotAllowed):
        await party.do(ANA, MessageDelete, message=joined.id)
    with pytest.raises(NotAllowed):
        await party.do(BEN, MessageEdit, message=joined.id, body="Ben did not join.")


async def test_reactions_are_each_persons_own(party: Party) -> None:
    """One is added once and taken back by who gave it; the assistant gives them too."""
    message = await party.post(ANA, "done")
    for _ in range(2):
        await party.do(BEN, ReactionPut, message=message["id"], emoji="🎉")
    await party.do(ANA, ReactionPut, message=message["id"], emoji="🎉")
    await party.do(THE_ASSISTANT, ReactionPut, message=message["id"], emoji="👀")
    await party.do(ANA, ReactionDelete, message=message["id"], emoji="🎉")
    await party.do(ANA, ReactionDelete, message=message["id"], emoji="👀")
    told = await party.service.message(ANA, party.thread, message["id"])
    assert told["reactions"] == {"🎉": ["ben"], "👀": ["assistant"]}


async def test_a_message_holds_only_so_many_reactions(store: Store) -> None:
    """The limit is the operator's."""
    service = ThreadService(store, limits=Limits(reactions_per_message=2))
    await service.start()
    party = await Party.of(service, ANA)
    message = await party.post(ANA, "done")
    for emoji in ("👍", "🎉"):
        await party.do(ANA, ReactionPut, message=message["id"], emoji=emoji)
    with pytest.raises(Conflict, match="as many reactions"):
        await party.do(ANA, ReactionPut, message=message["id"], emoji="👀")
    await service.stop()


async def test_marks_say_who_set_them(party: Party) -> None:
    """A message is pinned or agreed on; reviewers only read that."""
    await party.invite(ANA, CLEO, role=Role.REVIEWER)
    message = await party.post(ANA, "we drop the column")
    marked = await party.do(BEN, MessageMark, message=message["id"], agreed=True, pinned=True)
    assert marked["message"]["marks"] == {"agreed": "ben", "pinned": "ben"}
    marked = await party.do(ANA, MessageMark, message=message["id"], pinned=False)
    assert marked["message"]["marks"] == {"agreed": "ben"}
    with pytest.raises(NotAllowed, match="As a reviewer"):
        await party.do(CLEO, MessageMark, message=message["id"], agreed=False)


async def test_nothing_that_is_kept_has_the_text_of_a_deleted_message(party: Party, store: Store) -> None:
    """Nor the answers of commands; a repeated command is answered with the message as it is now."""
    message = (await party.post(ANA, "a secret zebra"))["id"]
    edited = {"id": "e1", "message": message, "body": "another zebra"}
    await party.do(ANA, MessageEdit, **edited)
    await party.do(ANA, MessageMark, id="k1", message=message, pinned=True)
    await party.do(ANA, ThreadPatch, id="p1", title="Animals")
    again = await party.do(ANA, MessageEdit, **edited)
    assert again["message"]["body"] == "another zebra"
    await party.do(ANA, MessageDelete, message=message)
    assert (await party.do(ANA, MessageEdit, **edited))["message"]["deleted"]
    assert (await party.do(ANA, ThreadPatch, id="p1", title="Animals"))["thread"]["title"] == "Animals"
    assert not [row for row in execute(store, "SELECT result FROM commands") if "zebra" in row[0]]
    with pytest.raises(NotFound):
        await party.do(EVE, MessageEdit, **edited)


async def test_marked_messages_are_listed(party: Party) -> None:
    """By mark, the newest first, until the mark or the message is taken away; a stranger sees no thread."""
    first, second, third = [(await party.post(ANA, body))["id"] for body in ("one", "two", "three")]
    await party.do(BEN, MessageMark, message=first, pinned=True, agreed=True)
    await party.do(ANA, MessageMark, message=third, pinned=True)
    await party.do(ANA, MessageMark, message=second, agreed=True)

    async def listed(mark: Literal["pinned", "agreed"]) -> list[str]:
        return [hit["body"] for hit in await party.service.marked(BEN, party.thread, mark)]

    assert await listed("pinned") == ["three", "one"]
    assert await listed("agreed") == ["two", "one"]
    await party.do(ANA, MessageMark, message=first, pinned=False)
    await party.do(ANA, MessageDelete, message=third)
    assert await listed("pinned") == []
    assert await listed("agreed") == ["two", "one"]
    with pytest.raises(NotFound):
        await party.service.marked(CLEO, party.thread, "pinned")


async def test_as_many_messages_are_marked_as_a_list_can_show(store: Store) -> None:
    """One more is refused until another mark is taken away."""
    service = ThreadService(store, limits=Limits(marks_per_thread=1))
    await service.start()
    party = await Party.of(service, ANA)
    first, second = [(await party.post(ANA, body))["id"] for body in ("one", "two")]
    await party.do(ANA, MessageMark, message=first, pinned=True)
    await party.do(ANA, MessageMark, message=first, agreed=True)
    with pytest.raises(Conflict, match="marked messages"):
        await party.do(ANA, MessageMark, message=second, pinned=True)
    await party.do(ANA, MessageMark, message=first, pinned=False, agreed=False)
    await party.do(ANA, MessageMark, message=second, pinned=True)
    await service.stop()


async def test_an_archived_thread_is_only_read(party: Party) -> None:
    """Every write says so; a message that was posted before is still answered to who asks again."""
    message = await party.post(ANA, "before", id="m1")
    await party.do(ANA, ThreadPatch, archived=True)
    for kind, fields in (
        (MessagePost, {"body": "after"}),
        (MessageEdit, {"message": "m1", "body": "x"}),
        (MessageDelete, {"message": "m1"}),
        (MessageMark, {"message": "m1", "pinned": True}),
        (ReactionPut, {"message": "m1", "emoji": "👍"}),
        (ReactionDelete, {"message": "m1", "emoji": "👍"}),
        (CellPut, {"share": "s", "notebook": "n", "cell_id": "c", "cell_type": "code", "source": ""}),
    ):
        with pytest.raises(Conflict, match="archived"):
            await party.do(ANA, kind, **fields)
    with pytest.raises(Conflict, match="archived"):
        await party.do(THE_ASSISTANT, ReactionPut, message="m1", emoji="👍")
    assert await party.post(ANA, "before", id="m1") == message
    await party.do(ANA, ThreadPatch, archived=False)
    await party.post(ANA, "after")


async def test_a_new_display_name_is_shown_from_the_next_message_on(party: Party) -> None:
    """Messages keep the name that their author had."""
    board = await party.look(BEN)
    await party.post(ANA, "before")
    await party.post(Actor(username="ana", name="Ana L.", avatar="a.png"), "after")
    page = await party.look(BEN, page=0)
    assert [message.author_name for message in page.messages if message.kind == "human"] == ["Ana", "Ana L."]
    await until(lambda: board.board["members"]["ana"]["name"] == "Ana L.")
    assert board.board["members"]["ana"]["avatar"] == "a.png"
