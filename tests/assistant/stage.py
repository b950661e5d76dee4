"""A service with an assistant, a clock that tests turn, and a model that says what they say."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jupyter_groupchat.assistant.language_model import Drawn, Finished, LanguageModel, Request, TextDelta, ToolCall
from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.assistant.runner import Assistant, Settings
from jupyter_groupchat.errors import ModelError
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor, Message
from jupyter_groupchat.wire.commands import CellPut, ThreadPatch
from tests.doubles import ANA, BEN, PATIENCE, Onlooker, Party, until


class TurnedClock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        self._order = itertools.count()
        self._timers: list[tuple[datetime, int, Callable[[], None]]] = []

    def now(self) -> datetime:
        """See ``Clock``."""
        return self._now

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        """See ``Clock``."""
        timer = (self._now + timedelta(seconds=seconds), next(self._order), call)
        heapq.heappush(self._timers, timer)

        def cancel() -> None:
            if timer in self._timers:
                self._timers.remove(timer)
                heapq.heapify(self._timers)

        return cancel

    def due_within(self, seconds: float) -> bool:
        """Whether a timer is due so soon."""
        return bool(self._timers) and self._timers[0][0] <= self._now + timedelta(seconds=seconds)

    def turn(self, seconds: float) -> None:
        """Let time pass, and call what is due on the way."""
        end = self._now + timedelta(seconds=seconds)
        while self._timers and self._timers[0][0] <= end:
            self._now, _, call = heapq.heappop(self._timers)
            call()
        self._now = end


Piece = str | ToolCall | asyncio.Event | ModelError | Finished


@dataclass
class ScriptedModel:
    """Answers each request with the script of the first text that the request's last words hold.

    A request in which tools have answered gets what ``then`` gave, if anything. Texts are sent, events waited for,
    errors raised. ``Finished`` is added where the script has none.
    """

    scripts: dict[str, list[Piece]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    left: list[str] = field(default_factory=list)  #: scripts that the reader left early
    later: dict[str, list[list[Piece]]] = field(default_factory=dict)
    takes_tools: bool = True
    searches_web: bool = True

    def say(self, about: str, *script: Piece) -> None:
        """What to answer when a message holds a text."""
        self.scripts[about] = list(script)

    def then(self, about: str, *script: Piece) -> None:
        """What to answer once tools have answered; the last one again and again."""
        self.later.setdefault(about, []).append(list(script))

    async def stream(self, request: Request) -> AsyncGenerator[TextDelta | ToolCall | Finished]:
        """See ``LanguageModel.stream``."""
        self.requests.append(request)
        words = said(request)
        about = max((key for key in self.scripts if key in words), key=words.rfind, default="")
        try:
            for piece in self._script(about, sum(bool(turn.calls) for turn in request.turns)):
                match piece:
                    case str():
                        yield TextDelta(piece)
                    case asyncio.Event():
                        await piece.wait()
                    case ModelError():
                        raise piece
                    case ToolCall():
                        yield piece
                    case Finished():
                        yield piece
                        return
            yield Finished("stop", 100, 10)
        except (asyncio.CancelledError, GeneratorExit):
            self.left.append(about)
            raise

    async def draw(self, model: str, prompt: str, limit: int) -> Drawn:
        """See ``LanguageModel.draw``."""
        raise NotImplementedError

    async def flagged(self, model: str, text: str) -> tuple[str, ...]:
        """See ``LanguageModel.flagged``."""
        return ()

    async def close(self) -> None:
        """See ``LanguageModel.close``."""

    def _script(self, about: str, answered: int) -> list[Piece]:
        later = self.later.get(about, [])
        return later[min(answered, len(later)) - 1] if answered and later else self.scripts.get(about, ["I see."])


def said(request: Request) -> str:
    """All that people said in a request."""
    return "\n".join(turn.text for turn in request.turns if turn.role == "user")


def stay_out(reason: str = "they are settling it") -> ToolCall:
    """The model stays out."""
    return ToolCall("1", "stay_out", {"reason": reason})


@dataclass
class Stage:
    """What a test acts on."""

    service: ThreadService
    assistant: Assistant
    clock: TurnedClock
    reads: list[str]

    async def party(self, *others: Actor, **settings: Any) -> Room:
        """A thread of Ana's, with others in it, and a replica of its first page."""
        party = await Party.of(self.service, ANA, *others)
        if settings:
            await party.do(ANA, ThreadPatch, **settings)
        return Room(party, await party.look(ANA, 0), self)


