"""What an operator chose for the assistant."""

from __future__ import annotations

from dataclasses import dataclass, field

from jupyter_groupchat.assistant.moderation import Shield
from jupyter_groupchat.assistant.quota import Quota
from jupyter_groupchat.assistant.tools import OF_THREAD
from jupyter_groupchat.tooling import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``batch_interval`` is the seconds between two pieces of a streamed reply."""

    name: str = "Assistant"
    instructions: str = ""  #: for every thread, before the thread's own
    max_parallel: int = 8  #: replies at the same time, in different threads
    batch_interval: float = 0.04
    quota: Quota | None = None  #: for each person
    thread_quota: Quota | None = None  #: for each thread
    guest_quota: Quota | None = None  #: for the guests of each thread, together
    shield: Shield = field(default_factory=Shield)
    tools: frozenset[str] = frozenset(tool.name for tool in OF_THREAD)  #: names of those of ours that may be used
    own_tools: tuple[Tool, ...] = ()  #: the operator's, all of which may be used
    tool_rounds: int = 5  #: times that the model may call tools before it has to answer
    tool_timeout: float = 30.0  #: seconds that one use may take
    image_model: str = ""  #: as the endpoint's images API knows it; none where empty
    web_search: bool = False  #: whether endpoints may search the web
