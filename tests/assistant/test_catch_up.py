"""What one person asks to be told, in threads of a real service, with a model that says what the test says."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant.catch_up import READ
from jupyter_groupchat.assistant.language_model import Finished
from jupyter_groupchat.assistant.quota import Quota
from jupyter_groupchat.errors import (
    Conflict,
    ModelBroke,
    ModelRateLimited,
    ModelUnavailable,
    NotAllowed,
    NotFound,
    RateLimited,
)
from jupyter_groupchat.storage.bus import bus_of
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.internal import AsideBegin, CatchUpSeal, FilePut
from jupyter_groupchat.threads.replies import LEASE
from jupyter_groupchat.types import THE_ASSISTANT, Actor, MessageStatus
from jupyter_groupchat.wire.commands import MemberDelete, MessageDelete, MessageMark, ReadPut, ThreadPatch
from tests.assistant.stage import ANA, BEN, Room, ScriptedModel, Stage, a_stage, said, share, until
from tests.cells.test_render import png
from tests.doubles import CLEO, EVE, PATIENCE, fresh

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


async def talked(stage: Stage) -> Room:
    """A thread in which Ben and Cleo went on without Ana."""
    room = await stage.party(BEN, CLEO, mode="quiet")
    await room.post(ANA, "I am away until tomorrow.")
    await room.party.do(ANA, ReadPut, seq=room.page.messages[-1].seq)
    stage.clock.turn(60)
    await room.post(BEN, "Which cutoff do we take?")
    agreed = await room.post(CLEO, "30 days.")
    await room.party.do(BEN, MessageMark, message=agreed, agreed=True)
    await share(room, "s", "rates")
    return room


async def lines(stage: Stage, room: Room, count: int = 1) -> list[dict[str, Any]]:
    """The audit lines of catch-ups, the oldest first, once there are so many."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE):
        while len(found) < count:
            audit = await stage.service.audit(ANA, room.party.thread)
            found = [dict(line) for line in reversed(audit) if line["action"] == "catch_up"]
    return found


async def test_somebody_is_told_what_they_missed(stage: Stage, model: ScriptedModel) -> None:
    """From where they had read, linked, counted as a reply of theirs; in the thread and for others nothing happens."""
    room = await talked(stage)
    before, events = list(room.page.messages), len(model.requests)
    model.say("was away", "- Cutoff: 30 days, agreed. [m", "5]\n- New rates. [c1] [m99]")
    told = await stage.assistant.catch_up(ANA, room.party.thread, None)
    seqs = [[row.body for row in point.messages] for point in told.points]
    assert [point.text for point in told.points] == ["Cutoff: 30 days, agreed.", "New rates."]
    assert seqs == [["30 days."], []]
    assert [[cell.id for cell in point.cells] for point in told.points] == [[], ["s"]]
    assert (told.messages, told.left_out, told.model) == (2, 0, "Scripted")
    (request,) = model.requests[events:]
    assert "I am away" not in said(request)
    assert 'agreed="yes"' in said(request)
    assert room.page.messages == before
    assert (await stage.service.thread(BEN, room.party.thread))["last_seq"] == before[-1].seq
    used = await stage.service.usage("ana", stage.clock.now().replace(hour=0))
    assert (used["replies"], used["tokens"]) == (1, 110)
    (line,) = await lines(stage, room)
    assert line["actor"] == "ana"
    details = line["details"]
    assert (details["messages"], list(details["cells"]), details["status"]) == (2, ["s"], "complete")
    assert (details["model"], details["tokens"], details["since_seq"]) == ("scripted", 110, told.since_seq)
    assert "30 days" not in str(line)


async def test_files_and_pictures_of_what_was_missed_are_told(tmp_path: Path, model: ScriptedModel) -> None:
    """Of the messages that are in, and of those only; the audit has their hashes, and not their names."""
    async with a_stage(tmp_path, model, images=True) as stage:
        room = await stage.party(BEN, mode="quiet")
        await attach(room, BEN, "before.csv", b"plan,rate\nolder,0.4\n")
        since = room.page.messages[-1].seq
        stage.clock.turn(60)
        table = await attach(room, BEN, "rates.csv", b"plan,rate\nbasic,0.187\n")
        picture = await attach(room, BEN, "plot.png", base64.b64decode(png()))
        gone = await attach(room, BEN, "gone.csv", b"plan,rate\nsecret,0.9\n")
        await room.party.do(BEN, MessageDelete, message=room.page.messages[-1].id)
        await share(room, outputs=[{"output_type": "display_data", "data": {"image/png": png(7)}, "metadata": {}}])
        model.say("was away", "- Rates [m1].")
        await stage.assistant.catch_up(ANA, room.party.thread, since)
        (request,) = model.requests
        text = said(request)
        assert "| basic | 0.187 |" in text
        assert 'files="rates.csv"' in text
        assert "older" not in text
        assert "secret" not in text
        assert [image.media_type for turn in request.turns for image in turn.images] == ["image/png"] * 2
        (line,) = await lines(stage, room)
        assert set(line["details"]["files"]) == {table, picture}
        assert gone not in str(line)
        assert "rates.csv" not in str(line)


