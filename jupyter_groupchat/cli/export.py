"""``jupyter groupchat export``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from traitlets import Enum, Unicode

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.errors import Conflict, StorageUnavailable
from jupyter_groupchat.transfer.exporting import Format, export
from jupyter_groupchat.transfer.source import Source


class Export(Command):
    """Write a thread to a file, or to standard output. It can be done while servers run.

        jupyter groupchat export THREAD --format=markdown --output=review.md

    THREAD is the thread's id, as `jupyter groupchat members list` shows it; one that begins with - goes after --.
    """

    name = "jupyter-groupchat-export"
    description = __doc__
    arguments = "THREAD"
    aliases = {**Command.aliases, "format": "Export.format", "output": "Export.output"}  # noqa: RUF012

    format = Enum(
        [format.value for format in Format],
        Format.JSONL.value,
        config=True,
        help="jsonl holds everything and can be imported, markdown is for reading, ipynb is a notebook.",
    )
    output = Unicode("", config=True, help="The new file, readable by you alone. Default: standard output.")

    def run(self, thread: str) -> None:  # type: ignore[override]
        """Write it."""
        store = self.store()
        store.open()
        try:
            pieces = export(Source(store, thread), Format(self.format), datetime.now(UTC))
            if self.output:
                _write(Path(self.output), pieces)
            else:
                for piece in pieces:
                    sys.stdout.buffer.write(piece)
                sys.stdout.flush()
        finally:
            store.close()


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file, which gets its name when it is whole."""
    if path.exists():
        raise Conflict(f"{path} exists. Nothing was overwritten; choose another name.")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(unfinished, "xb", opener=_for_owner_only) as file:
            for piece in pieces:
                file.write(piece)
        os.rename(unfinished, path)
    except OSError as error:
        raise StorageUnavailable(f"{path} could not be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
