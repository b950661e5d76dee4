"""Reads, each in a transaction of its own beside the core thread, so that they never wait for a writer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import Conflict, InvalidRequest, NotFound
from jupyter_groupchat.rooms.room import page_view, thread_view
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads import permissions
from jupyter_groupchat.threads.access import NO_FILE, NO_MESSAGE, WAS_DELETED, in_reach, is_owner, refuse_impostors
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import NO_THREAD
from jupyter_groupchat.types import (
    PAGE_SIZE,
    Actor,
    Member,
    Message,
    MessageKind,
    MessageRow,
    SharedCell,
    StoredFile,
    Thread,
    ThreadSummary,
)
from jupyter_groupchat.wire import answers, reply_shapes, shapes

T = TypeVar("T")

#: In a manifest, in the place of the instructions.
NOT_SHOWN = "Instructions are not shown to guests."


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A thread as the assistant reads it: messages oldest first, cells the most recently updated first.

    ``unasked`` are the ids of those messages that the assistant wrote without being asked.
    """

    thread: Thread
    members: tuple[Member, ...]
    messages: tuple[MessageRow, ...]
    cells: tuple[SharedCell, ...]
    unasked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What somebody missed: the conversation holds the newest of the messages after ``since_seq``, and no others.

    ``since`` is when the last one before was written, None where there is none. ``messages`` is how many there are
    after it, read here or not, and ``marks`` who pinned or agreed to which of those that were read.
    """

    conversation: Conversation
    since_seq: int
    since: datetime | None
    messages: int
    marks: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What of a thread went to a model, by ids."""

    messages: frozenset[str] = frozenset()
    cells: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.messages or self.cells or self.files)

    def __or__(self, other: Told) -> Told:
        return Told(
            messages=self.messages | other.messages, cells=self.cells | other.cells, files=self.files | other.files
        )

    def __and__(self, other: Told) -> Told:
        return Told(
            messages=self.messages & other.messages, cells=self.cells & other.cells, files=self.files & other.files
        )


def visible(tx: Transaction, actor: Actor, thread_id: str, act: Act = Act.READ) -> Member:
    """The caller as a member who may ``act``. To a stranger, the thread does not exist."""
    refuse_impostors(actor)
    in_reach(actor, thread_id)
    member = tx.members.get(thread_id, actor.username)
    if member is None:
        raise NotFound(NO_THREAD)
    permissions.require(permissions.may(member.role, act, via=actor.via))
    return member


