"""The values that the package speaks of. Plain, frozen, without behaviour beyond what follows from their fields.

Times are timezone-aware UTC datetimes. Identifiers are opaque strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: The username under which the assistant writes. No person can sign in with it.
ASSISTANT = "assistant"
#: What a thread's model is set to for one to be chosen by the question. No model can be called so.
AUTO = "auto"
#: Before the name of an imported author, who is nobody's account. No person can sign in under such a name.
IMPORTED = "import:"
#: Before the username of a guest, who has no account here. No person can sign in under such a name.
GUEST = "guest:"
#: The host of the endpoint that a key alone stands for.
OPENAI_HOST = "api.openai.com"
#: Messages of one page document; message ``seq`` is in page ``seq // PAGE_SIZE``.
PAGE_SIZE = 256
#: Members that a thread may have, the assistant not counted.
MAX_MEMBERS = 20


class Role(StrEnum):
    """What a member may do, from most to least; see ``threads.permissions``."""

    OWNER = "owner"
    MEMBER = "member"
    ANNOTATOR = "annotator"
    REVIEWER = "reviewer"


class Mode(StrEnum):
    """When the assistant speaks: as it sees fit, when mentioned, or when mentioned and without reactions."""

    AUTO = "auto"
    MENTION = "mention"
    QUIET = "quiet"


class MessageKind(StrEnum):
    """Who or what wrote a message."""

    HUMAN = "human"
    ASSISTANT = "assistant"
    KERNEL = "kernel"
    SYSTEM = "system"
    IMPORT = "import"


class MessageStatus(StrEnum):
    """Where a message stands; all but ``STREAMING`` are final."""

    COMPLETE = "complete"
    STREAMING = "streaming"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks for something: an authenticated account, or the assistant itself.

    ``via`` is ``"kernel"`` when a person's kernel writes in the person's name with a ticket. ``thread`` then is the
    only thread that the ticket opens, and ``until`` when it can no longer be renewed. It is ``"guest"`` for a guest,
    who is in ``thread`` alone, ``until`` then. Only code of this package makes the two others that there are,
    ``THE_ASSISTANT`` and ``THE_OPERATOR``; the server takes no ``via`` from anybody.
    """

    username: str
    name: str
    avatar: str | None = None
    via: str | None = None
    thread: str | None = None
    until: datetime | None = None

    @property
    def is_assistant(self) -> bool:
        """Whether this is ``THE_ASSISTANT``; the server refuses people of that name."""
        return self.username == ASSISTANT and self.via == "assistant"

    @property
    def is_guest(self) -> bool:
        """Whether this is a guest, who came by a guest link and has no account here."""
        return self.via == "guest"

    @property
    def is_operator(self) -> bool:
        """Whether this is ``THE_OPERATOR``."""
        return self.via == "operator"


