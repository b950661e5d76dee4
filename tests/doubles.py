"""Stand-ins that several tests use, named for the part they play."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

from pycrdt import Doc, Text

from jupyter_groupchat.documents import names
from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.reply_types import Manifest
from jupyter_groupchat.rooms.audience import Subscription
from jupyter_groupchat.rooms.draft_room import DraftRoom
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads.internal import ReplyAppend, ReplyBegin, ReplySeal
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT, Actor, Message, Role
from jupyter_groupchat.wire import commands, frames

ANA = Actor(username="ana", name="Ana")
BEN = Actor(username="ben", name="Ben")
CLEO = Actor(username="cleo", name="Cleo")
EVE = Actor(username="eve", name="Eve")

#: Seconds after which a test gives up waiting. An upper bound only: nothing waits that long when it works.
PATIENCE = 60.0

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

#: What a reply that read one message was made from.
MANIFEST = Manifest(
    model="tiny",
    instructions="",
    messages=("m1",),
    messages_cut=(),
    cells=(),
    files=(),
    tools=(),
    prompt_tokens=10,
    completion_tokens=5,
    counted_by="endpoint",
)

_numbers = itertools.count()


def fresh(prefix: str = "c") -> str:
    """An id that no other call gave."""
    return f"{prefix}{next(_numbers)}"


class Clock:
    """The time of day, which the test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Seconds:
    """What counts seconds, as the test sets it."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def until(condition: Callable[[], Any]) -> None:
    """Wait for a condition that something under way will make true."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.005)


class Onlooker:
    """A client's read replica of one document, fed by the frames that the service sends."""

    def __init__(self, doc_id: str) -> None:
        self.doc_id = doc_id
        self.thread_id = names.parse(doc_id).thread_id
        self.doc: Doc[Any] = Doc()
        self.frames: list[bytes] = []
        self.why: str | None = None
        self.subscription: Subscription

    @classmethod
    async def opens(cls, service: ThreadService, actor: Actor, doc_id: str) -> Onlooker:
        """Subscribe and fetch what is there."""
        onlooker = cls(doc_id)
        onlooker.subscription = await service.subscribe(actor, doc_id, onlooker)
        await onlooker.fetch(service, actor)
        return onlooker

    async def fetch(self, service: ThreadService, actor: Actor) -> bytes:
        """Ask for what is missed, and return that."""
        missed = await service.difference(actor, self.doc_id, self.doc.get_state())
        self.doc.apply_update(missed)
        return missed

    def update(self, doc_id: str, body: bytes) -> None:
        assert doc_id == self.doc_id
        assert self.why is None, "an update after the channel was closed"
        self.frames.append(body)
        frame = frames.parse(b"\x00" + body)
        assert frame.step is frames.Step.UPDATE
        self.doc.apply_update(frame.payload)

    def closed(self, doc_id: str, why: str) -> None:
        assert doc_id == self.doc_id
        self.why = why

    @property
    def messages(self) -> list[Message]:
        """What the page shows."""
        return list(YPage(self.doc).messages(self.thread_id))

    @property
    def bodies(self) -> list[str]:
        """The texts of what people and the assistant said."""
        return [message.body for message in self.messages if message.kind != "system"]

    @property
    def board(self) -> dict[str, Any]:
        """What the thread document shows."""
        return YThread(self.doc).get()


class Copy(Onlooker):
    """Somebody's copy of a draft, in which they write. What they write is an update for each change."""

    def __init__(self, doc_id: str) -> None:
        super().__init__(doc_id)
        self.body: Text = self.doc.get("body", type=Text)

    def typed(self, text: str, at: int | None = None) -> bytes:
        """The update of typing ``text`` after so many bytes, or at the end."""
        return self._changed(lambda: self.body.insert(len(self.body) if at is None else at, text))

    def erased(self, start: int, end: int) -> bytes:
        """The update of deleting bytes."""
        return self._changed(lambda: self.body.__delitem__(slice(start, end)))

    def _changed(self, change: Callable[[], object]) -> bytes:
        told: list[bytes] = []
        observing = self.doc.observe(lambda event: told.append(event.update))
        change()
        self.doc.unobserve(observing)
        return told[0]

    def __str__(self) -> str:
        return str(self.body)


