"""What is read of threads, beside the core thread: the part of ``ThreadService`` that changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Literal, TypeVar

from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.queries import Conversation, Missed, Queries, Told
from jupyter_groupchat.types import Actor, MessageRow, StoredFile
from jupyter_groupchat.wire.reply_shapes import DecisionJson, ManifestJson, UsageJson, UsageLineJson
from jupyter_groupchat.wire.shapes import (
    AuditJson,
    HitJson,
    InvitationJson,
    JoinRequestJson,
    MemberJson,
    MessageJson,
    ReportJson,
    ThreadJson,
    VersionJson,
    WaitingJson,
)

T = TypeVar("T")

_READERS = 4


class Readings:
    """Each reading in a thread of its own, so that the event loop never waits for the database."""

    def __init__(self, queries: Queries, policy: Policy) -> None:
        self.policy = policy
        self._queries = queries
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="groupchat-reader")

    def end_reading(self) -> None:
        """Begin no more readings."""
        self._readers.shutdown(wait=False, cancel_futures=True)

    async def threads(self, actor: Actor) -> list[ThreadJson]:
        """The caller's threads, the most recently updated first."""
        return await self._in_reader(lambda: self._queries.threads(actor))

    async def thread(self, actor: Actor, thread_id: str) -> ThreadJson:
        """One thread as the caller sees it."""
        return await self._in_reader(lambda: self._queries.thread(actor, thread_id))

    async def members(self, actor: Actor, thread_id: str) -> list[MemberJson]:
        """Who is in a thread, by when they joined."""
        return await self._in_reader(lambda: self._queries.members(actor, thread_id))

    async def invitations(self, actor: Actor, thread_id: str) -> list[InvitationJson]:
        """A thread's invitations, without their codes."""
        return await self._in_reader(lambda: self._queries.invitations(actor, thread_id))

    async def requests(self, actor: Actor, thread_id: str) -> list[JoinRequestJson]:
        """Who asks to be let in, the longest first; the owner's only."""
        return await self._in_reader(lambda: self._queries.requests(actor, thread_id))

    async def waiting(self, actor: Actor) -> list[WaitingJson]:
        """Where the caller asks to be let in."""
        return await self._in_reader(lambda: self._queries.waiting(actor))

    async def messages(
        self, actor: Actor, thread_id: str, before_seq: int | None = None, limit: int = 50
    ) -> list[MessageJson]:
        """Messages, the newest first; ``limit`` is 1 to 256."""
        return await self._in_reader(lambda: self._queries.messages(actor, thread_id, before_seq, limit))

    async def message(self, actor: Actor, thread_id: str, message_id: str) -> MessageJson:
        """One message."""
        return await self._in_reader(lambda: self._queries.message(actor, thread_id, message_id))

    async def versions(self, actor: Actor, thread_id: str, message_id: str) -> list[VersionJson]:
        """What a message said before it was edited, the oldest first; its author's and the owner's only."""
        return await self._in_reader(lambda: self._queries.versions(actor, thread_id, message_id))

    async def manifest(self, actor: Actor, thread_id: str, message_id: str) -> ManifestJson:
        """What the assistant saw for a reply. NotFound while there is none."""
        return await self._in_reader(lambda: self._queries.manifest(actor, thread_id, message_id))

    async def search(self, actor: Actor, query: str, thread_id: str | None = None, limit: int = 50) -> list[HitJson]:
        """The newest messages with all words of the query, in one thread or in all that the caller may read."""
        return await self._in_reader(lambda: self._queries.search(actor, query, thread_id, limit))

    async def marked(self, actor: Actor, thread_id: str, mark: Literal["pinned", "agreed"]) -> list[HitJson]:
        """The messages of a thread that have a mark, the newest first."""
        return await self._in_reader(lambda: self._queries.marked(actor, thread_id, mark))

    async def decisions(self, actor: Actor, thread_id: str, limit: int = 50) -> list[DecisionJson]:
        """What the assistant decided lately, the newest first."""
        return await self._in_reader(lambda: self._queries.decisions(actor, thread_id, limit))

    async def audit(self, actor: Actor, thread_id: str, limit: int = 1_000) -> list[AuditJson]:
        """A thread's audit log, the newest first; its owner's only."""
        return await self._in_reader(lambda: self._queries.audit(actor, thread_id, limit))

    async def older(self, actor: Actor, thread_id: str, days: int) -> int:
        """How many messages are older than so many days; for the owner, who decides how long they are kept."""
        return await self._in_reader(lambda: self._queries.older(actor, thread_id, days))

    async def file(self, actor: Actor, thread_id: str, file_id: str) -> tuple[StoredFile, bytes]:
        """A file, or an image of a shared cell (its id is its SHA-256), with its bytes."""
        return await self._in_reader(lambda: self._queries.file(actor, thread_id, file_id))

    async def reports(self, actor: Actor, limit: int, *, closed: bool = False) -> list[ReportJson]:
        """What members reported, the newest first: what is open, or all; the operators' only."""
        self.policy.require_operator(actor)
        return await self._in_reader(lambda: self._queries.reports(limit, closed=closed))

    async def usage(self, username: str, since: datetime, thread_id: str | None = None) -> UsageJson:
        """What somebody used of the model since a moment."""
        return await self._in_reader(lambda: self._queries.usage(username, since, thread_id))

    async def thread_usage(self, thread_id: str, since: datetime, *, guests: bool = False) -> UsageJson:
        """What people used of the model in a thread since a moment; with ``guests``, what its guests did."""
        return await self._in_reader(lambda: self._queries.thread_usage(thread_id, since, guests=guests))

    async def usage_report(self, since: datetime, until: datetime) -> list[UsageLineJson]:
        """What everybody used, by person, thread and model, ``until`` not included. For the operator."""
        return await self._in_reader(lambda: self._queries.usage_report(since, until))

    async def conversation(
        self, thread_id: str, through_seq: int | None = None, limit: int = 500, *, cells: bool = True
    ) -> Conversation:
        """A thread as the assistant needs it, whoever is in it; deciding needs no cells, and they cost the most.

        NotFound when there is no such thread.
        """
        return await self._in_reader(lambda: self._queries.conversation(thread_id, through_seq, limit, cells=cells))

    async def missed(self, actor: Actor, thread_id: str, since_seq: int | None, limit: int) -> Missed:
        """What was said in a thread after ``since_seq``, or since the caller read it last; at most ``limit`` messages.

        NotFound for who is no member.
        """
        return await self._in_reader(lambda: self._queries.missed(actor, thread_id, since_seq, limit))

    async def attachment(self, thread_id: str, file_id: str) -> tuple[StoredFile, bytes] | None:
        """A file, for the assistant; None when the thread has none of that id."""
        return await self._in_reader(lambda: self._queries.attachment(thread_id, file_id))

    async def found(self, thread_id: str, query: str, limit: int) -> list[MessageRow]:
        """The newest messages of a thread with all words of the query, for the assistant; deleted ones never."""
        return await self._in_reader(lambda: self._queries.found(thread_id, query, limit))

    async def gone(self, thread_id: str, told: Told) -> Told:
        """What of it was deleted or withdrawn since it went to a model."""
        return await self._in_reader(lambda: self._queries.gone(thread_id, told))

    async def image(self, thread_id: str, sha256: str) -> bytes | None:
        """An image of a shared cell, for the assistant; None when the thread has none of that hash."""
        return await self._in_reader(lambda: self._queries.image(thread_id, sha256))

    async def _in_reader(self, read: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, read)
