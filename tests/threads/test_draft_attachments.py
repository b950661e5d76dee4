"""What goes along with a message that members write together: what it replies to, cells and files."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound
from jupyter_groupchat.threads.internal import FilePut
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import (
    CellDelete,
    CellPut,
    DraftClose,
    DraftOpen,
    DraftPatch,
    DraftSend,
    FileDelete,
    MessageDelete,
    ThreadPatch,
)
from tests.doubles import ANA, BEN, CLEO, EVE, Copy, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@pytest.fixture
async def party(service: ThreadService) -> Party:
    """Ana's thread with Ben and Cleo."""
    return await Party.of(service, ANA, BEN, CLEO)


async def begin(party: Party, actor: Actor = ANA, **fields: Any) -> str:
    """A new draft's id."""
    draft: str = (await party.do(actor, DraftOpen, **fields))["draft"]["id"]
    return draft


async def file(party: Party, actor: Actor, name: str) -> str:
    """The id of a file that somebody put into the thread."""
    id: str = (await party.do(actor, FilePut, name=name, data=name.encode()))["file"]["id"]
    return id


async def cell(party: Party, actor: Actor, share: str) -> str:
    """Share a cell."""
    values = {"notebook": "a.ipynb", "cell_id": share, "cell_type": "code", "source": share}
    await party.do(actor, CellPut, share=share, **values)
    return share


async def shown(party: Party, draft: str) -> dict[str, Any]:
    """A draft as the thread document shows it."""
    found: dict[str, Any] = (await party.look(ANA)).board["drafts"][draft]
    return found


async def files_of(party: Party) -> set[str]:
    """The files that are in the thread."""
    return set((await party.look(ANA)).board["files"])


async def test_what_several_bring_along_goes_out_with_the_message(party: Party) -> None:
    """at the same time, seen by all, and all of them are credited."""
    question = await party.post(CLEO, "Why?")
    draft = await begin(party, text="Because", cells=[await cell(party, ANA, "a")])
    bens, cleos = await file(party, BEN, "ben.txt"), await cell(party, CLEO, "c")
    await asyncio.gather(
        party.do(BEN, DraftPatch, draft=draft, files=[bens]), party.do(CLEO, DraftPatch, draft=draft, cells=[cleos])
    )
    answer = await party.do(ANA, DraftPatch, draft=draft, reply_to=question["id"])
    assert answer["draft"].items() >= {"reply_to": question["id"], "cells": ["a", "c"], "files": [bens]}.items()
    brought = {"reply_to": question["id"], "cells": ["a", "c"], "files": [bens], "with": ["ana", "ben", "cleo"]}
    assert (await shown(party, draft)).items() >= brought.items()
    message = (await party.do(ANA, DraftSend, draft=draft))["message"]
    sent = {key: message[key] for key in ("reply_to", "cells", "files", "credits")}
    assert sent == {"reply_to": question["id"], "cells": ["a", "c"], "files": [bens], "credits": ["ben", "cleo"]}
    await party.do(ANA, MessageDelete, message=message["id"])
    assert await files_of(party) == set()


async def test_who_takes_something_out_takes_it_out_for_all(party: Party) -> None:
    """a field that is left out stays; a file that is taken out is deleted, a cell stays shared."""
    question = await party.post(CLEO, "Why?")
    kept, dropped = await file(party, ANA, "kept.txt"), await file(party, ANA, "dropped.txt")
    await cell(party, ANA, "a")
    draft = await begin(party, text="x", reply_to=question["id"], cells=["a"], files=[kept, dropped])
    await party.do(BEN, DraftPatch, draft=draft, without=[dropped, "a", "unknown"])
    assert (await shown(party, draft)).keys() == {"by", "at", "with", "reply_to", "files"}
    assert await files_of(party) == {kept}
    await party.do(BEN, DraftPatch, draft=draft, reply_to=None)
    message = (await party.do(BEN, DraftSend, draft=draft))["message"]
    assert (message["reply_to"], message["cells"], message["files"]) == (None, [], [kept])
    assert "a" in (await party.look(ANA)).board["cells"]


async def test_a_draft_without_text_is_sent_with_what_goes_along(party: Party) -> None:
    """as a message can be; who brought it is its writer."""
    draft = await begin(party, cells=[await cell(party, ANA, "a")])
    assert (await shown(party, draft))["with"] == ["ana"]
    message = (await party.do(BEN, DraftSend, draft=draft))["message"]
    assert (message["body"], message["cells"], message["credits"]) == ("", ["a"], ["ana"])


