"""Files that messages bring along: putting them into a thread, and deleting them.

Images of shared cells are files, too; those come and go with their cells, and no message can name them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from jupyter_groupchat.cells import filetypes, metadata, render
from jupyter_groupchat.errors import Conflict, NotFound, TooLarge
from jupyter_groupchat.threads.access import NO_FILE, enter, enter_to_write
from jupyter_groupchat.threads.internal import FilePut, ReplyPicture
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, MessageRow, StoredFile, Thread
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import file_json


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file was found to be."""

    name: str
    media_type: str
    data: bytes
    sha256: str


def examine(command: FilePut | ReplyPicture, limits: Limits) -> Examined:
    """What a file is; raises for one that may not enter. It takes its time: done before the core thread is asked."""
    if len(command.data) > limits.file_bytes:
        limit = limits.file_bytes
        raise TooLarge(f"A file holds at most {render.size(limit)}.", limit=limit)
    name = filetypes.clean_name(command.name)
    kind = filetypes.media_type(name, command.data, limits.file_types)
    data = metadata.without(kind, command.data)
    return Examined(name, kind, data, hashlib.sha256(data).hexdigest())


def put(work: Work, actor: Actor, command: FilePut, examined: Examined) -> dict[str, Any]:
    """Put a file into a thread. Its id is chosen here: what people choose could be that of a cell's image."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.POST)
    return {"file": file_json(add(work, thread, actor.username, examined))}


def add(work: Work, thread: Thread, by: str, examined: Examined) -> StoredFile:
    """Keep a file. Raises Conflict where the thread holds as many as it may."""
    limit = work.limits.files_per_thread
    if work.board_view(thread.id).file_count() >= limit:
        raise Conflict(f"A thread holds at most {limit} files. Delete some first.", limit=limit)
    file = StoredFile(
        id=secrets.token_urlsafe(12),
        thread_id=thread.id,
        name=examined.name,
        media_type=examined.media_type,
        size=len(examined.data),
        sha256=examined.sha256,
        uploaded_by=by,
        created_at=work.now,
    )
    work.tx.files.add(file, examined.data)
    work.board(thread.id).put_file(file)
    details = {"file": file.id, "media_type": file.media_type, "size": file.size, "sha256": file.sha256}
    work.tx.audit.append(thread.id, by, "file.put", details, work.now)
    return file


def delete(work: Work, actor: Actor, command: commands.FileDelete) -> dict[str, Any]:
    """Delete a file, for everybody and from every later request."""
    enter(work, actor, command.thread, Act.READ)
    if not is_there(work, command.thread, command.file):
        raise NotFound(NO_FILE)
    file = work.rows.files.get(command.thread, command.file)
    own = file is not None and file.uploaded_by == actor.username
    thread, _ = enter_to_write(work, actor, command.thread, Act.DELETE_FILE, own=own)
    remove(work, thread.id, command.file, by=actor.username)
    return {}


def forget(work: Work, thread_id: str, message: MessageRow, writers: Container[str]) -> None:
    """The files that those who wrote a message put there for it go with it."""
    for id in message.files:
        file = work.rows.files.get(thread_id, id)
        if file is not None and file.uploaded_by in writers:
            remove(work, thread_id, id, by=message.author)


def is_there(work: Work, thread_id: str, file_id: str) -> bool:
    """Whether messages of the thread may name the file."""
    return work.board_view(thread_id).has_file(file_id)


def take_out(work: Work, thread_id: str, file_id: str) -> None:
    """Delete a file; messages still name it."""
    work.tx.files.delete(thread_id, file_id)
    work.board(thread_id).delete_file(file_id)


def remove(work: Work, thread_id: str, file_id: str, by: str) -> None:
    """Delete a file, and note who did."""
    take_out(work, thread_id, file_id)
    work.tx.audit.append(thread_id, by, "file.delete", {"file": file_id}, work.now)
