"""Messages that members write together: begun, written, sent once, and discarded."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pycrdt import Doc, Map

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import (
    Conflict,
    GroupChatError,
    InvalidRequest,
    NotAllowed,
    NotFound,
    RateLimited,
    TooLarge,
)
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import (
    DraftClose,
    DraftCursor,
    DraftOpen,
    DraftSend,
    MemberDelete,
    MessageDelete,
    ThreadCopy,
    ThreadDelete,
    ThreadPatch,
)
from jupyter_groupchat.wire.events import DraftCursorMoved, DraftEnded, Event
from tests.doubles import ANA, BEN, CLEO, EVE, Copy, FailingStore, Party, fresh, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture
async def party(service: ThreadService) -> Party:
    """Ana's thread with Ben and Cleo."""
    return await Party.of(service, ANA, BEN, CLEO)


def id_of(doc_id: str) -> str:
    """The draft's id."""
    return names.parse(doc_id).draft or ""


async def open_copy(party: Party, actor: Actor, doc_id: str) -> Copy:
    """Somebody's copy of a draft."""
    copy = await Copy.opens(party.service, actor, doc_id)
    assert isinstance(copy, Copy)
    return copy


async def shown(party: Party) -> dict[str, Any]:
    """The drafts that the thread document shows."""
    drafts: dict[str, Any] = (await party.look(ANA)).board["drafts"]
    return drafts


async def test_two_write_and_one_sends(party: Party) -> None:
    """the text is the server's, the sender the author, and the other one is credited; then the draft is gone."""
    service = party.service
    ended: list[Event] = []
    service.person("cleo", ended.append)
    doc_id = await party.draft(ANA, "Why ")
    anas, bens = await open_copy(party, ANA, doc_id), await open_copy(party, BEN, doc_id)
    assert bens.subscription.writable
    hers, his = anas.typed("does churn rise "), bens.typed("in June? ")
    await asyncio.gather(service.write(ANA, doc_id, hers), service.write(BEN, doc_id, his))
    assert str(anas) == str(bens)
    assert set(str(anas).split()) == {"Why", "does", "churn", "rise", "in", "June?"}
    drafts = await shown(party)
    assert drafts[id_of(doc_id)]["with"] == ["ana", "ben"]
    assert drafts[id_of(doc_id)]["by"] == "ana"

    message = (await party.do(BEN, DraftSend, draft=id_of(doc_id)))["message"]
    assert (message["author"], message["credits"], message["body"]) == ("ben", ["ana"], str(anas))
    assert (anas.why, bens.why) == ("ended", "ended")
    assert await shown(party) == {}
    (told,) = [event for event in ended if isinstance(event, DraftEnded)]
    assert (told.by, told.message) == ("ben", message["id"])
    page = await party.look(CLEO, 0)
    assert page.messages[-1].credits == ("ana",)
    for attempt in (
        service.write(ANA, doc_id, anas.typed("more")),
        service.subscribe(ANA, doc_id, anas),
        party.do(ANA, DraftSend, draft=id_of(doc_id)),
        party.do(ANA, DraftClose, draft=id_of(doc_id)),
    ):
        with pytest.raises(NotFound, match="no such draft"):
            await attempt


async def test_a_draft_is_sent_once(party: Party) -> None:
    """whether one person's command arrives twice or two people press the button."""
    doc_id = await party.draft(ANA, "Once")
    send = DraftSend(id=fresh("m"), thread=party.thread, draft=id_of(doc_id))
    other = DraftSend(id=fresh("m"), thread=party.thread, draft=id_of(doc_id))
    orders = [party.service.execute(*order) for order in ((ANA, send), (BEN, other), (ANA, send))]
    answers: list[Any] = await asyncio.gather(*orders, return_exceptions=True)
    assert answers[0] == answers[2]
    assert isinstance(answers[1], NotFound)
    bodies = [message["body"] for message in await party.service.messages(ANA, party.thread)]
    assert bodies.count("Once") == 1


async def test_an_id_of_another_message_sends_nothing(party: Party) -> None:
    """and the draft stays."""
    message = await party.post(ANA, "Hello")
    doc_id = await party.draft(ANA, "Draft")
    with pytest.raises(Conflict, match="has this id"):
        await party.do(ANA, DraftSend, id=message["id"], draft=id_of(doc_id))
    assert id_of(doc_id) in await shown(party)


async def test_only_who_wrote_and_still_is_a_member_is_credited(party: Party) -> None:
    """who only looked on is not, nor who was removed meanwhile."""
    doc_id = await party.draft(ANA)
    for actor in (ANA, BEN, CLEO):
        copy = await open_copy(party, actor, doc_id)
        if actor is not ANA:
            await party.service.write(actor, doc_id, copy.typed(f"{actor.name} "))
    await party.do(ANA, MemberDelete, username="ben")
    message = (await party.do(ANA, DraftSend, draft=id_of(doc_id)))["message"]
    assert message["credits"] == ["cleo"]


