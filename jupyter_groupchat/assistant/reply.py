"""One answer of the model as a message of the thread: from its beginning to its seal, or to a decision to stay out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from jupyter_groupchat.assistant.asking import Asking
from jupyter_groupchat.assistant.context import Ask
from jupyter_groupchat.assistant.decisions import new_id
from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.assistant.models import Pick
from jupyter_groupchat.assistant.settings import Settings
from jupyter_groupchat.assistant.tool_threads import ToolThreads
from jupyter_groupchat.errors import (
    Conflict,
    GroupChatError,
    ModelBroke,
    ModelWithheld,
    NotFound,
    Outdated,
    StorageUnavailable,
)
from jupyter_groupchat.reply_types import Manifest, ToolUse
from jupyter_groupchat.threads.internal import (
    CitedPage,
    InternalCommand,
    ReplyAppend,
    ReplyBegin,
    ReplyPicture,
    ReplySeal,
    ReplyTools,
    SentRequest,
    ToolUsed,
    Usage,
)
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import ASSISTANT, THE_ASSISTANT, MessageStatus

log = logging.getLogger(__name__)

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
    """How it ended. ``status`` is None where no message was begun; ``calls`` are the tools that the model called.

    ``outdated`` says that it was not begun because somebody came for whom it was not written.
    """

    status: MessageStatus | None
    error: str | None
    calls: tuple[ToolCall, ...]
    usage: Usage | None
    request: SentRequest | None = None
    manifest: Manifest | None = None
    outdated: bool = False


class Reply:
    """Asks the model about a message and writes what it says into the thread.

    ``begin_after`` says when the empty reply appears: after so many seconds, or, with None, with the first text only.
    ``spent`` is what was used on the way to it before.
    """

    def __init__(
        self,
        service: ThreadService,
        pick: Pick,
        settings: Settings,
        threads: ToolThreads,
        ask: Ask,
        begin_after: float | None,
        spent: Usage | None = None,
    ) -> None:
        self.id = new_id()
        self.ask = ask
        self._service = service
        self.model = pick.model
        self._why = pick.why
        self._settings = settings
        self._thread_id = ask.about.thread_id
        self._begin_after = begin_after
        self._spent = spent
        self._asking = Asking(service, pick.model, settings, threads, ask, self._take, self._use_changed, self._attach)
        self._text = ""
        self._written = 0
        self._wake = asyncio.Event()
        self._over = asyncio.Event()
        self._begun = asyncio.Event()
        self._gone = False
        self._outdated = False
        self._uses: dict[int, ToolUse] = {}
        self._shown: tuple[ToolUse, ...] = ()
        self._unkept: list[ToolUsed] = []
        self._reading: asyncio.Task[None] | None = None
        self._ended_by: tuple[Ending, str | None] | None = None

    @property
    def is_visible(self) -> bool:
        """Whether people see the message already."""
        return self._begun.is_set() or bool(self._text or self._uses)

    def stop(self, status: Ending = MessageStatus.CANCELLED, why: str | None = None) -> None:
        """End it now: the connection to the model is closed, what came is kept."""
        self._ended_by = self._ended_by or (status, why)
        if self._reading is not None:
            self._reading.cancel()

    async def run(self) -> Outcome:
        """Ask, write, seal. Never raises what a model or the database may do."""
        self._reading = asyncio.ensure_future(self._asking.run())
        if self._ended_by:
            self._reading.cancel()
        writing = asyncio.ensure_future(self._write())
        await asyncio.wait([self._reading, writing], return_when=asyncio.FIRST_COMPLETED)
        if not self._reading.done() or self._ended_by:
            self._reading.cancel()
            await asyncio.wait([self._reading], timeout=CLOSING)
        self._over.set()
        self._wake.set()
        self._asking.addressed.set()
        await asyncio.wait([writing])
        status, error = self._how_it_ended()
        if failure := writing.exception():
            log.error("A reply was not written.", exc_info=failure)
            status, error = MessageStatus.FAILED, _OURS
        return await self._seal(status, error)

    # -- what the model says

    def _take(self, text: str) -> None:
        text = text.replace("\0", "")
        if not self._text:
            text = text.lstrip()
        if len(self._text) + len(text) > MAX_ANSWER:
            raise ModelBroke("The answer did not come to an end and was cut.")
        if text:
            self._text += text
            self._wake.set()

    def _use_changed(self, number: int, use: ToolUse) -> None:
        self._uses[number] = use
        if use.status != "running":
            self._unkept.append(ToolUsed(id=new_id(), thread=self._thread_id, message=self.id, use=use))
        self._wake.set()

    async def _attach(self, name: str, data: bytes) -> str:
        """Put a picture with the reply; what it is called. The use of the tool that made it has let the reply begin."""
        await self._begun.wait()
        put = ReplyPicture(id=new_id(), thread=self._thread_id, message=self.id, name=name, data=data)
        answer = await self._service.execute(THE_ASSISTANT, put)
        return str(answer["file"]["name"])

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
        if self.ask.asked and (self._asking.calls or not self._text):
            called = "The model kept calling tools in place of an answer."
            return MessageStatus.FAILED, called if self._asking.calls else "The model's answer was empty."
        if self._asking.reason == "length":
            return MessageStatus.COMPLETE, "The answer ends here: it reached the model's limit of length."
        return MessageStatus.COMPLETE, None

    # -- the thread

    async def _write(self) -> None:
        """Appends what has come, the first of it at once, then in pieces of ``batch_interval``."""
        try:
            if self._begin_after is not None:
                await _set_within(self._wake, self._begin_after)
                if self._settings.shield.accounts:
                    await self._asking.addressed.wait()
                if not self._ended_by:
                    await self._persist(self._steps())
            while not self._over.is_set():
                await self._wake.wait()
                self._wake.clear()
                if self._has_news() and not self._over.is_set():
                    await self._persist(self._steps())
                    await _set_within(self._over, self._settings.batch_interval)
        except (Conflict, NotFound) as error:
            # It was deleted, or the thread was; or another server took it for dead.
            self._gone = True
            self._outdated = isinstance(error, Outdated)

    async def _seal(self, status: Ending, error: str | None) -> Outcome:
        usage = _sum(self._spent, self._asking.usage())
        request, manifest = self._asking.sent(), self._asking.manifest()
        calls = self._asking.calls
        seen = self._text or self._begun.is_set() or (self.ask.asked and status is not MessageStatus.CANCELLED)
        if self._gone or not seen:
            with suppress(Conflict, NotFound):
                await self._persist(self._unkept)
            return Outcome(None, error, calls, usage, request, manifest, self._outdated)
        end = ReplySeal(
            id=new_id(),
            thread=self._thread_id,
            message=self.id,
            status=status,
            error=error,
            # Changes nothing unless a piece was lost on the way.
            body=self._text,
            model=self.model.model,
            manifest=manifest,
            usage=usage,
            request=request,
            links=tuple(CitedPage(url=link.url, title=link.title) for link in self._asking.links),
        )
        try:
            await self._persist([*self._steps(), end])
        except (Conflict, NotFound) as refusal:
            return Outcome(None, error, calls, usage, request, manifest, isinstance(refusal, Outdated))
        return Outcome(status, error, calls, usage)

    def _tools(self) -> tuple[ToolUse, ...]:
        return tuple(use for _, use in sorted(self._uses.items()))

    def _has_news(self) -> bool:
        return len(self._text) > self._written or self._tools() != self._shown or bool(self._unkept)

    def _steps(self) -> list[InternalCommand]:
        """What brings the message up to date: the beginning where it is missing, and what came since."""
        steps: list[InternalCommand] = [*self._unkept]
        if not self._begun.is_set():
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
                for_shielded=self._asking.for_shielded,
            )
            steps.append(begin)
        if text := self._text[self._written :]:
            steps.append(ReplyAppend(id=new_id(), thread=self._thread_id, message=self.id, text=text))
        if (tools := self._tools()) != self._shown:
            steps.append(ReplyTools(id=new_id(), thread=self._thread_id, message=self.id, tools=tools))
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
                self._carried_out(step)
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

    def _carried_out(self, step: InternalCommand) -> None:
        match step:
            case ReplyBegin():
                self._begun.set()
            case ReplyAppend():
                self._written += len(step.text)
            case ReplyTools():
                self._shown = step.tools
            case ToolUsed():
                self._unkept.remove(step)


def _sum(one: Usage | None, other: Usage | None) -> Usage | None:
    if one is None or other is None:
        return one or other
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
    )


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    """Waits for an event, but not longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
