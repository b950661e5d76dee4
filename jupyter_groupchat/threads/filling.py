"""New threads that begin with many messages: copies and imports.

They are written a page at a time, so that what others do comes in between. Until the last step nobody is in such a
thread, and so nobody sees it. One that is given up is deleted; where that fails too, ``upkeep`` comes by.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from jupyter_groupchat.documents import names
from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.errors import GroupChatError, StorageUnavailable
from jupyter_groupchat.rooms.room import Room
from jupyter_groupchat.threads import servers
from jupyter_groupchat.threads.internal import ThreadBegin, ThreadDiscard, ThreadFill
from jupyter_groupchat.threads.work import Work, row_of
from jupyter_groupchat.types import PAGE_SIZE, THE_OPERATOR, Actor, Message, StoredDocument, Thread

#: How long nothing may happen in a thread that is being written until nobody is taken to write it any more.
PATIENCE = timedelta(hours=1)

GONE = "This took too long and was given up. Nothing was kept of it; try again."

#: One step: something to write into the thread, in a transaction of its own.
Piece = Callable[[Work], object]


class Order(Protocol):
    """Has a command carried out on the core thread, with what was prepared for it."""

    def __call__(self, actor: Actor, command: Any, prepared: Any = None) -> Awaitable[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Filling:
    """A new thread and what it is to hold. ``command`` is its last step and gets this as what was prepared for it.

    ``source`` is the thread from which it is copied.
    """

    command: Any
    thread: Thread
    pieces: Sequence[Piece]
    source: str | None = None
    details: Any = None


async def fill(order: Order, actor: Actor, filling: Filling) -> dict[str, Any]:
    """Write a thread; the answer of its last step. Raises what a step raises, and nothing is there then."""
    thread_id = filling.thread.id
    begin = ThreadBegin(id=_new_id(), source=filling.source)
    await order(actor, begin, filling.thread)
    is_whole = False
    try:
        for piece in filling.pieces:
            await order(actor, ThreadFill(id=_new_id(), thread=thread_id), piece)
        answer = await order(actor, filling.command, filling)
        is_whole = answer["thread"]["id"] == thread_id  # else the same command was carried out meanwhile
    finally:
        if not is_whole:
            with suppress(GroupChatError):
                await order(THE_OPERATOR, ThreadDiscard(id=_new_id(), thread=thread_id), None)
    return answer


def pages(thread_id: str, messages: Sequence[Message]) -> list[Piece]:
    """The steps that write these messages, whose ``seq`` is their place: work done here is none for the core thread."""
    parts = (messages[start : start + PAGE_SIZE] for start in range(0, len(messages), PAGE_SIZE))
    return [_page(thread_id, number, part) for number, part in enumerate(parts)]


# -- the steps


def begin(work: Work, thread: Thread) -> dict[str, Any]:
    """Add a thread that nobody is in."""
    work.tx.threads.insert(thread)
    work.tx.threads.be_unfinished(thread.id, work.context.server_id, work.now)
    return {}


def carry_on(work: Work, actor: Actor, command: ThreadFill, piece: Piece) -> dict[str, Any]:
    """Write a piece."""
    require(work, command.thread)
    work.tx.threads.be_unfinished(command.thread, work.context.server_id, work.now)
    piece(work)
    return {}


def require(work: Work, thread_id: str) -> None:
    """Raise StorageUnavailable when the thread is not there to be written any more."""
    if not work.rows.threads.is_unfinished(thread_id):
        raise StorageUnavailable(GONE)


def discard(work: Work, actor: Actor, command: ThreadDiscard) -> dict[str, Any]:
    """Delete what there is of a thread, unless it became whole."""
    if work.rows.threads.is_unfinished(command.thread):
        work.delete_thread(command.thread)
    return {}


def is_given_up(server: str, at: datetime, now: datetime) -> bool:
    """Whether a thread that ``server`` last wrote ``at`` a moment will never be whole."""
    return servers.is_dead(server) or now - at > PATIENCE


def _page(thread_id: str, number: int, messages: Sequence[Message]) -> Piece:
    doc_id = names.page_document(thread_id, number)
    update = _as_document(doc_id, messages)
    rows = [row_of(replace(message, thread_id=thread_id)) for message in messages]

    def write(work: Work) -> None:
        work.tx.messages.add_read(thread_id, rows)
        work.tx.documents.append(doc_id, thread_id, update)

    return write


def _as_document(doc_id: str, messages: Sequence[Message]) -> bytes:
    room = Room(doc_id, YPage, StoredDocument(snapshot=None, updates=(), seq=0))
    view = room.open()
    for message in messages:
        view.post(message)
        for emoji, username in _each(message.reactions):
            view.set_reaction(message.id, emoji, username, True)
        for mark, username in message.marks.items():
            view.set_mark(message.id, mark, username)
    update = room.close()
    assert update is not None
    return update


def _each(reactions: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for emoji, usernames in reactions.items():
        for username in usernames:
            yield emoji, username


def _new_id() -> str:
    return secrets.token_urlsafe(12)
