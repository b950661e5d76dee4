"""How much the assistant writes for one person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jupyter_groupchat.assistant import quota
from jupyter_groupchat.assistant.quota import HOUR, Left, Quota, Used
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.wire.commands import ReplyAsk, ThreadLeave
from jupyter_groupchat.wire.events import AssistantNotice, Event
from tests.assistant.stage import ANA, BEN, ScriptedModel, Stage, a_stage, stay_out, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("used", "writing", "left"),
    [
        (Used(0, 0, None), 0, Left(left=5, limit=5, until=None)),
        (Used(4, 0, NOON), 0, Left(left=1, limit=5, until=None)),
        (Used(4, 0, NOON), 1, Left(left=0, limit=5, until=NOON + HOUR)),
        (Used(5, 0, NOON - timedelta(minutes=50)), 0, Left(left=0, limit=5, until=NOON + timedelta(minutes=10))),
        (Used(1, 1_000, NOON), 0, Left(left=0, limit=5, until=NOON + HOUR)),
    ],
)
async def test_a_window_opens_again_when_the_oldest_use_drops_out(used: Used, writing: int, left: Left) -> None:
    """What is being written counts already."""
    assert quota.remaining(used, HOUR, 5, 1_000, NOON, writing) == left


async def test_the_longest_closed_window_and_the_fewest_replies_count() -> None:
    """Hour and day are limited side by side."""

    async def count(username: str, since: datetime) -> Used:
        return (
            Used(3, 90, NOON - timedelta(minutes=30))
            if NOON - since <= HOUR
            else Used(8, 500, NOON - timedelta(hours=20))
        )

    both = Quota(replies_per_hour=10, replies_per_day=10)
    assert await quota.left(both, "ana", NOON, count, int) == Left(left=2, limit=10, until=None)
    shut = Quota(replies_per_hour=3, replies_per_day=8)
    assert await quota.left(shut, "ana", NOON, count, int) == Left(left=0, limit=8, until=NOON + timedelta(hours=4))
    hourly = Quota(tokens_per_hour=90)
    opens = NOON + timedelta(minutes=30)
    assert await quota.left(hourly, "ana", NOON, count, int) == Left(left=None, limit=None, until=opens)
    tokens = Quota(tokens_per_day=501)
    assert await quota.left(tokens, "ana", NOON, count, int) == Left(left=None, limit=None, until=None)
    assert await quota.left(Quota(), "ana", NOON, count, int) == Left(left=None, limit=None, until=None)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Two replies an hour for everybody."""
    model = ScriptedModel()
    model.say("?", stay_out())
    model.say("@assistant", "I see.")
    async with a_stage(tmp_path, model, quota=Quota(replies_per_hour=2)) as stage:
        yield stage


async def test_who_has_no_replies_left_is_told_until_when_and_nobody_else_is(stage: Stage) -> None:
    """People go on talking; the others' replies are their own; staying out was free."""
    heard: dict[str, list[Event]] = {"ana": [], "ben": []}
    for username, events in heard.items():
        stage.service.person(username, events.append)

    def notices(username: str) -> list[AssistantNotice]:
        return [event for event in heard[username] if isinstance(event, AssistantNotice)]

    room = await stage.party(BEN)
    quiet = await room.post(ANA, "is it lunch?")
    stage.clock.turn(2)
    assert (await room.decided(quiet))[0]["act"] == "stay_out"
    for n in (1, 2):
        left = await stage.assistant.replies_left("ana")
        assert left
        assert (left.left, left.limit) == (3 - n, 2)
        await room.post(ANA, f"@assistant, number {n}")
        await room.replied(n)
        stage.clock.turn(60)
    refused = await room.post(ANA, "@assistant, number 3")
    await until(lambda: notices("ana"))
    (notice,) = notices("ana")
    assert (notice.message, notice.thread) == (refused, room.party.thread)
    assert "until 13:00 UTC" in notice.text
    await room.party.do(ANA, ReplyAsk, message=refused)
    await until(lambda: len(notices("ana")) == 2)
    await room.post(ANA, "Well then, we go on.")
    assert (await room.decided(refused))[0]["reason"] == "no replies left until 13:00 UTC"
    assert room.message(refused).decision == {}

    await room.post(BEN, "@assistant, number 1")
    await room.replied(3)
    assert notices("ben") == []
    stage.clock.turn(3600)
    await room.post(ANA, "@assistant, once more")
    await room.replied(4)


