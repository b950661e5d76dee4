"""Messages that are deleted for their age."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import NotAllowed, NotFound
from jupyter_groupchat.reply_types import Act, Decision
from jupyter_groupchat.rooms.room import page_view
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import retention
from jupyter_groupchat.threads.imports import Imported
from jupyter_groupchat.threads.internal import DecisionPut, DraftExpire, FilePut, MessagesExpire
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT, THE_OPERATOR, Message, MessageKind, MessageStatus, Mode
from jupyter_groupchat.wire.commands import DraftOpen, DraftPatch, MessageEdit, ProfilePatch, ThreadCopy, ThreadPatch
from jupyter_groupchat.wire.events import DraftEnded, Event
from tests.doubles import ANA, BEN, EVE, MANIFEST, NOON, Clock, Copy, Party, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

#: None of which the database has of its own.
WORDS = ("zygote", "quokka", "walrus")


@asynccontextmanager
async def under(store: Store, clock: Clock, keep_days: int | None = None) -> AsyncIterator[ThreadService]:
    """A service whose operator keeps messages so long."""
    service = ThreadService(store, policy=Policy(keep_days=keep_days), clock=clock)
    await service.start()
    yield service
    await service.stop()


@pytest.fixture
async def party(store: Store, clock: Clock) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too, at a server that keeps everything."""
    async with under(store, clock) as service:
        yield await Party.of(service, ANA, BEN)


async def round_of(party: Party) -> None:
    """What the server does every hour."""
    await party.service._upkeep._expiry.run()


async def told(party: Party) -> dict[str, tuple[str, bool]]:
    """What each message but the thread's own lines says, and whether it is deleted."""
    messages = await party.service.messages(ANA, party.thread, limit=256)
    return {one["id"]: (one["body"], one["deleted"]) for one in messages if one["kind"] != "system"}


def packed(store: Store) -> bytes:
    """All that the database file and its log hold, and what is compressed in it."""
    assert store.path is not None
    with store.writing() as tx:
        tx.threads.all_ids()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
    return store.path.read_bytes()


async def test_an_owner_has_old_messages_deleted(party: Party, clock: Clock, store: Store) -> None:
    """after so many days text, edits, files, decisions and manifests are gone; a mark and an audit line stay"""
    await party.post(ANA, "zygote beginning", id="m1")
    await party.do(ANA, MessageEdit, message="m1", body="zygote changed")
    file = (await party.do(BEN, FilePut, name="old.txt", data=b"quokka"))["file"]
    await party.post(BEN, "see the file", id="m2", files=[file["id"]])
    reply = await party.begin_reply("m1")
    await party.append(reply, "walrus")
    await party.seal(reply, manifest=replace(MANIFEST, instructions="the secret word is xylophone"))
    out = Decision(act=Act.STAY_OUT, reason="narwhal was asked", by="rule")
    await party.do(THE_ASSISTANT, DecisionPut, message="m2", decision=out, shown=True)
    clock.now += timedelta(days=20)
    await party.post(ANA, "young", id="m3", reply_to="m1")
    await party.do(ANA, ThreadPatch, keep_days=30)
    page, board = await party.look(BEN, page=0), await party.look(BEN)
    assert board.board["meta"]["keep_days"] == 30

    clock.now += timedelta(days=11)
    await round_of(party)
    assert await told(party) == {"m1": ("", True), "m2": ("", True), reply: ("", True), "m3": ("young", False)}
    gone = page.messages[next(at for at, message in enumerate(page.messages) if message.id == reply)]
    assert (gone.expired, gone.reply, gone.decision, gone.author) == (30, {}, {}, "assistant")
    assert [message.body for message in page.messages if message.kind == "system"] == [
        "Ben joined.",
        "Ana has messages deleted after 30 days.",
    ]
    assert board.board["files"] == {}
    assert await party.service.search(ANA, "zygote") == []
    assert await party.service.decisions(ANA, party.thread) == []
    with pytest.raises(NotFound):
        await party.service.manifest(ANA, party.thread, reply)
    with pytest.raises(NotFound):
        await party.service.file(ANA, party.thread, file["id"])
    with store.reading() as tx:
        assert [body for body, _ in tx.messages.versions(party.thread, "m1")] == [""]
    last = (await party.service.audit(ANA, party.thread))[0]
    assert (last["actor"], last["action"]) == ("operator", "messages.expire")
    assert last["details"] == {"messages": 3, "files": 1, "days": 30}

    doc_id = names.page_document(party.thread, 0)
    await until(lambda: waiting(store, doc_id) == 0)
    with store.reading() as tx:
        stored = tx.documents.load(doc_id)
        assert page_view(stored).message(party.thread, "m3").body == "young"
        assert b"zygote" not in (stored.snapshot or b"")
        assert b"young" in (stored.snapshot or b"")
    await party.service._upkeep._prune()
    held = packed(store)
    for word in (b"zygote", b"quokka", b"walrus", b"narwhal", b"xylophone"):
        assert word not in held


