"""Opening a document, on the core thread: who may read it, who may write in it, and what a client's copy misses."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_groupchat.documents import names
from jupyter_groupchat.documents.names import DocumentName
from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.rooms.registry import Rooms
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads import permissions
from jupyter_groupchat.threads.drafts import NO_DRAFT
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.queries import visible
from jupyter_groupchat.threads.work import NO_THREAD
from jupyter_groupchat.types import Actor, Member

#: So many messages before a page begins it may be opened: clients are then there when its first message comes.
OPEN_AHEAD = 16


@dataclass(frozen=True, slots=True)
class Opened:
    """The server's state vector, or the difference to another one; and whether the caller may write."""

    data: bytes
    writable: bool


def open_document(
    store: Store,
    rooms: Rooms,
    actor: Actor,
    doc_id: str,
    state_vector: bytes | None = None,
    *,
    listening: bool = False,
) -> Opened:
    """A document's state vector, or the difference to ``state_vector``. Raises NotFound or InvalidRequest.

    With ``listening``, somebody here is told of everything that comes after.
    """
    name = names.parse(doc_id)
    with store.reading() as tx:
        member = visible(tx, actor, name.thread_id)
        writable = False
        if name.page is not None:
            _check_page(tx, name.thread_id, name.page)
        elif name.draft is not None:
            if actor.is_guest:
                permissions.require(permissions.may(member.role, Act.DRAFT, via=actor.via))
            writable = _may_write(tx, actor, member, name)
        room = rooms.load(tx.documents, doc_id)
        if listening:
            rooms.listen(doc_id, room.seq)
        return Opened(room.state() if state_vector is None else room.difference(state_vector), writable)


def _check_page(tx: Transaction, thread_id: str, page: int) -> None:
    thread = tx.threads.get(thread_id)
    # The next page may be opened shortly before its first message is there, and no other.
    if thread is None or page > names.page_of(thread.last_seq + OPEN_AHEAD):
        raise NotFound("There is no such page in this thread." if thread else NO_THREAD)


def _may_write(tx: Transaction, actor: Actor, member: Member, name: DocumentName) -> bool:
    thread = tx.threads.get(name.thread_id)
    if thread is None or name.draft is None or tx.drafts.get(name.thread_id, name.draft) is None:
        raise NotFound(NO_DRAFT)
    return not thread.archived and permissions.may(member.role, Act.DRAFT, via=actor.via) is None
