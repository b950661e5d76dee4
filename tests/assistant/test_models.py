"""Several models: which one answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant.choice import Question
from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from jupyter_groupchat.types import AUTO, Role
from jupyter_groupchat.wire.commands import MemberPatch, MessageDelete, ReplyAsk, ThreadCopy, ThreadPatch
from tests.assistant.scenes import raised
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, said, share, until
from tests.assistant.test_tools import TOKENS, a_long_thread
from tests.doubles import EVE, Party

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


# -- asking another one


async def test_another_model_is_asked_again(stage: Stage) -> None:
    """About a message or a reply, once, and the thread stays as it is set; two models at once are two questions."""
    room = await stage.party(BEN)
    question = await room.post(ANA, "@assistant why?")
    first = await room.replied()
    await room.party.do(BEN, ReplyAsk, message=first.id, model="Careful")
    again = await room.replied(2)
    assert (again.body, again.reply["about"], again.reply["asked_by"]) == ("Careful answer.", question, "ben")
    assert "beside" not in again.reply
    for model in ("Quick", "Careful", "Quick", None):
        await room.party.do(BEN, ReplyAsk, message=question, model=model)
    await until(lambda: len(room.replies) >= 4)
    assert (await stage.service.thread(ANA, room.party.thread))["model"] is None
    with pytest.raises(InvalidRequest, match="There are: Quick, Careful, auto"):
        await room.party.do(ANA, ReplyAsk, message=question, model="Other")


async def test_a_second_opinion_does_not_see_the_first(
    stage: Stage, quick: ScriptedModel, careful: ScriptedModel
) -> None:
    """It sees the conversation up to the question, as its manifest says, and stands beside the first."""
    room = await stage.party(BEN)
    before = await room.post(BEN, "The rate of basic is 0.187.")
    question = await room.post(ANA, "@assistant why is that?")
    first = await room.replied()
    await room.post(BEN, "I think it is the price.")
    await room.party.do(BEN, ReplyAsk, message=first.id, model="Careful", beside=first.id)
    second = await room.replied(2)
    assert (second.body, second.reply["beside"], second.reply["about"]) == ("Careful answer.", first.id, question)
    (request,) = careful.requests
    assert [turn.role for turn in request.turns] == ["system", "user"]
    for unseen in ("Quick answer.", "I think it is the price."):
        assert unseen not in said(request)
    seen = (await stage.service.manifest(ANA, room.party.thread, second.id))["messages"]
    assert seen == (await stage.service.manifest(ANA, room.party.thread, first.id))["messages"] == [before, question]


async def test_a_second_opinion_does_not_find_the_first_either(
    tmp_path: Path, quick: ScriptedModel, careful: ScriptedModel
) -> None:
    """A search in the thread ends for it at the question."""
    careful.scripts = {"why": [ToolCall("1", "search_thread", {"query": "new prices"})]}
    careful.then("why", "I see one.")
    quick.scripts = {"why": ["The new prices are my answer."]}
    models = Models([named("Quick", quick), named("Careful", careful, context_tokens=TOKENS)])
    async with a_stage(tmp_path, models) as stage:
        room = await a_long_thread(stage)
        await room.post(ANA, "@assistant why?")
        first = await room.replied()
        await room.party.do(BEN, ReplyAsk, message=first.id, model="Careful", beside=first.id)
        assert (await room.replied(2)).body == "I see one."
    (found,) = [turn.text for turn in careful.requests[-1].turns if turn.role == "tool"]
    assert "because of the new prices" in found
    assert "are my answer" not in found


async def test_all_second_opinions_stand_beside_the_first(stage: Stage) -> None:
    """One that is asked for at a second opinion as well."""
    room = await stage.party()
    await room.post(ANA, "@assistant why?")
    first = await room.replied()
    await room.party.do(ANA, ReplyAsk, message=first.id, model="Careful", beside=first.id)
    second = await room.replied(2)
    await room.party.do(ANA, ReplyAsk, message=second.id, model="Quick", beside=second.id)
    assert (await room.replied(3)).reply["beside"] == first.id


async def test_where_there_can_be_no_second_opinion(stage: Stage, quick: ScriptedModel) -> None:
    """By the same model, by none in particular, about something else, of what is not there, or still being written."""
    room = await stage.party(BEN)
    question, other = await room.post(ANA, "@assistant why?"), await room.post(BEN, "hm")
    first = await room.replied()

    async def ask(**fields: Any) -> None:
        await room.party.do(ANA, ReplyAsk, **{"message": question, "model": "Careful", "beside": first.id, **fields})

    for fields, error in (
        ({"model": "Quick"}, Conflict),
        ({"model": None}, InvalidRequest),
        ({"model": AUTO}, InvalidRequest),
        ({"message": other}, InvalidRequest),
        ({"beside": question}, InvalidRequest),
        ({"beside": "nothing"}, NotFound),
    ):
        with pytest.raises(error):
            await ask(**fields)
    with pytest.raises(NotFound):
        await room.party.do(EVE, ReplyAsk, message=question, model="Careful", beside=first.id)
    going_on = asyncio.Event()
    quick.scripts = {"slow": ["So", going_on]}
    slow = await room.post(ANA, "@assistant slow?")
    await until(lambda: room.replies[-1].body == "So")
    with pytest.raises(Conflict, match="still writing"):
        await ask(message=slow, beside=room.replies[-1].id)
    going_on.set()
    await room.replied(2)
    await room.party.do(ANA, MessageDelete, message=first.id)
    with pytest.raises((Conflict, NotFound)):
        await ask()
