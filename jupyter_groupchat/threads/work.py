"""The unit of work: one transaction of the database and the documents, as handlers see it.

A handler checks first and writes then. It reads rows through ``rows`` and the look-ups here, and writes rows through
``tx`` and documents through ``page`` and ``board``; from the first of these on it may no longer refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jupyter_groupchat.documents import names
from jupyter_groupchat.documents.ydraft import YDraft
from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.rooms.draft_room import DraftRoom
from jupyter_groupchat.rooms.registry import AnyRoom, Rooms
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads import news
from jupyter_groupchat.threads.allowance import Allowance
from jupyter_groupchat.threads.delivery import Delivery, Tidings
from jupyter_groupchat.threads.guesses import Guesses
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.types import PAGE_SIZE, AuditBody, Draft, Member, Message, MessageRow, Thread

#: Updates beside the snapshot from which on a document's log is folded.
FOLD_AFTER = 200

NO_THREAD = "There is no such thread, or you are not a member of it."


@dataclass(frozen=True, slots=True)
class Streaming:
    """A reply that this server writes: where its text goes."""

    thread_id: str
    page: int


@dataclass(slots=True)
class Context:
    """What all units of work of one server share. Belongs to the core thread."""

    rooms: Rooms
    limits: Limits
    policy: Policy
    clock: Callable[[], datetime]
    server_id: str
    #: What the assistant is called, besides its username.
    assistant_name: str
    #: What a thread's model may be.
    models: tuple[str, ...]
    #: Whether other servers write to the same database.
    shared: bool
    streaming: dict[str, Streaming] = field(default_factory=dict)
    #: What this server does for one person alone: who, and what.
    asides: set[tuple[str, str]] = field(default_factory=set)
    guesses: Guesses = field(default_factory=Guesses)
    #: Of names and pictures.
    #: Of changes to drafts that were tried in vain: the replica on which they were is made anew.
    spoiled: Allowance = field(default_factory=lambda: Allowance(10, 10.0, "Many of your changes could not be taken."))
    changes: Allowance = field(default_factory=lambda: Allowance(20, 30.0, "You changed your name or picture often."))


class Work:
    """One transaction, for all the commands that arrived together."""

    def __init__(self, tx: Transaction, context: Context) -> None:
        self._tx = tx
        self.context = context
        self.limits = context.limits
        self.policy = context.policy
        self.now = context.clock()
        self.delivery = Delivery()
        self.wrote = False
        self._opened: dict[str, AnyRoom] = {}
        self._touched: set[str] = set()
        self._told: dict[str, int] = {}
        self._threads: dict[str, Thread] = {}
        self._members: dict[str, dict[str, Member]] = {}
        self._seqs: dict[str, int] = {}
        self._rows: dict[tuple[str, str], MessageRow] = {}
        self._after: list[Callable[[], object]] = []
        self._gone: list[str] = []

    # -- reading

    @property
    def rows(self) -> Transaction:
        """The tables, for reading."""
        self._flush()
        return self._tx

    def lock(self, thread_id: str) -> None:
        """Keep other servers from changing a thread until the commit, and see it as they left it."""
        if self.context.shared:
            self._flush()
            self._tx.threads.lock(thread_id)
            self._threads.pop(thread_id, None)
            self._members.pop(thread_id, None)

    def thread(self, thread_id: str) -> Thread:
        """A thread's settings. Raises NotFound."""
        thread = self._threads.get(thread_id)
        if thread is None:
            thread = self._tx.threads.get(thread_id)
            if thread is None:
                raise NotFound(NO_THREAD)
            self._threads[thread_id] = thread
        return thread

    def members(self, thread_id: str) -> dict[str, Member]:
        """A thread's members by username, in the order in which they joined."""
        members = self._members.get(thread_id)
        if members is None:
            members = {member.username: member for member in self._tx.members.list(thread_id)}
            self._members[thread_id] = members
        return members

    def message(self, thread_id: str, message_id: str) -> MessageRow | None:
        """A message's row."""
        row = self._rows.get((thread_id, message_id))
        return row or self._tx.messages.get(thread_id, message_id)

    def body(self, text: str, since: datetime) -> AuditBody | None:
        """What people wrote since then, for a line of the audit log; None unless the operator keeps that."""
        return AuditBody(text=text, since=since) if self.policy.audit_bodies else None

    def page_view(self, thread_id: str, page: int) -> YPage:
        """A page, for reading."""
        room = self.context.rooms.page(self._tx.documents, thread_id, page)
        self._touch(room)
        return room.view

    def view(self, row: MessageRow) -> YPage:
        """A message's page, for reading."""
        return self.page_view(row.thread_id, names.page_of(row.seq))

    def board_view(self, thread_id: str) -> YThread:
        """A thread's own document, for reading."""
        room = self.context.rooms.thread(self._tx.documents, thread_id)
        self._touch(room)
        return room.view

    def draft(self, draft: Draft) -> DraftRoom:
        """The room of a draft, for reading and trying."""
        room = self.context.rooms.draft(self._tx.documents, draft.thread_id, draft.id)
        self._touch(room)
        return room

    # -- writing

    @property
    def tx(self) -> Transaction:
        """The tables, for writing."""
        self.wrote = True
        self._flush()
        return self._tx

    def board(self, thread_id: str) -> YThread:
        """A thread's own document, for writing."""
        room = self.context.rooms.thread(self._tx.documents, thread_id)
        self._begin(room)
        return room.open()

    def page(self, thread_id: str, page: int) -> YPage:
        """A page, for writing."""
        room = self.context.rooms.page(self._tx.documents, thread_id, page)
        self._begin(room)
        return room.open()

    def draft_text(self, draft: Draft) -> YDraft:
        """A draft's text, for writing."""
        room = self.draft(draft)
        self._begin(room)
        return room.open()

    def end_draft(self, draft: Draft) -> None:
        """Let go of a draft and of all that was ever written in it."""
        doc_id = names.draft_document(draft.thread_id, draft.id)
        self.tx.drafts.delete(draft.thread_id, draft.id)
        self._touched.add(doc_id)
        room = self._opened.pop(doc_id, None)
        if room is not None:
            room.close()
        self._tx.documents.delete(doc_id)
        self.board(draft.thread_id).delete_draft(draft.id)
        self.after_commit(lambda: self.context.rooms.drop(doc_id))

    def page_of(self, row: MessageRow) -> YPage:
        """The page of a message, for writing."""
        return self.page(row.thread_id, names.page_of(row.seq))

    def next_seq(self, thread_id: str) -> int:
        """Take the next place in a thread. The first of a transaction locks the thread's row; the rest is counting."""
        self.wrote = True
        last = self._seqs.get(thread_id)
        seq = self._tx.threads.next_seq(thread_id, self.now) if last is None else last + 1
        self._seqs[thread_id] = seq
        self._threads[thread_id] = replace(self.thread(thread_id), last_seq=seq, updated_at=self.now)
        return seq

    def add(self, message: Message) -> MessageRow:
        """Put a new message into its page and the tables."""
        self.page(message.thread_id, names.page_of(message.seq)).post(message)
        row = row_of(message)
        self._rows[(message.thread_id, message.id)] = row
        if message.seq % PAGE_SIZE == PAGE_SIZE - 1:
            self.delivery.folds.append(names.page_document(message.thread_id, names.page_of(message.seq)))
        return row

    def change_thread(self, thread: Thread, **fields: Any) -> Thread:
        """Change a thread's settings, in the tables and for display."""
        fields = {"updated_at": self.now, **fields}
        self.tx.threads.update(thread.id, **fields)
        changed = replace(self.thread(thread.id), **fields)
        self._threads[thread.id] = changed
        self.board(thread.id).set_settings(changed)
        return changed

    def new_thread(self, thread: Thread, owner: Member) -> None:
        """Add a thread with its first member."""
        self.tx.threads.insert(thread)
        self.open_thread(thread, owner)

    def finish_thread(self, thread: Thread, owner: Member) -> None:
        """Let the first member into a thread that was written before."""
        self.tx.threads.finish(thread.id)
        self.tx.threads.update(thread.id, updated_at=thread.updated_at)
        self.open_thread(thread, owner)

    def open_thread(self, thread: Thread, owner: Member) -> None:
        """Let the first member into a thread that has none."""
        self._threads[thread.id] = thread
        self._members[thread.id] = {}
        self.board(thread.id).set_settings(thread)
        self.put_member(thread.id, owner)

    def put_member(self, thread_id: str, member: Member) -> None:
        """Add a member, or change one, in the tables and for display."""
        members = self.members(thread_id)
        if member.username in members:
            self.tx.members.update(thread_id, member.username, name=member.name, role=member.role, avatar=member.avatar)
        else:
            self.tx.members.add(thread_id, member)
        members[member.username] = member
        self.board(thread_id).put_member(member)
        if len(members) > 1:  # a new thread is in nobody's list
            self.delivery.tidings.append(Tidings(thread_id, members=True))

    def delete_member(self, thread_id: str, username: str) -> None:
        """Remove a member, in the tables and from display."""
        self.tx.members.remove(thread_id, username)
        self.members(thread_id).pop(username, None)
        self.board(thread_id).delete_member(username)
        self.delivery.tidings.append(Tidings(thread_id, members=True))

    def delete_thread(self, thread_id: str) -> None:
        """Delete a thread with all that belongs to it."""
        self.tx.threads.delete(thread_id)
        for doc_id in [doc_id for doc_id in self._opened if names.parse(doc_id).thread_id == thread_id]:
            self._opened.pop(doc_id).close()
        self._threads.pop(thread_id, None)
        self._members.pop(thread_id, None)
        self._seqs.pop(thread_id, None)
        self._gone.append(thread_id)

    def after_commit(self, action: Callable[[], object]) -> None:
        """Do something on the core thread once the transaction is committed."""
        self._after.append(action)

    # -- the pipeline's side

    def finish(self) -> None:
        """Write what was collected: rows, and one update for each document that changed."""
        self._flush()
        documents = self._tx.documents
        # In the same order everywhere, so that two servers never wait for each other's locks in a circle.
        for doc_id, room in sorted(self._opened.items()):
            update = room.close()
            if update is None:
                continue
            seq = documents.append(doc_id, names.parse(doc_id).thread_id, update)
            if seq != room.seq + 1:
                self._take_in(room, own=seq)
            room.appended(seq, update)
            self._told[doc_id] = seq
            self.delivery.updates.append((doc_id, update))
            self.delivery.heads[doc_id] = seq
            if room.updates > FOLD_AFTER:
                self.delivery.folds.append(doc_id)
        if self.context.shared:
            for payload in news.pack(self.delivery, self.context.server_id):
                self._tx.notify(news.TOPIC, payload)

    def committed(self) -> None:
        """The transaction is on disk."""
        for doc_id, seq in self._told.items():
            self.context.rooms.told(doc_id, seq)
        for thread_id in self._gone:
            self.context.rooms.forget(thread_id)
        for action in self._after:
            action()

    def discard(self) -> None:
        """The transaction was rolled back: replicas that it touched may hold what never was."""
        for room in self._opened.values():
            room.close()
        self.context.rooms.discard(self._touched)

    def _begin(self, room: AnyRoom) -> None:
        self.wrote = True
        if not room.is_open:
            self._touch(room)
            self._opened[room.doc_id] = room

    def _touch(self, room: AnyRoom) -> None:
        """See that a replica is not older than the rows that this transaction reads."""
        if self.context.shared and room.doc_id not in self._touched:
            self._take_in(room, own=None)
        self._touched.add(room.doc_id)

    def _take_in(self, room: AnyRoom, own: int | None) -> None:
        """What other servers appended to a document since the replica was current, and since the audience was told."""
        doc_id = room.doc_id
        heard = self._told.get(doc_id, self.context.rooms.heard(doc_id))
        head = room.seq if heard is None else min(room.seq, heard)
        rows = [row for row in self._tx.documents.since(doc_id, head) if row[0] != own]
        room.apply(row for row in rows if row[0] > room.seq)
        if heard is not None and rows:
            self.delivery.updates += [(doc_id, update) for at, update in rows if at > heard]
            self._told[doc_id] = max(heard, rows[-1][0])

    def _flush(self) -> None:
        if self._rows:
            rows = list(self._rows.values())
            self._rows.clear()
            for row in rows:
                self._tx.messages.add(row)
        if self._seqs:
            for thread_id, seq in self._seqs.items():
                self._tx.threads.update(thread_id, last_seq=seq, updated_at=self.now)
                self.board(thread_id).set_last_seq(seq)
            self._seqs.clear()


def row_of(message: Message) -> MessageRow:
    """A message as the tables index it."""
    return MessageRow(
        id=message.id,
        thread_id=message.thread_id,
        seq=message.seq,
        author=message.author,
        author_name=message.author_name,
        kind=message.kind,
        body=message.body,
        created_at=message.created_at,
        reply_to=message.reply_to,
        mentions=message.mentions,
        cells=message.cells,
        files=message.files,
        status=message.status,
        deleted=message.deleted,
        credits=message.credits,
    )
