"""What the assistant says where shielded accounts listen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.assistant.moderation import MOST_CHECKED, MOST_HELD, Guard, Shield
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.errors import ModelBroke, ModelError, ModelRefused, ModelUnavailable, ModelWithheld
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.types import Actor
from tests.assistant.endpoints import Endpoint, answer
from tests.assistant.scenes import members
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, said, stay_out, until
from tests.assistant.test_tools import TOKENS as SMALL
from tests.assistant.test_tools import a_long_thread
from tests.doubles import CLEO

pytestmark = pytest.mark.anyio

ModelAt = Callable[..., OpenAIModel]

SHIELD = Shield(accounts=frozenset({"ben"}), instructions="Speak as to a child.", model="moderation-1")


@dataclass
class CheckedModel(ScriptedModel):
    """A scripted model whose endpoint flags texts that hold certain words, or fails."""

    bad: dict[str, str] = field(default_factory=dict)
    fails: ModelError | None = None
    checked: list[str] = field(default_factory=list)

    async def flagged(self, model: str, text: str) -> tuple[str, ...]:
        """See ``LanguageModel.flagged``."""
        assert model == "moderation-1"
        self.checked.append(text)
        if self.fails:
            raise self.fails
        return tuple(category for word, category in self.bad.items() if word in text)


# -- pure


async def passed(model: CheckedModel, *pieces: str) -> list[str]:
    """What a guard shows, piece by piece, and at the end."""
    guard = Guard(model, "moderation-1")
    return [*[await guard.take(piece) for piece in pieces], await guard.rest()]


async def test_a_paragraph_is_shown_once_it_was_checked() -> None:
    """Together with what came before it; half a paragraph waits."""
    model = CheckedModel()
    assert await passed(model, "One", " two.\n", "\nThree.\n \nFour", " five.") == [
        "",
        "",
        "One two.\n\nThree.\n \n",
        "",
        "Four five.",
    ]
    assert model.checked == ["One two.\n\nThree.\n \n", "One two.\n\nThree.\n \nFour five."]


async def test_blank_text_needs_no_check() -> None:
    """Nothing is in it."""
    model = CheckedModel()
    assert await passed(model, "\n\n", " ") == ["\n\n", "", " "]
    assert model.checked == []


async def test_a_paragraph_without_end_is_checked_in_parts() -> None:
    """At a line's end, else at a blank, else where it is; and no check grows without bound."""
    for piece in ("word\n", "word ", "word"):
        model = CheckedModel()
        guard = Guard(model, "moderation-1")
        text = piece * (3 * MOST_CHECKED // len(piece))
        shown = [await guard.take(text[start : start + 100]) for start in range(0, len(text), 100)]
        shown.append(await guard.rest())
        assert "".join(shown) == text
        assert max(map(len, shown)) <= MOST_HELD + 100
        assert max(map(len, model.checked)) <= MOST_CHECKED


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"x": "violence"}, "violence"),
        ({"x": "violence/graphic", "y": "violence", "z": "self-harm/intent"}, "violence and self harm"),
        ({"x": "a", "y": "b_c", "z": "d"}, "a, b and d"),
    ],
)
async def test_what_is_flagged_is_withheld(bad: dict[str, str], words: str) -> None:
    """With the kinds that were found, each once."""
    with pytest.raises(ModelWithheld) as withheld:
        await passed(CheckedModel(bad=bad), "xyz")
    assert withheld.value.message == f"What the assistant wrote was flagged for {words}, so nobody sees it."


def test_who_is_shielded() -> None:
    """A thread in which such a person is; its instructions come first; without a model nothing is checked."""
    alone, both = members("ana"), members("ana", "ben")
    assert [SHIELD.covers(alone), SHIELD.covers(both)] == [False, True]
    assert SHIELD.standing(alone, "Be kind.") == "Be kind."
    assert SHIELD.standing(both, "Be kind.") == "Speak as to a child.\n\nBe kind."
    assert SHIELD.guard(alone, CheckedModel()) is None
    assert SHIELD.guard(both, CheckedModel()) is not None
    assert Shield(accounts=frozenset({"ben"})).guard(both, CheckedModel()) is None


