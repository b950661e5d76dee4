"""Reads, each on a connection of its own, so that they never wait for a writer."""

from __future__ import annotations

from dataclasses import dataclass

from jupyter_groupchat.types import Member, MessageRow, SharedCell, Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A thread as the assistant reads it: messages oldest first, cells the most recently updated first."""

    thread: Thread
    members: tuple[Member, ...]
    messages: tuple[MessageRow, ...]
    cells: tuple[SharedCell, ...]
