"""A thread's own document: its settings, who is in it, and the cells that were shared with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from jupyter_ydoc.ybasedoc import YBaseDoc
from pycrdt import Awareness, Doc, Map, Text

from jupyter_groupchat.documents.numbers import whole
from jupyter_groupchat.types import PAGE_SIZE, Attachments, Draft, Member, SharedCell, StoredFile, Thread
from jupyter_groupchat.wire.times import from_wire, to_wire


class YThread(YBaseDoc):
    """Schema (version 1.2)::

        meta: Map
            title, mode, instructions   string
            notebook                    string?  path on the server
            archived_at                 string?  RFC 3339; the thread is read-only
            model                       string?  which of the operator's models answers, or "auto"
            approval                    boolean? true where who comes by a link waits for the owner
            keep_days                   number?  messages older than that are deleted
            created_at, created_by      string
            last_seq                    number   of the newest message, -1 while there is none
            page_size                   number   256
        members: Map[username -> object]         name, role, joined_at, invited_by?, colour, avatar?, guest_until?
        cells: Map[share id -> Map]
            notebook, cell_id, cell_type, content_hash, shared_by, updated_at   string
            source           Text
            outputs          [object]            as in nbformat; an image is {"file": sha256}
            execution_count  number?
            live             boolean             follows the sharer's notebook
        files: Map[file id -> object]            name, media_type, size: what messages name in their ``files``
        marks: Map[message id -> object]         seq, pinned?, agreed?: which messages are marked, and with what
        drafts: Map[draft id -> object]          by, at, with: who began a message that is co-written, and who writes;
                                                 reply_to?, cells?, files?: what goes along with it

    ``meta``, ``members``, ``files`` and who is in ``drafts`` are a projection of the SQL tables for display: nobody is
    let in by them.
    """

    def __init__(self, ydoc: Doc[Any] | None = None, awareness: Awareness | None = None) -> None:
        super().__init__(ydoc, awareness)
        self._meta: Map[Any] = self._ydoc.get("meta", type=Map)
        self._members: Map[Any] = self._ydoc.get("members", type=Map)
        self._cells: Map[Any] = self._ydoc.get("cells", type=Map)
        self._files: Map[Any] = self._ydoc.get("files", type=Map)
        self._marks: Map[Any] = self._ydoc.get("marks", type=Map)
        self._drafts: Map[Any] = self._ydoc.get("drafts", type=Map)

    @property
    def version(self) -> str:
        """The schema's version."""
        return "1.2.0"

    def get(self) -> dict[str, Any]:
        """The whole document as JSON values. For tests and tools."""
        return {name: root.to_py() for name, root in self._roots()}

    def set(self, value: Any) -> None:
        """Thread documents are written entry by entry."""
        raise NotImplementedError("a thread document is written with set_settings, put_member and their like")

    def observe(self, callback: Callable[[str, Any], None]) -> None:
        """Call ``callback(root, events)`` after every change of a root, by its name."""
        self.unobserve()
        for name, root in self._roots():
            self._subscriptions[root] = root.observe_deep(partial(callback, name))

    def _roots(self) -> tuple[tuple[str, Map[Any]], ...]:
        return (
            ("meta", self._meta),
            ("members", self._members),
            ("cells", self._cells),
            ("files", self._files),
            ("marks", self._marks),
            ("drafts", self._drafts),
        )

    # -- writing: inside a transaction of the room

    def set_settings(self, thread: Thread) -> None:
        """Show a thread's settings; only what differs is written."""
        settings = {
            "title": thread.title,
            "mode": thread.mode.value,
            "instructions": thread.instructions,
            "notebook": thread.notebook,
            "archived_at": thread.archived_at and to_wire(thread.archived_at),
            "model": thread.model,
            "approval": thread.approval or None,
            "keep_days": thread.keep_days,
            "created_at": to_wire(thread.created_at),
            "created_by": thread.created_by,
            "page_size": PAGE_SIZE,
        }
        for key, value in settings.items():
            if value is None:
                self._meta.pop(key, None)
            elif self._meta.get(key) != value:
                self._meta[key] = value
        if "last_seq" not in self._meta:
            self._meta["last_seq"] = thread.last_seq

    def set_last_seq(self, seq: int) -> None:
        """Tell clients which page is the newest."""
        self._meta["last_seq"] = seq

    def put_member(self, member: Member) -> None:
        """Show a member as they are now."""
        value: dict[str, Any] = {
            "name": member.name,
            "role": member.role.value,
            "joined_at": to_wire(member.joined_at),
            "colour": member.colour,
        }
        if member.invited_by:
            value["invited_by"] = member.invited_by
        if member.avatar:
            value["avatar"] = member.avatar
        if member.guest_until:
            value["guest_until"] = to_wire(member.guest_until)
        self._members[member.username] = value

    def delete_member(self, username: str) -> None:
        """Show that somebody is no longer a member."""
        self._members.pop(username, None)

    def put_cell(self, cell: SharedCell) -> None:
        """Share a cell, or bring a shared one up to date, writing only what differs."""
        if cell.id not in self._cells:
            self._cells[cell.id] = Map({"source": Text(cell.source), "outputs": list(cell.outputs)})
        entry = self._cells[cell.id]
        if str(entry["source"]) != cell.source:
            entry["source"] = Text(cell.source)
        values = {
            "notebook": cell.notebook,
            "cell_id": cell.cell_id,
            "cell_type": cell.cell_type,
            "outputs": [dict(output) for output in cell.outputs],
            "execution_count": cell.execution_count,
            "content_hash": cell.content_hash,
            "shared_by": cell.shared_by,
            "updated_at": to_wire(cell.updated_at),
            "live": cell.live,
        }
        for key, value in values.items():
            if value is None:
                entry.pop(key, None)
            elif key not in entry or entry[key] != value:
                entry[key] = value

    def delete_cell(self, share_id: str) -> None:
        """Withdraw a shared cell."""
        self._cells.pop(share_id, None)

    def put_file(self, file: StoredFile) -> None:
        """Show what a file is."""
        self._files[file.id] = {"name": file.name, "media_type": file.media_type, "size": file.size}

    def delete_file(self, file_id: str) -> None:
        """Show that a file is no longer there."""
        self._files.pop(file_id, None)

    def set_marks(self, message_id: str, seq: int, marks: Iterable[str]) -> None:
        """Show which marks a message has; with none, it is no longer listed."""
        value = {"seq": seq, **dict.fromkeys(marks, True)}
        if len(value) == 1:
            self._marks.pop(message_id, None)
        elif self._marks.get(message_id) != value:
            self._marks[message_id] = value

    def put_draft(self, draft: Draft, writers: Iterable[str]) -> None:
        """Show a draft that members write together, and who has written in it so far."""
        begun = {"by": draft.opened_by, "at": to_wire(draft.opened_at), "with": list(writers)}
        self._drafts[draft.id] = {**self._drafts.get(draft.id, {}), **begun}

    def set_attachments(self, draft_id: str, attachments: Attachments) -> None:
        """Show what goes along with a draft that is shown already."""
        begun = {key: value for key, value in self._drafts[draft_id].items() if key in ("by", "at", "with")}
        brought = {
            "reply_to": attachments.reply_to,
            "cells": list(attachments.cells),
            "files": list(attachments.files),
        }
        self._drafts[draft_id] = {**begun, **{key: value for key, value in brought.items() if value}}

    def delete_draft(self, draft_id: str) -> None:
        """Show that a draft was sent or discarded."""
        self._drafts.pop(draft_id, None)

    # -- reading

    def attachments(self, draft_id: str) -> Attachments:
        """What goes along with a draft; cells and files that were taken out of the thread meanwhile do not."""
        draft: dict[str, Any] = self._drafts.get(draft_id, {})
        return Attachments(
            reply_to=draft.get("reply_to"),
            cells=tuple(share for share in draft.get("cells", ()) if share in self._cells),
            files=tuple(file for file in draft.get("files", ()) if file in self._files),
        )

    def has_file(self, file_id: str) -> bool:
        """Whether there is such an attachment; images of cells are none."""
        return file_id in self._files

    def marked(self, mark: str) -> list[str]:
        """The ids of the messages with a mark, ``pinned`` or ``agreed``, the newest first."""
        marks: dict[str, dict[str, Any]] = self._marks.to_py() or {}
        found = [(value["seq"], message_id) for message_id, value in marks.items() if mark in value]
        return [message_id for _, message_id in sorted(found, reverse=True)]

    def mark_count(self) -> int:
        """How many messages are marked."""
        return len(self._marks)

    def is_marked(self, message_id: str) -> bool:
        """Whether a message has any mark."""
        return message_id in self._marks

    def file_count(self) -> int:
        """How many attachments there are."""
        return len(self._files)

    @property
    def last_seq(self) -> int:
        """The newest message's ``seq``, -1 while there is none."""
        return int(self._meta.get("last_seq", -1))

    def __contains__(self, share_id: str) -> bool:
        return share_id in self._cells

    def shared_by(self, share_id: str) -> str | None:
        """Who shared a cell, None when it is not shared."""
        return self._cells[share_id]["shared_by"] if share_id in self._cells else None

    def cell_count(self) -> int:
        """How many cells are shared."""
        return len(self._cells)

    def cell(self, share_id: str) -> SharedCell | None:
        """A shared cell, or None when it is not (or no longer) shared."""
        if share_id not in self._cells:
            return None
        value = self._cells[share_id].to_py() or {}
        count = value.get("execution_count")
        return SharedCell(
            id=share_id,
            notebook=value["notebook"],
            cell_id=value["cell_id"],
            cell_type=value["cell_type"],
            source=value["source"],
            outputs=tuple(whole(value["outputs"])),
            execution_count=None if count is None else int(count),
            content_hash=value["content_hash"],
            shared_by=value["shared_by"],
            updated_at=from_wire(value["updated_at"]),
            live=bool(value["live"]),
        )

    def cells(self) -> list[SharedCell]:
        """All shared cells, the most recently updated first."""
        found = [cell for share_id in list(self._cells.keys()) if (cell := self.cell(share_id))]
        return sorted(found, key=lambda cell: (cell.updated_at, cell.id), reverse=True)