#: The assistant as an actor of ``ThreadService.execute``.
THE_ASSISTANT = Actor(username=ASSISTANT, name="Assistant", via="assistant")
#: Whoever keeps the server, at its command line.
THE_OPERATOR = Actor(username="operator", name="The operator", via="operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread's own settings, as kept in SQL."""

    id: str
    title: str
    mode: Mode
    instructions: str
    notebook: str | None
    archived_at: datetime | None
    created_at: datetime
    created_by: str
    last_seq: int  #: -1 while the thread is empty
    updated_at: datetime
    approval: bool = False  #: who comes by a link waits for the owner
    keep_days: int | None = None  #: messages older than that are deleted
    model: str | None = None  #: one of the operator's models, None for the one that they set

    @property
    def archived(self) -> bool:
        """Archived threads are read-only."""
        return self.archived_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in a thread. ``colour`` is an index into the palette of twelve cursor colours.

    ``guest_until`` is when a guest's access ends, None for everybody else.
    """

    username: str
    name: str
    role: Role
    joined_at: datetime
    invited_by: str | None
    colour: int
    avatar: str | None = None
    muted: bool = False
    read_seq: int = -1
    guest_until: datetime | None = None


#: Before the SHA-256 of a picture that a person put here, where an avatar is named; any other avatar is an address.
PICTURE = "picture:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who used the chat. ``name`` and ``avatar`` are the identity provider's, the rest is their own."""

    username: str
    name: str
    seen_at: datetime
    avatar: str | None = None
    display_name: str | None = None
    picture: str | None = None  #: SHA-256

    @property
    def shown_name(self) -> str:
        """What they are called here."""
        return self.display_name or self.name

    @property
    def shown_avatar(self) -> str | None:
        """Their face here."""
        return f"{PICTURE}{self.picture}" if self.picture else self.avatar


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message that members write together and nobody has sent yet."""

    id: str
    thread_id: str
    opened_by: str
    opened_at: datetime
    changed_at: datetime | None = None  #: about when it was written in, None where it is as it was begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachments:
    """What goes along with the text of a draft, by id: the message that it replies to, shared cells, and files."""

    reply_to: str | None = None
    cells: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadSummary:
    """A row of somebody's thread list."""

    thread: Thread
    role: Role
    muted: bool
    unread: int
    mentions: int  #: unread messages that mention the caller
    members: tuple[Member, ...]
    last_message: MessageRow | None
    waiting: int = 0  #: people who ask to be let in, where the caller is the owner


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message as the tables index it, for look-ups, search and the assistant; the page document is the truth."""

    id: str
    thread_id: str
    seq: int
    author: str
    author_name: str
    kind: MessageKind
    body: str
    created_at: datetime
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    status: MessageStatus = MessageStatus.COMPLETE
    deleted: bool = False
    credits: tuple[str, ...] = ()  #: who wrote it together with the author; only the assistant's view has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as a page document shows it."""

    id: str
    thread_id: str
    seq: int
    author: str
    author_name: str
    kind: MessageKind
    via: str | None
    body: str
    created_at: datetime
    edited_at: datetime | None
    deleted: bool
    reply_to: str | None
    mentions: tuple[str, ...]
    reactions: Mapping[str, tuple[str, ...]]
    status: MessageStatus
    files: tuple[str, ...]
    cells: tuple[str, ...]
    #: What the panel says of an assistant's reply: asked_by, about, model, error, seen, tokens, tools. Else empty.
    reply: Mapping[str, Any] = field(default_factory=dict)
    #: What the assistant decided about a person's message: act, reason, by.
    decision: Mapping[str, Any] = field(default_factory=dict)
    #: ``pinned`` and ``agreed`` (marked as a decision of the group), each the username that set it.
    marks: Mapping[str, str] = field(default_factory=dict)
    #: Days after which a message was deleted because the thread keeps none for longer.
    expired: int | None = None
    #: The usernames of those who wrote it together with the author.
    credits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCell:
    """A cell that a member shared with a thread.

    ``outputs`` are outputs as in nbformat, cleaned and capped by ``cells.render``; an image's data is
    ``{"file": "<sha256>"}`` in place of base64. ``content_hash`` is the SHA-256 of source and outputs.
    """

    id: str
    notebook: str
    cell_id: str
    cell_type: str
    source: str
    outputs: tuple[Mapping[str, Any], ...]
    execution_count: int | None
    content_hash: str
    shared_by: str
    updated_at: datetime
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An attachment or an image of a shared cell; ``sha256`` names the bytes."""

    id: str
    thread_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document as the log keeps it: the snapshot, then the updates after it in order; ``seq`` is the last one's."""

    snapshot: bytes | None
    updates: tuple[bytes, ...]
    seq: int  #: 0 while nothing was written


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A message that somebody wants the operator to look at; ``body`` is what it said, until the report is closed."""

    id: str
    thread_id: str
    message: str
    author: str
    body: str
    reported_by: str
    reason: str
    at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditBody:
    """What people wrote, kept with a line of the audit log. ``since`` is when the oldest of it was written."""

    text: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """A line of the audit log. ``hash`` covers the line and the hash of the line before."""

    id: int
    thread_id: str | None
    actor: str
    action: str
    details: Mapping[str, Any]
    at: datetime
    hash: str
