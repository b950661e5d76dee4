"""Files of messages as a request holds them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jupyter_groupchat.assistant import blocks
from jupyter_groupchat.assistant.language_model import Image
from jupyter_groupchat.cells import filetext, redaction, render
from jupyter_groupchat.cells.filetypes import PICTURES
from jupyter_groupchat.types import MessageRow, StoredFile

#: Files that are read for one request, those of the newest messages; the budget decides how many go in.
MOST = 12
#: In the place of a picture that is not sent.
UNSEEN = "[a picture that you cannot see]"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file with what the model is told of it. ``picture`` where the model takes pictures and it is one."""

    file: StoredFile
    text: str
    whole: bool
    picture: Image | None = None

    def block(self, text: str, *, whole: bool) -> str:
        """The file's block around ``text``; ``shown`` says when that is not all of it."""
        return blocks.block(
            "file",
            text,
            name=self.file.name,
            type=self.file.media_type,
            size=render.size(self.file.size),
            shown=None if whole else "in part",
        )


def attachment(file: StoredFile, data: bytes, *, images: bool) -> Attachment:
    """A file as a model is told of it."""
    if file.media_type in PICTURES:
        if images:
            return Attachment(file, "[a picture, see below]", True, Image(file.media_type, data))
        return Attachment(file, UNSEEN, True)
    told = filetext.tell(file.media_type, data)
    return Attachment(file, redaction.mask(told.text), told.whole)


def named(rows: Iterable[MessageRow]) -> Iterator[str]:
    """The ids of the messages' files, each once, in order."""
    return iter(dict.fromkeys(id for row in rows if not row.deleted for id in row.files))
