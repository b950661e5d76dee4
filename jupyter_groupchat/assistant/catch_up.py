"""Telling one person what they missed. Nobody else sees it, and nothing is written into the thread."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass

from jupyter_groupchat.assistant import budget, fetching, recap
from jupyter_groupchat.assistant.alone import alone
from jupyter_groupchat.assistant.attachments import Attachment
from jupyter_groupchat.assistant.context import Ask, Model, is_seen
from jupyter_groupchat.assistant.decisions import new_id
from jupyter_groupchat.assistant.language_model import Finished, TextDelta
from jupyter_groupchat.assistant.models import NamedModel
from jupyter_groupchat.assistant.office import Office
from jupyter_groupchat.assistant.recap import Point, Recap
from jupyter_groupchat.assistant.settings import Settings
from jupyter_groupchat.errors import GroupChatError, ModelBroke, ModelUnavailable, RateLimited
from jupyter_groupchat.threads.internal import CatchUpSeal, Ended, Usage
from jupyter_groupchat.threads.queries import Missed
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT, Actor, MessageStatus

log = logging.getLogger(__name__)

#: Messages that are read at most; the budget decides how many of them go in.
READ = 1_000
#: The longest answer that is read, in characters.
MAX_ANSWER = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUp:
    """What somebody missed after ``since_seq``: ``points`` from so many ``messages``; ``left_out`` more did not fit.

    ``model`` is None where there was nothing to tell, and nobody was asked.
    """

    since_seq: int
    points: tuple[Point, ...] = ()
    messages: int = 0
    left_out: int = 0
    model: str | None = None


class CatchUps:
    """Those of one server process; one at a time for each person, of all servers."""

    def __init__(self, office: Office, settings: Settings) -> None:
        self._office = office
        self._settings = settings
        self._running: set[asyncio.Task[CatchUp]] = set()
        self._sealing: set[asyncio.Task[None]] = set()

    async def catch_up(self, actor: Actor, thread_id: str, since_seq: int | None) -> CatchUp:
        """What was said after ``since_seq``, or since the person read the thread last. Cancelled, it stops the model.

        Raises NotFound to a stranger, RateLimited who has no replies left, Conflict while another one is under way,
        and ModelError.
        """
        missed = await self._office.service.missed(actor, thread_id, since_seq, READ)
        ask = recap.ask_about(missed, actor.username)
        if ask is None:
            return CatchUp(since_seq=missed.since_seq)
        async with alone(self._office.service, actor.username, "catch_up"):
            running = asyncio.ensure_future(self._run(missed, ask))
            self._running.add(running)
            running.add_done_callback(self._running.discard)
            try:
                told = await asyncio.shield(running)
            except asyncio.CancelledError:
                if running.cancelled():
                    raise ModelUnavailable("The server stopped while this was being written.") from None
                running.cancel()
                raise
        await self._office.service.thread(actor, thread_id)  # who was removed meanwhile is told nothing
        return told

    def end(self) -> None:
        """The server stops."""
        for running in self._running:
            running.cancel()

    async def ended(self) -> None:
        """Wait until all is kept."""
        await asyncio.gather(*self._running, *self._sealing, return_exceptions=True)

    async def _run(self, missed: Missed, ask: Ask) -> CatchUp:
        out = await self._office.out(ask.asked_by, ask.about.thread_id)
        if out is not None:
            seconds = (out.until - self._office.clock.now()).total_seconds()
            raise RateLimited(f"{out.words} You can read on.", retry_after=max(seconds, 1))
        self._office.reserve(ask)
        try:
            async with self._office.places:
                return await self._ask(_Asking(missed, ask, self._office.model_of(missed.conversation.thread)))
        finally:
            self._office.release(ask)

    async def _ask(self, asking: _Asking) -> CatchUp:
        members = asking.missed.conversation.members
        standing = self._settings.shield.standing(members, self._settings.instructions)
        guard = self._settings.shield.guard(members, asking.model.endpoint)
        await asking.fetch(self._office.service)
        built = await asyncio.to_thread(asking.build, name=self._settings.name, instructions=standing)
        try:
            await asking.hear(built)
            if guard:
                await guard.check(asking.text)
            points = built.points(asking.text)
            if not points:
                raise ModelBroke("The model's answer was empty.")
        except BaseException as error:
            stopped = isinstance(error, asyncio.CancelledError)
            seal = asking.seal(built, MessageStatus.CANCELLED if stopped else MessageStatus.FAILED)
            sealing = asyncio.ensure_future(self._try_to_keep(seal))
            self._sealing.add(sealing)
            sealing.add_done_callback(self._sealing.discard)
            raise
        await self._office.service.execute(THE_ASSISTANT, asking.seal(built, MessageStatus.COMPLETE))
        return CatchUp(
            since_seq=asking.missed.since_seq,
            points=tuple(points),
            messages=len(built.messages),
            left_out=built.left_out,
            model=asking.model.name,
        )

    async def _try_to_keep(self, seal: CatchUpSeal) -> None:
        try:
            await self._office.service.execute(THE_ASSISTANT, seal)
        except GroupChatError as error:
            log.warning("It was not kept how a catch-up ended: %s", error)


class _Asking:
    """One question to the model, and what it has said so far."""

    def __init__(self, missed: Missed, ask: Ask, model: NamedModel) -> None:
        self.missed = missed
        self.ask = ask
        self.model = model
        self.text = ""
        self._finished: Finished | None = None
        self._sent = False
        self._images: dict[str, bytes] = {}
        self._files: dict[str, Attachment] = {}

    async def fetch(self, service: ThreadService) -> None:
        """Files of what was said, the newest first, and pictures of cells where the model takes them."""
        talk, takes = self.missed.conversation, self.model.images
        seen = (row for row in reversed(talk.messages) if is_seen(row))
        self._files = await fetching.files(service, talk.thread.id, seen, images=takes)
        self._images = await fetching.pictures(service, talk.thread.id, talk.cells if takes else ())

    def build(self, *, name: str, instructions: str) -> Recap:
        """The request. Loading an encoding and counting tokens is work: not for the event loop."""
        told = Model(
            name=self.model.model,
            tokens=self.model.context_tokens,
            temperature=self.model.temperature,
            standing=instructions,
            count=budget.counter(self.model.model),
        )
        return recap.build(self.missed, self.ask, told, name=name, images=self._images, files=self._files)

    async def hear(self, built: Recap) -> None:
        """All that it says, or as much as is read."""
        self._sent = True
        async with aclosing(self.model.endpoint.stream(built.request)) as stream:
            async for event in stream:
                if isinstance(event, TextDelta):
                    self.text += event.text
                elif isinstance(event, Finished):
                    self._finished = event
                if len(self.text) > MAX_ANSWER:
                    break

    def seal(self, built: Recap, status: Ended) -> CatchUpSeal:
        """What is kept of it."""
        return CatchUpSeal(
            id=new_id(),
            thread=self.missed.conversation.thread.id,
            asked_by=self.ask.asked_by,
            since_seq=self.missed.since_seq,
            messages=len(built.messages),
            cells={cell.id: cell.content_hash for cell in built.cells.values()},
            files={file.id: file.sha256 for file in built.files},
            model=self.model.model,
            status=status,
            usage=self._usage(built, status),
        )

    def _usage(self, built: Recap, status: Ended) -> Usage | None:
        """The endpoint's counts, else ours; None where the model said nothing of its own accord.

        Who hangs up before it says anything has had the request read all the same.
        """
        hung_up = self._sent and status is MessageStatus.CANCELLED
        if not self.text and self._finished is None and not hung_up:
            return None
        finished = self._finished or Finished("")
        prompt, completion = finished.prompt_tokens, finished.completion_tokens
        count = budget.counter(self.model.model)
        return Usage(
            prompt_tokens=built.tokens if prompt is None else prompt,
            completion_tokens=count(self.text) if completion is None else completion,
        )
