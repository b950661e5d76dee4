"""The assistant's replies: asked for and stopped by people; begun, written and ended by the assistant."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from jupyter_groupchat.cells import filetypes
from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import Conflict, InvalidRequest, NotAllowed, NotFound, Outdated
from jupyter_groupchat.reply_types import NO_REASON, JobStatus, Manifest, ReplyJob, ToolUse
from jupyter_groupchat.threads import files, mentions, models
from jupyter_groupchat.threads.access import ARCHIVED, NO_MESSAGE, as_assistant, enter, enter_to_write, existing
from jupyter_groupchat.threads.delivery import Stop, Tidings
from jupyter_groupchat.threads.files import Examined
from jupyter_groupchat.threads.happenings import ReplyAsked, StopAsked
from jupyter_groupchat.threads.internal import (
    DecisionPut,
    ReplyAppend,
    ReplyBegin,
    ReplyPicture,
    ReplySeal,
    ReplyTools,
    SentRequest,
    ToolUsed,
)
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Streaming, Work
from jupyter_groupchat.types import (
    ASSISTANT,
    AUTO,
    Actor,
    AuditBody,
    Message,
    MessageKind,
    MessageRow,
    MessageStatus,
    Thread,
)
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import file_json, message_json

#: How long a server's replies count as alive without a sign of it.
LEASE = timedelta(seconds=12)
ENDED = "This reply has ended."

_JOBS = {
    MessageStatus.COMPLETE: JobStatus.COMPLETE,
    MessageStatus.FAILED: JobStatus.FAILED,
    MessageStatus.CANCELLED: JobStatus.CANCELLED,
    MessageStatus.INTERRUPTED: JobStatus.INTERRUPTED,
}


# -- people


def ask(work: Work, actor: Actor, command: commands.ReplyAsk) -> dict[str, Any]:
    """Ask the assistant about a message; about a reply of its own, ask again what that reply was about."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.ASK)
    row = existing(work, command.thread, command.message)
    if command.model is not None:
        models.require(work, command.model)
    if row.kind is MessageKind.ASSISTANT:
        row = _question(work, row)
    beside = _first_opinion(work, command, row) if command.beside is not None else None
    asked = ReplyAsked(thread=thread, message=row, by=actor, model=command.model, beside=beside)
    work.delivery.happenings.append(asked)
    return {}


def stop(work: Work, actor: Actor, command: commands.ReplyStop) -> dict[str, Any]:
    """Stop a reply. One that ended a moment ago needs no stopping."""
    enter(work, actor, command.thread, Act.STOP)
    row = work.message(command.thread, command.message)
    if row is None or row.kind is not MessageKind.ASSISTANT:
        raise NotFound("There is no such reply in this thread.")
    if row.status is MessageStatus.STREAMING:
        if actor.is_guest and not _asked_by(work, row, actor.username):
            raise NotAllowed("As a guest you may stop the replies that you asked for.")
        ask_to_stop(work, row, actor.username)
    return {}


def _asked_by(work: Work, row: MessageRow, username: str) -> bool:
    job = work.rows.replies.get(row.id)
    return job is not None and job.asked_by == username


def ask_to_stop(work: Work, row: MessageRow, by: str) -> None:
    """Have whoever writes a reply told to stop, on this server or on another."""
    job = work.rows.replies.get(row.id)
    if job is None or job.server == work.context.server_id:
        work.delivery.happenings.append(StopAsked(thread_id=row.thread_id, message=row.id, by=by))
    else:
        work.delivery.stops.append(Stop(row.thread_id, row.id, by))


# -- the assistant


def begin(work: Work, actor: Actor, command: ReplyBegin) -> dict[str, Any]:
    """Let an empty reply appear, and keep a job with a lease for it.

    From then on it is stopped when somebody comes for whom it is not written; until then, it does not begin.
    """
    thread = as_assistant(work, actor, command.thread)
    if thread.archived:
        raise Conflict(ARCHIVED)
    id = command.reply_id or command.id
    row, known = work.message(thread.id, id), work.rows.replies.get(id)
    if row is not None and row.status is MessageStatus.STREAMING and known and known.server == work.context.server_id:
        # Asked again, since the connection to the database broke in the commit and it was not known what became of it.
        return _begun(work, work.view(row).message(thread.id, id))
    if row is not None or known is not None:
        raise Conflict("There is a message with this id already.", id=id)
    if command.for_shielded is False and work.policy.is_shielding(work.members(thread.id)):
        raise Outdated("Somebody came for whom this reply was not written.")
    about = existing(work, thread.id, command.about)
    message = _empty(work, command, id)
    work.add(message)
    job = ReplyJob(
        id=id,
        thread_id=thread.id,
        about=about.id,
        asked_by=command.asked_by,
        asked=command.asked,
        status=JobStatus.RUNNING,
        created_at=work.now,
        server=work.context.server_id,
        lease_until=work.now + LEASE,
    )
    work.tx.replies.add(job)
    work.delivery.tidings.append(Tidings(thread.id))
    return _begun(work, message)


