"""What people are told of their threads, and who is here."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from jupyter_groupchat.errors import NotFound, StorageUnavailable
from jupyter_groupchat.threads import people
from jupyter_groupchat.threads.happenings import Happening, Typed
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire.commands import (
    MemberDelete,
    MessageDelete,
    MutePut,
    ProfilePatch,
    ReadPut,
    ThreadPatch,
    Typing,
)
from jupyter_groupchat.wire.events import AssistantNotice, Event, PresenceChanged, ThreadUpdated
from tests.doubles import ANA, BEN, CLEO, EVE, Party, until

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]


@dataclass
class Ears:
    """Through which a person hears."""

    events: list[Event] = field(default_factory=list)

    @classmethod
    def of(cls, service: ThreadService, actor: Actor) -> Ears:
        """Ears that hear from now on."""
        ears = cls()
        service.person(actor.username, ears.events.append)
        return ears

    @property
    def updates(self) -> list[ThreadUpdated]:
        """The accounts of threads."""
        return [event for event in self.events if isinstance(event, ThreadUpdated)]

    @property
    def presence(self) -> list[tuple[list[str], list[str]]]:
        """Who was here and who was typing."""
        return [(event.here, event.typing) for event in self.events if isinstance(event, PresenceChanged)]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts follow each other without a pause."""
    monkeypatch.setattr(people, "PAUSE", 0.0)


