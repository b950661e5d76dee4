"""Keeping every decision, without a write of its own for each message that the assistant lets pass."""

from __future__ import annotations

import asyncio
import logging
import secrets

from jupyter_groupchat.assistant.clock import Clock
from jupyter_groupchat.errors import GroupChatError, StorageUnavailable
from jupyter_groupchat.reply_types import Decision, Manifest
from jupyter_groupchat.threads.internal import DecisionPut, SentRequest, Usage
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT

log = logging.getLogger(__name__)

#: Seconds for which decisions that nobody is shown are collected, to share one commit.
COLLECT = 0.5
#: Decisions that wait while the database does not take any.
MAX_WAITING = 1_000


class Decisions:
    """Writes down what was decided: at once where it is shown, else together with others."""

    def __init__(self, service: ThreadService, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._waiting: list[DecisionPut] = []
        self._collecting = False
        self._writing: set[asyncio.Task[None]] = set()

    def put(
        self,
        thread_id: str,
        message_id: str,
        decision: Decision,
        *,
        shown: bool = False,
        usage: Usage | None = None,
        manifest: Manifest | None = None,
        request: SentRequest | None = None,
    ) -> None:
        """Keep a decision. ``usage`` is what the model took to decide, and the rest what it was told."""
        command = DecisionPut(
            id=new_id(),
            thread=thread_id,
            message=message_id,
            decision=decision,
            shown=shown,
            usage=usage,
            manifest=manifest,
            request=request,
        )
        self._waiting.append(command)
        if shown or usage is not None:
            self._begin_to_write()
        elif not self._collecting:
            self._collecting = True
            self._clock.later(COLLECT, self._begin_to_write)

    async def flush(self) -> None:
        """Write what waits."""
        self._begin_to_write()
        await asyncio.gather(*self._writing)

    def _begin_to_write(self) -> None:
        self._collecting = False
        commands, self._waiting = self._waiting, []
        if commands:
            task = asyncio.ensure_future(self._write(commands))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def _write(self, commands: list[DecisionPut]) -> None:
        results = await asyncio.gather(
            *(self._service.execute(THE_ASSISTANT, command) for command in commands), return_exceptions=True
        )
        for command, result in zip(commands, results, strict=True):
            if isinstance(result, StorageUnavailable) and len(self._waiting) < MAX_WAITING:
                # Tried again with the next one that is put.
                self._waiting.append(command)
            elif isinstance(result, BaseException) and not isinstance(result, GroupChatError):
                log.error("A decision was not kept.", exc_info=result)


def new_id() -> str:
    """An id for a command."""
    return secrets.token_urlsafe(12)