def _empty(work: Work, command: ReplyBegin, id: str) -> Message:
    """The reply as it is before its first word."""
    told = {
        "asked_by": command.asked_by,
        "about": command.about,
        "model": command.model,
        "model_name": command.model_name,
        "model_why": command.model_why,
        "beside": command.beside,
    }
    return Message(
        id=id,
        thread_id=command.thread,
        seq=work.next_seq(command.thread),
        author=ASSISTANT,
        author_name=work.context.assistant_name,
        kind=MessageKind.ASSISTANT,
        via=None,
        body="",
        created_at=work.now,
        edited_at=None,
        deleted=False,
        reply_to=command.about,
        mentions=(),
        reactions={},
        status=MessageStatus.STREAMING,
        files=(),
        cells=(),
        reply=without_nothing(told),
    )


def _begun(work: Work, message: Message) -> dict[str, Any]:
    streaming = Streaming(message.thread_id, names.page_of(message.seq))
    work.after_commit(lambda: work.context.streaming.__setitem__(message.id, streaming))
    return {"message": message_json(message)}


def append(work: Work, actor: Actor, command: ReplyAppend) -> dict[str, Any]:
    """Append to a reply: one update row and one room write."""
    streaming = work.context.streaming.get(command.message)
    if streaming is None or not actor.is_assistant:
        streaming = _found(work, actor, command)
    if not work.page_view(streaming.thread_id, streaming.page).is_streaming(command.message):
        raise Conflict(ENDED)
    work.page(streaming.thread_id, streaming.page).append(command.message, command.text)
    return {}


def show_tools(work: Work, actor: Actor, command: ReplyTools) -> dict[str, Any]:
    """Show the tools of a reply that is being written."""
    streaming = _found(work, actor, command)
    shown = work.page_view(streaming.thread_id, streaming.page).message(streaming.thread_id, command.message).reply
    tools = [_shown(use) for use in command.tools]
    work.page(streaming.thread_id, streaming.page).set_reply(command.message, {**shown, "tools": tools})
    return {}


def show_picture(work: Work, actor: Actor, command: ReplyPicture, examined: Examined) -> dict[str, Any]:
    """Put a picture into the thread, as the assistant's file, and show it with a reply that is being written."""
    thread = as_assistant(work, actor, command.thread)
    if thread.archived:
        raise Conflict(ARCHIVED)
    row = existing(work, thread.id, command.message)
    if row.status is not MessageStatus.STREAMING:
        raise Conflict(ENDED, status=row.status.value)
    if examined.media_type not in filetypes.PICTURES:
        raise InvalidRequest("The endpoint sent something that is no picture.")
    named = replace(examined, name=f"{examined.name}.{examined.media_type.rpartition('/')[2]}")
    file = files.add(work, thread, ASSISTANT, named)
    shown = (*row.files, file.id)
    work.tx.messages.set_files(thread.id, row.id, shown)
    work.page_of(row).set_files(row.id, shown)
    return {"file": file_json(file)}


def tool_used(work: Work, actor: Actor, command: ToolUsed) -> dict[str, Any]:
    """A line of the audit: hashes of what a tool was given and what it answered, and never the words."""
    thread = as_assistant(work, actor, command.thread)
    use = command.use
    details = {
        "reply": command.message,
        "tool": use.name,
        "arguments": _hash(use.arguments),
        "result": use.result_hash or None,
        "ms": use.ms,
        "status": use.status,
    }
    given = work.body(_canonical(use.arguments), work.now)
    work.tx.audit.append(thread.id, ASSISTANT, "tool.use", without_nothing(details), work.now, given)
    return {}


def seal(work: Work, actor: Actor, command: ReplySeal) -> dict[str, Any]:
    """End a reply: status, what was used and what was seen, in one transaction with its last words."""
    thread = as_assistant(work, actor, command.thread)
    row = work.message(thread.id, command.message)
    job = work.rows.replies.get(command.message)
    if row is None or job is None or job.thread_id != thread.id:
        raise NotFound(NO_MESSAGE)
    if row.status is not MessageStatus.STREAMING:
        raise Conflict(ENDED, status=row.status.value)
    used = command.usage
    model = command.model or (command.manifest.model if command.manifest else None)
    manifest = None if command.manifest is None else work.tx.replies.put_manifest(row.id, command.manifest)
    tokens = used.prompt_tokens + used.completion_tokens if used else None
    if used is not None:
        work.tx.usage.add(
            thread.id, job.asked_by, model or "", used.prompt_tokens, used.completion_tokens, work.now, job.asked
        )
    details = {
        "reply": row.id,
        "asked_by": job.asked_by,
        "model": model,
        "status": command.status,
        "tokens": tokens,
        "manifest": manifest,
    }
    work.tx.audit.append(
        thread.id, ASSISTANT, "reply.seal", without_nothing(details), work.now, _told(work, command.request)
    )
    said = {
        "model": model,
        "error": command.error,
        "tokens": tokens,
        "seen": _seen(command.manifest) if command.manifest else None,
        "links": [link.model_dump() for link in command.links] or None,
    }
    end(work, thread, row, command.status, said, body=command.body)
    return {}


