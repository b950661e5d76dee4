"""The options as plain values, for what lies below the traitlets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an operator chose; ``GroupChat`` (``traits``) says what each means."""

    database_url: str
    assistant_enabled: bool
    assistant_name: str
    model: str
    models: list[dict[str, Any]] = field(repr=False)  # keys are in it
    base_url: str
    api_key: str
    temperature: float | None
    context_tokens: int
    instructions: str
    max_parallel_replies: int
    model_timeout: float
    transcription_model: str | dict[str, Any] = field(repr=False)  # a key may be in it
    notebook_reader: bool
    images: bool | None
    no_store: bool | None
    moderation_model: str
    shielded_accounts: list[str]
    shielded_instructions: str
    shielded_in_groups: bool
    tools: list[str]
    tool_rounds: int
    tool_timeout: float
    web_search: bool
    image_model: str
    replies_per_hour: int | None
    replies_per_day: int | None
    tokens_per_day: int | None
    tokens_per_hour: int | None
    thread_replies_per_hour: int | None
    thread_replies_per_day: int | None
    thread_tokens_per_hour: int | None
    thread_tokens_per_day: int | None
    operators: list[str]
    thread_creators: list[str]
    invitation_links: bool
    people_can_be_added: bool
    guests_allowed: bool
    guest_days: int
    guest_replies_per_day: int
    retention_days: int | None
    audit_bodies: bool
    body_bytes: int
    members_per_thread: int
    threads_per_person: int
    cells_per_thread: int
    files_per_thread: int
    file_bytes: int
    import_bytes: int
    file_types: list[str]
    frame_bytes: int
    commands_per_second: float
    subscriptions: int
    send_queue_bytes: int