class Queries:
    """What may be asked of the store, each under the name that it has in ``ThreadService``. Any thread may ask."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def threads(self, actor: Actor) -> list[shapes.ThreadJson]:
        refuse_impostors(actor)
        with self._store.reading() as tx:
            return [
                _thread(summary, actor.username)
                for summary in tx.threads.of(actor.username)
                if actor.thread in (None, summary.thread.id)
            ]

    def thread(self, actor: Actor, thread_id: str) -> shapes.ThreadJson:
        with self._store.reading() as tx:
            member = visible(tx, actor, thread_id)
            thread = tx.threads.get(thread_id)
            if thread is None:
                raise NotFound(NO_THREAD)
            unread, mentions = tx.members.unread(thread_id, actor.username)
            newest = tx.messages.newest(thread_id, 1)
            summary = ThreadSummary(
                thread=thread,
                role=member.role,
                muted=member.muted,
                unread=unread,
                mentions=mentions,
                members=tuple(tx.members.list(thread_id)),
                last_message=newest[0] if newest else None,
                waiting=tx.requests.count(thread_id) if is_owner(member) else 0,
            )
        return answers.thread_json(summary, member.read_seq)

    def members(self, actor: Actor, thread_id: str) -> list[shapes.MemberJson]:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
            return [answers.member_json(member) for member in tx.members.list(thread_id)]

    def invitations(self, actor: Actor, thread_id: str) -> list[shapes.InvitationJson]:
        now = self._clock()
        with self._store.reading() as tx:
            visible(tx, actor, thread_id, Act.INVITE)
            return [answers.invitation_json(invitation, now) for invitation in tx.invitations.list(thread_id)]

    def requests(self, actor: Actor, thread_id: str) -> list[shapes.JoinRequestJson]:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id, Act.ADMIT)
            links = {invitation.id: invitation for invitation in tx.invitations.list(thread_id)}
            return [
                answers.request_json(request, request.asked_at, links.get(request.invitation))
                for request in tx.requests.waiting(thread_id)
                if request.asked_at is not None
            ]

    def waiting(self, actor: Actor) -> list[shapes.WaitingJson]:
        refuse_impostors(actor)
        if actor.thread is not None:  # a ticket's thread is all that its holder hears of
            return []
        with self._store.reading() as tx:
            return [
                answers.waiting_json(thread, _owner(tx, thread.id), request.asked_at)
                for request in tx.requests.of(actor.username)
                if request.asked_at is not None and (thread := tx.threads.get(request.thread_id)) is not None
            ]

    def messages(self, actor: Actor, thread_id: str, before_seq: int | None, limit: int) -> list[shapes.MessageJson]:
        if not 1 <= limit <= PAGE_SIZE:
            raise InvalidRequest(f"A limit is from 1 to {PAGE_SIZE}.", limit=limit)
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
            thread = tx.threads.get(thread_id)
            last = -1 if thread is None else thread.last_seq
            end = last + 1 if before_seq is None else min(before_seq, last + 1)
            return [answers.message_json(message) for message in _messages(tx, thread_id, end, limit)]

    def message(self, actor: Actor, thread_id: str, message_id: str) -> shapes.MessageJson:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
            row = _row(tx, thread_id, message_id)
            page = page_view(tx.documents.load(names.page_document(thread_id, names.page_of(row.seq))))
            return answers.message_json(page.message(thread_id, row.id))

    def versions(self, actor: Actor, thread_id: str, message_id: str) -> list[shapes.VersionJson]:
        with self._store.reading() as tx:
            member = visible(tx, actor, thread_id)
            row = _row(tx, thread_id, message_id)
            own = row.author == actor.username
            permissions.require(permissions.may(member.role, Act.VERSIONS, own=own, via=actor.via))
            if row.deleted:
                raise Conflict(WAS_DELETED)
            *before, _ = tx.messages.versions(thread_id, message_id)
        return [answers.version_json(body, at) for body, at in before]

    def manifest(self, actor: Actor, thread_id: str, message_id: str) -> reply_shapes.ManifestJson:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
            _row(tx, thread_id, message_id)
            manifest = tx.replies.manifest(message_id)
        if manifest is None:
            raise NotFound("Nothing is known of what went into this message.")
        if actor.is_guest and manifest.instructions:  # the operator's are among them, for people with an account
            manifest = replace(manifest, instructions=NOT_SHOWN)
        return answers.manifest_json(manifest)

    def search(self, actor: Actor, query: str, thread_id: str | None, limit: int) -> list[shapes.HitJson]:
        refuse_impostors(actor)
        if not 1 <= limit <= PAGE_SIZE:
            raise InvalidRequest(f"A limit is from 1 to {PAGE_SIZE}.", limit=limit)
        within = thread_id if thread_id is not None else actor.thread
        with self._store.reading() as tx:
            if within is not None:
                visible(tx, actor, within)
            rows = tx.messages.search(query, username=actor.username, thread_id=within, limit=limit)
            found = {id: tx.threads.get(id) for id in {row.thread_id for row in rows}}
        return [answers.hit_json(row, thread.title) for row in rows if (thread := found[row.thread_id])]

    def marked(self, actor: Actor, thread_id: str, mark: str) -> list[shapes.HitJson]:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
            thread = tx.threads.get(thread_id)
            ids = thread_view(tx.documents.load(names.thread_document(thread_id))).marked(mark)
            rows = [row for id in ids if (row := tx.messages.get(thread_id, id)) is not None]
        return [answers.hit_json(row, thread.title) for row in rows] if thread else []

    def decisions(self, actor: Actor, thread_id: str, limit: int) -> list[reply_shapes.DecisionJson]:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
            records = tx.decisions.list(thread_id, limit)
        return [answers.decision_json(record.message, record.decision) for record in records]

    def audit(self, actor: Actor, thread_id: str, limit: int) -> list[shapes.AuditJson]:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id, Act.AUDIT)
            entries = tx.audit.list(thread_id, limit)
        return [
            answers.audit_json(entry.id, entry.at, entry.actor, entry.action, entry.details, entry.hash)
            for entry in entries
        ]

    def older(self, actor: Actor, thread_id: str, days: int) -> int:
        before = self._clock() - timedelta(days=days)
        with self._store.reading() as tx:
            visible(tx, actor, thread_id, Act.KEEP)
            return tx.retention.count(thread_id, before)

    def file(self, actor: Actor, thread_id: str, file_id: str) -> tuple[StoredFile, bytes]:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
        found = self.attachment(thread_id, file_id)
        if found is None:
            raise NotFound(NO_FILE)
        return found

    def attachment(self, thread_id: str, file_id: str) -> tuple[StoredFile, bytes] | None:
        with self._store.reading() as tx:
            file = tx.files.get(thread_id, file_id)
            data = tx.files.data(file.sha256) if file else None
        return None if file is None or data is None else (file, data)

    def image(self, thread_id: str, sha256: str) -> bytes | None:
        found = self.attachment(thread_id, sha256)
        return found[1] if found else None

    def found(self, thread_id: str, query: str, limit: int) -> list[MessageRow]:
        with self._store.reading() as tx:
            return tx.messages.search_in(query, thread_id, limit)

    def gone(self, thread_id: str, told: Told) -> Told:
        with self._store.reading() as tx:
            shared = thread_view(tx.documents.load(names.thread_document(thread_id)))
            rows = {id: tx.messages.get(thread_id, id) for id in told.messages}
            return Told(
                messages=frozenset(id for id, row in rows.items() if row is None or row.deleted),
                cells=frozenset(id for id in told.cells if id not in shared),
                files=frozenset(id for id in told.files if not shared.has_file(id)),
            )

    def usage(self, username: str, since: datetime, thread_id: str | None) -> reply_shapes.UsageJson:
        with self._store.reading() as tx:
            replies, tokens = tx.usage.count_since(username, since, thread_id)
            oldest = tx.usage.oldest_since(username, since)
        return answers.usage_json(replies, tokens, oldest)

    def thread_usage(self, thread_id: str, since: datetime, *, guests: bool) -> reply_shapes.UsageJson:
        with self._store.reading() as tx:
            return answers.usage_json(*tx.usage.count_in(thread_id, since, guests=guests))

    def usage_report(self, since: datetime, until: datetime) -> list[reply_shapes.UsageLineJson]:
        with self._store.reading() as tx:
            return [answers.usage_line_json(line) for line in tx.usage.report(since, until)]

    def reports(self, limit: int, *, closed: bool) -> list[shapes.ReportJson]:
        with self._store.reading() as tx:
            found = tx.reports.list(limit, closed=closed)
            threads = {report.thread_id: tx.threads.get(report.thread_id) for report in found}
        titles = {id: thread.title for id, thread in threads.items() if thread is not None}
        return [answers.report_json(report, titles.get(report.thread_id)) for report in found]

    def is_member(self, actor: Actor, thread_id: str) -> bool:
        """Whether the caller may read the thread; raises what a reader would get."""
        with self._store.reading() as tx:
            visible(tx, actor, thread_id)
        return True

    def may_post(self, actor: Actor, thread_id: str) -> None:
        """Raise what somebody gets who may not write in the thread."""
        with self._store.reading() as tx:
            visible(tx, actor, thread_id, Act.POST)

    def conversation(self, thread_id: str, through_seq: int | None, limit: int, *, cells: bool) -> Conversation:
        with self._store.reading() as tx:
            thread = tx.threads.get(thread_id)
            if thread is None:
                raise NotFound(NO_THREAD)
            newest = tx.messages.newest(thread_id, limit, None if through_seq is None else through_seq + 1)
            newest = tx.messages.with_credits(thread_id, newest)
            shared = thread_view(tx.documents.load(names.thread_document(thread_id))).cells() if cells else []
            return Conversation(
                thread=thread,
                members=tuple(tx.members.list(thread_id)),
                messages=tuple(reversed(newest)),
                cells=tuple(shared),
                unasked=frozenset(_unasked(tx, newest)),
            )

    def missed(self, actor: Actor, thread_id: str, since_seq: int | None, limit: int) -> Missed:
        with self._store.reading() as tx:
            member = visible(tx, actor, thread_id, Act.ASK)
            thread = tx.threads.get(thread_id)
            if thread is None:
                raise NotFound(NO_THREAD)
            since = max(min(member.read_seq if since_seq is None else since_seq, thread.last_seq), -1)
            newest = [row for row in tx.messages.newest(thread_id, limit) if row.seq > since]
            before = tx.messages.newest(thread_id, 1, since + 1)
            conversation = Conversation(
                thread=thread,
                members=tuple(tx.members.list(thread_id)),
                messages=tuple(reversed(newest)),
                cells=tuple(thread_view(tx.documents.load(names.thread_document(thread_id))).cells()),
            )
            return Missed(
                conversation=conversation,
                since_seq=since,
                since=before[0].created_at if before else None,
                # Messages may have been taken away between those that are there.
                messages=thread.last_seq - since if len(newest) == limit else len(newest),
                marks=_marks(tx, conversation),
            )


def _marks(tx: Transaction, conversation: Conversation) -> dict[str, Mapping[str, str]]:
    """The marks of the messages that have any, by the messages' ids."""
    thread_id = conversation.thread.id
    pages = sorted({names.page_of(row.seq) for row in conversation.messages})
    views = (page_view(tx.documents.load(names.page_document(thread_id, page))) for page in pages)
    return {message.id: message.marks for view in views for message in view.messages(thread_id) if message.marks}


