"""How much of everything a thread may hold. The server makes each of these an option."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_groupchat.cells.filetypes import WORDS
from jupyter_groupchat.types import MAX_MEMBERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes of UTF-8, everything else a number of things."""

    body_bytes: int = 32_768
    members: int = MAX_MEMBERS
    threads_per_person: int = 1_000
    cells_per_thread: int = 100
    source_bytes: int = 262_144
    file_bytes: int = 10 * 1024 * 1024
    files_per_thread: int = 200
    file_types: tuple[str, ...] = tuple(WORDS)  #: media types
    invitations_per_thread: int = 100
    requests_per_thread: int = 50  #: people who wait to be let in
    reactions_per_message: int = 200
    marks_per_thread: int = 500  #: messages that are pinned or agreed on
    drafts_per_thread: int = 5
    reports_per_hour: int = 20  #: messages that one person reports to the operator
