"""Several models: which one answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant.choice import Question
from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.errors import InvalidRequest, NotAllowed
from jupyter_groupchat.types import AUTO, Role
from jupyter_groupchat.wire.commands import MemberPatch, ThreadCopy, ThreadPatch
from tests.assistant.scenes import raised
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage
from tests.assistant.test_runner import share
from tests.doubles import Party

pytestmark = pytest.mark.anyio


def named(name: str, endpoint: ScriptedModel | None = None, **fields: Any) -> NamedModel:
    """A model of this name; its endpoint calls it the same in lower case, with "-1"."""
    return NamedModel(name=name, model=f"{name.lower()}-1", endpoint=endpoint or ScriptedModel(), **fields)


@pytest.fixture
def quick() -> ScriptedModel:
    """What answers as Quick, the fast one and the default."""
    return ScriptedModel({"": ["Quick answer."]})


@pytest.fixture
def careful() -> ScriptedModel:
    """What answers as Careful, the strong one."""
    return ScriptedModel({"": ["Careful answer."]})


@pytest.fixture
async def stage(tmp_path: Path, quick: ScriptedModel, careful: ScriptedModel) -> AsyncIterator[Stage]:
    """An assistant with both."""
    models = Models([named("Quick", quick, strength="fast"), named("Careful", careful, strength="strong")])
    async with a_stage(tmp_path, models) as stage:
        yield stage


# -- pure


def test_one_that_is_set_answers() -> None:
    """By its name; without one the default does."""
    models = Models([named("Quick"), named("Careful")])
    assert models.pick(None).model.name == "Quick"
    assert models.pick("Careful").model.name == "Careful"
    assert models.pick("Careful").why is None
    assert models.choices == ["Quick", "Careful"]


def test_one_that_is_gone_is_answered_for_and_that_is_said() -> None:
    """By the default; the same where there is nothing to choose from any more."""
    models = Models([named("Quick"), named("Careful")])
    assert (models.pick("Old").model.name, models.pick("Old").why) == ("Quick", "“Old” is not set up here any more")
    assert models.pick(AUTO).why == "no model is chosen by the question here any more"


def test_pictures_need_a_model_that_takes_them() -> None:
    """Of these the one of the right strength, else any; where none takes them, the strength alone decides."""
    picture = Question(body="what is this?", files=("image/png",))
    blind = [named("A", strength="fast"), named("B", strength="strong")]
    assert Models(blind).pick(AUTO, picture).model.name == "B"
    assert Models([*blind, named("C", strength="fast", images=True)]).pick(AUTO, picture).model.name == "C"
    both = [*blind, named("C", strength="fast", images=True), named("D", strength="strong", images=True)]
    assert Models(both).pick(AUTO, picture).model.name == "D"
    assert Models(both).pick(AUTO, Question(body="when is it?")).model.name == "A"


# -- in a thread


async def test_the_threads_model_answers(stage: Stage, quick: ScriptedModel, careful: ScriptedModel) -> None:
    """From the next question on; the reply has both its names, and the thread says who set it."""
    room = await stage.party(BEN)
    await room.post(ANA, "@assistant one?")
    reply = await room.replied()
    assert (reply.body, reply.reply["model"], reply.reply["model_name"]) == ("Quick answer.", "quick-1", "Quick")
    await room.party.do(BEN, ThreadPatch, model="Careful")
    await room.post(ANA, "@assistant two?")
    reply = await room.replied(2)
    assert (reply.body, reply.reply["model"], reply.reply["model_name"]) == ("Careful answer.", "careful-1", "Careful")
    assert "model_why" not in reply.reply
    assert (await stage.service.manifest(ANA, room.party.thread, reply.id))["model"] == "careful-1"
    assert careful.requests[0].model == "careful-1"
    assert room.page.messages[-3].body == "Ben let Careful answer."
    assert (await stage.service.thread(BEN, room.party.thread))["model"] == "Careful"
    await room.party.do(BEN, ThreadPatch, model=None)
    await room.post(ANA, "@assistant three?")
    assert (await room.replied(3)).body == "Quick answer."
    assert (len(quick.requests), len(careful.requests)) == (2, 1)
    lines = await stage.service.audit(ANA, room.party.thread)
    changes = [line["details"] for line in lines if line["action"] == "thread.patch"]
    assert changes == [{"model": None}, {"model": "Careful"}]


async def test_a_thread_may_only_use_what_is_set_up(stage: Stage) -> None:
    """Another name is refused and changes nothing; who may not change settings may not set a model."""
    room = await stage.party(BEN)
    for name in ("Other", "quick", "careful-1", "AUTO"):
        with pytest.raises(InvalidRequest, match="There are: Quick, Careful, auto"):
            await room.party.do(ANA, ThreadPatch, model=name)
    await room.party.do(ANA, MemberPatch, username="ben", role=Role.REVIEWER)
    for model in ("Careful", None):
        with pytest.raises(NotAllowed):
            await room.party.do(BEN, ThreadPatch, model=model)
    assert (await stage.service.thread(ANA, room.party.thread))["model"] is None


async def test_a_setting_that_is_left_out_stays(stage: Stage) -> None:
    """Changing something else keeps the model, and a copy has it too."""
    room = await stage.party()
    await room.party.do(ANA, ThreadPatch, model=AUTO)
    await room.party.do(ANA, ThreadPatch, title="New")
    assert (await stage.service.thread(ANA, room.party.thread))["model"] == AUTO
    copied = await room.party.do(ANA, ThreadCopy)
    assert copied["thread"]["model"] == AUTO


async def test_the_question_decides(stage: Stage) -> None:
    """With "auto": a short one gets the fast model, one to think through the strong one, and the reply says why."""
    room = await stage.party(model=AUTO)
    await room.post(ANA, "@assistant is it done?")
    reply = await room.replied()
    assert (reply.body, reply.reply["model_why"]) == ("Quick answer.", "fast: a short question")
    await room.post(ANA, "@assistant why did churn rise in June?")
    reply = await room.replied(2)
    assert (reply.body, reply.reply["model_why"]) == ("Careful answer.", "strong: something to think through")


async def test_what_the_question_replies_to_counts(stage: Stage) -> None:
    """A cell that the message before names is in scope."""
    room = await stage.party(BEN, model=AUTO)
    await share(room, "s", "rates['x']", outputs=[raised("KeyError", "'x'")])
    first = await room.post(BEN, "look", cells=["s"])
    await room.post(ANA, "@assistant and this?", reply_to=first)
    assert (await room.replied()).reply["model_why"] == "strong: an error to explain"


async def test_a_model_that_the_operator_took_away(tmp_path: Path) -> None:
    """The thread goes on with the default, and the reply says so."""
    models = Models([named("Quick", ScriptedModel({"": ["Hello."]})), named("Careful")])
    async with a_stage(tmp_path, models) as stage:
        room = await stage.party(model="Careful")
    async with a_stage(tmp_path, Models([named("Quick", ScriptedModel({"": ["Hello."]}))])) as stage:
        party = Party(stage.service, room.party.thread)
        room = Room(party, await party.look(ANA, 0), stage)
        await room.post(ANA, "@assistant hello?")
        reply = await room.replied()
    assert reply.body == "Hello."
    assert reply.reply["model_why"] == "“Careful” is not set up here any more"
