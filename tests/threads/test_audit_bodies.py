"""What people wrote, with the audit log where the operator switched that on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jupyter_groupchat.reply_types import Act, Decision, ToolUse
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import DecisionPut, SentRequest, ToolUsed, Usage
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT
from jupyter_groupchat.wire.commands import CellPut, MessageDelete, MessageEdit, ThreadDelete, ThreadPatch
from tests.doubles import ANA, BEN, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CELL = {"share": "s1", "notebook": "churn.ipynb", "cell_id": "c1", "cell_type": "code", "source": "narwhal = 1"}
SHOWN = [{"output_type": "stream", "name": "stdout", "text": "3 narwhals\n"}]


@asynccontextmanager
async def a_party(store: Store, clock: list[datetime], **rules: Any) -> AsyncIterator[Party]:
    """Ana's thread with Ben, at a server with these rules and a clock of the test's."""
    service = ThreadService(store, policy=Policy(**rules), clock=lambda: clock[0])
    await service.start()
    yield await Party.of(service, ANA, BEN)
    await service.stop()


async def much_happens(party: Party) -> None:
    """An edit, a deletion, a shared cell, a request to the model with a tool, and one by which it stays out."""
    await party.post(BEN, "zygote first", id="m1")
    await party.do(BEN, MessageEdit, message="m1", body="zygote second")
    await party.do(ANA, MessageDelete, message="m1")
    await party.do(ANA, CellPut, **CELL, outputs=SHOWN)
    await party.post(ANA, "why?", id="m2")
    reply = await party.begin_reply("m2")
    use = ToolUse(name="search_thread", label="q", arguments={"query": "walrus"}, status="done")
    await party.do(THE_ASSISTANT, ToolUsed, message=reply, use=use)
    request = SentRequest(text="[user] quokka?", since=NOON)
    await party.seal(reply, request=request)
    out = Decision(act=Act.STAY_OUT, reason="nothing to add", by="model")
    usage = Usage(prompt_tokens=1, completion_tokens=1)
    await party.do(THE_ASSISTANT, DecisionPut, message="m2", decision=out, usage=usage, request=request)


def kept(store: Store) -> dict[str, str | None]:
    """The text of each kind of line that has one or vouches for one."""
    with store.reading() as tx:
        assert tx.audit.verify() is None
        assert list(tx.evidence.altered()) == []
        return {line.action: tx.evidence.body(line.id) for line in tx.audit.after(0, 99) if "body" in line.details}


async def test_what_people_wrote_is_kept_where_the_operator_wants_that(store: Store) -> None:
    """What was edited and deleted, shared and asked; the owner's log has hashes of it and no word"""
    async with a_party(store, [NOON], audit_bodies=True) as party:
        await much_happens(party)
        lines = str(await party.service.audit(ANA, party.thread))
        for word in ("zygote", "narwhal", "walrus", "quokka"):
            assert word not in lines
    assert kept(store) == {
        "message.edit": "zygote first",
        "message.delete": "zygote second",
        "cell.put": "narwhal = 1\n\n3 narwhals\n",
        "tool.use": '{"query":"walrus"}',
        "reply.seal": "[user] quokka?",
        "model.decide": "[user] quokka?",
    }


async def test_nothing_of_it_is_kept_otherwise(store: Store) -> None:
    """Which is so unless the operator switches it on"""
    async with a_party(store, [NOON]) as party:
        await much_happens(party)
    assert kept(store) == {}


async def test_what_was_being_written_when_it_was_deleted_is_kept(store: Store) -> None:
    """As far as it came"""
    async with a_party(store, [NOON], audit_bodies=True) as party:
        await party.post(ANA, "why?", id="m1")
        reply = await party.begin_reply("m1")
        await party.append(reply, "Because of")
        await party.do(ANA, MessageDelete, message=reply)
    assert kept(store) == {"message.delete": "Because of"}


async def test_texts_go_as_messages_go(store: Store) -> None:
    """By their age, also where the message was deleted before and where nothing else in the thread is too old"""
    clock = [NOON]
    async with a_party(store, clock, audit_bodies=True) as party:
        await party.do(ANA, ThreadPatch, keep_days=30)
        await party.post(BEN, "zygote", id="m1")
        clock[0] += timedelta(days=20)
        await party.do(BEN, MessageDelete, message="m1")
        await party.do(ANA, CellPut, **CELL)
        assert set(kept(store)) == {"message.delete", "cell.put"}
        clock[0] += timedelta(days=11)
        await party.service._upkeep._expiry.run()
        assert kept(store) == {"message.delete": None, "cell.put": "narwhal = 1"}
        clock[0] += timedelta(days=20)
        await party.service._upkeep._expiry.run()
        assert kept(store) == {"message.delete": None, "cell.put": None}


async def test_texts_outlive_their_thread_only_as_long_as_the_server_keeps_messages(store: Store) -> None:
    """The log is there to tell what became of it"""
    clock = [NOON]
    async with a_party(store, clock, audit_bodies=True, keep_days=30) as party:
        await party.post(BEN, "zygote", id="m1")
        await party.do(BEN, MessageEdit, message="m1", body="other")
        await party.do(ANA, ThreadDelete)
        await party.service._upkeep._expiry.run()
        assert kept(store) == {"message.edit": "zygote"}
        clock[0] += timedelta(days=31)
        await party.service._upkeep._expiry.run()
        assert kept(store) == {"message.edit": None}