async def test_what_is_gone_meanwhile_goes_along_no_more(party: Party) -> None:
    """and keeps nobody from sending the rest."""
    gone, kept = await file(party, BEN, "gone.txt"), await file(party, BEN, "kept.txt")
    draft = await begin(party, BEN, text="x", cells=[await cell(party, BEN, "a")], files=[gone, kept])
    await party.do(BEN, FileDelete, file=gone)
    await party.do(BEN, CellDelete, share="a")
    message = (await party.do(ANA, DraftSend, draft=draft))["message"]
    assert (message["cells"], message["files"]) == ([], [kept])


async def test_a_discarded_draft_takes_its_files_along(party: Party) -> None:
    """nothing stays behind that nobody can see, and other files stay."""
    other = await file(party, BEN, "other.txt")
    draft = await begin(party, BEN, files=[await file(party, BEN, "mine.txt")])
    await party.do(BEN, DraftClose, draft=draft)
    assert await files_of(party) == {other}


async def test_a_file_stays_where_another_message_has_it(party: Party) -> None:
    """sent before or to be sent, whoever takes it out of a draft or discards that; elsewhere it goes with the last."""
    sent, shared = await file(party, ANA, "sent.txt"), await file(party, ANA, "shared.txt")
    message = await party.post(ANA, "See", files=[sent])
    await party.fill(CLEO, 250)
    first, second = [await begin(party, files=[sent, shared]) for _ in range(2)]
    await party.do(BEN, DraftPatch, draft=first, without=[sent, shared])
    assert await files_of(party) == {sent, shared}
    await party.do(ANA, DraftClose, draft=second)
    assert await files_of(party) == {sent}
    assert (await party.service.message(ANA, party.thread, message["id"]))["files"] == [sent]


async def test_nobody_brings_what_is_not_theirs_or_not_there(party: Party) -> None:
    """another's file, what is not in the thread, too much of it; then nothing is changed."""
    elsewhere = await Party.of(party.service, EVE)
    theirs = await elsewhere.post(EVE, "Secret")
    foreign, strange = await file(party, BEN, "bens.txt"), await file(elsewhere, EVE, "eves.txt")
    draft = await begin(party, text="x", cells=[await cell(party, ANA, f"c{number}") for number in range(19)])
    before = await shown(party, draft)
    more = [await cell(party, ANA, name) for name in ("m1", "m2")]
    for fields, error in (
        ({"files": [foreign]}, NotAllowed),
        ({"files": [strange]}, NotFound),
        ({"cells": ["unknown"]}, NotFound),
        ({"reply_to": theirs["id"]}, NotFound),
        ({"cells": more}, Conflict),
    ):
        with pytest.raises(error):
            await party.do(ANA, DraftPatch, draft=draft, **fields)
        if error is not Conflict:
            with pytest.raises(error):
                await party.do(ANA, DraftOpen, text="y", **fields)
    with pytest.raises(NotFound, match="no such thread"):
        await party.do(EVE, DraftPatch, draft=draft, reply_to=None)
    with pytest.raises(NotFound, match="no such draft"):
        await party.do(ANA, DraftPatch, draft="unknown", reply_to=None)
    await party.do(ANA, ThreadPatch, archived=True)
    with pytest.raises(Conflict, match="archived"):
        await party.do(ANA, DraftPatch, draft=draft, reply_to=None)
    await party.do(ANA, ThreadPatch, archived=False)
    assert await shown(party, draft) == before
    assert await files_of(party) == {foreign}


async def test_who_only_deletes_took_part(party: Party) -> None:
    """they are credited like who wrote, once however much they delete, and their copy may write afterwards."""
    doc_id = await party.draft(ANA, "Why, oh why")
    draft = doc_id.rpartition(":")[2]
    for actor in (BEN, CLEO):
        copy = await Copy.opens(party.service, actor, doc_id)
        assert isinstance(copy, Copy)
        await party.service.write(actor, doc_id, copy.erased(3, 4))
        await party.service.write(actor, doc_id, copy.erased(3, 4))
        typed = copy.typed("?")
    assert (await shown(party, draft))["with"] == ["ana", "ben", "cleo"]
    await party.service.write(CLEO, doc_id, typed)
    message = (await party.do(ANA, DraftSend, draft=draft))["message"]
    assert message["credits"] == ["ben", "cleo"]