# -- in a thread


@pytest.fixture
def model() -> CheckedModel:
    """What answers, and checks."""
    return CheckedModel()


@pytest.fixture
async def stage(tmp_path: Path, model: CheckedModel) -> AsyncIterator[Stage]:
    """An assistant where Ben is shielded."""
    async with a_stage(tmp_path, model, shield=SHIELD, policy=Policy(shielded=SHIELD.accounts)) as stage:
        yield stage


async def test_in_their_threads_a_reply_is_shown_by_the_paragraph(stage: Stage, model: CheckedModel) -> None:
    """What was checked is there for everybody while the rest is still being written."""
    room, going_on = await stage.party(BEN), asyncio.Event()
    model.say("why", "First.\n\nSec", "ond.", going_on, "\n\nThird.")
    await room.post(ANA, "@assistant why?")
    await room.shows("First.\n\n")
    going_on.set()
    assert (await room.replied()).body == "First.\n\nSecond.\n\nThird."
    assert "Speak as to a child." in model.requests[0].turns[0].text
    assert model.checked[-1] == "First.\n\nSecond.\n\nThird."


async def test_nothing_of_a_flagged_reply_is_kept(stage: Stage, model: CheckedModel) -> None:
    """Neither in the document nor for search; the reply says why, and what it took is counted."""
    room = await stage.party(BEN)
    model.bad = {"terrible": "violence"}
    model.say("why", "Fine so far.\n\n", "Something terrible.\n\n", "More.")
    await room.post(BEN, "@assistant why?")
    reply = await room.replied()
    assert (reply.body, reply.status) == ("", "failed")
    assert reply.reply["error"] == "What the assistant wrote was flagged for violence, so nobody sees it."
    for words in ("terrible", "Fine so far"):
        assert await stage.service.search(ANA, words) == []
    assert b"terrible" not in room.page.doc.get_update()
    assert reply.reply["tokens"] > 0
    # Nor does the next request hold it.
    await room.post(BEN, "@assistant and now?")
    await room.replied(2)
    assert "Fine so far" not in said(model.requests[-1])


async def test_what_cannot_be_checked_is_withheld(stage: Stage, model: CheckedModel) -> None:
    """With the reason."""
    room = await stage.party(BEN)
    model.fails = ModelUnavailable("The model could not be reached.")
    await room.post(ANA, "@assistant why?")
    reply = await room.replied()
    assert (reply.body, reply.status) == ("", "failed")
    assert reply.reply["error"] == (
        "What the assistant wrote could not be checked, so nobody sees it. The model could not be reached."
    )


async def test_other_threads_are_not_checked(stage: Stage, model: CheckedModel) -> None:
    """Where no shielded person is a member."""
    room = await stage.party()
    model.fails = ModelUnavailable("The model could not be reached.")
    model.say("why", "Something terrible.")
    await room.post(ANA, "@assistant why?")
    assert (await room.replied()).body == "Something terrible."
    assert "Speak as to a child." not in model.requests[0].turns[0].text


async def test_a_stopped_reply_shows_nothing_unchecked(stage: Stage, model: CheckedModel) -> None:
    """Half a paragraph that waited is gone."""
    room = await stage.party(BEN)
    model.say("why", "First.\n\n", "Half a para", asyncio.Event())
    await room.post(BEN, "@assistant why?")
    await room.shows("First.\n\n")
    await room.post(ANA, "@assistant stop")
    reply = await room.replied()
    assert (reply.body, reply.status) == ("First.\n\n", "cancelled")


