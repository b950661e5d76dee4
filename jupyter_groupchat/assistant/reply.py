"""One answer of the model: from the request to the sealed reply, or to a decision to stay out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Literal

from jupyter_groupchat.assistant import attachments, budget, context
from jupyter_groupchat.assistant.attachments import Attachment
from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.assistant.context import Ask, Model
from jupyter_groupchat.assistant.decisions import new_id
from jupyter_groupchat.assistant.language_model import Finished, TextDelta, ToolCall
from jupyter_groupchat.assistant.models import Pick
from jupyter_groupchat.assistant.moderation import Guard
from jupyter_groupchat.assistant.settings import Settings
from jupyter_groupchat.assistant.tools import STAY_OUT
from jupyter_groupchat.cells import render
from jupyter_groupchat.errors import Conflict, GroupChatError, ModelBroke, ModelWithheld, NotFound, StorageUnavailable
from jupyter_groupchat.threads.internal import InternalCommand, ReplyAppend, ReplyBegin, ReplySeal, Usage
from jupyter_groupchat.threads.queries import Conversation
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import ASSISTANT, THE_ASSISTANT, Manifest, MessageStatus

log = logging.getLogger(__name__)

#: Messages that are read for a request; the budget decides how many go in.
READ = 200
#: The longest answer that is kept, in characters. A model that never ends is stopped there.
MAX_ANSWER = 100_000
#: Seconds that a connection gets to close before the reply is sealed all the same.
CLOSING = 0.05
#: Seconds between two tries to write while the database does not take anything: the first, and the longest.
RETRY, RETRY_MOST = 0.2, 5.0

Ending = Literal[MessageStatus.COMPLETE, MessageStatus.FAILED, MessageStatus.CANCELLED, MessageStatus.INTERRUPTED]

_OURS = "Something went wrong on this server; its log says what."


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended. ``status`` is None where no message was begun; ``calls`` are the tools that the model called."""

    status: MessageStatus | None
    error: str | None
    calls: tuple[ToolCall, ...]
    usage: Usage | None


