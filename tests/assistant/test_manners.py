"""When the assistant speaks: the rows of docs/manners.md."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jupyter_groupchat.assistant import manners
from jupyter_groupchat.assistant.manners import Evidence
from jupyter_groupchat.reply_types import Act
from jupyter_groupchat.types import ASSISTANT, MessageKind, MessageRow, Mode
from tests.assistant.scenes import NOON, RATES, a_cell, a_scene, printed, raised, wrote

ASKED = (ASSISTANT,)


@pytest.mark.parametrize(
    "message",
    [
        wrote(ASSISTANT, "Is that so?"),
        wrote("system", "Ana joined.", kind=MessageKind.SYSTEM),
        wrote("old", "@assistant what?", kind=MessageKind.IMPORT, mentions=ASKED),
        wrote("ana", "", deleted=True, mentions=ASKED),
    ],
)
def test_row_1_only_people_are_answered(message: MessageRow) -> None:
    """It never answers itself, a notice, an import or a message that is gone."""
    assert manners.decide(message, a_scene()).act is Act.STAY_OUT


def test_row_1_an_archived_thread_is_left_alone() -> None:
    """Even when it is mentioned."""
    decision = manners.decide(wrote("ana", "@assistant why?", mentions=ASKED), a_scene(archived=True))
    assert (decision.act, decision.reason) == (Act.STAY_OUT, "the thread is archived")


@pytest.mark.parametrize(
    "body", ["@assistant stop", "Assistant, please be quiet!", "@Assistant: sei still", "hey assistant stop it."]
)
def test_row_2_anybody_can_make_it_stop(body: str) -> None:
    """By mention or by name, in several languages, with or without "please"."""
    mentions = ASKED if "@" in body else ()
    assert manners.decide(wrote("ben", body, mentions=mentions), a_scene()).act is Act.STOP


def test_row_2_a_bare_stop_means_it_only_while_it_writes() -> None:
    """Otherwise people say stop to each other."""
    assert manners.decide(wrote("ben", "Stop!"), a_scene(streaming=True)).act is Act.STOP
    assert manners.decide(wrote("ben", "Stop!"), a_scene()).act is Act.STAY_OUT
    asked = wrote("ben", "@assistant when does training stop?", mentions=ASKED)
    assert manners.decide(asked, a_scene(streaming=True)).act is Act.REPLY


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    ("body", "fields", "scene"),
    [
        ("is that real, @Assistant", {"mentions": ASKED}, {}),
        ("@assistant and @ana, which?", {"mentions": (ASSISTANT, "ana")}, {}),
        ("assistant, look at [12]", {}, {}),
        ("Hey Sage can you look", {}, {"names": ("Assistant", "Sage")}),
        ("Sage why is basic so high", {}, {"names": ("Assistant", "Sage")}),
        ("And by region?", {"reply_to": "m1"}, {"answered": wrote(ASSISTANT, "Basic.", seq=1)}),
    ],
)
def test_row_3_who_asks_is_answered_in_every_mode(
    body: str, fields: dict[str, Any], scene: dict[str, Any], mode: Mode
) -> None:
    """Mentioned, spoken to by name, or replied to."""
    decision = manners.decide(wrote("ben", body, **fields), a_scene(mode=mode, **scene))
    assert (decision.act, decision.reason) == (Act.REPLY, "Ben asked")


@pytest.mark.parametrize("body", ["Assistants are overrated.", "Assistant is slow today", "I asked assistant"])
def test_row_3_speaking_about_it_is_not_speaking_to_it(body: str) -> None:
    """Its name inside a sentence asks nothing of it."""
    assert manners.decide(wrote("ben", body), a_scene()).act is Act.STAY_OUT


def test_row_4_without_replies_left_it_says_until_when() -> None:
    """A mention counts like everything else that is asked of it; what needs no reply is not bothered."""
    scene = a_scene(out="no replies left until 14:00 UTC")
    mentioned = manners.decide(wrote("ana", "@assistant why?", mentions=ASKED), scene)
    assert (mentioned.act, mentioned.reason) == (Act.STAY_OUT, "no replies left until 14:00 UTC")
    quiet = a_scene(mode=Mode.QUIET, out="no replies left until 14:00 UTC")
    assert "mentioned" in manners.decide(wrote("ana", "why?"), quiet).reason
    assert manners.decide(wrote("ana", "@assistant stop", mentions=ASKED), scene).act is Act.STOP


@pytest.mark.parametrize("mode", [Mode.MENTION, Mode.QUIET])
def test_row_5_unasked_it_speaks_in_auto_only(mode: Mode) -> None:
    """Not even to the only person in the thread."""
    assert manners.decide(wrote("ana", "why is that?"), a_scene("ana", mode=mode)).act is Act.STAY_OUT


@pytest.mark.parametrize(
    ("body", "fields", "answered", "reason"),
    [
        ("@ana can you merge first?", {"mentions": ("ana",)}, None, "Ana Ruiz was asked"),
        ("@ana @mei ok?", {"mentions": ("ana", "mei")}, None, "everybody was asked"),
        ("@ana @mei ok?", {"mentions": ("ana", "mei", "ben")}, None, "everybody was asked"),
        ("did you?", {"reply_to": "m1"}, wrote("ana", "Merged.", seq=1), "Ana Ruiz was asked"),
        ("Ana, did you drop them?", {}, None, "Ana Ruiz was asked"),
        ("hi Mei did it work?", {}, None, "Mei Tanaka was asked"),
    ],
)
def test_row_6_it_does_not_answer_for_a_person(
    body: str, fields: dict[str, Any], answered: MessageRow | None, reason: str
) -> None:
    """Whoever was asked will answer."""
    message = wrote("ben", body, **fields)
    scene = a_scene(answered=answered)
    decision = manners.decide(message, scene)
    assert (decision.act, decision.reason) == (Act.STAY_OUT, reason)
    assert manners.is_shown(decision, message, scene)


def test_row_6_replying_to_oneself_asks_nobody() -> None:
    """It is the same train of thought."""
    decision = manners.decide(
        wrote("ana", "why though?", reply_to="m1"), a_scene("ana", answered=wrote("ana", "Odd.", seq=1))
    )
    assert decision.act is Act.REPLY


def test_row_7_it_waits_while_the_author_goes_on() -> None:
    """Two messages in a row are one thought; the later one is judged."""
    first, second = wrote("ana", "why is that", seq=1, ago=1), wrote("ana", "I mean basic", seq=2)
    assert manners.decide(second, a_scene("ana", before=(first,), after=0)).act is Act.WAIT
    assert manners.decide(second, a_scene("ana", before=(first,), after=2)).act is Act.REPLY
    assert manners.decide(second, a_scene("ana", before=(first,), after=3, typing=True)).act is Act.WAIT
    assert manners.decide(first, a_scene("ana", later=(second,), after=3)).reason == "Ana Ruiz wrote on"
    joined = wrote("ana", "Ana joined.", seq=1, kind=MessageKind.SYSTEM)
    assert manners.decide(second, a_scene("ana", before=(joined,), after=0)).act is Act.REPLY


def test_row_8_alone_with_one_person_it_answers() -> None:
    """At once: nobody else could."""
    assert manners.decide(wrote("ana", "tell me about it"), a_scene("ana", after=0)).act is Act.REPLY


def test_row_9_having_spoken_unasked_it_holds_back() -> None:
    """For five messages of people; its replies to those who asked do not count."""
    spoke = wrote(ASSISTANT, "Basic stands out.", seq=1, ago=90)
    talk = tuple(wrote("ben", "hm", seq=seq, ago=80 - seq) for seq in range(2, 8))
    question = wrote("ana", "why is that?", seq=9)
    unasked = frozenset({"m1"})
    assert "unasked" in manners.decide(question, a_scene(before=(spoke, *talk[:4]), unasked=unasked)).reason
    assert manners.decide(question, a_scene(before=(spoke, *talk[:5]), unasked=unasked)).act is Act.ASK_MODEL
    assert manners.decide(question, a_scene(before=(spoke, *talk[:2]))).act is Act.ASK_MODEL


def test_row_9_told_to_be_quiet_it_holds_back_too() -> None:
    """A stop lasts longer than the reply that it stopped."""
    hush = wrote("ben", "@assistant be quiet", seq=1, mentions=ASKED)
    decision = manners.decide(wrote("ana", "why is that?", seq=2), a_scene(before=(hush,)))
    assert decision.reason == "Ben asked for quiet"


def test_row_10_a_question_after_its_reply_to_the_same_person_is_to_it() -> None:
    """Within five minutes, with nothing in between, and even if that reply was unasked."""
    asked = wrote("ana", "@assistant why?", seq=1, ago=70, mentions=ASKED)
    reply = wrote(ASSISTANT, "Basic.", seq=2, ago=60, reply_to="m1")
    again = wrote("ana", "and by region?", seq=3)
    assert manners.decide(again, a_scene(before=(asked, reply), unasked=frozenset({"m2"}))).act is Act.REPLY
    assert manners.decide(wrote("ben", "and by region?", seq=3), a_scene(before=(asked, reply))).act is Act.ASK_MODEL
    assert manners.decide(wrote("ana", "I see", seq=3), a_scene(before=(asked, reply))).act is Act.STAY_OUT
    old = wrote(ASSISTANT, "Basic.", seq=2, ago=301, reply_to="m1")
    assert manners.decide(again, a_scene(before=(asked, old))).act is Act.ASK_MODEL
    between = wrote("ben", "hm", seq=3, ago=30)
    assert manners.decide(again, a_scene(before=(asked, reply, between))).act is Act.ASK_MODEL


@pytest.mark.parametrize(
    "body",
    [
        "why is basic so high?",
        "does anyone know what the filter does",
        "Weiß jemand, woran das liegt",
        "Odd. Pourquoi ça ?",
        "which plan",
    ],
)
def test_row_11_a_question_to_nobody_is_put_to_the_model_when_it_has_settled(body: str) -> None:
    """Not before: somebody may be about to go on, or to answer."""
    message = wrote("ana", body, seq=3)
    assert manners.decide(message, a_scene(after=0)).act is Act.WAIT
    assert manners.decide(message, a_scene(after=2)).act is Act.ASK_MODEL
    answered = manners.decide(message, a_scene(after=2, later=(wrote("ben", "The filter.", seq=4),)))
    assert (answered.act, answered.reason) == (Act.STAY_OUT, "others are answering")
    lately = a_scene(asked_model_at=NOON - timedelta(seconds=4))
    assert manners.decide(message, lately).act is Act.STAY_OUT


def test_row_11_a_cell_with_an_error_is_put_to_the_model() -> None:
    """Only when it came with this message."""
    cell = a_cell("s", "df['x']", raised("KeyError", "'x'"))
    assert (
        manners.decide(wrote("ana", "look", cells=("s",)), a_scene(evidence=Evidence.of([cell]))).act is Act.ASK_MODEL
    )
    assert manners.decide(wrote("ana", "look"), a_scene(evidence=Evidence.of([cell]))).act is Act.STAY_OUT


@pytest.mark.parametrize(
    ("body", "act"),
    [
        ("The rate of basic is 0.25, clearly.", Act.ASK_MODEL),
        ("basic has a 25% rate", Act.ASK_MODEL),
        ("basic has 4,300 customers", Act.ASK_MODEL),
        ("basic has a 19% rate", Act.STAY_OUT),
        ("basic has 4,212 customers and a rate of 0.19", Act.STAY_OUT),
        ("Basic had 4 calls in v0.187", Act.STAY_OUT),
        ("accuracy is 0.9", Act.ASK_MODEL),
        ("accuracy is 0.8", Act.STAY_OUT),
    ],
)
def test_row_11_a_claim_that_an_output_contradicts_is_put_to_the_model(body: str, act: Act) -> None:
    """Rounded numbers hold; numbers about something else are no claims about the table."""
    cells = (a_cell("s", "rates", RATES), a_cell("u", "score", printed("accuracy: 0.81\n")))
    message = wrote("ana", body)
    assert manners.needs_cells(message)
    assert manners.decide(message, a_scene(evidence=Evidence.of(cells))).act is act


@pytest.mark.parametrize(
    "body",
    [
        "Thanks a lot!",
        "ok",
        "👍",
        "https://example.org/why?x=1",
        "Guten Morgen zusammen",
        "`what()` fails",
        "> why?\nI merged the labels.",
        "",
    ],
)
def test_row_12_everything_else_is_left_to_people(body: str) -> None:
    """Silence is free, and nothing is shown where nobody would wonder."""
    message = wrote("ana", body)
    decision = manners.decide(message, a_scene())
    assert decision.act is Act.STAY_OUT
    assert not manners.is_shown(decision, message, a_scene())


def test_the_first_rows_need_no_history() -> None:
    """Deciding costs no read where a mention, the mode or another's name settles it."""
    bare = a_scene(after=0)
    assert manners.decide(wrote("ana", "@assistant why?", mentions=ASKED), bare).act is Act.REPLY
    assert not manners.needs_history(wrote("ana", "@assistant why?", mentions=ASKED), bare)
    assert not manners.needs_history(wrote("ana", "@ben why?", mentions=("ben",)), bare)
    assert not manners.needs_history(wrote("ana", "why?"), a_scene(mode=Mode.QUIET))
    assert not manners.needs_history(wrote("ana", "thanks"), bare)
    assert manners.needs_history(wrote("ana", "why?"), bare)