def waiting(store: Store, doc_id: str) -> int:
    """How many updates of a document wait to be folded."""
    with store.reading() as tx:
        return len(tx.documents.load(doc_id).updates)


async def test_the_shorter_time_counts(store: Store, clock: Clock) -> None:
    """an operator's limit holds for threads that want longer or for ever, and an owner may want less"""
    async with under(store, clock, keep_days=30) as service:
        plain, longer, shorter = [await Party.of(service, ANA) for _ in range(3)]
        for party in (plain, longer, shorter):
            await party.post(ANA, "hello", id="m1")
        await longer.do(ANA, ThreadPatch, keep_days=365)
        await shorter.do(ANA, ThreadPatch, keep_days=7)
        clock.now += timedelta(days=8)
        await round_of(plain)
        assert [(await told(party))["m1"][1] for party in (plain, longer, shorter)] == [False, False, True]
        clock.now += timedelta(days=23)
        await round_of(plain)
        assert [(await told(party))["m1"][1] for party in (plain, longer, shorter)] == [True, True, True]


async def test_only_the_owner_says_how_long(party: Party) -> None:
    """a member may not, a week is the least, and null is for ever again"""
    with pytest.raises(NotAllowed, match="how long messages are kept"):
        await party.do(BEN, ThreadPatch, keep_days=7)
    with pytest.raises(NotAllowed):
        await party.do(BEN, ThreadPatch, keep_days=None)
    with pytest.raises(NotFound):
        await party.do(EVE, ThreadPatch, keep_days=7)
    with pytest.raises(ValueError, match="keep_days"):
        ThreadPatch(id="c", thread="t", keep_days=6)
    assert (await party.do(ANA, ThreadPatch, keep_days=7))["thread"]["keep_days"] == 7
    assert (await party.do(ANA, ThreadPatch, title="Short"))["thread"]["keep_days"] == 7
    assert (await party.do(ANA, ThreadPatch, keep_days=None))["thread"]["keep_days"] is None
    assert "keep_days" not in (await party.look(ANA)).board["meta"]
    with pytest.raises(NotFound):
        await party.do(ANA, MessagesExpire)


async def test_the_owner_hears_how_many_would_go(party: Party, clock: Clock) -> None:
    """before anything is deleted; it is nobody else's to ask"""
    await party.fill(ANA, 3)
    clock.now += timedelta(days=10)
    await party.post(ANA, "young")
    assert await party.service.older(ANA, party.thread, 7) == 3
    assert await party.service.older(ANA, party.thread, 30) == 0
    with pytest.raises(NotAllowed):
        await party.service.older(BEN, party.thread, 7)
    with pytest.raises(NotFound):
        await party.service.older(EVE, party.thread, 7)


