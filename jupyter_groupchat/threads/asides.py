"""What the model did for one person alone: counted, and in the audit log, without a word of what was said."""

from __future__ import annotations

from typing import Any

from jupyter_groupchat.errors import Conflict, NotFound
from jupyter_groupchat.threads import servers
from jupyter_groupchat.threads.access import as_assistant
from jupyter_groupchat.threads.internal import AsideBegin, AsideEnd, CatchUpSeal, DictationSeal
from jupyter_groupchat.threads.replies import LEASE, without_nothing
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor

_NO_COMMAND = "There is no such command."
_UNDER_WAY = {
    "catch_up": "You are being told already what you missed, perhaps in another window. That has to end first.",
    "dictation": "A recording of yours is being written down already. That has to end first.",
}


def begin(work: Work, actor: Actor, command: AsideBegin) -> dict[str, Any]:
    """Begin something for one person. What a server that died did for them does not stand in the way."""
    if not actor.is_assistant:
        raise NotFound(_NO_COMMAND)
    here, who, what = work.context.server_id, command.asked_by, command.what
    server = work.tx.asides.server(who, what)
    dead = server if server and server != here and (not work.context.shared or servers.is_dead(server)) else ""
    if not work.tx.asides.take(who, what, here, work.now + LEASE, now=work.now, dead=dead):
        raise Conflict(_UNDER_WAY[what])
    work.after_commit(lambda: work.context.asides.add((who, what)))
    return {}


def end(work: Work, actor: Actor, command: AsideEnd) -> dict[str, Any]:
    """Let the next one begin."""
    if not actor.is_assistant:
        raise NotFound(_NO_COMMAND)
    work.tx.asides.end(command.asked_by, command.what, work.context.server_id)
    work.after_commit(lambda: work.context.asides.discard((command.asked_by, command.what)))
    return {}


def seal_catch_up(work: Work, actor: Actor, command: CatchUpSeal) -> dict[str, Any]:
    """Count a catch-up as a reply of who asked for it. An archived thread can be read, so it can be summed up."""
    thread = as_assistant(work, actor, command.thread)
    used = command.usage
    if used is not None:
        work.tx.usage.add(
            thread.id, command.asked_by, command.model, used.prompt_tokens, used.completion_tokens, work.now, True
        )
    details = {
        "since_seq": command.since_seq,
        "messages": command.messages,
        "cells": command.cells,
        "files": command.files or None,
        "model": command.model,
        "status": command.status,
        "tokens": used.prompt_tokens + used.completion_tokens if used else None,
    }
    work.tx.audit.append(thread.id, command.asked_by, "catch_up", without_nothing(details), work.now)
    return {}


def seal_dictation(work: Work, actor: Actor, command: DictationSeal) -> dict[str, Any]:
    """Keep that somebody dictated. No thread has anything to do with it before the text is sent."""
    if not actor.is_assistant:
        raise NotFound(_NO_COMMAND)
    details = {
        "bytes": command.bytes,
        "seconds": command.seconds,
        "media_type": command.media_type,
        "model": command.model,
        "status": command.status,
    }
    work.tx.audit.append(None, command.asked_by, "dictation", without_nothing(details), work.now)
    return {}
