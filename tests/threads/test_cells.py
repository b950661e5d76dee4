"""Shared cells."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

import pytest
from PIL import Image

from jupyter_groupchat.errors import Conflict, GroupChatError, InvalidRequest, NotAllowed, NotFound, TooLarge
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.happenings import CellShared, Happening
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.commands import CellDelete, CellPut
from tests.doubles import ANA, BEN, CLEO, EVE, Party

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

STREAM = {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m"}


def png(colour: str) -> bytes:
    """A tiny picture."""
    data = io.BytesIO()
    Image.new("RGB", (2, 2), colour).save(data, "PNG")
    return data.getvalue()


def picture(data: bytes) -> dict[str, Any]:
    """An output that shows it."""
    encoded = base64.b64encode(data).decode()
    return {"output_type": "display_data", "data": {"image/png": encoded}, "metadata": {}}


async def share(party: Party, actor: Actor = ANA, id: str = "s1", **fields: Any) -> dict[str, Any]:
    """Share a cell."""
    values = {"notebook": "churn.ipynb", "cell_id": "c1", "cell_type": "code", "source": "1 + 1"}
    receipt: dict[str, Any] = (await party.do(actor, CellPut, share=id, **(values | fields)))["cell"]
    return receipt


async def test_a_shared_cell_is_in_the_thread_document(party: Party) -> None:
    """Cleaned, with who shared it and what it hashes to; messages may name it."""
    receipt = await share(party, outputs=[STREAM], execution_count=7)
    cell = (await party.look(BEN)).board["cells"]["s1"]
    assert cell["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "red"}]
    assert (cell["source"], cell["shared_by"], cell["execution_count"], cell["live"]) == ("1 + 1", "ana", 7, True)
    assert (cell["content_hash"], receipt["cut"]) == (receipt["content_hash"], False)
    assert (await party.post(BEN, "look", cells=["s1"]))["cells"] == ["s1"]


async def test_the_assistant_is_told_when_what_a_cell_says_changes(party: Party) -> None:
    """Not when it ran again to the same end."""
    heard: list[Happening] = []
    party.service.watch(heard.append)
    await share(party, execution_count=1)
    await share(party, execution_count=2)
    await share(party, source="2 + 2")
    assert [(one.cell.source, one.first, one.by) for one in heard if isinstance(one, CellShared)] == [
        ("1 + 1", True, ANA),
        ("2 + 2", False, ANA),
    ]
    assert len(heard) == 2
    (cell,) = (await party.service.conversation(party.thread)).cells
    assert (cell.source, cell.execution_count) == ("2 + 2", None)
    assert (await party.service.conversation(party.thread, cells=False)).cells == ()


async def test_only_the_sharer_changes_a_cell_and_the_owner_withdraws_it(party: Party) -> None:
    """A withdrawn cell is gone from the thread and from every later request."""
    await share(party, BEN)
    with pytest.raises(NotAllowed, match="Only the person who shared"):
        await share(party, ANA)
    await share(party, ANA, "s2")
    with pytest.raises(NotAllowed):
        await party.do(BEN, CellDelete, share="s2")
    await party.do(ANA, CellDelete, share="s1")
    await party.do(ANA, CellDelete, share="s2")
    assert (await party.look(ANA)).board["cells"] == {}
    assert (await party.service.conversation(party.thread)).cells == ()
    with pytest.raises(NotFound, match="no longer"):
        await party.do(ANA, CellDelete, share="s1")


async def test_a_reviewer_shares_nothing_and_a_stranger_learns_nothing(party: Party) -> None:
    """An annotator shares."""
    await party.invite(ANA, CLEO, role=Role.REVIEWER)
    with pytest.raises(NotAllowed, match="share cells"):
        await share(party, CLEO)
    with pytest.raises(NotFound):
        await share(party, EVE)
    await party.invite(ANA, EVE, role=Role.ANNOTATOR)
    await share(party, EVE)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"source": "x" * 3_000}, TooLarge),
        ({"source": "a\0b"}, InvalidRequest),
        ({"outputs": [{"output_type": "nonsense"}]}, InvalidRequest),
        ({"id": "s2"}, Conflict),
    ],
)
async def test_what_is_too_much_or_no_cell_is_refused(
    store: Store, fields: dict[str, Any], error: type[GroupChatError]
) -> None:
    """And what was shared before stays."""
    service = ThreadService(store, limits=Limits(source_bytes=2_048, cells_per_thread=1))
    await service.start()
    party = await Party.of(service, ANA)
    await share(party)
    with pytest.raises(error):
        await share(party, **fields)
    assert list((await party.look(ANA)).board["cells"]) == ["s1"]
    await service.stop()


async def test_pictures_are_kept_apart_and_only_as_long_as_they_are_shown(party: Party) -> None:
    """Members get them by their hash, once kept for all cells that show them."""
    red, blue = png("red"), png("blue")
    name = {data: hashlib.sha256(data).hexdigest() for data in (red, blue)}
    await share(party, outputs=[picture(red), picture(blue)])
    await share(party, id="s2", outputs=[picture(blue)])
    cell = (await party.look(BEN)).board["cells"]["s1"]
    assert [output["data"] for output in cell["outputs"]] == [
        {"image/png": {"file": name[red]}},
        {"image/png": {"file": name[blue]}},
    ]
    file, data = await party.service.file(BEN, party.thread, name[red])
    assert (file.media_type, data) == ("image/png", red)
    assert await party.service.image(party.thread, name[blue]) == blue
    with pytest.raises(NotFound):
        await party.service.file(EVE, party.thread, name[red])
    await share(party, outputs=[])
    with pytest.raises(NotFound):
        await party.service.file(BEN, party.thread, name[red])
    assert await party.service.image(party.thread, name[blue]) == blue
    await party.do(ANA, CellDelete, share="s2")
    assert await party.service.image(party.thread, name[blue]) is None


async def test_strange_text_in_outputs_reaches_every_replica(party: Party) -> None:
    """Null characters, lone surrogates and deep metadata neither break the document nor the thread."""
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "a\0b \ud800 c"},
        {
            "output_type": "execute_result",
            "data": {"application/json": {"deep": [{"n": 2**60, "f": 1.5, "s": "\ud83d"}]}, "text/plain": "x"},
            "metadata": {},
            "execution_count": 3,
        },
    ]
    await share(party, outputs=outputs)
    await party.post(BEN, "still here", cells=["s1"])
    board = await party.look(BEN)
    assert board.board["cells"]["s1"]["outputs"][0]["text"].startswith("a")