async def test_credits_go_where_the_message_goes(party: Party) -> None:
    """into what the assistant reads and into copies, and away with the message."""
    doc_id = await party.draft(ANA, "Together")
    message = (await party.do(BEN, DraftSend, draft=id_of(doc_id)))["message"]
    conversation = await party.service.conversation(party.thread)
    assert conversation.messages[-1].credits == ("ana",)
    copied = (await party.do(ANA, ThreadCopy))["thread"]["id"]
    assert (await party.service.messages(ANA, copied))[0]["credits"] == ["ana"]
    await party.do(BEN, MessageDelete, message=message["id"])
    assert (await party.service.message(ANA, party.thread, message["id"]))["credits"] == []
    assert (await party.service.conversation(party.thread)).messages[-1].credits == ()


async def test_a_blank_draft_is_not_sent(party: Party) -> None:
    """it stays, to be written on."""
    doc_id = await party.draft(ANA, " \n")
    with pytest.raises(InvalidRequest, match="some text"):
        await party.do(ANA, DraftSend, draft=id_of(doc_id))
    assert id_of(doc_id) in await shown(party)


async def test_who_began_a_draft_or_the_owner_discards_it(party: Party) -> None:
    """and everybody's copy ends with it."""
    bens, cleos = await party.draft(BEN, "a"), await party.draft(CLEO, "b")
    copy = await open_copy(party, ANA, bens)
    with pytest.raises(NotAllowed, match="discard this draft"):
        await party.do(CLEO, DraftClose, draft=id_of(bens))
    await party.do(BEN, DraftClose, draft=id_of(bens))
    await party.do(ANA, DraftClose, draft=id_of(cleos))
    assert copy.why == "ended"
    assert await shown(party) == {}
    audit = await party.service.audit(ANA, party.thread)
    assert [line["action"] for line in audit[:2]] == ["draft.close", "draft.close"]


async def test_a_thread_has_a_few_drafts_at_a_time(party: Party) -> None:
    """one more is possible when one has gone."""
    drafts = [await party.draft(BEN) for _ in range(5)]
    with pytest.raises(Conflict, match="5 drafts"):
        await party.draft(ANA)
    await party.do(BEN, DraftClose, draft=id_of(drafts[0]))
    await party.draft(ANA)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ANNOTATOR, Role.REVIEWER])
async def test_who_may_post_may_write(service: ThreadService, role: Role) -> None:
    """in every role, and a kernel may not."""
    party = await Party.of(service, ANA, BEN, role=role)
    doc_id = await party.draft(BEN)
    copy = await open_copy(party, BEN, doc_id)
    await service.write(BEN, doc_id, copy.typed("x"))
    kernel = Actor(username="ben", name="Ben", via="kernel", thread=party.thread)
    theirs = await open_copy(party, kernel, doc_id)
    assert not theirs.subscription.writable
    for attempt in (
        service.write(kernel, doc_id, theirs.typed("y")),
        party.do(kernel, DraftOpen),
        party.do(kernel, DraftSend, draft=id_of(doc_id)),
    ):
        with pytest.raises(NotAllowed, match="kernel"):
            await attempt
    with pytest.raises(NotFound):
        await party.do(kernel, DraftCursor, draft=id_of(doc_id))


async def test_to_a_stranger_there_is_no_draft(party: Party) -> None:
    """nor to a member of another thread, nor from the moment on in which somebody is removed."""
    service = party.service
    doc_id = await party.draft(ANA, "Secret")
    others = await Party.of(service, EVE)
    copy = await open_copy(party, BEN, doc_id)
    elsewhere = names.draft_document(others.thread, id_of(doc_id))
    await party.do(ANA, MemberDelete, username="ben")
    assert copy.why == "removed"
    for actor, doc in ((EVE, doc_id), (BEN, doc_id), (EVE, elsewhere)):
        thread = names.parse(doc).thread_id
        for attempt in (
            service.subscribe(actor, doc, copy),
            service.state(actor, doc),
            service.difference(actor, doc, b"\0"),
            service.write(actor, doc, b"\0\0"),
            party.do(actor, DraftSend, thread=thread, draft=id_of(doc)),
            party.do(actor, DraftClose, thread=thread, draft=id_of(doc)),
            party.do(actor, DraftCursor, thread=thread, draft=id_of(doc)),
        ):
            with pytest.raises(NotFound):
                await attempt