async def attach(room: Room, actor: Actor, name: str, data: bytes) -> str:
    """Send a file in a message; its id."""
    file: str = (await room.party.do(actor, FilePut, name=name, data=data))["file"]["id"]
    await room.post(actor, "", files=[file])
    return file


async def test_from_where_on_can_be_said(stage: Stage, model: ScriptedModel) -> None:
    """From the beginning with -1, and from beyond the end there is nothing, for which nobody is asked."""
    room = await talked(stage)
    model.say("was away", "- All of it.")
    assert (await stage.assistant.catch_up(ANA, room.party.thread, -1)).messages == 3
    asked = len(model.requests)
    told = await stage.assistant.catch_up(ANA, room.party.thread, 10**9)
    assert (told.points, told.messages, told.model) == ((), 0, None)
    assert len(model.requests) == asked
    assert len(await lines(stage, room)) == 1


async def test_an_archived_thread_can_be_summed_up(stage: Stage, model: ScriptedModel) -> None:
    """It can be read, and this is reading."""
    room = await talked(stage)
    await room.party.do(ANA, ThreadPatch, archived=True)
    model.say("was away", "- 30 days [m5].")
    assert (await stage.assistant.catch_up(ANA, room.party.thread, None)).points[0].text == "30 days."


async def test_it_is_nothing_for_strangers(stage: Stage, model: ScriptedModel) -> None:
    """To a stranger the thread does not exist, and a kernel's ticket reaches its own thread only."""
    room = await talked(stage)
    with pytest.raises(NotFound):
        await stage.assistant.catch_up(EVE, room.party.thread, -1)
    ticket = Actor(username="ana", name="Ana", via="kernel", thread="another")
    with pytest.raises(NotFound):
        await stage.assistant.catch_up(ticket, room.party.thread, -1)
    with pytest.raises(NotAllowed):
        await stage.assistant.catch_up(Actor(username="assistant", name="x"), room.party.thread, -1)
    seal = CatchUpSeal(
        id=fresh(),
        thread=room.party.thread,
        asked_by="ben",
        since_seq=0,
        messages=1,
        cells={},
        files={},
        model="m",
        status=MessageStatus.COMPLETE,
    )
    with pytest.raises(NotFound, match="no such command"):
        await stage.service.execute(ANA, seal)
    assert model.requests == []


async def test_who_has_no_replies_left_is_told_until_when(tmp_path: Path, model: ScriptedModel) -> None:
    """It counts like a reply, one that is being written too; others have theirs."""
    async with a_stage(tmp_path, model, quota=Quota(replies_per_hour=1)) as stage:
        room = await talked(stage)
        model.say("was away", "- 30 days.")
        await stage.assistant.catch_up(ANA, room.party.thread, None)
        with pytest.raises(RateLimited, match=r"no replies left until 13:01 UTC") as refused:
            await stage.assistant.catch_up(ANA, room.party.thread, None)
        assert refused.value.retry_after == pytest.approx(3_600)
        assert (await stage.assistant.catch_up(BEN, room.party.thread, -1)).points


async def test_one_at_a_time_for_each_person(stage: Stage, model: ScriptedModel) -> None:
    """A second one is refused while the first is under way; other people's go on beside it."""
    room = await talked(stage)
    go_on = asyncio.Event()
    model.say("Ana was away", "- Wait", go_on, " for it.")
    model.say("Ben was away", "- Nothing much.")
    first = asyncio.ensure_future(stage.assistant.catch_up(ANA, room.party.thread, -1))
    await until(lambda: model.requests)
    with pytest.raises(Conflict, match="already"):
        await stage.assistant.catch_up(ANA, room.party.thread, -1)
    assert (await stage.assistant.catch_up(BEN, room.party.thread, -1)).points[0].text == "Nothing much."
    go_on.set()
    assert (await first).points[0].text == "Wait for it."
    assert (await stage.assistant.catch_up(ANA, room.party.thread, -1)).points


