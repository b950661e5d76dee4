"""Threads that begin with what was said elsewhere. Who said it is nobody's account here, whatever the names say."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from jupyter_groupchat.errors import InvalidRequest, TooLarge
from jupyter_groupchat.reply_types import Manifest, ReplyJob
from jupyter_groupchat.threads import cells, filling, lifecycle, messages
from jupyter_groupchat.threads.filling import Filling
from jupyter_groupchat.threads.internal import ThreadImport
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import (
    IMPORTED,
    PAGE_SIZE,
    THE_OPERATOR,
    Actor,
    Message,
    MessageKind,
    Mode,
    SharedCell,
    StoredFile,
)

#: Messages of one import.
MAX_MESSAGES = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedCell:
    """A shared cell, cleaned by ``cells.render``, with its images by SHA-256: media type and bytes."""

    cell: SharedCell
    images: Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """A file as ``cells.filetypes`` found it to be, under a new id, with its bytes."""

    file: StoredFile
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is kept of a message beside what it says: each earlier text and until when it stood, oldest first; and of a
    reply how it came to be, and what it was made from."""

    message: str
    versions: Sequence[tuple[str, datetime]] = ()
    job: ReplyJob | None = None
    manifest: Manifest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file held. Messages are in order, with ids of their own; their ``seq`` and ``thread_id`` do not matter.

    ``origin`` are JSON values for the audit: where all this comes from.
    """

    title: str
    mode: Mode
    instructions: str
    model: str | None = None  #: taken where there is such a model
    messages: tuple[Message, ...]
    cells: tuple[ImportedCell, ...] = ()
    files: tuple[ImportedFile, ...] = ()
    pasts: tuple[Past, ...] = ()
    origin: Mapping[str, Any]
    #: It comes out of a backup of this chat: its authors are who they were, and it is the operator who brings it.
    restored: bool = False


def prepare(imported: Imported, actor: Actor, limits: Limits, models: Container[str], now: datetime) -> Filling:
    """Work an import out, beside the core thread: messages numbered, accounts' names taken out of them, all of it cut
    into pieces. ``models`` are those that a thread may have here. Raises TooLarge and InvalidRequest.
    """
    if len(imported.messages) > MAX_MESSAGES:
        raise TooLarge(f"An import holds at most {MAX_MESSAGES:,} messages.", limit=MAX_MESSAGES)
    _refuse_too_much(limits, imported)
    new = lifecycle.new_thread(now, actor, imported.title, imported.mode, imported.instructions, None)
    model = imported.model if imported.model in models else None
    thread = replace(new, model=model, last_seq=len(imported.messages) - 1)
    if imported.restored:
        found = [replace(message, seq=seq) for seq, message in enumerate(imported.messages)]
    else:
        found = [_nobodys(message, seq) for seq, message in enumerate(imported.messages)]
    pieces = filling.pages(thread.id, found)
    pieces += [partial(_keep_images, actor, thread.id, shared) for shared in imported.cells]
    pieces += [partial(_keep_file, _whose(imported), thread.id, came) for came in imported.files]
    pieces += [
        partial(_keep_pasts, thread.id, imported.pasts[start : start + PAGE_SIZE])
        for start in range(0, len(imported.pasts), PAGE_SIZE)
    ]
    marked = tuple(message for message in found if message.marks)
    command = ThreadImport(id=secrets.token_urlsafe(12))
    return Filling(command, thread, pieces, details=(imported, marked))


def bring_in(work: Work, actor: Actor, command: ThreadImport, filling: Filling) -> dict[str, Any]:
    """Let the caller into the thread that was written, and show what is in it."""
    imported, marked = filling.details
    thread = lifecycle.finish(work, actor, filling.thread)
    tx, whose = work.tx, _whose(imported)
    for shared in imported.cells:
        shared_by = whose(shared.cell.shared_by)
        work.board(thread.id).put_cell(replace(shared.cell, shared_by=shared_by, updated_at=work.now, live=False))
    for message in marked:
        work.board(thread.id).set_marks(message.id, message.seq, message.marks)
    for came in imported.files:
        work.board(thread.id).put_file(_file(whose, thread.id, came))
    count = len(imported.messages)
    details = {**imported.origin, "messages": count, "cells": len(imported.cells), "files": len(imported.files)}
    owner = work.members(thread.id)[actor.username]
    if imported.restored:
        tx.audit.append(thread.id, THE_OPERATOR.username, "thread.restore", details, work.now)
        words = f"The server's operator restored this thread with {count:,} message{'s' * (count != 1)} from a backup."
    else:
        tx.audit.append(thread.id, actor.username, "thread.import", details, work.now)
        words = f"{owner.name} brought {count:,} message{'s' * (count != 1)} in from a file."
    messages.say(work, thread.id, owner, words)
    return lifecycle.answer(work, actor, thread.id)


def nobody(username: str) -> str:
    """A name under which nobody can sign in, for somebody of another place."""
    return f"{IMPORTED}{username.removeprefix(IMPORTED)}"[:255]


def _refuse_too_much(limits: Limits, imported: Imported) -> None:
    if len(imported.cells) > limits.cells_per_thread:
        limit = limits.cells_per_thread
        raise TooLarge(f"A thread holds at most {limit} cells; this file has {len(imported.cells)}.", limit=limit)
    if any(len(shared.cell.source.encode()) > limits.source_bytes for shared in imported.cells):
        limit = limits.source_bytes
        raise TooLarge(f"A shared cell holds at most {limit // 1024} kB of source.", limit=limit)
    if any(sum(map(len, message.reactions.values())) > limits.reactions_per_message for message in imported.messages):
        limit = limits.reactions_per_message
        raise TooLarge(f"A message holds at most {limit} reactions.", limit=limit)
    _refuse_files(limits, imported.files)


def _refuse_files(limits: Limits, files: Sequence[ImportedFile]) -> None:
    if len(files) > limits.files_per_thread:
        limit = limits.files_per_thread
        raise TooLarge(f"A thread holds at most {limit} files; this one has {len(files)}.", limit=limit)
    for came in files:
        if came.file.size > limits.file_bytes:
            limit = limits.file_bytes
            raise TooLarge(f"“{came.file.name}” is larger than the {limit:,} bytes that a file may have.", limit=limit)
        if came.file.media_type not in limits.file_types:
            raise InvalidRequest(f"Files such as “{came.file.name}” are not taken here.")


def _nobodys(message: Message, seq: int) -> Message:
    return replace(
        message,
        seq=seq,
        author=nobody(message.author),
        kind=MessageKind.IMPORT,
        via=None,
        mentions=(),
        reactions={emoji: tuple(map(nobody, usernames)) for emoji, usernames in message.reactions.items()},
        marks={mark: nobody(username) for mark, username in message.marks.items()},
        credits=tuple(map(nobody, message.credits)),
        reply={},
        decision={},
    )


def _keep_images(actor: Actor, thread_id: str, shared: ImportedCell, work: Work) -> None:
    cells.keep_images(work, actor, thread_id, shared.images)


def _keep_file(whose: Callable[[str], str], thread_id: str, came: ImportedFile, work: Work) -> None:
    work.tx.files.add(_file(whose, thread_id, came), came.data)


def _keep_pasts(thread_id: str, pasts: Sequence[Past], work: Work) -> None:
    for past in pasts:
        for body, until in past.versions:
            work.tx.messages.add_version(thread_id, past.message, body, until)
        if past.job is not None:
            work.tx.replies.add(replace(past.job, id=past.message, thread_id=thread_id))
            if past.manifest is not None:
                work.tx.replies.put_manifest(past.message, past.manifest)


def _file(whose: Callable[[str], str], thread_id: str, came: ImportedFile) -> StoredFile:
    return replace(came.file, thread_id=thread_id, uploaded_by=whose(came.file.uploaded_by))


def _whose(imported: Imported) -> Callable[[str], str]:
    """Whom a username of the file stands for."""
    return str if imported.restored else nobody
