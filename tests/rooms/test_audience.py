"""Who listens to which document."""

from __future__ import annotations

import pytest

from jupyter_groupchat.rooms.audience import Audience


class Ear:
    """A subscriber that notes what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bytes | str]] = []

    def update(self, doc_id: str, body: bytes) -> None:
        self.heard.append((doc_id, body))

    def closed(self, doc_id: str, why: str) -> None:
        self.heard.append((doc_id, why))


class BrokenEar(Ear):
    """A subscriber whose connection is in ruins."""

    def update(self, doc_id: str, body: bytes) -> None:
        raise RuntimeError("broken pipe")

    def closed(self, doc_id: str, why: str) -> None:
        raise RuntimeError("broken pipe")


@pytest.fixture
def changed() -> list[str]:
    """The documents whose listeners changed."""
    return []


@pytest.fixture
def audience(changed: list[str]) -> Audience:
    """Nobody listens yet."""
    return Audience(changed.append)


def test_an_update_goes_to_who_listens_to_its_document(audience: Audience) -> None:
    """And to nobody else."""
    ana, ben = Ear(), Ear()
    audience.add("page:t1:0", "ana", ana, b"")
    audience.add("page:t2:0", "ben", ben, b"")
    audience.update("page:t1:0", b"x")
    audience.update("page:t9:0", b"y")
    assert ana.heard == [("page:t1:0", b"x")]
    assert ben.heard == []


def test_a_person_may_listen_more_than_once(audience: Audience, changed: list[str]) -> None:
    """Three windows are three channels of one person, who is there until the last is closed."""
    channels = [audience.add("thread:t1", "ana", Ear(), b"") for _ in range(3)]
    assert audience.usernames("thread:t1") == ["ana"]
    for channel in channels[:2]:
        channel.close()
    channels[0].close()
    assert audience.listens("thread:t1", "ana")
    channels[2].close()
    assert not audience.listens("thread:t1", "ana")
    assert "thread:t1" not in audience
    assert changed == ["thread:t1"] * 6


def test_closing_a_persons_channels_leaves_others_open(audience: Audience) -> None:
    """Who was removed from a thread loses all of its documents, and nothing of other threads."""
    ana, ben, elsewhere = Ear(), Ear(), Ear()
    for doc_id in ("thread:t1", "page:t1:0", "page:t1:1"):
        audience.add(doc_id, "ana", ana, b"")
        audience.add(doc_id, "ben", ben, b"")
    audience.add("thread:t2", "ben", elsewhere, b"")
    audience.close("t1", "ben", "removed")
    assert sorted(ben.heard) == [("page:t1:0", "removed"), ("page:t1:1", "removed"), ("thread:t1", "removed")]
    assert ana.heard == elsewhere.heard == []


def test_closing_a_thread_closes_everybodys_channels(audience: Audience) -> None:
    """A deleted thread has no listeners."""
    ana, ben = Ear(), Ear()
    audience.add("thread:t1", "ana", ana, b"")
    audience.add("thread:t1", "ben", ben, b"")
    audience.close("t1", None, "deleted")
    assert ana.heard == ben.heard == [("thread:t1", "deleted")]
    assert "thread:t1" not in audience


def test_a_broken_subscriber_is_dropped_and_the_others_hear(
    audience: Audience, caplog: pytest.LogCaptureFixture
) -> None:
    """One connection's failure is nobody else's."""
    ana = Ear()
    audience.add("thread:t1", "ben", BrokenEar(), b"")
    audience.add("thread:t1", "ana", ana, b"")
    audience.update("thread:t1", b"x")
    assert ana.heard == [("thread:t1", b"x")]
    assert audience.usernames("thread:t1") == ["ana"]
    assert "was dropped" in caplog.text


def test_everything_can_be_closed_even_what_is_broken(audience: Audience, caplog: pytest.LogCaptureFixture) -> None:
    """A server that stops closes all channels."""
    ana = Ear()
    audience.add("page:t1:0", "ben", BrokenEar(), b"")
    audience.add("thread:t1", "ana", ana, b"")
    audience.close_all("stopped")
    assert ana.heard == [("thread:t1", "stopped")]
    assert "thread:t1" not in audience
    assert "page:t1:0" not in audience