async def test_in_an_archived_thread_nobody_writes(party: Party) -> None:
    """the draft is kept, and goes on when the thread does."""
    doc_id = await party.draft(ANA, "Later")
    copy = await open_copy(party, BEN, doc_id)
    await party.do(ANA, ThreadPatch, archived=True)
    assert not (await open_copy(party, BEN, doc_id)).subscription.writable
    update = copy.typed("!")
    for attempt in (
        party.service.write(BEN, doc_id, update),
        party.draft(BEN),
        party.do(BEN, DraftSend, draft=id_of(doc_id)),
    ):
        with pytest.raises(Conflict, match="archived"):
            await attempt
    await party.do(ANA, ThreadPatch, archived=False)
    await party.service.write(BEN, doc_id, update)
    assert str(await open_copy(party, ANA, doc_id)) == "Later!"


async def test_nobody_writes_with_anothers_copy(party: Party) -> None:
    """a client id belongs to who first wrote under it, and the server's own to nobody."""
    service = party.service
    doc_id = await party.draft(ANA, "Begun ")
    anas = await open_copy(party, ANA, doc_id)
    await service.write(ANA, doc_id, anas.typed("a"))
    for client in (anas.doc.client_id, service._rooms.draft(None, party.thread, id_of(doc_id))._doc.client_id, 0):  # type: ignore[arg-type]
        forger = Copy(doc_id)
        forger.doc = Doc(client_id=client)
        await forger.fetch(service, BEN)
        forger.body = forger.doc.get("body", type=type(forger.body))
        with pytest.raises(GroupChatError, match="somebody else"):
            await service.write(BEN, doc_id, forger.typed("forged"))
    assert anas.why is None
    assert str(await open_copy(party, BEN, doc_id)) == "Begun a"


async def test_a_draft_holds_what_a_message_holds(store: Store) -> None:
    """a change that makes it longer is refused, one that makes it shorter is not."""
    service = ThreadService(store, limits=Limits(body_bytes=20))
    await service.start()
    party = await Party.of(service, ANA, BEN)
    with pytest.raises(TooLarge):
        await party.draft(ANA, "x" * 21)
    doc_id = await party.draft(ANA, "x" * 18)
    copy = await open_copy(party, ANA, doc_id)
    with pytest.raises(TooLarge, match="at most"):
        await service.write(ANA, doc_id, copy.typed("ü!"))
    copy = await open_copy(party, ANA, doc_id)
    await service.write(ANA, doc_id, copy.typed("ü"))
    await service.write(ANA, doc_id, copy.erased(0, 5))
    assert str(await open_copy(party, BEN, doc_id)) == "x" * 13 + "ü"
    with pytest.raises(TooLarge, match="One change"):
        await service.write(ANA, doc_id, b"\0" * 81)
    await service.stop()


async def test_who_sends_what_cannot_be_taken_has_to_wait(store: Store) -> None:
    """each such change costs a replica; others go on meanwhile."""
    service = ThreadService(store, limits=Limits(body_bytes=20))
    await service.start()
    party = await Party.of(service, ANA, BEN)
    doc_id = await party.draft(ANA, "x" * 20)
    for _ in range(10):
        copy = await open_copy(party, BEN, doc_id)
        with pytest.raises(TooLarge):
            await service.write(BEN, doc_id, copy.typed("y"))
    copy = await open_copy(party, BEN, doc_id)
    with pytest.raises(RateLimited, match="could not be taken"):
        await service.write(BEN, doc_id, copy.erased(0, 5))
    await service.write(ANA, doc_id, (await open_copy(party, ANA, doc_id)).erased(0, 5))
    await service.stop()


async def test_a_draft_cannot_be_rewritten_for_ever(store: Store) -> None:
    """letters that were deleted leave their places; in the end it can only be sent, or made shorter."""
    service = ThreadService(store, limits=Limits(body_bytes=20))
    await service.start()
    party = await Party.of(service, ANA)
    doc_id = await party.draft(ANA, "x")
    copy = await open_copy(party, ANA, doc_id)

    async def rewrite() -> None:
        for _ in range(20):
            await service.write(ANA, doc_id, copy.typed("y" * 10))
            await service.write(ANA, doc_id, copy.erased(1, 11))

    with pytest.raises(Conflict, match="so often"):
        await rewrite()
    copy = await open_copy(party, ANA, doc_id)
    await service.write(ANA, doc_id, copy.erased(0, 1))
    await service.stop()


async def test_what_is_no_text_is_refused(party: Party) -> None:
    """and the draft is as it was."""
    doc_id = await party.draft(ANA, "Text")
    other: Doc[Any] = Doc()
    other.get("body", type=Map)["author"] = "ben"
    for data in (other.get_update(), b"", b"\xff" * 40, b"\x01\x01\x07\x05\x04\x01\x04body\x01x\x00"):
        with pytest.raises(InvalidRequest):
            await party.service.write(BEN, doc_id, data)
    with pytest.raises(NotAllowed):
        await party.service.write(BEN, f"page:{party.thread}:0", b"\0\0")
    assert str(await open_copy(party, ANA, doc_id)) == "Text"


