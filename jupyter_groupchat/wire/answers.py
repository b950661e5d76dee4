"""What the server answers: the JSON of threads, messages, members and the rest, and the functions that make it.

The types are the source of ``openapi.json`` and of the TypeScript side. Every key is always there, null where there is
nothing to say, unless it is marked ``NotRequired``. Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired

from typing_extensions import TypedDict  # pydantic reads these; before Python 3.12 it needs this one

from jupyter_groupchat.types import (
    Decision,
    Invitation,
    Manifest,
    Member,
    Message,
    MessageRow,
    SharedCell,
    StoredFile,
    ThreadSummary,
    UsageLine,
)
from jupyter_groupchat.wire.times import to_wire

#: Characters of a message that a list or an event shows of it.
PREVIEW = 120


class MemberJson(TypedDict):
    """A person in a thread, as every member may see them. ``colour`` is an index into twelve cursor colours."""

    username: str
    name: str
    role: str
    joined_at: str
    invited_by: str | None
    colour: int
    avatar: str | None


class MessageJson(TypedDict):
    """A message. ``reply`` is what the panel says of an assistant's reply, ``decision`` what the assistant decided."""

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
    reply_to: str | None
    mentions: list[str]
    reactions: dict[str, list[str]]
    status: str
    files: list[str]
    cells: list[str]
    reply: dict[str, Any]
    decision: dict[str, Any]
    marks: dict[str, str]


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
    """A thread as the caller sees it: its settings, and the caller's own role and marks."""

    id: str
    title: str
    mode: str
    instructions: str
    notebook: str | None
    archived_at: str | None
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


class InvitationJson(TypedDict):
    """An invitation. ``code`` is in the answer that made it and nowhere else; ``open`` says whether it still works."""

    id: str
    thread_id: str
    role: str
    created_by: str
    created_at: str
    expires_at: str | None
    max_uses: int | None
    uses: int
    revoked_at: str | None
    open: bool
    code: NotRequired[str]
    url: NotRequired[str]


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


class SeenCellJson(TypedDict):
    """A cell in a manifest."""

    id: str
    notebook: str
    cell_id: str
    execution_count: int | None
    content_hash: str
    cut: bool


class SeenFileJson(TypedDict):
    """A file in a manifest."""

    id: str
    name: str
    cut: bool


class ManifestJson(TypedDict):
    """What the assistant saw for one reply."""

    model: str
    instructions: str
    messages: list[str]
    messages_cut: list[str]
    cells: list[SeenCellJson]
    files: list[SeenFileJson]
    tools: list[str]
    prompt_tokens: int
    completion_tokens: int
    counted_by: str


class DecisionJson(TypedDict):
    """What the assistant decided about a message, and why."""

    message_id: str
    act: str
    reason: str
    by: str
    emoji: str | None
    model: str | None
    tokens: int


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


class UsageJson(TypedDict):
    """What somebody used of the model. ``oldest_at`` is when the first of it was, from which a window counts."""

    replies: int
    tokens: int
    oldest_at: str | None


class UsageLineJson(TypedDict):
    """What one person used in one thread with one model; tokens as the model's endpoint counted them.

    Under the username ``assistant`` is what it took to decide whether to speak, which is free for people.
    """

    username: str
    thread: str
    model: str
    replies: int
    prompt_tokens: int
    completion_tokens: int


class ErrorJson(TypedDict):
    """Why a request was refused; ``code`` is for programs, ``message`` for people."""

    code: str
    message: str
    details: dict[str, Any]


def member_json(member: Member) -> MemberJson:
    """A member without their private marks."""
    return {
        "username": member.username,
        "name": member.name,
        "role": member.role.value,
        "joined_at": to_wire(member.joined_at),
        "invited_by": member.invited_by,
        "colour": member.colour,
        "avatar": member.avatar,
    }


def message_json(message: Message) -> MessageJson:
    """A message as its page shows it."""
    return {
        "id": message.id,
        "thread_id": message.thread_id,
        "seq": message.seq,
        "author": message.author,
        "author_name": message.author_name,
        "kind": message.kind.value,
        "via": message.via,
        "body": message.body,
        "created_at": to_wire(message.created_at),
        "edited_at": _time(message.edited_at),
        "deleted": message.deleted,
        "reply_to": message.reply_to,
        "mentions": list(message.mentions),
        "reactions": {emoji: list(names) for emoji, names in message.reactions.items()},
        "status": message.status.value,
        "files": list(message.files),
        "cells": list(message.cells),
        "reply": dict(message.reply),
        "decision": dict(message.decision),
        "marks": dict(message.marks),
    }


