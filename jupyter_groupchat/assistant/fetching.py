"""What a request needs beside the conversation: the files of its messages, and the pictures of its cells."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice

from jupyter_groupchat.assistant import attachments, context
from jupyter_groupchat.assistant.attachments import Attachment
from jupyter_groupchat.cells import render
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import MessageRow, SharedCell


async def files(
    service: ThreadService, thread_id: str, rows: Iterable[MessageRow], *, images: bool
) -> dict[str, Attachment]:
    """By id, those of the first rows; ``images`` is whether the model takes pictures. One that is gone is left out."""
    found: dict[str, Attachment] = {}
    for id in islice(attachments.named(rows), attachments.MOST):
        if kept := await service.attachment(thread_id, id):
            # Reading a table of ten megabytes is work: not for the event loop.
            found[id] = await asyncio.to_thread(attachments.attachment, *kept, images=images)
    return found


async def pictures(service: ThreadService, thread_id: str, cells: Iterable[SharedCell]) -> dict[str, bytes]:
    """By SHA-256, those of the first cells, as many as go into a request."""
    names = islice((sha256 for cell in cells for _, sha256 in render.images(cell)), context.MAX_IMAGES)
    found = {name: await service.image(thread_id, name) for name in names}
    return {name: data for name, data in found.items() if data is not None}
