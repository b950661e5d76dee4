"""The JSON of threads, messages, members and the rest, as the server answers it; ``answers`` makes it.

The source of ``openapi.json`` and of the TypeScript side. Every key is always there, null where there is nothing to
say, unless it is marked ``NotRequired``. Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict  # pydantic reads these; before Python 3.12 it needs this one


class MemberJson(TypedDict):
    """A person in a thread, as every member may see them. ``colour`` is an index into twelve cursor colours.

    ``avatar`` is an address, or ``picture:<sha256>`` for ``GET pictures/{sha256}``. ``guest_until`` is when a guest's
    access ends, null for everybody else.
    """

    username: str
    name: str
    role: str
    joined_at: str
    invited_by: str | None
    colour: int
    avatar: str | None
    guest_until: str | None


class PersonJson(TypedDict):
    """Somebody who can be added to a thread."""

    username: str
    name: str
    avatar: str | None


class ProfileJson(TypedDict):
    """How the caller is shown here. ``username`` and ``identity_name`` are the identity provider's.

    ``display_name`` and ``picture`` (a SHA-256) are the caller's own, ``name`` and ``avatar`` what comes of both.
    """

    username: str
    identity_name: str
    display_name: str | None
    picture: str | None
    name: str
    avatar: str | None


class MessageJson(TypedDict):
    """A message. ``reply`` is what the panel says of an assistant's reply, ``decision`` what the assistant decided.

    ``credits`` are the usernames of those who wrote it together with the author.
    """

    id: str
    thread_id: str
    seq: int
    author: str
    author_name: str
    kind: str
    via: str | None
    body: str
    created_at: str
    edited_at: str | None
    deleted: bool
    expired: int | None
    reply_to: str | None
    mentions: list[str]
    reactions: dict[str, list[str]]
    status: str
    files: list[str]
    cells: list[str]
    reply: dict[str, Any]
    decision: dict[str, Any]
    marks: dict[str, str]
    credits: list[str]


class VersionJson(TypedDict):
    """What a message said before it was edited, and since when it had said that."""

    body: str
    written_at: str


class DraftJson(TypedDict):
    """A message that members write together and nobody has sent yet. Its text is in its document."""

    id: str
    thread_id: str
    opened_by: str
    opened_at: str
    reply_to: str | None
    cells: list[str]
    files: list[str]


class LastMessageJson(TypedDict):
    """The newest message of a thread in somebody's list; ``body`` is cut after 120 characters."""

    id: str
    seq: int
    author: str
    author_name: str
    kind: str
    body: str
    created_at: str


class ThreadJson(TypedDict):
    """A thread as the caller sees it: its settings, and the caller's own role and marks.

    ``waiting`` is how many people ask to be let in, where the caller is the owner.
    """

    id: str
    title: str
    mode: str
    instructions: str
    notebook: str | None
    archived_at: str | None
    model: str | None
    approval: bool
    keep_days: int | None
    created_at: str
    created_by: str
    updated_at: str
    last_seq: int
    role: str
    muted: bool
    read_seq: int
    unread: int
    mentions: int
    members: list[MemberJson]
    last_message: LastMessageJson | None
    waiting: int


class InvitationJson(TypedDict):
    """An invitation. ``code`` is in the answer that made it and nowhere else; ``open`` says whether it still works.

    A ``guest`` needs no account to follow it.
    """

    id: str
    thread_id: str
    role: str
    created_by: str
    created_at: str
    expires_at: str | None
    max_uses: int | None
    uses: int
    revoked_at: str | None
    guest: bool
    open: bool
    code: NotRequired[str]
    url: NotRequired[str]


class JoinRequestJson(TypedDict):
    """Somebody who asks to be let in. ``role`` is what the link would make them, ``invited_by`` who made the link.

    ``guest_until`` is when a guest's access would end, null for who has an account.
    """

    username: str
    name: str
    avatar: str | None
    role: str
    invited_by: str | None
    asked_at: str
    guest_until: str | None


class WaitingJson(TypedDict):
    """A thread that the caller asks to be let into. ``owner`` is the name of who decides."""

    thread: str
    title: str
    owner: str
    asked_at: str


class GuestLinkJson(TypedDict):
    """What a guest link opens, for who has followed it. With ``asks_owner`` the thread's owner decides who comes in.

    ``invited_by`` is the name of who made the link.
    """

    thread_id: str
    title: str
    invited_by: str
    ends_at: str
    asks_owner: bool


class GuestJson(TypedDict):
    """What a guest is in: one thread, until their access ends. ``invited_by`` is the name of who made the link."""

    thread_id: str
    ends_at: str
    invited_by: str


class GuestEnteredJson(TypedDict):
    """A guest has come in."""

    thread_id: str
    ends_at: str


class CellJson(TypedDict):
    """A shared cell. ``outputs`` as in nbformat; an image's data is ``{"file": "<sha256>"}``."""

    id: str
    notebook: str
    cell_id: str
    cell_type: str
    source: str
    outputs: list[dict[str, Any]]
    execution_count: int | None
    content_hash: str
    shared_by: str
    updated_at: str
    live: bool


class CellReceiptJson(TypedDict):
    """What became of a cell that was shared; ``cut`` when some of its output was left out."""

    id: str
    content_hash: str
    cut: bool


class HitJson(TypedDict):
    """A message that a search found."""

    id: str
    thread_id: str
    thread_title: str
    seq: int
    author: str
    author_name: str
    kind: str
    created_at: str
    body: str


class FileJson(TypedDict):
    """An attachment, or an image of a shared cell."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: str
    created_at: str


class AuditJson(TypedDict):
    """One line of a thread's audit log. ``hash`` chains it to the line before."""

    id: int
    at: str
    actor: str
    action: str
    details: dict[str, Any]
    hash: str


class TicketJson(TypedDict):
    """A ticket for a kernel, shown this once; ``urls`` is where the kernel may reach the server, the best first."""

    value: str
    thread: str
    expires_at: str
    urls: list[str]


class ReportJson(TypedDict):
    """A message that ``reported_by`` wants the operator to look at. ``body`` is empty once it is closed.

    ``thread_title`` is null where the thread is gone.
    """

    id: str
    thread: str
    thread_title: str | None
    message: str
    author: str
    body: str
    reported_by: str
    reason: str
    at: str
    closed_at: str | None
    closed_by: str | None


class ErrorJson(TypedDict):
    """Why a request was refused; ``code`` is for programs, ``message`` for people."""

    code: str
    message: str
    details: dict[str, Any]