def _thread(summary: ThreadSummary, username: str) -> shapes.ThreadJson:
    read_seq = next((member.read_seq for member in summary.members if member.username == username), -1)
    return answers.thread_json(summary, read_seq)


def _owner(tx: Transaction, thread_id: str) -> str:
    return next((member.name for member in tx.members.list(thread_id) if is_owner(member)), "")


def _row(tx: Transaction, thread_id: str, message_id: str) -> MessageRow:
    row = tx.messages.get(thread_id, message_id)
    if row is None:
        raise NotFound(NO_MESSAGE)
    return row


def _unasked(tx: Transaction, rows: Iterable[MessageRow]) -> Iterator[str]:
    for row in rows:
        if row.kind is MessageKind.ASSISTANT and (job := tx.replies.get(row.id)) is not None and not job.asked:
            yield row.id


def _messages(tx: Transaction, thread_id: str, end: int, limit: int) -> Iterable[Message]:
    """The ``limit`` messages before ``end``, newest first, from their pages."""
    found: list[Message] = []
    page = names.page_of(end - 1)
    while end > 0 and page >= 0 and len(found) < limit:
        view = page_view(tx.documents.load(names.page_document(thread_id, page)))
        found += [message for message in reversed(list(view.messages(thread_id))) if message.seq < end]
        page -= 1
    return found[:limit]
