"""A thread as a notebook: messages are Markdown cells, shared cells are what they were, with their outputs.

Pictures that messages bring along are attachments of their cells.

nbformat 4.5. A shared cell stands after the first message that refers to it, the others at the end.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from jupyter_groupchat.cells.filetypes import PICTURES
from jupyter_groupchat.transfer import wording
from jupyter_groupchat.transfer.markdown import message_blocks
from jupyter_groupchat.transfer.outputs import with_images
from jupyter_groupchat.transfer.quoting import inline
from jupyter_groupchat.transfer.source import Outline, Source
from jupyter_groupchat.types import Message, SharedCell


def notebook(source: Source, now: datetime) -> Iterator[str]:
    """The file in pieces."""
    outline = source.outline()
    head = _markdown("thread", "\n\n".join(wording.preface(outline, now)), {"thread": outline.thread.id})
    yield f'{{"cells":[{_json(head)}'
    waiting = {cell.id: cell for cell in outline.cells}
    for page in source.pages(outline.thread.last_seq):
        for message in page:
            yield f",\n{_json(_message(message, outline, source))}"
            for share in message.cells:
                if share in waiting:
                    yield f",\n{_json(_shared(waiting.pop(share), outline, source))}"
    for cell in waiting.values():
        yield f",\n{_json(_shared(cell, outline, source))}"
    yield '],\n"metadata":{},"nbformat":4,"nbformat_minor":5}\n'


def _message(message: Message, outline: Outline, source: Source) -> dict[str, Any]:
    blocks = list(message_blocks(message, outline, source, "#### "))
    attached: dict[str, Any] = {}
    for number, file in enumerate(file for file in outline.files if file.id in message.files):
        data = source.data(file.id) if file.media_type in PICTURES else None
        if data is not None:
            place = f"file-{number}.{file.media_type.rpartition('/')[2]}"
            attached[place] = {file.media_type: base64.b64encode(data).decode()}
            blocks.append(f"![{inline(file.name)}](attachment:{place})")
    about = {"message": message.id, "seq": message.seq, "author": message.author, "kind": message.kind.value}
    made = _markdown(f"message-{message.seq}", "\n\n".join(blocks), about)
    return made | {"attachments": attached} if attached else made


def _shared(cell: SharedCell, outline: Outline, source: Source) -> dict[str, Any]:
    about = {"cell": cell.cell_id, "notebook": cell.notebook, "shared_by": cell.shared_by}
    # Numbered by place: share ids may be as long as nbformat lets a cell's id be.
    made = _cell(f"shared-{outline.cells.index(cell)}", cell.cell_type, cell.source, about)
    if cell.cell_type == "code":
        made |= {"execution_count": cell.execution_count, "outputs": with_images(cell, source.data)}
    return made


def _markdown(id: str, text: str, about: dict[str, Any]) -> dict[str, Any]:
    return _cell(id, "markdown", text, about)


def _cell(id: str, cell_type: str, text: str, about: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": cell_type, "id": id, "metadata": {"groupchat": about}, "source": text}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
