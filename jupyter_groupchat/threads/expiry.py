"""Lets go what is older than threads keep it: messages with their files, drafts, and texts beside the audit log.

A little at a time, so that what people do comes in between.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.threads import drafts, retention
from jupyter_groupchat.threads.internal import DraftExpire, MessagesExpire
from jupyter_groupchat.threads.pipeline import Pipeline
from jupyter_groupchat.types import THE_OPERATOR, Draft

#: Seconds between two batches.
PAUSE = 0.02
#: Texts beside the audit log that are deleted together.
TEXTS_AT_ONCE = 500


class InReader(Protocol):
    """Runs something that reads, beside the core thread."""

    def __call__(self, read: Callable[[], Any]) -> Awaitable[Any]: ...


class Expiry:
    """One server's. Lives on the event loop."""

    def __init__(
        self, pipeline: Pipeline, in_reader: InReader, execute: Callable[..., Awaitable[dict[str, Any]]]
    ) -> None:
        self._pipeline = pipeline
        self._context = pipeline.context
        self._store = pipeline.store
        self._in_reader = in_reader
        self._execute = execute
        self._one_at_a_time = asyncio.Lock()

    async def run(self) -> None:
        """Delete all that is too old by now."""
        async with self._one_at_a_time:
            await self._texts()
            await self._drafts()
            await self._messages()

    async def _texts(self) -> None:
        def read() -> Sequence[int]:
            with self._store.reading() as tx:
                return tx.evidence.due(self._context.clock(), self._context.policy.keep_days)

        def forget(lines: Sequence[int]) -> None:
            with self._store.writing() as tx:
                tx.evidence.forget(lines)

        lines = await self._in_reader(read)
        for start in range(0, len(lines), TEXTS_AT_ONCE):
            await self._pipeline.call(partial(forget, lines[start : start + TEXTS_AT_ONCE]))
            await asyncio.sleep(PAUSE)

    async def _drafts(self) -> None:
        def read() -> list[Draft]:
            now, policy = self._context.clock(), self._context.policy
            with self._store.reading() as tx:
                return [draft for draft, days in tx.drafts.all() if drafts.is_due(draft, policy.days(days), now)]

        for draft in await self._in_reader(read):
            command = DraftExpire(id=secrets.token_urlsafe(12), thread=draft.thread_id, draft=draft.id)
            with suppress(NotFound):  # the thread was deleted meanwhile
                await self._execute(THE_OPERATOR, command)
            await asyncio.sleep(PAUSE)

    async def _messages(self) -> None:
        def read() -> list[str]:
            now, policy = self._context.clock(), self._context.policy
            with self._store.reading() as tx:
                found = tx.retention.oldest()
            return [oldest.thread_id for oldest in found if retention.is_due(oldest, policy, now)]

        due = await self._in_reader(read)
        for thread_id in due:
            more = True
            while more:
                command = MessagesExpire(id=secrets.token_urlsafe(12), thread=thread_id)
                try:
                    more = (await self._execute(THE_OPERATOR, command))["more"]
                except NotFound:  # it was deleted meanwhile
                    more = False
                await asyncio.sleep(PAUSE)
        if due:
            await self._in_reader(self._store.forget_words)
