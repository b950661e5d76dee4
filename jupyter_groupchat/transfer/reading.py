"""What may be imported: our own JSON Lines, and the files of jupyterlab-chat. The first line tells which."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from jupyter_groupchat.errors import InvalidRequest, TooLarge
from jupyter_groupchat.threads.imports import Imported
from jupyter_groupchat.transfer import chat_file, lines_file
from jupyter_groupchat.wire.fields import Title

_title: TypeAdapter[str] = TypeAdapter(Title)


def read(file: BinaryIO, *, limit: int, title: str | None = None, fallback: str = "Imported chat") -> Imported:
    """What ``file`` holds, of at most ``limit`` bytes, under ``title`` or its own one.

    ``fallback`` is for files that have none. Raises InvalidRequest, which says where the file is wrong, and TooLarge.
    """
    taken = hashlib.sha256()
    lines = _lines(file, limit, taken)
    first = next(lines, b"").removeprefix(codecs.BOM_UTF8)
    if not first:
        raise InvalidRequest("The file is empty.")
    if lines_file.is_ours(first):
        imported = lines_file.read(chain([first], lines), {"format": "jsonl"})
    else:
        imported = chat_file.read(b"".join(chain([first], lines)), fallback, {"format": "chat"})
    origin = {**imported.origin, "sha256": taken.hexdigest()}
    try:
        return replace(imported, title=_title.validate_python(title or imported.title), origin=origin)
    except ValidationError:
        raise InvalidRequest("A title has 1 to 200 characters.") from None


def _lines(file: BinaryIO, limit: int, taken: hashlib._Hash) -> Iterator[bytes]:
    left = limit
    while line := file.readline(left + 1):
        left -= len(line)
        if left < 0:
            raise TooLarge(f"A file of at most {limit:,} bytes can be imported here.", limit=limit)
        taken.update(line)
        yield line