@dataclass
class Room:
    """A thread and what its members see of it."""

    party: Party
    page: Onlooker
    stage: Stage

    async def post(self, actor: Actor, body: str, **fields: Any) -> str:
        """Write a message; its id."""
        id: str = (await self.party.post(actor, body, **fields))["id"]
        return id

    @property
    def replies(self) -> list[Message]:
        """What the assistant wrote, as members see it."""
        return [message for message in self.page.messages if message.kind == "assistant"]

    def message(self, id: str) -> Message:
        """A message as members see it."""
        return next(message for message in self.page.messages if message.id == id)

    async def shows(self, body: str) -> None:
        """Wait until the newest reply reads so, so far."""
        await until(lambda: bool(self.replies) and self.replies[-1].body == body)

    async def replied(self, count: int = 1) -> Message:
        """The newest of so many replies, once all have ended."""
        await until(lambda: len(self.replies) >= count and all(reply.status != "streaming" for reply in self.replies))
        assert len(self.replies) == count
        return self.replies[-1]

    async def decided(self, message: str) -> list[dict[str, Any]]:
        """What was decided about a message, the newest first, once something was."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(PATIENCE):
            while not found:
                # Decisions that nobody is shown are collected for half a second.
                if self.stage.clock.due_within(0.5):
                    self.stage.clock.turn(0.5)
                decisions = await self.stage.service.decisions(ANA, self.party.thread, limit=250)
                found = [dict(decision) for decision in decisions if decision["message_id"] == message]
        return found


async def share(room: Room, share: str = "s", source: str = "x = 1", **fields: Any) -> None:
    """Ana shares a cell."""
    values = {"notebook": "churn.ipynb", "cell_id": share, "cell_type": "code", "source": source, "execution_count": 12}
    await room.party.do(ANA, CellPut, share=share, **{**values, **fields})


@asynccontextmanager
async def a_stage(folder: Path, answering: LanguageModel | Models, **settings: Any) -> AsyncGenerator[Stage]:
    """A service on a file in ``folder`` with an assistant that asks ``answering``; with a ``bus`` one of several."""
    theirs = ("model", "context_tokens", "temperature", "images")
    of_model = {"model": "scripted", **{key: settings.pop(key) for key in theirs if key in settings}}
    if isinstance(answering, Models):
        models = answering
    else:
        models = Models([NamedModel(name="Scripted", endpoint=answering, **of_model)])
    store = Store(f"sqlite:///{folder / 'groupchat.sqlite'}", busy_timeout=30)
    await asyncio.to_thread(store.open)
    clock = TurnedClock()
    called = settings.get("name", "Assistant")
    policy = settings.pop("policy", None)
    bus = settings.pop("bus", None)
    service = ThreadService(store, bus, policy=policy, clock=clock.now, assistant_name=called, models=models.choices)
    await service.start()
    reads: list[str] = []
    conversation = service.conversation

    async def counted(thread_id: str, *given: Any, **named: Any) -> Any:
        reads.append(thread_id)
        return await conversation(thread_id, *given, **named)

    service.conversation = counted  # type: ignore[method-assign]
    assistant = Assistant(service, models, Settings(**settings), clock)
    assistant.start()
    try:
        yield Stage(service, assistant, clock, reads)
    finally:
        await assistant.stop()
        await service.stop()
        await asyncio.to_thread(store.close)


__all__ = [
    "ANA",
    "BEN",
    "Room",
    "ScriptedModel",
    "Stage",
    "TurnedClock",
    "a_stage",
    "said",
    "share",
    "stay_out",
    "until",
]
