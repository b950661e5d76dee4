"""The values that speak of the assistant: its replies, what went into them, what it decided, and what that cost.

Plain and frozen, as in ``types``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

#: In the place of a job's server: it came back with a backup, and nobody carries it.
ABANDONED = "abandoned"


class JobStatus(StrEnum):
    """A reply job's life. Each but ``QUEUED`` and ``RUNNING`` is final."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyJob:
    """One reply of the assistant: ``id`` is the reply message's id, ``about`` the message that it answers."""

    id: str
    thread_id: str
    about: str
    asked_by: str
    asked: bool  #: a person asked (mention, reply, button); otherwise the assistant chose to speak
    status: JobStatus
    created_at: datetime
    server: str  #: the server process that carries it
    lease_until: datetime


class Act(StrEnum):
    """What the assistant does about a message."""

    REPLY = "reply"
    REACT = "react"
    STAY_OUT = "stay_out"
    STOP = "stop"
    WAIT = "wait"
    ASK_MODEL = "ask_model"


#: Why the assistant stayed out, where it gave no reason, or none that may be shown.
NO_REASON = "it had nothing to add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the assistant decided about a message, why, and whether a rule or the model said so."""

    act: Act
    reason: str
    by: str  #: "rule" or "model"
    emoji: str | None = None
    model: str | None = None
    tokens: int = 0

    @property
    def is_in_its_own_words(self) -> bool:
        """Whether the reason is the model's."""
        return self.by == "model" and self.act is Act.STAY_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenCell:
    """A cell in a manifest. ``cut`` when it did not fit whole."""

    id: str
    notebook: str
    cell_id: str
    execution_count: int | None
    content_hash: str
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFile:
    """A file in a manifest."""

    id: str
    name: str
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """One use of a tool for a reply. ``status`` is running, done, failed or stopped.

    ``label`` is what it was about, in a few words for members. ``result_hash`` is the SHA-256 of the result as the
    model was told it, ``result_size`` its bytes; empty and 0 where it was told none.
    """

    name: str
    label: str
    arguments: Mapping[str, Any]
    status: str
    error: str | None = None  #: why it failed, for members
    ms: int = 0
    result_hash: str = ""
    result_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What went into the requests to the model for one reply, built by the same function as they.

    ``used`` are the tools that the model called, in order; what they answered went into its next request.
    """

    model: str
    instructions: str
    messages: tuple[str, ...]  #: ids, oldest first
    messages_cut: tuple[str, ...]  #: those of them that were cut in the middle
    cells: tuple[SeenCell, ...]
    files: tuple[SeenFile, ...]
    tools: tuple[str, ...]  #: those that were offered
    prompt_tokens: int  #: the endpoint's count where it gave one, else ours
    completion_tokens: int
    counted_by: str  #: "endpoint" or "estimate"
    used: tuple[ToolUse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecord:
    """A decision of the assistant as kept: about which message, and when."""

    message: str
    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageLine:
    """What one person used in one thread with one model: replies, and tokens as the endpoint counted them."""

    username: str
    thread_id: str
    model: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
