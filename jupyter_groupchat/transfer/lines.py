"""A thread as JSON Lines: everything that was said and shown, for programs and for import elsewhere."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from jupyter_groupchat.transfer.outputs import with_images
from jupyter_groupchat.transfer.records import FORMAT, VERSION
from jupyter_groupchat.transfer.source import Source
from jupyter_groupchat.wire.answers import cell_json, file_json, member_json, message_json
from jupyter_groupchat.wire.times import to_wire


def lines(source: Source, now: datetime) -> Iterator[str]:
    """The file in pieces: see ``records`` for what its lines hold."""
    outline = source.outline()
    thread = outline.thread
    yield _line(
        "thread",
        format=FORMAT,
        version=VERSION,
        exported_at=to_wire(now),
        id=thread.id,
        title=thread.title,
        mode=thread.mode.value,
        instructions=thread.instructions,
        notebook=thread.notebook,
        created_at=to_wire(thread.created_at),
        created_by=thread.created_by,
        archived_at=thread.archived_at and to_wire(thread.archived_at),
        model=thread.model,
    )
    for member in outline.members:
        yield _line("member", **member_json(member))
    for cell in outline.cells:
        yield _line("cell", **{**cell_json(cell), "outputs": with_images(cell, source.data)})
    files = 0
    for file in outline.files:
        data = source.data(file.id)
        if data is not None:
            yield _line("file", **file_json(file), data=base64.b64encode(data).decode())
            files += 1
    written = 0
    for page in source.pages(thread.last_seq):
        yield "".join(_line("message", **_message(message_json(message))) for message in page)
        written += len(page)
    yield _line("end", members=len(outline.members), cells=len(outline.cells), files=files, messages=written)


def _message(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key != "thread_id"}


def _line(type: str, **values: Any) -> str:
    return json.dumps({"type": type, **values}, ensure_ascii=False, separators=(",", ":")) + "\n"
