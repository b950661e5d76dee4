"""Commands about files."""

from __future__ import annotations

from typing import Literal

from jupyter_groupchat.wire.commands.command import ThreadCommand
from jupyter_groupchat.wire.fields import Identifier


class FileDelete(ThreadCommand):
    """Delete a file from a thread: who put it there or the owner may. Messages still name it."""

    do: Literal["file.delete"] = "file.delete"
    file: Identifier
