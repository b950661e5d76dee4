"""What the server answers, made from values; ``shapes`` says what it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jupyter_groupchat.invitation_types import Invitation, JoinRequest
from jupyter_groupchat.reply_types import Decision, Manifest, UsageLine
from jupyter_groupchat.types import (
    Attachments,
    Draft,
    Member,
    Message,
    MessageRow,
    Person,
    Report,
    SharedCell,
    StoredFile,
    Thread,
    ThreadSummary,
)
from jupyter_groupchat.wire.reply_shapes import (
    CellReferenceJson,
    DecisionJson,
    ManifestJson,
    MessageReferenceJson,
    UsageJson,
    UsageLineJson,
)
from jupyter_groupchat.wire.shapes import (
    AuditJson,
    CellJson,
    DraftJson,
    FileJson,
    HitJson,
    InvitationJson,
    JoinRequestJson,
    LastMessageJson,
    MemberJson,
    MessageJson,
    PersonJson,
    ProfileJson,
    ReportJson,
    ThreadJson,
    VersionJson,
    WaitingJson,
)
from jupyter_groupchat.wire.times import to_wire

#: Characters of a message that a list or an event shows of it.
PREVIEW = 120


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
        "guest_until": _time(member.guest_until),
    }


def person_json(person: Person) -> PersonJson:
    """Somebody as they are shown."""
    return {"username": person.username, "name": person.shown_name, "avatar": person.shown_avatar}


def profile_json(person: Person) -> ProfileJson:
    """Somebody as they are shown, for themselves."""
    return {
        "username": person.username,
        "identity_name": person.name,
        "display_name": person.display_name,
        "picture": person.picture,
        "name": person.shown_name,
        "avatar": person.shown_avatar,
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
        "expired": message.expired,
        "reply_to": message.reply_to,
        "mentions": list(message.mentions),
        "reactions": {emoji: list(names) for emoji, names in message.reactions.items()},
        "status": message.status.value,
        "files": list(message.files),
        "cells": list(message.cells),
        "reply": dict(message.reply),
        "decision": dict(message.decision),
        "marks": dict(message.marks),
        "credits": list(message.credits),
    }


def draft_json(draft: Draft, attachments: Attachments) -> DraftJson:
    """A draft, without its text."""
    return {
        "id": draft.id,
        "thread_id": draft.thread_id,
        "opened_by": draft.opened_by,
        "opened_at": to_wire(draft.opened_at),
        "reply_to": attachments.reply_to,
        "cells": list(attachments.cells),
        "files": list(attachments.files),
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
        "model": thread.model,
        "approval": thread.approval,
        "keep_days": thread.keep_days,
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
        "waiting": summary.waiting,
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
        "guest": invitation.guest,
        "open": invitation.open_at(now),
    }
    if code is not None:
        answer["code"] = code
    return answer


def request_json(request: JoinRequest, asked_at: datetime, invitation: Invitation | None) -> JoinRequestJson:
    """Somebody who asks to be let in by a link, for who decides."""
    return {
        "username": request.username,
        "name": request.name,
        "avatar": request.avatar,
        "role": request.role.value,
        "invited_by": invitation.created_by if invitation else None,
        "asked_at": to_wire(asked_at),
        "guest_until": _time(invitation.expires_at) if invitation and invitation.guest else None,
    }


def waiting_json(thread: Thread, owner: str, asked_at: datetime) -> WaitingJson:
    """A thread that somebody asks to be let into, for them."""
    return {"thread": thread.id, "title": thread.title, "owner": owner, "asked_at": to_wire(asked_at)}


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
        "used": [
            {
                "name": use.name,
                "label": use.label,
                "arguments": dict(use.arguments),
                "status": use.status,
                "error": use.error,
                "ms": use.ms,
                "result_hash": use.result_hash,
                "result_size": use.result_size,
            }
            for use in manifest.used
        ],
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


def version_json(body: str, at: datetime) -> VersionJson:
    """What a message said before."""
    return {"body": body, "written_at": to_wire(at)}


def audit_json(id: int, at: datetime, actor: str, action: str, details: Mapping[str, Any], hash: str) -> AuditJson:
    """A line of the audit log."""
    return {"id": id, "at": to_wire(at), "actor": actor, "action": action, "details": dict(details), "hash": hash}


def usage_json(replies: int, tokens: int, oldest_at: datetime | None) -> UsageJson:
    """What somebody used."""
    return {"replies": replies, "tokens": tokens, "oldest_at": _time(oldest_at)}


def report_json(report: Report, thread_title: str | None) -> ReportJson:
    """A report, for the operator."""
    return {
        "id": report.id,
        "thread": report.thread_id,
        "thread_title": thread_title,
        "message": report.message,
        "author": report.author,
        "body": report.body,
        "reported_by": report.reported_by,
        "reason": report.reason,
        "at": to_wire(report.at),
        "closed_at": _time(report.closed_at),
        "closed_by": report.closed_by,
    }


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


def message_reference_json(row: MessageRow) -> MessageReferenceJson:
    """A message that something refers to."""
    return {
        "id": row.id,
        "seq": row.seq,
        "author": row.author,
        "author_name": row.author_name,
        "created_at": to_wire(row.created_at),
    }


def cell_reference_json(cell: SharedCell) -> CellReferenceJson:
    """A shared cell that something refers to."""
    return {
        "id": cell.id,
        "notebook": cell.notebook,
        "cell_id": cell.cell_id,
        "execution_count": cell.execution_count,
    }
