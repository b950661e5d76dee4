"""What the model did for one person alone: counted, and in the audit log, without a word of what was said."""

from __future__ import annotations

from typing import Any

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.threads.access import as_assistant
from jupyter_groupchat.threads.internal import CatchUpSeal, DictationSeal
from jupyter_groupchat.threads.replies import without_nothing
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor


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
        raise NotFound("There is no such command.")
    details = {
        "bytes": command.bytes,
        "seconds": command.seconds,
        "media_type": command.media_type,
        "model": command.model,
        "status": command.status,
    }
    work.tx.audit.append(None, command.asked_by, "dictation", without_nothing(details), work.now)
    return {}
