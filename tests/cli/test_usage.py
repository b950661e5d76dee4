"""``jupyter groupchat usage``."""

from __future__ import annotations

import json
from datetime import timedelta

from jupyter_groupchat.storage.store import Store
from tests.cli.conftest import Run
from tests.storage.things import NOON


def used(database: str) -> None:
    """Ana asked twice and Ben once, in November; the assistant decided once, and Ana asked again in December."""
    store = Store(database)
    store.open()
    try:
        with store.writing() as tx:
            for username, model, tokens, days in (
                ("ana", "small", 1_000, 0),
                ("ana", "small", 234, 1),
                ("ben", "large\x1b[2J", 50, 1),
                ("assistant", "small", 7, 1),
                ("ana", "small", 9, 30),
            ):
                tx.usage.add("t1", username, model, tokens, tokens * 2, NOON + timedelta(days=days), username == "ana")
    finally:
        store.close()


def test_the_report_has_the_sums_of_its_time(run: Run, database: str) -> None:
    """Each person, thread and model has a line, then all together; the last day is not included."""
    used(database)
    since, until = NOON.date(), (NOON + timedelta(days=30)).isoformat()
    ran = run("usage", f"--since={since}", f"--until={until}")
    assert ran.code == 0
    head, titles, *rows = ran.said.splitlines()
    assert f"From {since}T00:00:00.000Z until" in head
    assert titles.split()[:3] == ["PERSON", "THREAD", "MODEL"]
    assert [row.split() for row in rows] == [
        ["ana", "t1", "small", "2", "1,234", "2,468"],
        ["assistant", "t1", "small", "1", "7", "14"],
        ["ben", "t1", "large?[2J", "1", "50", "100"],
        ["all", "4", "1,291", "2,582"],
    ]


def test_the_report_can_be_read_by_programs(run: Run, database: str) -> None:
    """As JSON it has the same numbers."""
    used(database)
    ran = run("usage", "--json", f"--since={NOON.date()}", f"--until={(NOON + timedelta(days=60)).date()}")
    lines = [json.loads(text) for text in ran.said.splitlines()]
    assert [(line["username"], line["replies"], line["prompt_tokens"]) for line in lines] == [
        ("ana", 3, 1_243),
        ("assistant", 1, 7),
        ("ben", 1, 50),
    ]


def test_a_time_that_is_none_is_misuse(run: Run, database: str) -> None:
    """What cannot be read as a time, or is no span of time, ends with the code for misuse and says so."""
    used(database)
    for arguments, words in (
        (("--since=yesterday",), "no date or time"),
        (("--since=2026-12-01", "--until=2026-11-01"), "not before"),
    ):
        ran = run("usage", *arguments)
        assert (ran.code, ran.said) == (2, "")
        assert words in ran.complained
