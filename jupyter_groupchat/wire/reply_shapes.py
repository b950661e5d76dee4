"""The JSON of what is about the assistant: what it saw, decided and told, and what that cost. As in ``shapes``."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict  # as in ``shapes``


class SeenCellJson(TypedDict):
    """A cell in a manifest."""

    id: str
    notebook: str
    cell_id: str
    execution_count: int | None
    content_hash: str
    cut: bool


class SeenFileJson(TypedDict):
    """A file in a manifest."""

    id: str
    name: str
    cut: bool


class ToolUseJson(TypedDict):
    """A tool that was used for a reply; ``result_hash`` and ``result_size`` are of what the model was told."""

    name: str
    label: str
    arguments: dict[str, Any]
    status: str
    error: str | None
    ms: int
    result_hash: str
    result_size: int


class ManifestJson(TypedDict):
    """What the assistant saw for one reply."""

    model: str
    instructions: str
    messages: list[str]
    messages_cut: list[str]
    cells: list[SeenCellJson]
    files: list[SeenFileJson]
    tools: list[str]
    prompt_tokens: int
    completion_tokens: int
    counted_by: str
    used: list[ToolUseJson]


class DecisionJson(TypedDict):
    """What the assistant decided about a message, and why."""

    message_id: str
    act: str
    reason: str
    by: str
    emoji: str | None
    model: str | None
    tokens: int


class MessageReferenceJson(TypedDict):
    """A message that something rests on."""

    id: str
    seq: int
    author: str
    author_name: str
    created_at: str


class CellReferenceJson(TypedDict):
    """A shared cell that something rests on."""

    id: str
    notebook: str
    cell_id: str
    execution_count: int | None


class PointJson(TypedDict):
    """One thing that the caller missed, as the model says it, and what it rests on."""

    text: str
    messages: list[MessageReferenceJson]
    cells: list[CellReferenceJson]


class CatchUpJson(TypedDict):
    """What the caller missed after ``since_seq``, told to nobody else.

    ``messages`` is how many were read, and ``left_out`` how many older ones did not fit. ``model`` is null where there
    was nothing to tell.
    """

    since_seq: int
    points: list[PointJson]
    messages: int
    left_out: int
    model: str | None


class UsageJson(TypedDict):
    """What somebody used of the model. ``oldest_at`` is when the first of it was, from which a window counts."""

    replies: int
    tokens: int
    oldest_at: str | None


class UsageLineJson(TypedDict):
    """What one person used in one thread with one model; tokens as the model's endpoint counted them.

    Under the username ``assistant`` is what it took to decide whether to speak, which is free for people.
    """

    username: str
    thread: str
    model: str
    replies: int
    prompt_tokens: int
    completion_tokens: int
