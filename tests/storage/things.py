"""Values for the store's tests, with what a test does not care about filled in."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jupyter_groupchat.invitation_types import Invitation
from jupyter_groupchat.reply_types import JobStatus, ReplyJob
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.types import Member, MessageKind, MessageRow, Mode, Role, StoredFile, Thread

NOON = datetime(2026, 11, 24, 12, 0, 0, 123_456, tzinfo=UTC)


def minutes(count: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=count)


def a_thread(id: str = "t1", **fields: Any) -> Thread:
    """A thread of Ana's."""
    thread = Thread(
        id=id,
        title=f"Thread {id}",
        mode=Mode.AUTO,
        instructions="",
        notebook=None,
        archived_at=None,
        created_at=NOON,
        created_by="ana",
        last_seq=-1,
        updated_at=NOON,
    )
    return replace(thread, **fields)


def a_member(username: str, **fields: Any) -> Member:
    """A member who came at noon."""
    member = Member(
        username=username, name=username.title(), role=Role.MEMBER, joined_at=NOON, invited_by="ana", colour=3
    )
    return replace(member, **fields)


def a_message(seq: int, body: str = "Hello", author: str = "ana", thread_id: str = "t1", **fields: Any) -> MessageRow:
    """A message with an id of its own."""
    message = MessageRow(
        id=str(uuid.uuid4()),
        thread_id=thread_id,
        seq=seq,
        author=author,
        author_name=author.title(),
        kind=MessageKind.HUMAN,
        body=body,
        created_at=minutes(seq),
    )
    return replace(message, **fields)


def an_invitation(id: str = "i1", **fields: Any) -> Invitation:
    """An invitation to ``t1`` that is open for ever."""
    invitation = Invitation(
        id=id,
        thread_id="t1",
        role=Role.MEMBER,
        created_by="ana",
        created_at=NOON,
        expires_at=None,
        max_uses=None,
        uses=0,
        revoked_at=None,
    )
    return replace(invitation, **fields)


def a_job(id: str = "r1", **fields: Any) -> ReplyJob:
    """A job that runs on server ``s1`` under a lease of one minute."""
    job = ReplyJob(
        id=id,
        thread_id="t1",
        about="m1",
        asked_by="ana",
        asked=True,
        status=JobStatus.RUNNING,
        created_at=NOON,
        server="s1",
        lease_until=minutes(1),
    )
    return replace(job, **fields)


def a_file(id: str = "f1", sha256: str = "aa", **fields: Any) -> StoredFile:
    """A picture in ``t1``."""
    file = StoredFile(
        id=id,
        thread_id="t1",
        name="plot.png",
        media_type="image/png",
        size=4,
        sha256=sha256,
        uploaded_by="ana",
        created_at=NOON,
    )
    return replace(file, **fields)


class Stage:
    """A store with the thread ``t1`` of Ana and Bob."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.writing() as tx:
            add_thread(tx, "t1", "ana", "bob")

    def thread(self, id: str, *usernames: str) -> None:
        """Another thread with these members."""
        with self.store.writing() as tx:
            add_thread(tx, id, *usernames)

    def post(self, body: str = "Hello", author: str = "ana", thread_id: str = "t1", **fields: Any) -> MessageRow:
        """A message as the service writes one; returned as it is to be read."""
        with self.store.writing() as tx:
            return post(tx, body, author, thread_id, **fields)


def add_thread(tx: Transaction, id: str, *usernames: str) -> None:
    """A thread with these members, the first its owner."""
    tx.threads.insert(a_thread(id, created_by=usernames[0]))
    for place, username in enumerate(usernames):
        role = Role.MEMBER if place else Role.OWNER
        tx.members.add(id, a_member(username, role=role, joined_at=minutes(place)))


def post(tx: Transaction, body: str = "Hello", author: str = "ana", thread_id: str = "t1", **fields: Any) -> MessageRow:
    """A message under the thread's next ``seq``."""
    message = a_message(
        tx.threads.next_seq(thread_id, fields.get("created_at", NOON)), body, author, thread_id, **fields
    )
    tx.messages.add(message)
    return message