async def test_a_thread_has_its_own_limit(tmp_path: Path) -> None:
    """Whoever asks in it; the same people go on in another thread."""
    model = ScriptedModel()
    model.say("@assistant", "I see.")
    async with a_stage(tmp_path, model, thread_quota=Quota(replies_per_hour=2)) as stage:
        heard: list[Event] = []
        stage.service.person("ben", heard.append)
        room, other = await stage.party(BEN), await stage.party(BEN)
        for number, who in enumerate((ANA, BEN), 1):
            await room.post(who, "@assistant hello")
            await room.replied(number)
        await room.post(BEN, "@assistant and now?")
        await until(lambda: any(isinstance(event, AssistantNotice) for event in heard))
        (notice,) = [event for event in heard if isinstance(event, AssistantNotice)]
        assert notice.text.startswith("This thread has no replies left until")
        await other.post(BEN, "@assistant hello")
        await other.replied(1)
        assert len(room.replies) == 2


async def test_guests_have_a_limit_of_their_own(tmp_path: Path) -> None:
    """All guests of a thread together, so that coming again under another name gives nobody more; members go on."""
    model = ScriptedModel()
    model.say("@assistant", "I see.")
    policy = Policy(guests_allowed=True)
    async with a_stage(tmp_path, model, policy=policy, guest_quota=Quota(replies_per_day=2)) as stage:
        room, other = await stage.party(), await stage.party()
        hana, noor = await room.party.guest(), await room.party.guest("Noor")
        heard: list[Event] = []
        stage.service.person(noor.username, heard.append)
        for number, who in enumerate((hana, noor), 1):
            left = await stage.assistant.replies_left(who.username, room.party.thread)
            assert left
            assert (left.left, left.limit) == (3 - number, 2)
            await room.post(who, "@assistant hello")
            await room.replied(number)
        await room.post(noor, "@assistant and now?")
        await until(lambda: any(isinstance(event, AssistantNotice) for event in heard))
        (notice,) = [event for event in heard if isinstance(event, AssistantNotice)]
        assert notice.text.startswith("Guests of this thread have no replies left until")
        await room.party.do(hana, ThreadLeave)
        again = await room.party.guest()
        left = await stage.assistant.replies_left(again.username, room.party.thread)
        assert left
        assert left.left == 0
        await room.post(ANA, "@assistant hello")
        await room.replied(3)
        assert await stage.assistant.replies_left("ana", room.party.thread) is None
        await other.post(await other.party.guest(), "@assistant hello")
        await other.replied(1)


async def test_guests_ask_nothing_where_they_get_no_replies(tmp_path: Path) -> None:
    """With a limit of 0 the model is not even asked whether to speak, and the guest is told so."""
    model = ScriptedModel()
    async with a_stage(
        tmp_path, model, policy=Policy(guests_allowed=True), guest_quota=Quota(replies_per_day=0)
    ) as stage:
        room = await stage.party(BEN)
        hana = await room.party.guest()
        heard: list[Event] = []
        stage.service.person(hana.username, heard.append)
        asked = await room.post(hana, "@assistant what is it?")
        await until(lambda: any(isinstance(event, AssistantNotice) for event in heard))
        (notice,) = [event for event in heard if isinstance(event, AssistantNotice)]
        assert (notice.text.startswith("Guests of this thread have no replies"), notice.until) == (True, None)
        stage.clock.turn(60)
        open = await room.post(hana, "Does anybody know why the rate is so high?")
        stage.clock.turn(60)
        decided = [(await room.decided(id))[0] for id in (asked, open)]
        assert [(each["act"], each["reason"]) for each in decided] == [("stay_out", "they get no replies here")] * 2
        assert model.requests == []


async def test_replies_under_way_count(stage: Stage) -> None:
    """Nobody gets more by asking in many threads at once."""
    rooms = [await stage.party(BEN) for _ in range(5)]
    await asyncio.gather(*(room.post(ANA, "@assistant hello") for room in rooms))
    await until(lambda: sum(len(room.replies) for room in rooms) >= 2)
    decided = [await room.decided(room.page.messages[-1 - len(room.replies)].id) for room in rooms]
    assert sorted(decision[0]["act"] for decision in decided) == ["reply", "reply", "stay_out", "stay_out", "stay_out"]