class Party:
    """People in one thread of a service, and shorthand for what they do there."""

    def __init__(self, service: ThreadService, thread: str) -> None:
        self.service = service
        self.thread = thread

    @classmethod
    async def of(cls, service: ThreadService, owner: Actor, *others: Actor, role: Role = Role.MEMBER) -> Party:
        """A new thread of ``owner``, which the others have joined."""
        create = commands.ThreadCreate(id=fresh(), title="Churn review")
        answer = await service.execute(owner, create)
        party = cls(service, answer["thread"]["id"])
        for other in others:
            await party.invite(owner, other, role=role)
        return party

    async def invite(self, by: Actor, whom: Actor, *, role: Role = Role.MEMBER) -> dict[str, Any]:
        """Let ``whom`` join by a new link."""
        invited = await self.do(by, commands.InvitationCreate, role=role)
        return await self.do(whom, commands.InvitationAccept, code=invited["invitation"]["code"])

    async def guest(self, name: str = "Hana Sato", by: Actor = ANA, days: int = 2) -> Actor:
        """A guest who came by a new link, where the operator lets guests in."""
        seconds = days * 86_400
        link = await self.do(by, commands.InvitationCreate, role=Role.REVIEWER, expires_in=seconds, guest=True)
        holder, _ = await self.service.passes.enter(link["invitation"]["code"], name, fresh("address"), None)
        return holder.actor

    async def do(self, actor: Actor, kind: Any, **fields: Any) -> dict[str, Any]:
        """Execute a command; its id and thread are filled in."""
        fields.setdefault("id", fresh())
        if "thread" in kind.model_fields:
            fields.setdefault("thread", self.thread)
        return await self.service.execute(actor, kind(**fields))

    async def post(self, actor: Actor, body: str, **fields: Any) -> dict[str, Any]:
        """Write a message and return it."""
        answer = await self.do(actor, commands.MessagePost, body=body, **fields)
        message: dict[str, Any] = answer["message"]
        return message

    async def fill(self, actor: Actor, count: int, *, start: int = 0) -> None:
        """Write ``number 0``, ``number 1`` and so on, all at once and in order."""
        await asyncio.gather(*(self.post(actor, f"number {number}") for number in range(start, start + count)))

    async def begin_reply(self, about: str, *, asked_by: Actor = ANA, asked: bool = True, **fields: Any) -> str:
        """The id of a reply that the assistant begins."""
        answer = await self.do(
            THE_ASSISTANT, ReplyBegin, about=about, asked_by=asked_by.username, asked=asked, model="tiny", **fields
        )
        id: str = answer["message"]["id"]
        return id

    async def append(self, reply: str, text: str) -> None:
        """Stream a piece."""
        await self.do(THE_ASSISTANT, ReplyAppend, message=reply, text=text)

    async def seal(self, reply: str, status: str = "complete", **fields: Any) -> None:
        """End a reply."""
        await self.do(THE_ASSISTANT, ReplySeal, message=reply, status=status, **fields)

    async def draft(self, actor: Actor, text: str = "") -> str:
        """The id of a new draft's document."""
        answer = await self.do(actor, commands.DraftOpen, text=text)
        return names.draft_document(self.thread, answer["draft"]["id"])

    async def look(self, actor: Actor, page: int | None = None) -> Onlooker:
        """A replica of a page, or of the thread document."""
        doc_id = names.thread_document(self.thread) if page is None else names.page_document(self.thread, page)
        return await Onlooker.opens(self.service, actor, doc_id)


class FailingStore:
    """A store whose commits fail when the test says so: the transaction is complete, and then is not kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.commits = 0
        #: What the next commits raise, the first first; None lets one through.
        self.failures: list[Exception | None] = []

    def reading(self) -> AbstractContextManager[Transaction]:
        return self._store.reading()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        with self._store.writing() as tx:
            yield tx
            failure = self.failures.pop(0) if self.failures else None
            if failure is not None:
                raise failure
        self.commits += 1


#: Letters of a draft.
MOST = 1_000


def take(room: DraftRoom, data: bytes) -> bytes | None:
    """Let a room take an update; what it appends to the log, None where nothing is new. Raises GroupChatError."""
    change = room.new_in(data)
    attempt = room.attempt(change, MOST)
    if attempt is None:
        return None
    room.open()
    room.take(change, attempt)
    update = room.close()
    assert update is not None
    room.appended(room.seq + 1, update)
    assert room.text == attempt.text
    return update