class Reply:
    """Asks the model about a message and writes what it says into the thread.

    ``begin_after`` says when the empty reply appears: after so many seconds, or, with None, with the first text only.
    """

    def __init__(
        self, service: ThreadService, pick: Pick, settings: Settings, ask: Ask, begin_after: float | None
    ) -> None:
        self.id = new_id()
        self.ask = ask
        self._service = service
        self.model = pick.model
        self._why = pick.why
        self._settings = settings
        self._thread_id = ask.about.thread_id
        self._begin_after = begin_after
        self._count: Counter = budget.estimate
        self._text = ""
        self._written = 0
        self._wake = asyncio.Event()
        self._over = asyncio.Event()
        self._begun = False
        self._gone = False
        self._manifest: Manifest | None = None
        self._finished: Finished | None = None
        self._calls: list[ToolCall] = []
        self._guard: Guard | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ended_by: tuple[Ending, str | None] | None = None

    @property
    def is_visible(self) -> bool:
        """Whether people see the message already."""
        return self._begun or bool(self._text)

    def stop(self, status: Ending = MessageStatus.CANCELLED, why: str | None = None) -> None:
        """End it now: the connection to the model is closed, what came is kept."""
        self._ended_by = self._ended_by or (status, why)
        if self._reading is not None:
            self._reading.cancel()

    async def run(self) -> Outcome:
        """Ask, write, seal. Never raises what a model or the database may do."""
        self._reading = asyncio.ensure_future(self._read())
        if self._ended_by:
            self._reading.cancel()
        writing = asyncio.ensure_future(self._write())
        await asyncio.wait([self._reading, writing], return_when=asyncio.FIRST_COMPLETED)
        if not self._reading.done() or self._ended_by:
            self._reading.cancel()
            await asyncio.wait([self._reading], timeout=CLOSING)
        self._over.set()
        self._wake.set()
        await asyncio.wait([writing])
        status, error = self._how_it_ended()
        if failure := writing.exception():
            log.error("A reply was not written.", exc_info=failure)
            status, error = MessageStatus.FAILED, _OURS
        return await self._seal(status, error)

    # -- the model

    async def _read(self) -> None:
        conversation = await self._conversation()
        self._guard = self._settings.shield.guard(conversation.members, self.model.endpoint)
        # Loading an encoding and counting tokens is work; the event loop has other people to serve.
        self._count = await asyncio.to_thread(budget.counter, self.model.model)
        model = Model(
            name=self.model.model,
            tokens=self.model.context_tokens,
            temperature=self.model.temperature,
            standing=self._settings.shield.standing(conversation.members, self._settings.instructions),
            count=self._count,
        )
        images = await self._images(conversation)
        files = await self._files(conversation)
        request, self._manifest = await asyncio.to_thread(
            context.build, conversation, self.ask, model, name=self._settings.name, images=images, files=files
        )
        async with aclosing(self.model.endpoint.stream(request)) as stream:
            async for event in stream:
                if isinstance(event, TextDelta):
                    self._take(await self._guard.take(event.text) if self._guard else event.text)
                elif isinstance(event, ToolCall):
                    self._calls.append(event)
                else:
                    self._finished = event

        if self._guard:
            self._take(await self._guard.rest())

    async def _conversation(self) -> Conversation:
        about = self.ask.about
        if self.ask.beside:
            # What the first one saw, and not what it said.
            return await self._service.conversation(self._thread_id, through_seq=about.seq, limit=READ)
        conversation = await self._service.conversation(self._thread_id, limit=READ)
        if any(row.id == about.id for row in conversation.messages):
            return conversation
        return await self._service.conversation(self._thread_id, through_seq=about.seq, limit=READ)

    async def _images(self, conversation: Conversation) -> dict[str, bytes]:
        if not self.model.images:
            return {}
        names = [sha256 for cell in conversation.cells for _, sha256 in render.images(cell)]
        found = {name: await self._service.image(self._thread_id, name) for name in names[: context.MAX_IMAGES]}
        return {name: data for name, data in found.items() if data is not None}

    async def _files(self, conversation: Conversation) -> dict[str, Attachment]:
        near = [self.ask.about, *(row for row in conversation.messages if row.id == self.ask.about.reply_to)]
        ids = [*attachments.named([*near, *reversed(conversation.messages)])][: attachments.MOST]
        found: dict[str, Attachment] = {}
        for id in ids:
            if kept := await self._service.attachment(self._thread_id, id):
                # Reading a table of ten megabytes is work, too.
                found[id] = await asyncio.to_thread(attachments.attachment, *kept, images=self.model.images)
        return found

    def _take(self, text: str) -> None:
        text = text.replace("\0", "")
        if not self._text:
            text = text.lstrip()
        if len(self._text) + len(text) > MAX_ANSWER:
            raise ModelBroke("The answer did not come to an end and was cut.")
        if text:
            self._text += text
            self._wake.set()

    def _how_it_ended(self) -> tuple[Ending, str | None]:
        assert self._reading is not None
        if self._ended_by:
            return self._ended_by
        if self._reading.cancelled() or not self._reading.done():
            return MessageStatus.INTERRUPTED, None
        failure = self._reading.exception()
        if isinstance(failure, ModelWithheld):
            self._text = ""
        if isinstance(failure, GroupChatError):
            return MessageStatus.FAILED, failure.message
        if failure is not None:
            log.error("A reply failed.", exc_info=failure)
            return MessageStatus.FAILED, _OURS
        if self.ask.asked and not self._text:
            called = "The model asked for a tool that it does not have."
            return MessageStatus.FAILED, called if self._calls else "The model's answer was empty."
        if self._finished and self._finished.reason == "length":
            return MessageStatus.COMPLETE, "The answer ends here: it reached the model's limit of length."
        return MessageStatus.COMPLETE, None

    # -- the thread

    async def _write(self) -> None:
        """Appends what has come, the first of it at once, then in pieces of ``batch_interval``."""
        try:
            if self._begin_after is not None:
                await _set_within(self._wake, self._begin_after)
                if not self._ended_by:
                    await self._persist(self._steps())
            while not self._over.is_set():
                await self._wake.wait()
                self._wake.clear()
                if len(self._text) > self._written and not self._over.is_set():
                    await self._persist(self._steps())
                    await _set_within(self._over, self._settings.batch_interval)
        except (Conflict, NotFound):
            # It was deleted, or the thread was; or another server took it for dead.
            self._gone = True

    async def _seal(self, status: Ending, error: str | None) -> Outcome:
        usage = self._usage()
        calls = tuple(_unsaid(call) if self._guard else call for call in self._calls)
        seen = self._text or self._begun or (self.ask.asked and status is not MessageStatus.CANCELLED)
        if self._gone or not seen:
            return Outcome(None, error, calls, usage)
        end = ReplySeal(
            id=new_id(),
            thread=self._thread_id,
            message=self.id,
            status=status,
            error=error,
            # Changes nothing unless a piece was lost on the way.
            body=self._text,
            model=self.model.model,
            manifest=self._counted(usage),
            usage=usage,
        )
        try:
            await self._persist([*self._steps(), end])
        except (Conflict, NotFound):
            return Outcome(None, error, calls, usage)
        return Outcome(status, error, calls, usage)

    def _steps(self) -> list[InternalCommand]:
        """What brings the message up to date: the beginning where it is missing, and the text that came since."""
        steps: list[InternalCommand] = []
        if not self._begun:
            begin = ReplyBegin(
                id=self.id,
                thread=self._thread_id,
                about=self.ask.about.id,
                asked_by=self.ask.asked_by if self.ask.asked else ASSISTANT,
                asked=self.ask.asked,
                model=self.model.model,
                model_name=None if self.model.name == self.model.model else self.model.name,
                model_why=self._why,
                beside=self.ask.beside,
            )
            steps.append(begin)
        if text := self._text[self._written :]:
            steps.append(ReplyAppend(id=new_id(), thread=self._thread_id, message=self.id, text=text))
        return steps

    async def _persist(self, steps: Sequence[InternalCommand]) -> None:
        """Carries out commands; given one right after the other, they share a commit.

        Again and again while the database does not take them: a reply never stays open.
        """
        pause = RETRY
        while steps:
            orders = [asyncio.ensure_future(self._service.execute(THE_ASSISTANT, step)) for step in steps]
            results = await asyncio.gather(*orders, return_exceptions=True)
            failed = next((place for place, result in enumerate(results) if isinstance(result, BaseException)), None)
            for step in steps[:failed]:
                self._begun = self._begun or isinstance(step, ReplyBegin)
                self._written += len(step.text) if isinstance(step, ReplyAppend) else 0
            if failed is None:
                return
            error = results[failed]
            if not isinstance(error, StorageUnavailable):
                assert isinstance(error, BaseException)
                raise error
            log.warning("Writing a reply waits for the database: %s", error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_MOST)
            steps = steps[failed:]

    def _usage(self) -> Usage | None:
        """The endpoint's counts, else ours; None where the model said nothing."""
        said = self._guard.said if self._guard else self._text
        if self._manifest is None or not (said or self._finished):
            return None
        counted = self._finished
        prompt = counted.prompt_tokens if counted else None
        completion = counted.completion_tokens if counted else None
        return Usage(
            prompt_tokens=self._manifest.prompt_tokens if prompt is None else prompt,
            completion_tokens=self._count(said) if completion is None else completion,
        )

    def _counted(self, usage: Usage | None) -> Manifest | None:
        if self._manifest is None or usage is None:
            return self._manifest
        by_endpoint = self._finished is not None and self._finished.prompt_tokens is not None
        return replace(
            self._manifest,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            counted_by="endpoint" if by_endpoint else "estimate",
        )


def _unsaid(call: ToolCall) -> ToolCall:
    """A call to stay out without its reason, which members would read."""
    return replace(call, arguments=None) if call.name == STAY_OUT.name else call


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    """Waits for an event, but not longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
