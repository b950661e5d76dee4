"""A thread as an export reads it: a page at a time, each in a short transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.reply_types import Manifest, ReplyJob
from jupyter_groupchat.rooms.room import page_view, thread_view
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads.queries import visible
from jupyter_groupchat.threads.work import NO_THREAD
from jupyter_groupchat.types import Actor, Member, Message, MessageRow, SharedCell, StoredFile, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """All of a thread but its messages. Cells in the order in which they were last changed, files as they came."""

    thread: Thread
    members: tuple[Member, ...]
    cells: tuple[SharedCell, ...]
    files: tuple[StoredFile, ...]

    def name(self, username: str) -> str:
        """What somebody is called in the thread; the username where they are no member."""
        return next((member.name for member in self.members if member.username == username), username)


class Source:
    """What is in a thread, for ``reader``; without one, for whoever keeps the server.

    Each method raises NotFound once the thread is gone, or the reader no longer in it.
    """

    def __init__(self, store: Store, thread_id: str, reader: Actor | None = None) -> None:
        self._store = store
        self._thread_id = thread_id
        self._reader = reader

    def outline(self) -> Outline:
        """The thread without its messages."""
        with self._store.reading() as tx:
            thread = self._admit(tx)
            board = thread_view(tx.documents.load(names.thread_document(thread.id)))
            return Outline(
                thread=thread,
                members=tuple(tx.members.list(thread.id)),
                cells=tuple(reversed(board.cells())),
                files=tuple(file for file in tx.files.list(thread.id) if board.has_file(file.id)),
            )

    def pages(self, through_seq: int) -> Iterator[list[Message]]:
        """The messages up to and including ``through_seq``, oldest first; only one page of them is ever in memory."""
        for page in range(names.page_of(through_seq) + 1):
            with self._store.reading() as tx:
                self._admit(tx)
                stored = tx.documents.load(names.page_document(self._thread_id, page))
            messages = page_view(stored).messages(self._thread_id)
            yield [message for message in messages if message.seq <= through_seq]

    def message(self, message_id: str) -> MessageRow | None:
        """Where a message is, such as one that is replied to."""
        with self._store.reading() as tx:
            return tx.messages.get(self._thread_id, message_id)

    def versions(self, message_id: str) -> list[tuple[str, datetime]]:
        """What a message said, and when that was written, oldest first; the last is what it says now."""
        with self._store.reading() as tx:
            return tx.messages.versions(self._thread_id, message_id)

    def reply(self, message_id: str) -> tuple[ReplyJob, Manifest | None] | None:
        """How a reply of the assistant's came to be, and what it was made from; None for other messages."""
        with self._store.reading() as tx:
            job = tx.replies.get(message_id)
            return None if job is None else (job, tx.replies.manifest(message_id))

    def data(self, file_id: str) -> bytes | None:
        """A file's bytes, or those of a shared cell's image, whose id is its SHA-256; None when it is gone."""
        with self._store.reading() as tx:
            self._admit(tx)
            file = tx.files.get(self._thread_id, file_id)
            return tx.files.data(file.sha256) if file else None

    def _admit(self, tx: Transaction) -> Thread:
        if self._reader is not None:
            visible(tx, self._reader, self._thread_id)
        thread = tx.threads.get(self._thread_id)
        if thread is None:
            raise NotFound(NO_THREAD)
        return thread