async def test_a_draft_survives_its_server(party: Party, store: Store) -> None:
    """with who wrote what, up to the last update that was taken; also once its log was folded."""
    doc_id = await party.draft(ANA)
    copy = await open_copy(party, BEN, doc_id)
    for number in range(250):
        await party.service.write(BEN, doc_id, copy.typed(f"{number} "))
    await party.service.stop()
    service = ThreadService(store)
    await service.start()
    again = Party(service, party.thread)
    await again.draft(CLEO)
    assert str(await open_copy(again, ANA, doc_id)) == str(copy)
    forger = Copy(doc_id)
    forger.doc = Doc(client_id=copy.doc.client_id)
    await forger.fetch(service, CLEO)
    forger.body = forger.doc.get("body", type=type(forger.body))
    with pytest.raises(NotAllowed):
        await service.write(CLEO, doc_id, forger.typed("forged"))
    await service.write(BEN, doc_id, copy.typed("and on"))
    message = (await again.do(ANA, DraftSend, draft=id_of(doc_id)))["message"]
    assert message["credits"] == ["ben"]
    assert message["body"].endswith("249 and on")
    with store.reading() as tx:
        assert tx.documents.load(doc_id).seq == 0
        assert tx.drafts.writers(id_of(doc_id)) == {}
    await service.stop()


async def test_what_was_not_committed_was_not_written(store: Store) -> None:
    """a failed commit leaves neither text nor credit, and the same update can be sent again."""
    failing = FailingStore(store)
    service = ThreadService(failing)  # type: ignore[arg-type]
    await service.start()
    party = await Party.of(service, ANA, BEN)
    doc_id = await party.draft(ANA)
    copy = await open_copy(party, BEN, doc_id)
    onlooker = await open_copy(party, ANA, doc_id)
    update = copy.typed("kept")
    failing.failures = [RuntimeError("the disk is gone")]
    with pytest.raises(GroupChatError, match="Nothing was changed"):
        await service.write(BEN, doc_id, update)
    assert str(onlooker) == ""
    assert (await shown(party))[id_of(doc_id)]["with"] == []
    await service.write(BEN, doc_id, update)
    assert str(onlooker) == "kept"
    failing.failures = [RuntimeError("the disk is gone")]
    with pytest.raises(GroupChatError):
        await party.do(BEN, DraftSend, draft=id_of(doc_id))
    assert onlooker.why is None
    assert (await party.do(BEN, DraftSend, draft=id_of(doc_id)))["message"]["body"] == "kept"
    await service.stop()


async def test_a_deleted_thread_takes_its_drafts_along(party: Party, store: Store) -> None:
    """with all that was written in them."""
    doc_id = await party.draft(ANA, "Gone")
    copy = await open_copy(party, BEN, doc_id)
    await party.do(ANA, ThreadDelete)
    assert copy.why == "deleted"
    with store.reading() as tx:
        assert tx.documents.load(doc_id).seq == 0
        assert tx.drafts.list(party.thread) == []


async def test_cursors_are_seen_by_those_who_have_the_draft_open(party: Party) -> None:
    """in the name of who moved theirs, by newcomers too, and no more when somebody goes."""
    service = party.service
    heard: dict[str, list[Event]] = {}
    for actor in (ANA, BEN, CLEO):
        service.person(actor.username, heard.setdefault(actor.username, []).append)
    doc_id = await party.draft(ANA, "abc")
    anas, bens = await open_copy(party, ANA, doc_id), await open_copy(party, BEN, doc_id)
    await party.do(BEN, DraftCursor, draft=id_of(doc_id), anchor=[7, 1], head=None)
    moved = DraftCursorMoved(
        thread=party.thread, draft=id_of(doc_id), username="ben", anchor=[7, 1], head=None, here=True
    )
    assert _cursors(heard["ana"]) == [moved]
    assert _cursors(heard["ben"]) == _cursors(heard["cleo"]) == []
    assert service.cursors_of(doc_id) == [moved]
    with pytest.raises(NotFound):
        await party.do(CLEO, DraftCursor, draft=id_of(doc_id))
    bens.subscription.close()
    assert [event.here for event in _cursors(heard["ana"])] == [True, False]
    assert service.cursors_of(doc_id) == []
    await party.do(ANA, DraftCursor, draft=id_of(doc_id))
    await party.do(ANA, DraftClose, draft=id_of(doc_id))
    await until(lambda: service.cursors_of(doc_id) == [])
    assert anas.why == "ended"


def _cursors(events: list[Event]) -> list[DraftCursorMoved]:
    return [event for event in events if isinstance(event, DraftCursorMoved)]
