"""Who is here and who is typing."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_groupchat.rooms import presence
from jupyter_groupchat.rooms.presence import Presence, Presences
from tests.doubles import until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


class Stage:
    """Presences of which the test says who listens, and that note what they tell."""

    def __init__(self) -> None:
        self.listening: dict[str, list[str]] = {}
        self.told: list[tuple[str, Presence]] = []
        self.local: list[tuple[str, Presence]] = []
        self.presences = Presences(
            lambda thread: self.listening.get(thread, []),
            lambda thread, now: self.told.append((thread, now)),
            lambda thread, now: self.local.append((thread, now)),
        )

    def come(self, *usernames: str) -> None:
        """These and no others have t1 open."""
        self.listening["t1"] = list(usernames)
        self.presences.refresh("t1")


@pytest.fixture
async def stage() -> Stage:
    """Nobody is here yet."""
    return Stage()


async def test_who_has_the_thread_open_is_here(stage: Stage) -> None:
    """A person with two windows is here once, and a change is told once."""
    stage.come("ben", "ana", "ana")
    stage.come("ana", "ben")
    stage.come("ana")
    assert stage.told == [("t1", Presence(("ana", "ben"))), ("t1", Presence(("ana",)))]


async def test_typing_is_told_and_ends_when_it_is_said(stage: Stage) -> None:
    """Saying it twice tells nothing new."""
    stage.come("ana", "ben")
    for on in (True, True, False, False):
        stage.presences.typing("t1", "ana", on)
    assert [now.typing for _, now in stage.told] == [(), ("ana",), ()]


async def test_typing_fades(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who said nothing more for some seconds is no longer typing."""
    monkeypatch.setattr(presence, "FADE", 0.01)
    stage.come("ana")
    stage.presences.typing("t1", "ana", True)
    assert stage.presences.of("t1").typing == ("ana",)
    await until(lambda: stage.told[-1] == ("t1", Presence(("ana",))))


async def test_who_is_not_here_does_not_type(stage: Stage) -> None:
    """Closing the thread ends typing in it."""
    stage.come("ana", "ben")
    stage.presences.typing("t1", "ana", True)
    stage.come("ben")
    assert stage.told[-1] == ("t1", Presence(("ben",)))
    stage.presences.close()


async def test_other_servers_people_are_here_too(stage: Stage) -> None:
    """They are told to our people, and not told back to the others."""
    stage.come("ana")
    stage.presences.elsewhere("t1", "s2", Presence(("ben",), ("ben",)))
    assert stage.told[-1] == ("t1", Presence(("ana", "ben"), ("ben",)))
    assert stage.local == [("t1", Presence(("ana",)))]
    stage.presences.elsewhere("t1", "s2", Presence())
    assert stage.told[-1] == ("t1", Presence(("ana",)))


async def test_a_server_that_stopped_has_nobody_here(stage: Stage) -> None:
    """Neither when it said so, nor when it said nothing for too long."""
    stage.presences.elsewhere("t1", "s2", Presence(("ben",)))
    stage.presences.elsewhere("t2", "s2", Presence(("ben",)))
    stage.presences.gone("s2")
    assert stage.presences.of("t1") == stage.presences.of("t2") == Presence()


async def test_a_server_that_is_silent_is_forgotten(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Presence that is not repeated ends."""
    monkeypatch.setattr(presence, "REMOTE_FADE", 0.0)
    stage.come("ana")
    stage.presences.elsewhere("t1", "s2", Presence(("ben",)))
    await asyncio.sleep(0)
    stage.presences.repeat()
    assert stage.presences.of("t1") == Presence(("ana",))
    assert stage.local == [("t1", Presence(("ana",)))] * 2
