"""Shared cells: sharing, bringing up to date, withdrawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jupyter_groupchat.cells import render
from jupyter_groupchat.cells.render import Cleaned
from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound, TooLarge
from jupyter_groupchat.threads.access import enter, enter_to_write
from jupyter_groupchat.threads.happenings import CellShared
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, SharedCell, StoredFile
from jupyter_groupchat.wire import commands

_GONE = "This cell is not, or no longer, shared with the thread."


def clean(command: commands.CellPut) -> Cleaned:
    """What of a cell's outputs may enter a thread. Takes its time, so it is done before the core thread is asked."""
    return render.clean(command.outputs)


def put(work: Work, actor: Actor, command: commands.CellPut, cleaned: Cleaned) -> dict[str, Any]:
    """Share a cell, or bring one's shared cell up to date. ``cleaned`` is from ``clean``."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.SHARE)
    limits = work.limits
    if len(command.source.encode()) > limits.source_bytes:
        raise TooLarge(
            f"A shared cell holds at most {limits.source_bytes // 1024} kB of source.", limit=limits.source_bytes
        )
    board = work.board_view(thread.id)
    sharer = board.shared_by(command.share)
    if sharer is None and command.update:
        raise NotFound(_GONE)
    if sharer is None and board.cell_count() >= limits.cells_per_thread:
        limit = limits.cells_per_thread
        raise Conflict(
            f"{limit} cells are shared with this thread, and more are not possible. Withdraw some.", limit=limit
        )
    if sharer not in (None, actor.username):
        raise NotAllowed("Only the person who shared a cell may change it.")

    cell = SharedCell(
        id=command.share,
        notebook=command.notebook,
        cell_id=command.cell_id,
        cell_type=command.cell_type,
        source=command.source,
        outputs=cleaned.outputs,
        execution_count=command.execution_count,
        content_hash=render.content_hash(command.source, cleaned.outputs),
        shared_by=actor.username,
        updated_at=work.now,
        live=command.live,
    )
    before = board.cell(command.share)
    keep_images(work, actor, thread.id, cleaned.images)
    work.board(thread.id).put_cell(cell)
    _drop_images(work, thread.id, before)
    if before is None or before.content_hash != cell.content_hash:
        details = {"share": cell.id, "notebook": cell.notebook, "content_hash": cell.content_hash}
        shown = work.body(_text(cell), work.now) if work.policy.audit_bodies else None
        work.tx.audit.append(thread.id, actor.username, "cell.put", details, work.now, shown)
        happening = CellShared(thread=thread, cell=cell, by=actor, first=before is None)
        work.delivery.happenings.append(happening)
    return {"cell": {"id": cell.id, "content_hash": cell.content_hash, "cut": cleaned.cut}}


def delete(work: Work, actor: Actor, command: commands.CellDelete) -> dict[str, Any]:
    """Withdraw a cell from the thread and from every later request."""
    thread, _ = enter(work, actor, command.thread, Act.READ)
    cell = work.board_view(thread.id).cell(command.share)
    if cell is None:
        raise NotFound(_GONE)
    enter_to_write(work, actor, command.thread, Act.WITHDRAW, own=cell.shared_by == actor.username)
    work.board(thread.id).delete_cell(cell.id)
    _drop_images(work, thread.id, cell)
    work.tx.audit.append(thread.id, actor.username, "cell.delete", {"share": cell.id}, work.now)
    return {}


def _text(cell: SharedCell) -> str:
    """A cell's source and what its outputs say."""
    return "\n\n".join([cell.source, *(render.as_text(output) for output in cell.outputs)])


def keep_images(work: Work, actor: Actor, thread_id: str, images: Mapping[str, tuple[str, bytes]]) -> None:
    """Keep a cell's images, from ``clean``, unless the thread has them already."""
    for sha256, (media_type, data) in images.items():
        if work.rows.files.get(thread_id, sha256) is None:
            work.tx.files.add(_image(work, actor, thread_id, sha256, media_type, data), data)


def _image(work: Work, actor: Actor, thread_id: str, sha256: str, media_type: str, data: bytes) -> StoredFile:
    return StoredFile(
        id=sha256,
        thread_id=thread_id,
        name=f"{sha256[:12]}.{media_type.rpartition('/')[2]}",
        media_type=media_type,
        size=len(data),
        sha256=sha256,
        uploaded_by=actor.username,
        created_at=work.now,
    )


def _drop_images(work: Work, thread_id: str, before: SharedCell | None) -> None:
    """Images that a cell no longer shows, and no other shared cell either, are not kept."""
    gone = set(_hashes([before])) if before else set()
    if gone:
        gone -= set(_hashes(work.board_view(thread_id).cells()))
    for sha256 in gone:
        work.tx.files.delete(thread_id, sha256)


def _hashes(cells: Iterable[SharedCell]) -> Iterable[str]:
    return (sha256 for cell in cells for _, sha256 in render.images(cell))
