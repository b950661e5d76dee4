"""A thread out of a backup, as the thread that it becomes: with its authors, for it comes from no stranger."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from jupyter_groupchat.reply_types import JobStatus, Manifest, ReplyJob
from jupyter_groupchat.threads.imports import Imported, ImportedCell, ImportedFile, Past
from jupyter_groupchat.transfer.source import Outline, Source
from jupyter_groupchat.types import Message, MessageKind, MessageStatus, SharedCell

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
        pasts=tuple(_pasts(messages, ids, source)),
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


def _pasts(messages: Sequence[Message], ids: Mapping[str, str], source: Source) -> Iterator[Past]:
    for message in messages:
        if message.edited_at is not None:
            said = source.versions(message.id)
            versions = [(body, until) for (body, _), (_, until) in pairwise(said)]
            yield Past(message=ids[message.id], versions=versions)
        if message.kind is MessageKind.ASSISTANT and (reply := source.reply(message.id)) is not None:
            job, manifest = reply
            yield Past(message=ids[message.id], job=_ended(job, ids), manifest=manifest and _told(manifest, ids))


def _ended(job: ReplyJob, ids: Mapping[str, str]) -> ReplyJob:
    going_on = job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
    return replace(job, about=ids.get(job.about, job.about), status=JobStatus.INTERRUPTED if going_on else job.status)


def _told(manifest: Manifest, ids: Mapping[str, str]) -> Manifest:
    """Naming the messages as they are called now; those that are not there keep the names that lead nowhere."""
    seen, cut = ([ids.get(id, id) for id in named] for named in (manifest.messages, manifest.messages_cut))
    return replace(manifest, messages=tuple(seen), messages_cut=tuple(cut))


def _images(cell: SharedCell, source: Source) -> Iterator[tuple[str, tuple[str, bytes]]]:
    for output in cell.outputs:
        for media_type, value in (output.get("data") or {}).items():
            if isinstance(value, Mapping) and isinstance(sha256 := value.get("file"), str):
                data = source.data(sha256)
                if data is not None:
                    yield sha256, (media_type, data)
