"""Threads that begin with what was said elsewhere. Who said it is nobody's account here, whatever the names say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jupyter_groupchat.documents import names
from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.errors import InvalidRequest, TooLarge
from jupyter_groupchat.rooms.room import Room
from jupyter_groupchat.threads import cells, lifecycle, messages
from jupyter_groupchat.threads.internal import ThreadImport
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.work import Work, row_of
from jupyter_groupchat.types import (
    IMPORTED,
    PAGE_SIZE,
    THE_OPERATOR,
    Actor,
    Message,
    MessageKind,
    Mode,
    SharedCell,
    StoredDocument,
    StoredFile,
)

#: Messages of one import. All are written in one transaction, for which everybody else's commands wait.
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
class Imported:
    """What a file held. Messages are in order, with ids of their own; their ``seq`` and ``thread_id`` do not matter.

    ``origin`` are JSON values for the audit: where all this comes from.
    """

    title: str
    mode: Mode
    instructions: str
    messages: tuple[Message, ...]
    cells: tuple[ImportedCell, ...] = ()
    files: tuple[ImportedFile, ...] = ()
    origin: Mapping[str, Any]
    #: It comes out of a backup of this chat: its authors are who they were, and it is the operator who brings it.
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be written, worked out before the core thread is asked: pages as one update each."""

    imported: Imported
    messages: tuple[Message, ...]
    pages: tuple[bytes, ...]


def prepare(imported: Imported) -> Prepared:
    """Number the messages, take accounts' names out of them, and lay them out in pages."""
    if len(imported.messages) > MAX_MESSAGES:
        raise TooLarge(f"An import holds at most {MAX_MESSAGES:,} messages.", limit=MAX_MESSAGES)
    if imported.restored:
        found = tuple(replace(message, seq=seq) for seq, message in enumerate(imported.messages))
    else:
        found = tuple(_nobodys(message, seq) for seq, message in enumerate(imported.messages))
    pages = [found[start : start + PAGE_SIZE] for start in range(0, len(found), PAGE_SIZE)]
    return Prepared(imported, found, tuple(_page(number, page) for number, page in enumerate(pages)))


def bring_in(work: Work, actor: Actor, command: ThreadImport, prepared: Prepared) -> dict[str, Any]:
    """Start a thread with what ``prepare`` made."""
    lifecycle.may_have_one_more(work, actor)
    imported = prepared.imported
    _refuse_too_much(work.limits, imported)
    empty = lifecycle.new_thread(work, actor, imported.title, imported.mode, imported.instructions, None)
    thread = replace(empty, last_seq=len(prepared.messages) - 1)
    lifecycle.begin(work, actor, thread)
    tx = work.tx
    whose = str if imported.restored else nobody
    tx.messages.add_read(thread.id, (row_of(message) for message in prepared.messages))
    for number, update in enumerate(prepared.pages):
        tx.documents.append(names.page_document(thread.id, number), thread.id, update)
    for shared in imported.cells:
        cells.keep_images(work, actor, thread.id, shared.images)
        shared_by = whose(shared.cell.shared_by)
        work.board(thread.id).put_cell(replace(shared.cell, shared_by=shared_by, updated_at=work.now, live=False))
    for message in prepared.messages:
        if message.marks:
            work.board(thread.id).set_marks(message.id, message.seq, message.marks)
    for came in imported.files:
        file = replace(came.file, thread_id=thread.id, uploaded_by=whose(came.file.uploaded_by))
        tx.files.add(file, came.data)
        work.board(thread.id).put_file(file)
    count = len(prepared.messages)
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


def _page(number: int, page: Sequence[Message]) -> bytes:
    room = Room(names.page_document("import", number), YPage, StoredDocument(snapshot=None, updates=(), seq=0))
    view = room.open()
    for message in page:
        view.post(message)
        for emoji, username in _each(message.reactions):
            view.set_reaction(message.id, emoji, username, True)
        for mark, username in message.marks.items():
            view.set_mark(message.id, mark, username)
    update = room.close()
    assert update is not None
    return update


def _each(reactions: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for emoji, usernames in reactions.items():
        for username in usernames:
            yield emoji, username
