"""Messages that members report to the operator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound, RateLimited
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_OPERATOR, Actor, Role
from jupyter_groupchat.wire.commands import MessageDelete, MessageReport, ReportClose, ThreadDelete, ThreadPatch
from jupyter_groupchat.wire.events import Event, ReportsChanged
from tests.doubles import ANA, BEN, CLEO, EVE, Clock, Party, fresh

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

OLGA = Actor(username="olga", name="Olga")


@pytest.fixture
async def party(store: Store, clock: Clock) -> AsyncIterator[Party]:
    """Ana's thread with Ben and, as a reviewer, Cleo, at a server that Olga keeps."""
    policy = Policy(operators=frozenset({"olga"}))
    service = ThreadService(store, limits=Limits(reports_per_hour=3), policy=policy, clock=clock)
    await service.start()
    party = await Party.of(service, ANA, BEN)
    await party.invite(ANA, CLEO, role=Role.REVIEWER)
    yield party
    await service.stop()


async def told(party: Party, **options: Any) -> list[tuple[str, str, str, str]]:
    """What the operator reads."""
    reports = await party.service.reports(OLGA, 100, **options)
    return [(one["reported_by"], one["author"], one["body"], one["reason"]) for one in reports]


async def close(party: Party, actor: Actor, report: str) -> None:
    """Say that a report was looked at."""
    await party.service.execute(actor, ReportClose(id=fresh(), report=report))


async def test_a_report_reaches_the_operator_with_a_copy(party: Party, store: Store) -> None:
    """what is deleted afterwards was kept, nobody in the thread reads of it, and the audit log has no body"""
    heard: list[Event] = []
    party.service.person("olga", heard.append)
    party.service.person("ana", heard.append)
    before = await party.service.audit(ANA, party.thread)
    message = await party.post(BEN, "something vile")
    heard.clear()
    await party.do(CLEO, MessageReport, message=message["id"], reason="  It is vile. ")
    await party.do(BEN, MessageDelete, message=message["id"])
    await party.do(ANA, ThreadDelete)
    assert await told(party) == [("cleo", "ben", "something vile", "It is vile.")]
    (report,) = await party.service.reports(OLGA, 100)
    assert (report["thread"], report["thread_title"], report["closed_at"]) == (party.thread, None, None)
    assert [event for event in heard if isinstance(event, ReportsChanged)] == [ReportsChanged(open=1, new=True)]
    assert len(before) > 0
    with store.reading() as tx:
        lines = tx.audit.list(None, 100)
        assert all(line.action != "message.report" for line in tx.audit.list(party.thread, 100))
    made = next(line for line in lines if line.action == "message.report")
    assert (made.actor, made.thread_id) == ("cleo", None)
    assert made.details == {"report": report["id"], "thread": party.thread, "message": message["id"], "author": "ben"}
    assert all("vile" not in str(line.details) for line in lines)


async def test_a_closed_report_keeps_no_copy(party: Party, store: Store) -> None:
    """that there was one stays; closing it again, or one that is not there, changes nothing"""
    message = await party.post(BEN, "something vile")
    await party.do(ANA, MessageReport, message=message["id"], reason="vile")
    (report,) = await party.service.reports(OLGA, 100)
    heard: list[Event] = []
    party.service.person("olga", heard.append)
    for nobody in (ANA, EVE, Actor(username="olga", name="Olga", via="kernel", thread=party.thread)):
        with pytest.raises((NotAllowed, NotFound)):
            await close(party, nobody, report["id"])
        with pytest.raises(NotAllowed):
            await party.service.reports(nobody, 100)
    await close(party, OLGA, report["id"])
    await close(party, THE_OPERATOR, report["id"])
    assert await told(party) == []
    assert await told(party, closed=True) == [("ana", "ben", "", "vile")]
    assert (await party.service.reports(OLGA, 100, closed=True))[0]["closed_by"] == "olga"
    assert heard == [ReportsChanged(open=0, new=False)]
    with pytest.raises(NotFound):
        await close(party, OLGA, "nothing")
    with store.reading() as tx:
        assert [line.action for line in tx.audit.list(None, 2)] == ["report.close", "message.report"]


async def test_what_can_be_reported(party: Party) -> None:
    """what others wrote in one's own threads, also in an archived one, once; the assistant's replies too"""
    message = await party.post(BEN, "something vile", id="m1")
    reply = await party.begin_reply("m1")
    await party.append(reply, "Vile ind")
    await party.do(ANA, MessageReport, message="m1", reason="vile")
    with pytest.raises(Conflict, match="already"):
        await party.do(ANA, MessageReport, message="m1", reason="again")
    await party.do(CLEO, MessageReport, message="m1", reason="vile")
    with pytest.raises(NotAllowed, match="your own"):
        await party.do(BEN, MessageReport, message="m1", reason="oops")
    with pytest.raises(NotFound):
        await party.do(EVE, MessageReport, message="m1", reason="curious")
    with pytest.raises(NotFound):
        await party.do(ANA, MessageReport, message="nothing", reason="curious")
    kernel = Actor(username="ana", name="Ana", via="kernel", thread=party.thread)
    with pytest.raises(NotAllowed, match="kernel's ticket"):
        await party.do(kernel, MessageReport, message=reply, reason="a program")
    line = next(one for one in await party.service.messages(ANA, party.thread) if one["kind"] == "system")
    with pytest.raises(NotAllowed, match="cannot be reported"):
        await party.do(CLEO, MessageReport, message=line["id"], reason="boring")
    await party.do(ANA, ThreadPatch, archived=True)
    await party.do(ANA, MessageReport, message=reply, reason="wrong")
    assert set(await told(party)) == {
        ("ana", "ben", "something vile", "vile"),
        ("cleo", "ben", "something vile", "vile"),
        ("ana", "assistant", "Vile ind", "wrong"),
    }
    assert message["id"] == "m1"
    with pytest.raises(ValueError, match="reason"):
        MessageReport(id="c", thread="t", message="m", reason="  ")


async def test_nobody_reports_without_end(party: Party, clock: Clock) -> None:
    """beyond the limit one is told how long to wait, others are not affected, and what was reported is kept"""
    for number in range(5):
        await party.post(BEN, f"vile {number}", id=f"m{number}")
    for number in range(3):
        await party.do(ANA, MessageReport, message=f"m{number}", reason="vile")
        clock.now += timedelta(minutes=10)
    with pytest.raises(RateLimited) as refused:
        await party.do(ANA, MessageReport, message="m3", reason="vile")
    assert refused.value.retry_after == 30 * 60
    await party.do(CLEO, MessageReport, message="m3", reason="vile")
    clock.now += timedelta(minutes=30, seconds=1)
    await party.do(ANA, MessageReport, message="m3", reason="vile")
    assert len(await told(party)) == 5
