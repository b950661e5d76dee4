"""What the model was told, in the audit log of an operator who keeps that."""

from __future__ import annotations

from pathlib import Path

import pytest

from jupyter_groupchat.threads.policy import Policy
from tests.assistant.stage import ANA, BEN, ScriptedModel, Stage, a_stage, share, stay_out, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


def kept(stage: Stage, action: str) -> list[str | None]:
    """The texts of the lines about that."""
    with stage.service._store.reading() as tx:
        assert list(tx.evidence.altered()) == []
        return [tx.evidence.body(line.id) for line in tx.audit.after(0, 99) if line.action == action]


@pytest.mark.parametrize("on", [True, False])
async def test_requests_are_kept_where_the_operator_wants_that(tmp_path: Path, model: ScriptedModel, on: bool) -> None:
    """Whether somebody asked or the model considered to speak; otherwise nothing is."""
    async with a_stage(tmp_path, model, policy=Policy(audit_bodies=on)) as stage:
        room = await stage.party(BEN)
        await share(room, source="narwhal = 1")
        await room.post(ANA, "@assistant why zygote?")
        await room.replied()
        model.say("highest", stay_out())
        asked = await room.post(BEN, "which is highest?")
        stage.clock.turn(2)
        await until(lambda: room.message(asked).decision)
        sealed, decided = kept(stage, "reply.seal"), kept(stage, "model.decide")
    if not on:
        assert (sealed, decided) == ([None], [None])
        return
    (request,), (other,) = sealed, decided
    assert request is not None
    assert other is not None
    assert request.startswith("[system]\n")
    for word in ("narwhal = 1", "@assistant why zygote?"):
        assert word in request
    assert "which is highest?" in other
