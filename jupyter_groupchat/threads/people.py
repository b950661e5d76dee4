"""Who is connected, and telling them of their threads. Lives on the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.delivery import Tidings
from jupyter_groupchat.types import Member, MessageRow, Thread
from jupyter_groupchat.wire.answers import PREVIEW, member_json
from jupyter_groupchat.wire.events import Event, ThreadUpdated
from jupyter_groupchat.wire.shapes import MemberJson

log = logging.getLogger(__name__)

Listener = Callable[[Event], None]

#: Seconds between two accounts of one thread: in a burst, people's lists need not follow each message.
PAUSE = 0.1
#: Seconds after which a database that was away is asked again.
AGAIN = 1.0
#: Messages of a burst that are looked at for who is mentioned.
_LOOK_BACK = 50


class People:
    """The listeners of this server, by username."""

    def __init__(self) -> None:
        self._listeners: dict[str, dict[Listener, None]] = {}

    def add(self, username: str, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with the person's events; returns how to end that."""
        self._listeners.setdefault(username, {})[listener] = None

        def close() -> None:
            there = self._listeners.get(username, {})
            there.pop(listener, None)
            if not there:
                self._listeners.pop(username, None)

        return close

    def __contains__(self, username: str) -> bool:
        return username in self._listeners

    def tell(self, username: str, event: Event) -> None:
        """Hand an event to everything through which a person listens."""
        for listener in list(self._listeners.get(username, ())):
            try:
                listener(event)
            except Exception:
                # One broken connection must not keep the others from hearing. No log says what an event does.
                log.exception("A listener failed on %s.", type(event).__name__)


@dataclass(slots=True)
class _Pending:
    """What is to be told of a thread. ``usernames`` None stands for all its members."""

    usernames: set[str] | None
    seq: int | None = None
    first: int | None = None
    members: bool = False

    def add(self, tidings: Tidings) -> None:
        self.members = self.members or tidings.members
        if tidings.username is None:
            self.usernames = None
        elif self.usernames is not None:
            self.usernames.add(tidings.username)
        if tidings.seq is not None:
            self.seq = max(tidings.seq, self.seq or 0)
            self.first = min(tidings.seq, tidings.seq if self.first is None else self.first)


class Accounts:
    """Counts unread messages and mentions for the people who are connected, off the core thread and off the loop.

    One account of a thread at a time, and at most one in ``PAUSE`` seconds: what happens meanwhile is in the next.
    """

    def __init__(
        self,
        store: Store,
        people: People,
        run: Callable[[Callable[[], list[tuple[str, Event]]]], Awaitable[list[tuple[str, Event]]]],
    ) -> None:
        self._store = store
        self._people = people
        self._run = run
        self._pending: dict[str, _Pending] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def note(self, tidings: Tidings) -> None:
        """Something in a thread changed that its members' lists show."""
        pending = self._pending.get(tidings.thread_id)
        if pending is None:
            pending = self._pending[tidings.thread_id] = _Pending(usernames=set())
        pending.add(tidings)
        if tidings.thread_id not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._account(tidings.thread_id))
            self._tasks[tidings.thread_id] = task

    async def close(self) -> None:
        """Tell no more."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _account(self, thread_id: str) -> None:
        try:
            while thread_id in self._pending:
                pending = self._pending.pop(thread_id)
                events = None
                while events is None:
                    try:
                        events = await self._run(partial(self._events, thread_id, pending))
                    except StorageUnavailable as error:
                        log.warning("The members of thread %s are told later. %s", thread_id, error)
                        await asyncio.sleep(AGAIN)
                for username, event in events:
                    self._people.tell(username, event)
                await asyncio.sleep(PAUSE)
        except Exception:
            # The lists are right again with the next message; people's messages themselves do not go this way.
            log.exception("The members of thread %s could not be told of it.", thread_id)
        finally:
            del self._tasks[thread_id]

    def _events(self, thread_id: str, pending: _Pending) -> list[tuple[str, Event]]:
        with self._store.reading() as tx:
            thread = tx.threads.get(thread_id)
            if thread is None:
                return []
            everybody = tx.members.list(thread_id)
            members = [
                member
                for member in everybody
                if member.username in self._people
                and (pending.usernames is None or member.username in pending.usernames)
            ]
            if not members:
                return []
            news = (
                _news(tx.messages.newest(thread_id, _LOOK_BACK, pending.seq + 1), pending)
                if pending.seq is not None
                else []
            )
            shown = [member_json(member) for member in everybody] if pending.members else None
            return [
                (member.username, _event(thread, member, tx.members.unread(thread_id, member.username), news, shown))
                for member in members
            ]


def _news(newest: list[MessageRow], pending: _Pending) -> list[MessageRow]:
    first = pending.first or 0
    return [row for row in newest if row.seq >= first and not row.deleted]


def _event(
    thread: Thread,
    member: Member,
    counts: tuple[int, int],
    news: list[MessageRow],
    members: list[MemberJson] | None,
) -> ThreadUpdated:
    """``news`` is newest first; nobody is told of what they wrote themselves."""
    theirs = [row for row in news if row.author != member.username and row.kind != "system"]
    return ThreadUpdated(
        thread=thread.id,
        title=thread.title,
        last_seq=thread.last_seq,
        unread=counts[0],
        mentions=counts[1],
        author_name=theirs[0].author_name if theirs else None,
        preview=theirs[0].body[:PREVIEW] if theirs else None,
        mentioned=any(member.username in row.mentions for row in theirs),
        muted=member.muted,
        members=members,
    )
