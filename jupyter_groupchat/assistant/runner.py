"""The assistant as a member: it watches the service and acts through it, like everybody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from jupyter_groupchat.assistant.attendant import Attendant
from jupyter_groupchat.assistant.catch_up import CatchUp, CatchUps
from jupyter_groupchat.assistant.clock import Clock, LoopClock
from jupyter_groupchat.assistant.models import Models
from jupyter_groupchat.assistant.office import Office
from jupyter_groupchat.assistant.quota import Left
from jupyter_groupchat.assistant.settings import Settings
from jupyter_groupchat.errors import ModelUnavailable
from jupyter_groupchat.threads.happenings import (
    CellShared,
    Edited,
    Happening,
    Posted,
    ReplyAsked,
    StopAsked,
    ThreadDeleted,
    Typed,
)
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import Actor

__all__ = ["Assistant", "Settings"]

log = logging.getLogger(__name__)

#: Threads that are remembered although nothing happens in them.
REMEMBERED = 500
#: Seconds that replies get to be sealed when the server stops.
STOPPING = 0.8


class Assistant:
    """Answers in all threads of a service, in each one after the other, in different ones side by side."""

    def __init__(self, service: ThreadService, models: Models, settings: Settings, clock: Clock | None = None) -> None:
        self.models = models
        self._service = service
        self._settings = settings
        self._clock = clock or LoopClock()
        self._attendants: dict[str, Attendant] = {}
        self._office: Office | None = None
        self._catch_ups: CatchUps | None = None
        self._leave: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin to watch. The service must run, and the event loop."""
        self._office = Office(self._service, self.models, self._settings, self._clock)
        self._catch_ups = CatchUps(self._office, self._settings)
        self._leave = self._service.watch(self._observe)

    async def stop(self) -> None:
        """End within a second: replies that are being written keep what came, as interrupted."""
        if self._leave is None or self._office is None or self._catch_ups is None:
            return
        self._leave()
        self._leave = None
        attendants = list(self._attendants.values())
        for attendant in attendants:
            attendant.end(interrupted=True)
        self._catch_ups.end()
        ending = asyncio.gather(
            *(attendant.ended() for attendant in attendants), self._catch_ups.ended(), self._office.decisions.flush()
        )
        try:
            await asyncio.wait_for(ending, STOPPING)
        except TimeoutError:
            log.warning("Some replies could not be ended in time; they will be found interrupted.")
            for attendant in attendants:
                attendant.cancel()
        await self.models.close()

    async def replies_left(self, username: str, thread_id: str | None = None) -> Left | None:
        """What somebody has left of the assistant's replies, a guest in their thread; None where nothing is limited."""
        return await self._office.left(username, thread_id) if self._office else None

    async def catch_up(self, actor: Actor, thread_id: str, since_seq: int | None) -> CatchUp:
        """What somebody missed in a thread; see ``CatchUps.catch_up``."""
        if self._catch_ups is None:
            raise ModelUnavailable("The assistant is not there yet.")
        return await self._catch_ups.catch_up(actor, thread_id, since_seq)

    def _observe(self, happening: Happening) -> None:
        match happening:
            case Posted():
                self._at(happening.thread.id).posted(happening)
            case ReplyAsked():
                self._at(happening.thread.id).asked(happening)
            case Edited():
                if attendant := self._attendants.get(happening.thread.id):
                    attendant.edited(happening.message)
            case Typed():
                if attendant := self._attendants.get(happening.thread_id):
                    attendant.typed(happening.username, happening.typing)
            case StopAsked():
                if attendant := self._attendants.get(happening.thread_id):
                    attendant.stop(happening.message)
            case CellShared():
                if attendant := self._attendants.get(happening.thread.id):
                    attendant.recent.forget_evidence()
            case ThreadDeleted():
                if attendant := self._attendants.pop(happening.thread_id, None):
                    attendant.end(interrupted=False)

    def _at(self, thread_id: str) -> Attendant:
        """The thread's attendant; the most recently used is last."""
        attendant = self._attendants.pop(thread_id, None)
        if attendant is None:
            assert self._office is not None
            attendant = Attendant(self._office, thread_id)
            if len(self._attendants) > REMEMBERED:
                self._forget()
        self._attendants[thread_id] = attendant
        return attendant

    def _forget(self) -> None:
        for thread_id in [id for id, attendant in self._attendants.items() if attendant.idle][: REMEMBERED // 2]:
            del self._attendants[thread_id]
