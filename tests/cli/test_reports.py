"""``jupyter groupchat reports``."""

from __future__ import annotations

import json

from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.types import Report
from tests.cli.conftest import Run
from tests.storage.things import NOON, a_thread


def reported(database: str) -> None:
    """Ana reported Ben in a thread that is there, and in one that is gone."""
    store = Store(database)
    store.open()
    try:
        with store.writing() as tx:
            tx.threads.insert(a_thread("t1", title="Churn\x1b[2J"))
            for id, thread, body in (("r1", "t1", "something vile\nin two lines"), ("r2", "gone", "")):
                report = Report(
                    id=id,
                    thread_id=thread,
                    message="m1",
                    author="ben",
                    body=body,
                    reported_by="ana",
                    reason="rude",
                    at=NOON,
                )
                tx.reports.add(report)
    finally:
        store.close()


def test_reports_are_shown_and_closed(run: Run, database: str) -> None:
    """each with who, whom, where, why and what; a closed one only when all are asked for, and without what was said"""
    reported(database)
    ran = run("reports")
    assert ran.code == 0
    assert "ana reported ben in “Churn?[2J”" in ran.said
    assert "why: rude" in ran.said
    assert "what: something vile\n        in two lines" in ran.said
    assert "in a thread that is gone" in ran.said
    ran = run("reports", "--close=r1")
    assert (ran.code, ran.said) == (0, "r1 is closed.\n")
    assert "r1" not in run("reports").said
    everything = run("reports", "--all").said
    assert "closed by" in everything
    assert "vile" not in everything
    lines = {line["id"]: line for line in map(json.loads, run("reports", "--all", "--json").said.splitlines())}
    assert (lines["r1"]["body"], lines["r2"]["closed_at"]) == ("", None)


def test_what_is_not_there_is_said(run: Run, database: str) -> None:
    """no report, and one of an unknown id"""
    store = Store(database)
    store.open()
    store.close()
    assert run("reports").said == "No report is open.\n"
    ran = run("reports", "--close=nothing")
    assert (ran.code, ran.said) == (1, "")
    assert "There is no such report." in ran.complained
