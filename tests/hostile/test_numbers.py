"""Numbers that do not fit into 64 bits, and what else makes a CRDT panic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from jupyter_groupchat.cells import render
from jupyter_groupchat.errors import GroupChatError
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.commands import CellPut
from jupyter_groupchat.wire.fields import MAX_COUNT
from tests.doubles import ANA, BEN, Party, fresh

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

CELL: dict[str, Any] = {"notebook": "a.ipynb", "cell_id": "a", "cell_type": "code", "source": "x"}


@pytest.fixture
async def party(store: Store) -> AsyncIterator[Party]:
    """Ana's thread, in which Ben is too."""
    service = ThreadService(store)
    await service.start()
    yield await Party.of(service, ANA, BEN)
    await service.stop()


def result(value: Any, count: Any = None) -> dict[str, Any]:
    """An output that shows a value as JSON."""
    return {
        "output_type": "execute_result",
        "execution_count": count,
        "metadata": {},
        "data": {"application/json": value},
    }


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (commands.CellPut, "execution_count"),
        (commands.ThreadCopy, "through_seq"),
        (commands.ReadPut, "seq"),
        (commands.Unsubscribe, "channel"),
    ],
)
@pytest.mark.parametrize("number", [MAX_COUNT + 1, 2**63, 10**30])
def test_a_number_has_an_end(kind: type[commands.Command], field: str, number: int) -> None:
    """Where every reader of JSON still has it as it was."""
    fields = {**CELL, "id": "c1", "thread": "t1", "share": "s1"}
    fields = {name: value for name, value in fields.items() if name in kind.model_fields}
    kind(**{**fields, field: MAX_COUNT})
    with pytest.raises(ValidationError, match="less than or equal"):
        kind(**{**fields, field: number})


async def test_large_numbers_in_a_result_are_kept_as_browsers_read_them(party: Party) -> None:
    """A hash of 64 bits without a sign, say; what is no number at all is null, as JavaScript has it."""
    values = [7, -MAX_COUNT, 2**64, -(10**30), 10**400, float("inf"), float("nan"), {"deep": [2**63]}]
    await party.do(ANA, CellPut, share="s1", outputs=[result(values, count=2**70)], **CELL)
    (output,) = (await party.look(BEN)).board["cells"]["s1"]["outputs"]
    assert output["data"]["application/json"] == [
        *(7, -MAX_COUNT, float(2**64), -1e30),
        *(None, None, None),
        {"deep": [float(2**63)]},
    ]
    assert render.clean([result(1, count=True), result(1, count=-1)]).outputs[0]["execution_count"] is None


async def test_a_panic_within_a_crdt_fails_one_command_only(party: Party) -> None:
    """Those of its group are carried out, the next works, and everybody sees the same as before."""
    page, board = await party.look(BEN, page=0), await party.look(BEN)
    too_much = CellPut.model_construct(
        **{**CellPut(id="c1", thread=party.thread, share="s1", **CELL).model_dump(), "execution_count": 2**64}
    )
    answers = await asyncio.gather(
        party.post(ANA, "first"),
        party.service.execute(ANA, too_much),
        party.post(BEN, "second"),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [dict, GroupChatError, dict]
    assert isinstance(answers[1], GroupChatError)
    assert answers[1].to_json() == {
        "code": "internal_error",
        "message": "Something went wrong on the server. Nothing was changed.",
        "details": {},
    }
    await party.do(ANA, CellPut, id=fresh(), share="s2", **CELL)
    assert page.bodies == ["first", "second"]
    assert list(board.board["cells"]) == ["s2"]
    assert (await party.look(ANA)).board == board.board
    assert (await party.look(ANA, page=0)).messages == page.messages


async def test_a_panic_while_reading_is_an_error(party: Party) -> None:
    """Not the end of the thread on which everything happens."""

    class Panic(BaseException):
        """As PyO3 raises it: no Exception."""

    def panic() -> None:
        raise Panic

    with pytest.raises(RuntimeError, match="pycrdt"):
        await party.service._pipeline.call(panic)
    await party.post(ANA, "still here")