async def test_a_reply_that_is_being_written_when_they_come_is_stopped(tmp_path: Path, model: CheckedModel) -> None:
    """It was not checked, and not written for them; what is asked then is."""
    async with a_stage(tmp_path, model, shield=SHIELD, policy=Policy(shielded=SHIELD.accounts)) as stage:
        room = await stage.party()
        model.say("why", "First", asyncio.Event())
        await room.post(ANA, "@assistant why?")
        await room.shows("First")
        await room.party.invite(ANA, BEN)
        assert (await room.replied()).status == "cancelled"
        assert model.checked == []
        model.say("now", "Second.")
        await room.post(ANA, "@assistant and now?")
        assert (await room.replied(2)).body == "Second."
        assert model.checked == ["Second."]


@pytest.mark.parametrize("others", [(CLEO,), ()])
async def test_a_reply_that_nobody_saw_yet_when_they_come_is_made_anew(
    tmp_path: Path, model: CheckedModel, others: tuple[Actor, ...]
) -> None:
    """Under their rules, whether the model considers to speak unasked or a lone writer may still write on; what was
    used in vain is counted."""
    async with a_stage(tmp_path, model, shield=SHIELD, policy=Policy(shielded=SHIELD.accounts)) as stage:
        room, go_on = await stage.party(*others), asyncio.Event()
        model.say("highest", go_on, "Something terrible.")
        await room.post(ANA, "which is highest?")
        stage.clock.turn(2.0 if others else 0.5)
        await until(lambda: len(model.requests) == 1)
        await room.party.invite(ANA, BEN)
        assert room.replies == []
        model.bad = {"terrible": "violence"}
        model.say("highest", "Basic.")
        go_on.set()
        reply = await room.replied()
        assert (reply.body, reply.status) == ("Basic.", "complete")
        first, second = (request.turns[0].text for request in model.requests)
        assert ("Speak as to a child." in first, "Speak as to a child." in second) == (False, True)
        assert model.checked == ["Basic."]
        assert b"terrible" not in room.page.doc.get_update()
        assert reply.reply["tokens"] == 220


async def test_reasons_of_the_model_are_not_shown_either(stage: Stage, model: CheckedModel) -> None:
    """Why it stayed out is in its own words, which nobody checked."""
    room = await stage.party(BEN)
    model.say("where", stay_out("something terrible"))
    message = await room.post(ANA, "where is the data?")
    stage.clock.turn(3)
    assert [decision["reason"] for decision in await room.decided(message)] == ["it had nothing to add"]


async def test_nor_are_those_that_were_thought_of_before_they_came(tmp_path: Path, model: CheckedModel) -> None:
    """What counts is who is there when the reason would be seen; elsewhere it is shown as it was given."""
    async with a_stage(tmp_path, model, shield=SHIELD, policy=Policy(shielded=SHIELD.accounts)) as stage:
        room, go_on = await stage.party(CLEO), asyncio.Event()
        model.say("where", stay_out("something terrible"))
        before = await room.post(ANA, "where is the data?")
        stage.clock.turn(3)
        assert [decision["reason"] for decision in await room.decided(before)] == ["something terrible"]
        stage.clock.turn(10)
        model.say("when", go_on, stay_out("something terrible"))
        message = await room.post(ANA, "when was it made?")
        stage.clock.turn(3)
        await until(lambda: len(model.requests) == 2)
        await room.party.invite(ANA, BEN)
        go_on.set()
        assert [decision["reason"] for decision in await room.decided(message)] == ["it had nothing to add"]
        await until(lambda: room.message(message).decision)
        assert "terrible" not in str(room.message(message).decision)


async def test_what_a_tool_is_given_is_checked_too(tmp_path: Path, model: CheckedModel) -> None:
    """Members read what the model searched for; text before and after a use is checked like any other."""
    async with a_stage(tmp_path, model, shield=SHIELD, context_tokens=SMALL) as stage:
        await tools_are_checked(await a_long_thread(stage), model)


