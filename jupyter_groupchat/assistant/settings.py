"""What an operator chose for the assistant."""

from __future__ import annotations

from dataclasses import dataclass, field

from jupyter_groupchat.assistant.moderation import Shield
from jupyter_groupchat.assistant.quota import Quota


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``batch_interval`` is the seconds between two pieces of a streamed reply."""

    name: str = "Assistant"
    instructions: str = ""  #: for every thread, before the thread's own
    max_parallel: int = 8  #: replies at the same time, in different threads
    batch_interval: float = 0.04
    quota: Quota | None = None
    shield: Shield = field(default_factory=Shield)
