"""A shared cell that follows its notebook."""

import pytest

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire import commands

pytestmark = pytest.mark.anyio

ANA = Actor(username="ana", name="Ana")


def _put(number: int, source: str, *, thread: str, update: bool) -> commands.CellPut:
    return commands.CellPut(
        id=f"put{number}",
        thread=thread,
        share="s1",
        notebook="churn.ipynb",
        cell_id="c1",
        cell_type="code",
        source=source,
        update=update,
    )


async def test_an_update_never_brings_a_withdrawn_cell_back(service: ThreadService) -> None:
    """a cell that was withdrawn stays so, whatever a notebook that is still open sends."""
    made = await service.execute(ANA, commands.ThreadCreate(id="t1", title="Churn review"))
    thread = made["thread"]["id"]
    await service.execute(ANA, _put(1, "rates", thread=thread, update=False))
    await service.execute(ANA, _put(2, "rates.sort_values()", thread=thread, update=True))
    (cell,) = (await service.conversation(thread, None, 10)).cells
    assert cell.source == "rates.sort_values()"

    await service.execute(ANA, commands.CellDelete(id="d1", thread=thread, share="s1"))
    with pytest.raises(NotFound, match="no longer, shared"):
        await service.execute(ANA, _put(3, "rates.head()", thread=thread, update=True))
    assert (await service.conversation(thread, None, 10)).cells == ()