async def test_who_could_not_be_told_at_once_is_told_later(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the database is away for a moment costs nobody the news that they were mentioned."""
    monkeypatch.setattr(people, "AGAIN", 0.01)
    ben = Ears.of(party.service, BEN)
    events, failures = party.service._accounts._events, iter(range(3))

    def now_and_then(thread_id: str, pending: people._Pending) -> list[tuple[str, Event]]:
        if next(failures, None) is not None:
            raise StorageUnavailable("The chat's database is not available.")
        return events(thread_id, pending)

    monkeypatch.setattr(party.service._accounts, "_events", now_and_then)
    await party.post(ANA, "@ben look")
    await until(lambda: ben.updates and ben.updates[-1].mentioned)
    assert next(failures, None) is None


async def test_members_are_told_of_a_message(party: Party) -> None:
    """What is unread for each, the start of the text, and whether it mentions them; the author hears no news."""
    ana, ben = Ears.of(party.service, ANA), Ears.of(party.service, BEN)
    message = await party.post(ANA, "@ben " + "x" * 200)
    await until(lambda: all(ears.updates and ears.updates[-1].last_seq == message["seq"] for ears in (ana, ben)))
    event = ben.updates[-1]
    assert (event.thread, event.title) == (party.thread, "Churn review")
    assert (event.author_name, event.preview, event.mentioned) == ("Ana", message["body"][:120], True)
    assert (event.unread, event.mentions, event.muted) == (1, 1, False)
    event = ana.updates[-1]
    assert (event.author_name, event.preview, event.mentioned) == (None, None, False)


async def test_a_burst_is_told_in_few_words(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """One account may stand for many messages: the last one is right, and a mention on the way is not lost."""
    monkeypatch.setattr(people, "PAUSE", 0.05)
    ben = Ears.of(party.service, BEN)
    for number in range(20):
        await party.post(ANA, "@ben" if number == 3 else f"number {number}")
    await until(lambda: ben.updates and ben.updates[-1].preview == "number 19")
    assert ben.updates[-1].mentions == 1
    assert ben.updates[-1].unread == 20
    assert any(event.mentioned for event in ben.updates)


async def test_ones_own_marks_are_told_to_oneself(party: Party) -> None:
    """Reading or muting on one screen shows on the others, and to nobody else."""
    ana, ben = Ears.of(party.service, ANA), Ears.of(party.service, BEN)
    await party.post(ANA, "@ben")
    await until(lambda: ben.updates and ben.updates[-1].mentions == 1)
    ana.events.clear()
    await party.do(BEN, ReadPut, seq=1)
    await until(lambda: ben.updates[-1].mentions == 0)
    assert ben.updates[-1].preview is None
    await party.do(BEN, MutePut, muted=True)
    await until(lambda: ben.updates[-1].muted)
    assert ana.updates == []


async def test_a_new_title_is_told_without_news(party: Party) -> None:
    """Lists show it; nobody is notified."""
    ben = Ears.of(party.service, BEN)
    await party.do(ANA, ThreadPatch, title="Churn in May")
    await until(lambda: ben.updates and ben.updates[-1].title == "Churn in May")
    assert all(event.preview is None for event in ben.updates)


async def test_who_is_in_a_thread_is_told_when_that_changes(party: Party) -> None:
    """Lists show faces: of who comes and goes, and of who calls themselves something else. A message says nothing."""
    ben = Ears.of(party.service, BEN)

    def told() -> list[str] | None:
        return next(([m["name"] for m in e.members] for e in reversed(ben.updates) if e.members is not None), None)

    await party.invite(ANA, EVE)
    await until(lambda: told() == ["Ana", "Ben", "Eve"])
    await party.do(EVE, ProfilePatch, name="Evelyn")
    await until(lambda: told() == ["Ana", "Ben", "Evelyn"])
    await party.do(ANA, MemberDelete, username="eve")
    await until(lambda: told() == ["Ana", "Ben"])
    ben.events.clear()
    await party.post(ANA, "Hello")
    await until(lambda: ben.updates)
    assert told() is None


async def test_streaming_is_not_told_piece_by_piece(party: Party) -> None:
    """A reply is told when it appears and, with its text, when it is done."""
    ben = Ears.of(party.service, BEN)
    await party.post(ANA, "how many?", id="m1")
    await until(lambda: ben.updates and ben.updates[-1].preview == "how many?")
    ben.events.clear()
    reply = await party.begin_reply("m1")
    await until(lambda: ben.updates)
    assert [event.preview for event in ben.updates] == [None]
    for _ in range(50):
        await party.append(reply, "piece ")
    await party.seal(reply)
    await until(lambda: ben.updates[-1].preview)
    assert ben.updates[-1].author_name == "Assistant"
    assert ben.updates[-1].preview == ("piece " * 20)[:120]
    assert len(ben.updates) == 2


async def test_a_deleted_message_is_no_news(party: Party) -> None:
    """Its text is in no account."""
    ben = Ears.of(party.service, BEN)
    message = await party.post(ANA, "secret")
    await party.do(ANA, MessageDelete, message=message["id"])
    await party.post(ANA, "public")
    await until(lambda: ben.updates and ben.updates[-1].preview == "public")


async def test_who_is_no_longer_a_member_or_not_listening_is_not_told(party: Party) -> None:
    """Strangers hear nothing, and a listener that was closed neither."""
    eve, ben = Ears.of(party.service, EVE), Ears.of(party.service, BEN)
    heard: list[Event] = []
    close = party.service.person("ben", heard.append)
    close()
    close()
    await party.post(ANA, "hello")
    await until(lambda: ben.updates)
    assert eve.events == heard == []


async def test_a_broken_listener_keeps_nobody_from_hearing(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    """The others are told, and the log says what failed."""

    def broken(event: Event) -> None:
        raise RuntimeError("broken pipe")

    party.service.person("ben", broken)
    ben = Ears.of(party.service, BEN)
    await party.post(ANA, "hello")
    await until(lambda: ben.updates)
    assert "broken pipe" in caplog.text


async def test_who_has_the_thread_open_is_here(party: Party) -> None:
    """Those who have it open are told of each other; a page alone is not being here."""
    ana, ben = Ears.of(party.service, ANA), Ears.of(party.service, BEN)
    await party.look(BEN, page=0)
    assert party.service.presence_of(party.thread).here == []
    boards = [await party.look(ANA), await party.look(BEN), await party.look(BEN)]
    assert ana.presence == [(["ana"], []), (["ana", "ben"], [])]
    boards[1].subscription.close()
    assert ana.presence[-1] == (["ana", "ben"], [])
    boards[2].subscription.close()
    assert ana.presence[-1] == (["ana"], [])
    assert ben.presence == [(["ana", "ben"], [])]
    assert party.service.presence_of(party.thread) == PresenceChanged(thread=party.thread, here=["ana"], typing=[])


async def test_typing_is_told_until_the_message_is_there(party: Party) -> None:
    """The assistant is told too: it waits for who is still typing."""
    heard: list[Happening] = []
    ana = Ears.of(party.service, ANA)
    for actor in (ANA, BEN):
        await party.look(actor)
    party.service.watch(heard.append)
    await party.do(BEN, Typing)
    assert ana.presence[-1] == (["ana", "ben"], ["ben"])
    await party.post(BEN, "done")
    assert ana.presence[-1] == (["ana", "ben"], [])
    await party.do(BEN, Typing)
    await party.do(BEN, Typing, typing=False)
    typed = [happening for happening in heard if isinstance(happening, Typed)]
    assert [(one.username, one.typing) for one in typed] == [("ben", True), ("ben", True), ("ben", False)]


async def test_typing_in_a_thread_that_is_not_open_needs_membership(party: Party) -> None:
    """Strangers cannot probe for threads that way, and a kernel not in others than its own."""
    await party.do(BEN, Typing)
    kernel = Actor(username="ana", name="Ana", via="kernel", thread="another")
    for actor, thread in ((EVE, party.thread), (ANA, "nothing"), (CLEO, party.thread), (kernel, party.thread)):
        with pytest.raises(NotFound):
            await party.do(actor, Typing, thread=thread)


async def test_a_notice_is_one_persons(party: Party) -> None:
    """What the assistant tells the asker, nobody else hears."""
    ana, ben = Ears.of(party.service, ANA), Ears.of(party.service, BEN)
    notice = AssistantNotice(thread=party.thread, message="m1", text="No replies left.", until=None)
    party.service.tell("ana", notice)
    assert ana.events == [notice]
    assert ben.events == []


async def test_a_listener_that_fails_keeps_nothing_from_others_and_nothing_in_the_log(
    party: Party, caplog: pytest.LogCaptureFixture
) -> None:
    """What somebody wrote is in events, and no log says it."""

    def fails(event: Event) -> None:
        raise RuntimeError("this connection is broken")

    party.service.person("ben", fails)
    ears = Ears.of(party.service, BEN)
    await party.post(ANA, "between you and me")
    await until(lambda: "between you and me" in [update.preview for update in ears.updates])
    assert "A listener failed on ThreadUpdated" in caplog.text
    assert "between you and me" not in caplog.text