async def test_a_long_thread_goes_in_small_batches(
    party: Party, clock: Clock, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """people come in between, what was looked at is not looked at again, and a second server has nothing left to do"""
    monkeypatch.setattr(retention, "BATCH", 10)
    await party.do(ANA, ThreadPatch, keep_days=7)
    await party.fill(ANA, 300)
    clock.now += timedelta(days=8)
    first = await party.do(THE_OPERATOR, MessagesExpire)
    assert first == {"more": True}
    assert sum(deleted for _, deleted in (await told(party)).values()) <= 10
    await party.post(BEN, "in between", id="new")
    await round_of(party)
    assert not any(body.startswith("number") for body, _ in (await told(party)).values())
    assert (await party.service.message(ANA, party.thread, "new"))["body"] == "in between"
    lines = [line["details"] for line in await party.service.audit(ANA, party.thread) if "days" in line["details"]]
    assert sum(line["messages"] for line in lines) == 300
    assert all(line["messages"] <= 10 for line in lines)
    with store.reading() as tx:
        assert [row.id for row in tx.retention.next(party.thread, 5)] == ["new"]
    async with under(store, clock) as second:
        await second._upkeep._expiry.run()
    again = [line for line in await party.service.audit(ANA, party.thread) if line["action"] == "messages.expire"]
    assert len(again) == len(lines)


async def test_a_reply_that_is_being_written_is_let_alone(party: Party, clock: Clock) -> None:
    """it goes once it has ended, and what came after it waits so long"""
    await party.do(ANA, ThreadPatch, keep_days=7)
    await party.post(ANA, "how many?", id="m1")
    reply = await party.begin_reply("m1")
    await party.append(reply, "Seven, I th")
    clock.now += timedelta(days=8)
    await round_of(party)
    assert await told(party) == {"m1": ("", True), reply: ("Seven, I th", False)}
    await party.append(reply, "ink.")
    await party.seal(reply)
    await round_of(party)
    assert (await told(party))[reply] == ("", True)


async def test_imports_and_copies_do_not_make_messages_younger(store: Store, clock: Clock) -> None:
    """a copy keeps its source's rule and its messages' age; a date in the future is none"""

    def said(id: str, at: datetime) -> Message:
        values: dict[str, Any] = {"reactions": {}, "mentions": (), "files": (), "cells": (), "via": None}
        return Message(
            id=id,
            thread_id="",
            seq=0,
            author="cleo",
            author_name="Cleo",
            kind=MessageKind.HUMAN,
            body=f"said {id}",
            created_at=at,
            edited_at=None,
            deleted=False,
            reply_to=None,
            status=MessageStatus.COMPLETE,
            **values,
        )

    async with under(store, clock) as service:
        messages = (said("old", NOON - timedelta(days=900)), said("future", NOON + timedelta(days=9_000)))
        imported = Imported(title="Old", mode=Mode.AUTO, instructions="", messages=messages, origin={})
        party = Party(service, (await service.bring_in(ANA, imported))["thread"]["id"])
        await party.do(ANA, ThreadPatch, keep_days=30)
        copied = (await party.do(ANA, ThreadCopy))["thread"]
        assert copied["keep_days"] == 30
        await round_of(party)
        assert [deleted for _, deleted in (await told(party)).values()] == [False, True]
        assert [deleted for _, deleted in (await told(Party(service, copied["id"]))).values()] == [False, True]
        clock.now += timedelta(days=31)
        await round_of(party)
        assert all(deleted for _, deleted in (await told(party)).values())


async def test_drafts_go_by_their_last_change(party: Party, clock: Clock, store: Store) -> None:
    """with all that was written in them; who has one open learns why, and one in which somebody writes stays"""
    await party.do(ANA, ThreadPatch, keep_days=30)
    old, written, patched = [(await party.do(ANA, DraftOpen, text=f"{word} text"))["draft"]["id"] for word in WORDS]
    clock.now += timedelta(days=20)
    doc_id = names.draft_document(party.thread, written)
    copy = await Copy.opens(party.service, BEN, doc_id)
    assert isinstance(copy, Copy)
    await party.service.write(BEN, doc_id, copy.typed(" and more"))
    await party.post(ANA, "look", id="m1")
    await party.do(BEN, DraftPatch, draft=patched, reply_to="m1")
    events: list[Event] = []
    party.service.person("ben", events.append)
    clock.now += timedelta(days=11)
    await round_of(party)
    shown = (await party.look(BEN)).board["drafts"]
    assert set(shown) == {written, patched}
    await until(lambda: DraftEnded(thread=party.thread, draft=old, by=None) in events)
    lines = await party.service.audit(ANA, party.thread)
    assert [line["details"] for line in lines if line["action"] == "draft.expire"] == [{"draft": old}]
    data = packed(store)
    assert (b"zygote" in data, b"quokka" in data) == (False, True)
    clock.now += timedelta(days=20)
    await round_of(party)
    assert (await party.look(BEN)).board["drafts"] == {}


async def test_nobody_but_the_operator_lets_drafts_expire(party: Party) -> None:
    """to others there is no such command"""
    draft = (await party.do(ANA, DraftOpen))["draft"]["id"]
    with pytest.raises(NotFound):
        await party.do(ANA, DraftExpire, draft=draft)
    await party.do(THE_OPERATOR, DraftExpire, draft=draft)
    assert set((await party.look(BEN)).board["drafts"]) == {draft}


async def test_people_who_are_gone_are_forgotten(party: Party, clock: Clock, store: Store) -> None:
    """half a year after they were here last, when they are in no thread"""
    for actor in (ANA, EVE):
        await party.service.execute(actor, ProfilePatch(id="1", name=f"{actor.name} A."))
    await until(lambda: not party.service.acquaintances._tasks)  # which notes when they were here
    for days, kept in ((100, True), (181, False)):
        clock.now += timedelta(days=days)
        await party.service._upkeep._prune()
        with store.reading() as tx:
            assert tx.people.get("ana") is not None
            assert (tx.people.get("eve") is not None) is kept


async def test_a_server_that_starts_deletes_what_became_too_old(store: Store, clock: Clock) -> None:
    """whatever time it was off"""
    async with under(store, clock) as service:
        party = await Party.of(service, ANA)
        await party.do(ANA, ThreadPatch, keep_days=7)
        await party.post(ANA, "hello", id="m1")
    clock.now += timedelta(days=100)
    async with under(store, clock) as service:
        party = Party(service, party.thread)

        def is_gone() -> bool:
            with store.reading() as tx:
                row = tx.messages.get(party.thread, "m1")
                return row is not None and row.deleted

        await until(is_gone)