def thread_json(summary: ThreadSummary, read_seq: int) -> ThreadJson:
    """A thread as one member sees it."""
    thread = summary.thread
    return {
        "id": thread.id,
        "title": thread.title,
        "mode": thread.mode.value,
        "instructions": thread.instructions,
        "notebook": thread.notebook,
        "archived_at": _time(thread.archived_at),
        "created_at": to_wire(thread.created_at),
        "created_by": thread.created_by,
        "updated_at": to_wire(thread.updated_at),
        "last_seq": thread.last_seq,
        "role": summary.role.value,
        "muted": summary.muted,
        "read_seq": read_seq,
        "unread": summary.unread,
        "mentions": summary.mentions,
        "members": [member_json(member) for member in summary.members],
        "last_message": last_message_json(summary.last_message) if summary.last_message else None,
    }


def last_message_json(row: MessageRow) -> LastMessageJson:
    """The start of a message."""
    return {
        "id": row.id,
        "seq": row.seq,
        "author": row.author,
        "author_name": row.author_name,
        "kind": row.kind.value,
        "body": row.body[:PREVIEW],
        "created_at": to_wire(row.created_at),
    }


def invitation_json(invitation: Invitation, now: datetime, code: str | None = None) -> InvitationJson:
    """An invitation; ``code`` only for the answer to who made it."""
    answer: InvitationJson = {
        "id": invitation.id,
        "thread_id": invitation.thread_id,
        "role": invitation.role.value,
        "created_by": invitation.created_by,
        "created_at": to_wire(invitation.created_at),
        "expires_at": _time(invitation.expires_at),
        "max_uses": invitation.max_uses,
        "uses": invitation.uses,
        "revoked_at": _time(invitation.revoked_at),
        "open": invitation.open_at(now),
    }
    if code is not None:
        answer["code"] = code
    return answer


def cell_json(cell: SharedCell) -> CellJson:
    """A shared cell."""
    return {
        "id": cell.id,
        "notebook": cell.notebook,
        "cell_id": cell.cell_id,
        "cell_type": cell.cell_type,
        "source": cell.source,
        "outputs": [dict(output) for output in cell.outputs],
        "execution_count": cell.execution_count,
        "content_hash": cell.content_hash,
        "shared_by": cell.shared_by,
        "updated_at": to_wire(cell.updated_at),
        "live": cell.live,
    }


def manifest_json(manifest: Manifest) -> ManifestJson:
    """What went into a request."""
    return {
        "model": manifest.model,
        "instructions": manifest.instructions,
        "messages": list(manifest.messages),
        "messages_cut": list(manifest.messages_cut),
        "cells": [
            {
                "id": cell.id,
                "notebook": cell.notebook,
                "cell_id": cell.cell_id,
                "execution_count": cell.execution_count,
                "content_hash": cell.content_hash,
                "cut": cell.cut,
            }
            for cell in manifest.cells
        ],
        "files": [{"id": file.id, "name": file.name, "cut": file.cut} for file in manifest.files],
        "tools": list(manifest.tools),
        "prompt_tokens": manifest.prompt_tokens,
        "completion_tokens": manifest.completion_tokens,
        "counted_by": manifest.counted_by,
    }


def decision_json(message_id: str, decision: Decision) -> DecisionJson:
    """A decision with the message that it is about."""
    return {
        "message_id": message_id,
        "act": decision.act.value,
        "reason": decision.reason,
        "by": decision.by,
        "emoji": decision.emoji,
        "model": decision.model,
        "tokens": decision.tokens,
    }


def hit_json(row: MessageRow, thread_title: str) -> HitJson:
    """A search result."""
    return {
        "id": row.id,
        "thread_id": row.thread_id,
        "thread_title": thread_title,
        "seq": row.seq,
        "author": row.author,
        "author_name": row.author_name,
        "kind": row.kind.value,
        "created_at": to_wire(row.created_at),
        "body": row.body,
    }


def file_json(file: StoredFile) -> FileJson:
    """A file's description, without its bytes."""
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "uploaded_by": file.uploaded_by,
        "created_at": to_wire(file.created_at),
    }


def audit_json(id: int, at: datetime, actor: str, action: str, details: Mapping[str, Any], hash: str) -> AuditJson:
    """A line of the audit log."""
    return {"id": id, "at": to_wire(at), "actor": actor, "action": action, "details": dict(details), "hash": hash}


def usage_json(replies: int, tokens: int, oldest_at: datetime | None) -> UsageJson:
    """What somebody used."""
    return {"replies": replies, "tokens": tokens, "oldest_at": _time(oldest_at)}


def usage_line_json(line: UsageLine) -> UsageLineJson:
    """A line of the operator's report."""
    return {
        "username": line.username,
        "thread": line.thread_id,
        "model": line.model,
        "replies": line.replies,
        "prompt_tokens": line.prompt_tokens,
        "completion_tokens": line.completion_tokens,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else to_wire(at)
