"""What is done now and then: leases renewed, dead servers' replies ended, logs folded, what was missed read again,
guests taken out whose time is over.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from jupyter_groupchat.errors import Conflict, NotFound, StorageUnavailable
from jupyter_groupchat.invitation_types import Guest
from jupyter_groupchat.reply_types import ReplyJob
from jupyter_groupchat.rooms.audience import Audience
from jupyter_groupchat.rooms.heap import give_back
from jupyter_groupchat.rooms.room import merged
from jupyter_groupchat.storage.documents import Snapshot
from jupyter_groupchat.threads import filling, servers
from jupyter_groupchat.threads.expiry import Expiry, InReader
from jupyter_groupchat.threads.internal import GuestEnd, ReplySeal, ThreadDiscard
from jupyter_groupchat.threads.neighbours import Neighbours
from jupyter_groupchat.threads.pipeline import Pipeline
from jupyter_groupchat.threads.replies import LEASE
from jupyter_groupchat.threads.work import FOLD_AFTER
from jupyter_groupchat.types import THE_ASSISTANT, THE_OPERATOR, MessageStatus

log = logging.getLogger(__name__)

#: Seconds between two rounds.
ROUND = 3.0
#: Rounds between two of the rarer things.
_PRESENCE_EVERY, _PRUNE_EVERY = 4, 1_200
#: Rounds in which a living server would have renewed its leases.
_MISSED = 2
#: Seconds after which a room that nobody uses leaves memory.
IDLE = 60.0
#: Rooms whose space is worth giving back to the system.
_MANY = 50
#: How long the answers of commands are kept for those who ask again: a page that slept asks when it wakes, and an edit
#: or a new thread must not happen twice. Posts, which are nearly all commands, are known by their message's id.
KEEP_ANSWERS = timedelta(days=7)
#: How long it is known of a guest whose time is over why they are no longer in.
KEEP_PASSES = timedelta(days=30)
#: How long a name and a picture are kept of somebody who is in no thread and did not come again: nobody sees them, and
#: who is away for the summer finds both as they were.
KEEP_PEOPLE = timedelta(days=180)
#: How many of these are forgotten in one round.
PEOPLE_AT_ONCE = 200

INTERRUPTED = "The server stopped while this was being written."


class Upkeep:
    """The rounds of one server. Lives on the event loop."""

    def __init__(
        self,
        pipeline: Pipeline,
        neighbours: Neighbours,
        audience: Audience,
        in_reader: InReader,
        execute: Callable[..., Awaitable[dict[str, Any]]],
    ) -> None:
        self._pipeline = pipeline
        self._context = pipeline.context
        self._store = pipeline.store
        self._neighbours = neighbours
        self._audience = audience
        self._in_reader = in_reader
        self._execute = execute
        self._task: asyncio.Task[None] | None = None
        #: Of each reply that is being written: its lease, and since when (monotonic) it has been that one.
        self._leases: dict[str, tuple[datetime, float]] = {}
        self._folding: dict[str, asyncio.Task[None]] = {}
        self._expiring: set[asyncio.Task[None]] = set()
        self._expiry = Expiry(pipeline, in_reader, execute)
        #: Rooms that left memory since their space was given back.
        self._left = 0

    async def start(self) -> None:
        """End the replies of dead servers, and begin with the rounds."""
        await self._logged("End the replies of servers that stopped", self._interrupt_dead)
        self._task = asyncio.get_running_loop().create_task(self._rounds())

    async def stop_rounds(self) -> None:
        """No more rounds, and nothing more is folded."""
        tasks = [task for task in (self._task, *self._folding.values(), *self._expiring) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """End the rounds, and this server's own replies."""
        await self.stop_rounds()
        own = list(self._context.streaming.items())
        ending = [asyncio.ensure_future(self._interrupt(streaming.thread_id, id)) for id, streaming in own]
        if ending:
            # The pipeline carries out what it was given before it ends, so a locked database holds nobody up here.
            await asyncio.wait(ending, timeout=0.3)

    def fold(self, doc_ids: Iterable[str]) -> None:
        """Fold documents' logs into their snapshots, one after the other, beside the core thread's work."""
        for doc_id in doc_ids:
            if doc_id not in self._folding and self._pipeline.running:
                task = asyncio.get_running_loop().create_task(
                    self._logged(f"Fold {doc_id}", partial(self._fold, doc_id))
                )
                self._folding[doc_id] = task
                task.add_done_callback(partial(self._folded, doc_id))

    def _folded(self, doc_id: str, _task: asyncio.Task[None]) -> None:
        self._folding.pop(doc_id, None)

    async def _fold(self, doc_id: str) -> None:
        def read() -> tuple[Snapshot, int]:
            with self._store.reading() as tx:
                stored = tx.documents.load(doc_id)
            return Snapshot(merged(stored)), stored.seq

        snapshot, seq = await self._in_reader(read)

        def write() -> None:
            with self._store.writing() as tx:
                tx.documents.fold(doc_id, snapshot, seq)
            self._context.rooms.folded(doc_id, seq)

        await self._pipeline.call(write)

    def expire(self) -> None:
        """Delete what has become too old, now and not only in the next round."""
        task = asyncio.get_running_loop().create_task(self._logged("Delete what is too old", self._expiry.run))
        self._expiring.add(task)
        task.add_done_callback(self._expiring.discard)

    # -- rounds

    async def _rounds(self) -> None:
        await self._logged("Remove threads that were cut off", self._remove_unfinished)
        await self._logged("Fold what was left over", self._fold_left_over)
        await self._logged("Delete what is too old", self._expiry.run)
        number = 0
        while True:
            await asyncio.sleep(ROUND)
            number += 1
            await self._logged("Renew the lease of replies", self._renew)
            await self._logged("End the replies of servers that stopped", self._interrupt_dead)
            await self._logged("Read what other servers wrote", self._look_around)
            await self._logged("Let unused rooms go", self._tidy)
            await self._logged("Take out guests whose time is over", self._end_guests)
            if number % _PRESENCE_EVERY == 0:
                self._neighbours.presences.repeat()
                self._neighbours.show_out()
            if number % _PRUNE_EVERY == 0:
                await self._logged("Delete what is too old", self._expiry.run)
                await self._logged("Remove threads that were cut off", self._remove_unfinished)
                await self._logged("Forget old answers and give space back", self._prune)

    async def _logged(self, what: str, do: Callable[[], Awaitable[None]]) -> None:
        try:
            await do()
        except StorageUnavailable as error:
            log.warning("%s: %s It will be tried again.", what, error)
        except Exception:
            # One thing that fails must not end the rounds.
            log.exception("%s: this failed. It will be tried again.", what)

    async def _fold_left_over(self) -> None:
        def read() -> list[str]:
            with self._store.reading() as tx:
                return tx.documents.large(FOLD_AFTER)

        for doc_id in await self._in_reader(read):
            await self._fold(doc_id)

    async def _renew(self) -> None:
        if not self._context.streaming and not self._context.asides:
            return

        def write() -> None:
            until = self._context.clock() + LEASE
            with self._store.writing() as tx:
                tx.replies.renew(self._context.server_id, until)
                tx.asides.renew(self._context.server_id, until)

        await self._pipeline.call(write)

    async def _interrupt_dead(self) -> None:
        def read() -> list[ReplyJob]:
            with self._store.reading() as tx:
                return tx.replies.unfinished()

        # What was seen before a database that cannot be read says nothing: nobody could renew anything there.
        leases, self._leases = self._leases, {}
        jobs = await self._in_reader(read)
        now = monotonic()
        for job in jobs:
            lease, since = leases.get(job.id, (job.lease_until, now))
            self._leases[job.id] = (job.lease_until, since if lease == job.lease_until else now)
        for job in jobs:
            if job.server != self._context.server_id and self._has_died(job):
                await self._interrupt(job.thread_id, job.id)

    def _has_died(self, job: ReplyJob) -> bool:
        """Whether the server that wrote a reply is no more.

        A lease that has ended is not enough, since clocks differ and jump: who is alive is seen to renew it.
        """
        if not self._context.shared or servers.is_dead(job.server):
            return True
        unchanged = monotonic() - self._leases[job.id][1]
        ended = job.lease_until < self._context.clock()
        return unchanged > LEASE.total_seconds() or (ended and unchanged > _MISSED * ROUND)

    async def _interrupt(self, thread_id: str, message_id: str) -> None:
        seal = ReplySeal(
            id=message_id, thread=thread_id, message=message_id, status=MessageStatus.INTERRUPTED, error=INTERRUPTED
        )
        try:
            await self._execute(THE_ASSISTANT, seal)
        except (Conflict, NotFound):
            # It ended by itself, or another server was faster.
            return

    async def _look_around(self) -> None:
        """Other processes may write without telling, and what they tell may be lost."""
        heard: dict[str, int] = await self._pipeline.call(self._context.rooms.audiences)

        def read() -> list[str]:
            with self._store.reading() as tx:
                return [doc_id for doc_id, seq in heard.items() if tx.documents.since(doc_id, seq)]

        behind = await self._in_reader(read) if heard else []
        if behind:
            self._neighbours.catch_up(behind)

    async def _tidy(self) -> None:
        def tidy() -> int:
            self._context.rooms.prune(self._audience)
            return self._context.rooms.let_go(monotonic() - IDLE)

        self._left += await self._pipeline.call(tidy)
        if self._left >= _MANY:
            self._left = 0
            await self._in_reader(give_back)

    async def _end_guests(self) -> None:
        def read() -> list[Guest]:
            with self._store.reading() as tx:
                return tx.guests.due(self._context.clock())

        for guest in await self._in_reader(read):
            command = GuestEnd(id=secrets.token_urlsafe(12), thread=guest.thread_id, username=guest.username)
            with suppress(NotFound):  # the thread was deleted meanwhile
                await self._execute(THE_OPERATOR, command)

    async def _remove_unfinished(self) -> None:
        """Copies and imports that were cut off."""

        def read() -> list[str]:
            with self._store.reading() as tx:
                now = self._context.clock()
                return [id for id, server, at in tx.threads.unfinished() if filling.is_given_up(server, at, now)]

        for thread_id in await self._in_reader(read):
            await self._execute(THE_OPERATOR, ThreadDiscard(id=secrets.token_urlsafe(12), thread=thread_id))

    async def _prune(self) -> None:
        def write() -> None:
            with self._store.writing() as tx:
                tx.commands.prune(self._context.clock() - KEEP_ANSWERS)
                tx.people.prune(self._context.clock() - KEEP_PEOPLE, PEOPLE_AT_ONCE)
                tx.guests.forget(self._context.clock() - KEEP_PASSES)

        await self._pipeline.call(write)
        await self._in_reader(self._store.compact)
