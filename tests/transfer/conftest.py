"""A service on a database of its own, and a thread with all that a thread can hold."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import FilePut
from jupyter_groupchat.transfer.source import Source
from jupyter_groupchat.wire.commands import (
    CellPut,
    DraftOpen,
    DraftSend,
    MessageDelete,
    MessageEdit,
    MessageMark,
    ReactionPut,
    ThreadPatch,
)
from tests.doubles import ANA, BEN, Party
from tests.threads.conftest import database, party, service, store

__all__ = ["NOW", "database", "full", "party", "service", "source", "store"]

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CSV = b"plan,churn\nbasic,0.2\n"
TABLE = "<table><tr><th>plan</th><th>churn</th></tr><tr><td>basic</td><td>0.2</td></tr></table>"


def png() -> str:
    """A tiny picture, as nbformat has it."""
    data = io.BytesIO()
    Image.new("RGB", (2, 2), "teal").save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


@pytest.fixture
async def full(party: Party) -> Party:
    """Ana's and Ben's thread, with everything in it. Messages ``m1`` to ``m7`` are people's."""
    await party.do(ANA, ThreadPatch, instructions="Be brief.\n# Always.")
    outputs: list[dict[str, Any]] = [
        {"output_type": "stream", "name": "stdout", "text": "fitting\n"},
        {"output_type": "execute_result", "data": {"text/html": TABLE}, "metadata": {}, "execution_count": 7},
        {"output_type": "display_data", "data": {"image/png": png(), "text/plain": "<Figure>"}, "metadata": {}},
        {"output_type": "error", "ename": "KeyError", "evalue": "'plan'", "traceback": ["KeyError: 'plan'"]},
    ]
    cell = {"notebook": "churn.ipynb", "cell_id": "c1", "cell_type": "code", "source": "fit(churn)"}
    await party.do(ANA, CellPut, share="s1", outputs=outputs, execution_count=7, **cell)
    note = {"notebook": "churn.ipynb", "cell_id": "c2", "cell_type": "markdown", "source": "# Aim"}
    await party.do(BEN, CellPut, share="s2", outputs=[], **note)
    await party.post(ANA, "Look at the *basic* plan.", id="m1", cells=["s1"])
    await party.post(BEN, "Is 0.2 <b>high</b>?", id="m2", reply_to="m1")
    await party.post(BEN, "never mind", id="m3")
    await party.post(ANA, "first", id="m4")
    await party.do(ANA, MessageEdit, message="m4", body="second")
    await party.do(BEN, MessageDelete, message="m3")
    await party.do(BEN, ReactionPut, message="m1", emoji="👍")
    await party.do(ANA, ReactionPut, message="m1", emoji="👩‍💻")
    await party.do(ANA, MessageMark, message="m2", pinned=True, agreed=True)
    reply = await party.begin_reply("m2")
    await party.append(reply, "Yes: **twice** the mean.")
    await party.seal(reply, model="tiny")
    failed = await party.begin_reply("m4")
    await party.seal(failed, "failed", error="The model could not be reached.")
    await party.begin_reply("m4")
    draft = (await party.do(ANA, DraftOpen, text="Agreed, then."))["draft"]["id"]
    await party.do(BEN, DraftSend, draft=draft, id="m7")
    await party.post(BEN, "", id="m5", cells=["s1"])
    table = await party.do(ANA, FilePut, name="rates.csv", data=CSV)
    picture = await party.do(ANA, FilePut, name="plot.png", data=base64.b64decode(png()))
    await party.post(ANA, "Two files", id="m6", files=[table["file"]["id"], picture["file"]["id"]])
    return party


@pytest.fixture
def source(store: Store, full: Party) -> Source:
    """That thread, for an export by Ben."""
    return Source(store, full.thread, BEN)
