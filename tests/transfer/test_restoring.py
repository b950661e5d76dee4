"""One thread out of a backup, as a new one."""

from __future__ import annotations

import pytest

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.transfer.restoring import restored
from jupyter_groupchat.transfer.source import Source
from tests.doubles import ANA, MANIFEST, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def test_what_is_kept_beside_messages_comes_along(full: Party, store: Store) -> None:
    """What they said before, and what replies were made from, under the ids that messages have now."""
    reply = await full.begin_reply("m1")
    await full.seal(reply, model="tiny", manifest=MANIFEST)
    source = Source(store, full.thread)
    _, imported = restored(source, {"format": "backup"})
    thread = (await full.service.bring_in(ANA, imported))["thread"]["id"]
    told = {
        (message["body"], message["kind"], message["created_at"]): message
        for message in await full.service.messages(ANA, thread, limit=256)
    }
    before = await full.service.messages(ANA, full.thread, limit=256)
    now = {one["id"]: told.get((one["body"], one["kind"], one["created_at"])) for one in before}

    edited, answer, asked = now["m4"], now[reply], now["m1"]
    assert edited is not None
    assert answer is not None
    assert asked is not None
    old = await full.service.versions(ANA, full.thread, "m4")
    assert await full.service.versions(ANA, thread, edited["id"]) == old
    assert [version["body"] for version in old] == ["first"]
    manifest = await full.service.manifest(ANA, thread, answer["id"])
    assert manifest["messages"] == [asked["id"]]
    assert answer["reply"]["about"] == asked["id"]
    with pytest.raises(NotFound):
        await full.service.manifest(ANA, thread, edited["id"])
    with store.reading() as tx:
        assert tx.audit.verify() is None
        assert list(tx.evidence.altered()) == []
        assert [job.thread_id for job in tx.replies.unfinished()] == [full.thread]