async def test_one_at_a_time_also_on_another_server(tmp_path: Path, model: ScriptedModel) -> None:
    """Which is told by the database; a server that is gone holds nobody up for longer than its lease."""
    url = f"sqlite:///{tmp_path / 'groupchat.sqlite'}"
    store = Store(url)
    store.open()
    store.close()
    buses = [bus_of(url), bus_of(url)]
    async with a_stage(tmp_path, model, bus=buses[0]) as here, a_stage(tmp_path, model, bus=buses[1]) as there:
        room = await talked(here)
        go_on = asyncio.Event()
        model.say("Ana was away", "- Wait", go_on, " for it.")
        first = asyncio.ensure_future(here.assistant.catch_up(ANA, room.party.thread, -1))
        await until(lambda: model.requests)
        with pytest.raises(Conflict, match="already"):
            await there.assistant.catch_up(ANA, room.party.thread, -1)
        assert len(model.requests) == 1
        go_on.set()
        assert (await first).points
        model.say("Ana was away", "- All of it.")
        assert (await there.assistant.catch_up(ANA, room.party.thread, -1)).points
        # One that this server began and never ended, and that nobody renews.
        await here.service.execute(THE_ASSISTANT, AsideBegin(id=fresh(), asked_by="ana", what="catch_up"))
        with pytest.raises(Conflict, match="already"):
            await there.assistant.catch_up(ANA, room.party.thread, -1)
        there.clock.turn((here.clock.now() + LEASE - there.clock.now()).total_seconds() + 1)
        assert (await there.assistant.catch_up(ANA, room.party.thread, -1)).points
    for bus in buses:
        bus.close()


async def test_who_was_removed_meanwhile_is_told_nothing(stage: Stage, model: ScriptedModel) -> None:
    """As is everybody who never was a member."""
    room = await talked(stage)
    go_on = asyncio.Event()
    model.say("Ben was away", "- Wait", go_on, " for it.")
    asking = asyncio.ensure_future(stage.assistant.catch_up(BEN, room.party.thread, -1))
    await until(lambda: model.requests)
    await room.party.do(ANA, MemberDelete, username="ben")
    go_on.set()
    with pytest.raises(NotFound):
        await asking


async def test_who_hangs_up_has_used_a_reply(stage: Stage, model: ScriptedModel) -> None:
    """The model has read the request by then, whether it said anything or not."""
    room = await talked(stage)
    model.say("Ana was away", asyncio.Event())
    asking = asyncio.ensure_future(stage.assistant.catch_up(ANA, room.party.thread, -1))
    await until(lambda: model.requests)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await lines(stage, room)
    used = await stage.service.usage("ana", stage.clock.now() - timedelta(days=1))
    assert used["replies"] == 1
    assert used["tokens"] > 0


async def test_stopped_it_leaves_the_model_at_once(stage: Stage, model: ScriptedModel) -> None:
    """What came is counted, the audit says that it was stopped, and the next one can begin."""
    room = await talked(stage)
    model.say("was away", "- Half of", asyncio.Event())
    asking = asyncio.ensure_future(stage.assistant.catch_up(ANA, room.party.thread, -1))
    await until(lambda: model.requests)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await until(lambda: model.left)
    model.say("was away", "- All of it.")
    assert (await stage.assistant.catch_up(ANA, room.party.thread, -1)).points
    ended = [line["details"]["status"] for line in await lines(stage, room, 2)]
    assert sorted(ended) == ["cancelled", "complete"]


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (["- Half", ModelBroke("The model's answer broke off before its end.")], ModelBroke),
        ([ModelRateLimited("It asks to wait.", retry_after=3)], ModelRateLimited),
        (["[m5]", Finished("stop", 5, 1)], ModelBroke),
    ],
)
async def test_a_failing_model_is_told_in_its_words(
    stage: Stage, model: ScriptedModel, script: list[object], error: type[Exception]
) -> None:
    """To the asker alone, with an audit line that it failed."""
    room = await talked(stage)
    model.scripts["was away"] = script  # type: ignore[assignment]
    with pytest.raises(error):
        await stage.assistant.catch_up(ANA, room.party.thread, -1)
    (line,) = await lines(stage, room)
    assert line["details"]["status"] == "failed"
    assert len(room.replies) == 0


async def test_the_end_of_the_server_ends_it(tmp_path: Path, model: ScriptedModel) -> None:
    """Within the time that it has, and with words for who waits."""
    async with a_stage(tmp_path, model) as stage:
        room = await talked(stage)
        model.say("was away", "- Half of", asyncio.Event())
        asking = asyncio.ensure_future(stage.assistant.catch_up(ANA, room.party.thread, -1))
        await until(lambda: model.requests)
        await stage.assistant.stop()
        with pytest.raises(ModelUnavailable, match="server stopped"):
            await asking


async def test_of_many_messages_the_newest_are_read(tmp_path: Path, model: ScriptedModel) -> None:
    """Across pages, and it says how many were not."""
    model.say("was away", "- Numbers [m1200].")
    async with a_stage(tmp_path, model, context_tokens=100_000) as stage:
        room = await stage.party(BEN, mode="quiet")
        await room.party.fill(BEN, READ + 300)
        told = await stage.assistant.catch_up(ANA, room.party.thread, -1)
        last = (await stage.service.thread(ANA, room.party.thread))["last_seq"]
        assert [row.seq for row in told.points[0].messages] == [1200]
        assert told.messages <= READ
        assert told.messages + told.left_out == last + 1