def end(
    work: Work, thread: Thread, row: MessageRow, status: MessageStatus, said: dict[str, Any], body: str | None = None
) -> None:
    """Give a streaming reply its final status, and its row the text as far as it came."""
    page = work.page_of(row)
    if body is not None and body != page.body(row.id):
        page.replace_body(row.id, body)
    text = page.body(row.id)
    reply = {**page.message(thread.id, row.id).reply, **without_nothing(said)}
    for tool in reply.get("tools", ()):
        # Of a server that died, or that had no time to say how it ended.
        tool["status"] = "stopped" if tool["status"] == "running" else tool["status"]
    mentioned = tuple(name for name in mentions.find(text, work.members(thread.id).values(), ()) if name != ASSISTANT)
    page.seal(row.id, status, reply, mentioned)
    work.tx.messages.set_status(thread.id, row.id, status, text, mentioned)
    work.tx.replies.set_status(row.id, _JOBS[status], work.now)
    work.after_commit(lambda: work.context.streaming.pop(row.id, None))
    work.delivery.tidings.append(Tidings(thread.id, row.seq if text else None))


def decide(work: Work, actor: Actor, command: DecisionPut) -> dict[str, Any]:
    """Keep a decision and its reason."""
    thread = as_assistant(work, actor, command.thread)
    row = existing(work, thread.id, command.message)
    decision = command.decision
    if decision.is_in_its_own_words and work.policy.is_shielding(work.members(thread.id)):
        # Nobody checked them.
        decision = replace(decision, reason=NO_REASON)
    work.tx.decisions.add(thread.id, row.id, decision, work.now)
    if (used := command.usage) is not None:
        work.tx.usage.add(
            thread.id, ASSISTANT, decision.model or "", used.prompt_tokens, used.completion_tokens, work.now, False
        )
        seen = _seen(command.manifest) if command.manifest else {}
        details = {"message": row.id, "act": decision.act, "model": decision.model, "tokens": decision.tokens, **seen}
        told = _told(work, command.request)
        work.tx.audit.append(thread.id, ASSISTANT, "model.decide", without_nothing(details), work.now, told)
    if not command.shown:
        return {}
    shown = {"act": decision.act.value, "reason": decision.reason, "by": decision.by, "emoji": decision.emoji}
    work.page_of(row).set_decision(row.id, without_nothing(shown))
    return {}


def _found(work: Work, actor: Actor, command: ReplyAppend | ReplyTools) -> Streaming:
    """A reply that this server does not remember to have begun: it may have ended, or never have been."""
    thread = as_assistant(work, actor, command.thread)
    row = work.message(thread.id, command.message)
    if row is None:
        raise NotFound(NO_MESSAGE)
    if row.status is not MessageStatus.STREAMING:
        raise Conflict(ENDED, status=row.status.value)
    return Streaming(thread.id, names.page_of(row.seq))


def _question(work: Work, reply: MessageRow) -> MessageRow:
    """What a finished reply was about."""
    if reply.status is MessageStatus.STREAMING:
        raise Conflict("The assistant is still writing this reply.")
    job = work.rows.replies.get(reply.id)
    if job is None:
        raise NotFound("It is not known any more what this reply was about.")
    return existing(work, reply.thread_id, job.about)


def _first_opinion(work: Work, command: commands.ReplyAsk, question: MessageRow) -> str:
    """The id of the reply beside which another model is to answer. Of second opinions, all stand beside the first."""
    assert command.beside is not None
    first = existing(work, command.thread, command.beside)
    if first.kind is not MessageKind.ASSISTANT or _question(work, first).id != question.id:
        raise InvalidRequest("A second opinion stands beside the assistant's reply to the same message.")
    if not first.body:
        raise Conflict("There is nothing in this reply to compare with. Ask again instead.")
    if command.model is None or command.model == AUTO:
        raise InvalidRequest("A second opinion needs the name of a model.", field="model")
    said = work.view(first).message(command.thread, first.id).reply
    if command.model == said.get("model_name", said.get("model")):
        raise Conflict(f"This reply is by {command.model} already. Choose another model for a second opinion.")
    return str(said.get("beside", first.id))


def _shown(use: ToolUse) -> dict[str, Any]:
    ended = {"ms": use.ms, "error": use.error} if use.status != "running" else {}
    return without_nothing({"name": use.name, "label": use.label, "status": use.status, **ended})


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _hash(value: Any) -> str:
    return hashlib.sha256(_canonical(value).encode("utf-8", "replace")).hexdigest()


def _told(work: Work, request: SentRequest | None) -> AuditBody | None:
    return None if request is None else work.body(request.text, request.since)


def _seen(manifest: Manifest) -> dict[str, Any]:
    return {"messages": len(manifest.messages), "cells": {cell.id: cell.content_hash for cell in manifest.cells}}


def without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
