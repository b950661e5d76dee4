"""A thread out of a backup, as the thread that it becomes: with its authors, for it comes from no stranger."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from jupyter_groupchat.threads.imports import Imported, ImportedCell, ImportedFile
from jupyter_groupchat.transfer.source import Outline, Source
from jupyter_groupchat.types import Message, MessageStatus, SharedCell

#: Characters of a title.
_LONGEST = 200
_SUFFIX = " (restored)"


def restored(source: Source, origin: Mapping[str, Any]) -> tuple[Outline, Imported]:
    """Who was in a thread, and what. Raises NotFound."""
    outline = source.outline()
    thread = outline.thread
    messages = [message for page in source.pages(thread.last_seq) for message in page if not message.deleted]
    ids = {message.id: secrets.token_urlsafe(12) for message in messages}
    files = ((file, source.data(file.id)) for file in outline.files)
    return outline, Imported(
        title=f"{thread.title[: _LONGEST - len(_SUFFIX)]}{_SUFFIX}",
        mode=thread.mode,
        instructions=thread.instructions,
        model=thread.model,
        messages=tuple(_renamed(message, ids) for message in messages),
        cells=tuple(ImportedCell(cell=cell, images=dict(_images(cell, source))) for cell in outline.cells),
        files=tuple(ImportedFile(file=file, data=data) for file, data in files if data is not None),
        origin={**origin, "thread": thread.id},
        restored=True,
    )


def _renamed(message: Message, ids: Mapping[str, str]) -> Message:
    """Under an id of its own: the thread that it was in may still be there, too."""
    about = message.reply.get("about")
    reply = {**message.reply, "about": ids.get(about, about)} if about else message.reply
    interrupted = message.status is MessageStatus.STREAMING
    return replace(
        message,
        id=ids[message.id],
        reply_to=ids.get(message.reply_to or ""),
        reply=reply,
        status=MessageStatus.INTERRUPTED if interrupted else message.status,
    )


def _images(cell: SharedCell, source: Source) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for output in cell.outputs:
        for media_type, value in (output.get("data") or {}).items():
            if isinstance(value, Mapping) and isinstance(sha256 := value.get("file"), str):
                data = source.data(sha256)
                if data is not None:
                    yield sha256, (media_type, data)