async def tools_are_checked(room: Room, model: CheckedModel) -> None:
    """A search for what is fit, and one for what is not."""
    model.say("why", "Let me look.", ToolCall("1", "search_thread", {"query": "churn"}))
    model.then("why", "It rose.")
    await room.post(ANA, "@assistant why?")
    reply = await room.replied()
    assert (reply.status, reply.body) == ("complete", "Let me look.\n\nIt rose.")
    assert [use["label"] for use in reply.reply["tools"]] == ["churn"]
    model.bad = {"terrible": "violence"}
    model.say("where", "Let me look.", ToolCall("2", "search_thread", {"query": "terrible"}))
    await room.post(ANA, "@assistant where?")
    reply = await room.replied(2)
    assert (reply.body, reply.status) == ("", "failed")
    assert b"terrible" not in room.page.doc.get_update()


async def test_a_catch_up_is_checked(stage: Stage, model: CheckedModel) -> None:
    """Also what only one person is told."""
    room = await stage.party(BEN)
    await room.post(ANA, "Basic loses most.")
    model.bad = {"terrible": "violence"}
    model.say("Basic", "- Something terrible [m1]")
    with pytest.raises(ModelWithheld, match="flagged for violence"):
        await stage.assistant.catch_up(BEN, room.party.thread, None)
    model.say("Basic", "- Basic loses most [m1]")
    assert (await stage.assistant.catch_up(BEN, room.party.thread, None)).points[0].text == "Basic loses most"


# -- over HTTP


def verdict(*flagged: str) -> bytes:
    """What OpenAI's moderations call answers."""
    categories = dict.fromkeys(("violence", "violence/graphic", "harassment"), False) | dict.fromkeys(flagged, True)
    result = {"flagged": bool(flagged), "categories": categories, "category_scores": dict.fromkeys(categories, 0.1)}
    return answer(200, {"id": "modr-1", "model": "omni-moderation-latest", "results": [result]})


async def test_the_endpoints_moderations_call(endpoint: Endpoint, model_at: ModelAt) -> None:
    """Is asked with the text and the model's name, and tells what it found."""
    endpoint.say(verdict())
    endpoint.say(verdict("violence", "violence/graphic"))
    model = model_at(endpoint.url, api_key="sk-1")
    assert await model.flagged("omni-moderation-latest", "Fine.") == ()
    assert await model.flagged("omni-moderation-latest", "Not fine.") == ("violence", "violence/graphic")
    assert endpoint.headers[0].startswith("POST /v1/moderations ")
    assert endpoint.requests[1] == {"model": "omni-moderation-latest", "input": "Not fine."}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (answer(404, {"error": {"message": "no such path"}}), ModelRefused),
        (answer(500, {}), ModelUnavailable),
        (answer(200, {}), ModelBroke),
        (answer(200, {"results": []}), ModelBroke),
        (answer(200, {"results": [{}]}), ModelBroke),
        (answer(200, {"results": [{"flagged": "no"}]}), ModelBroke),
        (answer(200, {"results": [{"flagged": False}, {"flagged": None}]}), ModelBroke),
        (answer(200, [1]), ModelBroke),
        (answer(200, b"<html>"), ModelBroke),
    ],
)
async def test_an_answer_that_is_none_is_no_consent(
    said: bytes, error: type[ModelError], endpoint: Endpoint, model_at: ModelAt
) -> None:
    """Whatever the endpoint says instead, the text counts as unchecked."""
    endpoint.say(said)
    with pytest.raises(error):
        await model_at(endpoint.url).flagged("m", "Fine.")


async def test_a_flag_without_a_kind_is_a_flag(endpoint: Endpoint, model_at: ModelAt) -> None:
    """Endpoints differ in what they call things."""
    endpoint.say(answer(200, {"results": [{"flagged": True}]}))
    assert await model_at(endpoint.url).flagged("m", "Not fine.") == ("something",)
