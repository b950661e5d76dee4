"""The model's side of a reply: the request, the tools that the model calls on the way, and its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TypeVar

from jupyter_groupchat.assistant import budget, context, fetching, toolbox, voice
from jupyter_groupchat.assistant.attachments import Attachment
from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.assistant.context import Ask, Model
from jupyter_groupchat.assistant.language_model import Finished, Link, Request, TextDelta, ToolCall, Turn
from jupyter_groupchat.assistant.models import NamedModel
from jupyter_groupchat.assistant.moderation import Guard
from jupyter_groupchat.assistant.own_tools import OwnTool
from jupyter_groupchat.assistant.pictures import MakeImage
from jupyter_groupchat.assistant.settings import Settings
from jupyter_groupchat.assistant.thread_tools import ReadCell, SearchThread
from jupyter_groupchat.assistant.tool_threads import ToolThreads
from jupyter_groupchat.assistant.toolbox import Answered, Toolbox, Usable
from jupyter_groupchat.assistant.tools import WEB_SEARCH
from jupyter_groupchat.reply_types import Manifest, ToolUse
from jupyter_groupchat.threads.internal import SentRequest, Usage
from jupyter_groupchat.threads.queries import Conversation, Told
from jupyter_groupchat.threads.retention import began
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.tooling import ToolContext
from jupyter_groupchat.types import GUEST

T = TypeVar("T")

#: Messages that are read for a request; the budget decides how many go in.
READ = 200


@dataclass(slots=True)
class _Round:
    """One request and what came of it. ``prompt_tokens`` is our own count of the request."""

    prompt_tokens: int
    text: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    finished: Finished | None = None
    answered: list[Answered] = field(default_factory=list)


class Asking:
    """``take`` is called with each piece of text, ``changed`` when a tool's use began (with its place) or ended;
    ``attach`` puts a picture with the reply and tells its name."""

    def __init__(
        self,
        service: ThreadService,
        model: NamedModel,
        settings: Settings,
        threads: ToolThreads,
        ask: Ask,
        take: Callable[[str], None],
        changed: Callable[[int, ToolUse], None],
        attach: Callable[[str, bytes], Awaitable[str]],
    ) -> None:
        self._service = service
        self._model = model
        self._settings = settings
        self._threads = threads
        self._ask = ask
        self._thread_id = ask.about.thread_id
        self._take = take
        self._changed = changed
        self._attach = attach
        #: What the answer has to pass before anybody sees it, if anything.
        self.guard: Guard | None = None
        #: Whether one of those for whom the model writes is shielded; None until it is known who they are.
        self.for_shielded: bool | None = None
        self.addressed = asyncio.Event()  #: set once that is known, or will not be
        self._count: Counter = budget.estimate
        self._request: Request | None = None
        self._manifest: Manifest | None = None
        self._sent: list[SentRequest] = []
        self._rounds: list[_Round] = []
        self._uses: dict[int, ToolUse] = {}

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """What the model called last, and nothing came of."""
        return tuple(self._rounds[-1].calls) if self._rounds and not self._rounds[-1].answered else ()

    @property
    def used_tools(self) -> bool:
        """Whether any tool was used, or should have been."""
        return any(one.answered for one in self._rounds)

    @property
    def links(self) -> tuple[Link, ...]:
        """What the answer cites, each page once."""
        found = {link.url: link for one in self._rounds if one.finished for link in one.finished.links}
        return tuple(found.values()) if self._may_search_web else ()

    @property
    def _may_search_web(self) -> bool:
        # Nothing could check what the titles of other people's pages say.
        return self._settings.web_search and self._ask.asked and not self.guard and not self._for_guest

    @property
    def _for_guest(self) -> bool:
        # Anybody who has a link may be one: what acts or costs beside the model itself is for members.
        return self._ask.asked_by.startswith(GUEST)

    @property
    def reason(self) -> str | None:
        """How the model ended its last answer."""
        finished = self._rounds[-1].finished if self._rounds else None
        return finished.reason if finished else None

    async def run(self) -> None:
        """Ask until there is an answer. Raises ModelError, and what the service raises."""
        conversation = await self._conversation()
        self.guard = self._settings.shield.guard(conversation.members, self._model.endpoint)
        self.for_shielded = self._settings.shield.covers(conversation.members)
        self.addressed.set()
        # Loading an encoding and counting tokens is work; the event loop has other people to serve.
        self._count = await asyncio.to_thread(budget.counter, self._model.model)
        box = self._toolbox(conversation)
        await self._build(conversation, box)
        for number in range(self._settings.tool_rounds + 1):
            last = number == self._settings.tool_rounds
            await self._ask_model(last=last and number > 0)
            if not self._ask.asked or last or not self._rounds[-1].calls:
                return
            await self._call(box)
            await self._forget_what_is_gone(box)

    # -- the request

    def _toolbox(self, conversation: Conversation) -> Toolbox:
        settings = self._settings
        usable: list[Usable] = []
        if self._ask.asked and settings.tool_rounds and self._model.endpoint.takes_tools:
            of_thread: tuple[Usable, ...] = (
                SearchThread(self._service, self._ask, settings.name),
                ReadCell(self._service, self._thread_id, settings.name),
            )
            usable += [one for one in of_thread if one.tool.name in settings.tools]
            if self._for_guest:
                return Toolbox(usable, settings.tool_timeout, self._use_changed)
            thread = conversation.thread
            known = ToolContext(thread_id=thread.id, thread_title=thread.title, username=self._ask.asked_by)
            usable += [OwnTool(own, known, self._threads) for own in settings.own_tools]
            if settings.image_model and not self.guard:
                # Nothing could check a picture.
                limit = self._service.limits.file_bytes
                usable.append(MakeImage(self._model.endpoint, settings.image_model, limit, self._attach))
        return Toolbox(usable, settings.tool_timeout, self._use_changed)

    async def _build(self, conversation: Conversation, box: Toolbox) -> None:
        model = Model(
            name=self._model.model,
            tokens=self._model.context_tokens,
            temperature=self._model.temperature,
            standing=self._settings.shield.standing(conversation.members, self._settings.instructions),
            count=self._count,
        )
        cells = conversation.cells if self._model.images else ()
        images = await fetching.pictures(self._service, self._thread_id, cells)
        files = await self._files(conversation)
        request, manifest = await asyncio.to_thread(
            context.build,
            conversation,
            self._ask,
            model,
            name=self._settings.name,
            images=images,
            files=files,
            tools=box.tools,
        )
        self._request = request
        self._manifest = _both(self._manifest, manifest) if self._manifest else manifest
        if self._service.policy.audit_bodies:
            self._sent.append(_sent(request, conversation, manifest, self._ask))

    async def _conversation(self) -> Conversation:
        about = self._ask.about
        if self._ask.beside:
            # What the first one saw, and not what it said.
            return await self._service.conversation(self._thread_id, through_seq=about.seq, limit=READ)
        conversation = await self._service.conversation(self._thread_id, limit=READ)
        if any(row.id == about.id for row in conversation.messages):
            return conversation
        return await self._service.conversation(self._thread_id, through_seq=about.seq, limit=READ)

    async def _files(self, conversation: Conversation) -> dict[str, Attachment]:
        about = self._ask.about
        near = [about, *(row for row in conversation.messages if row.id == about.reply_to)]
        newest = [*near, *reversed(conversation.messages)]
        return await fetching.files(self._service, self._thread_id, newest, images=self._model.images)

    # -- asking

    async def _ask_model(self, *, last: bool) -> None:
        """One request. ``last`` is one after which no tools are called, and which is told so."""
        assert self._request is not None
        turns = (*self._request.turns, *self._exchanged())
        request = replace(self._request, turns=turns, web=self._may_search_web)
        if last:
            request = replace(request, turns=(*turns, Turn("user", voice.answer_now())), tools=())
        said_before = any(one.text for one in self._rounds)
        one = _Round(prompt_tokens=self._prompt_tokens())
        self._rounds.append(one)
        async with aclosing(self._model.endpoint.stream(request)) as stream:
            async for event in stream:
                if isinstance(event, TextDelta):
                    text = event.text if one.text else event.text.lstrip()
                    shown = f"\n\n{text}" if text and said_before and not one.text else text
                    one.text += text
                    self._take(await self.guard.take(shown) if self.guard else shown)
                elif isinstance(event, ToolCall):
                    one.calls.append(self._distinct(event))
                else:
                    one.finished = event
        if self.guard:
            self._take(await self.guard.rest())

    def _exchanged(self) -> list[Turn]:
        """What was called and answered since the request was made."""
        turns: list[Turn] = []
        for one in self._rounds:
            turns.append(Turn("assistant", one.text, calls=tuple(one.calls)))
            turns += [Turn("tool", answered.text, answers=answered.call.id) for answered in one.answered]
        return turns

    def _prompt_tokens(self) -> int:
        assert self._manifest is not None
        added = sum(self._count(turn.text) + self._count(_arguments(turn.calls)) for turn in self._exchanged())
        return self._manifest.prompt_tokens + added

    def _distinct(self, call: ToolCall) -> ToolCall:
        """Some endpoints give every call the same id."""
        ids = {known.id for one in self._rounds for known in one.calls}
        number = 1
        id = call.id
        while id in ids:
            number += 1
            id = f"{call.id}_{number}"
        return replace(call, id=id)

    # -- tools

    async def _call(self, box: Toolbox) -> None:
        assert self._request is not None
        left = max(self._model.context_tokens - self._prompt_tokens(), 0)
        one = self._rounds[-1]
        if self.guard:
            # Members read what a tool was given, too.
            await self.guard.check(_arguments(one.calls))
        offered = frozenset(tool.name for tool in self._request.tools)
        one.answered = await box.answer(one.calls, offered, left, self._count)

    def _use_changed(self, number: int, use: ToolUse) -> None:
        self._uses[number] = use
        self._changed(number, use)

    async def _forget_what_is_gone(self, box: Toolbox) -> None:
        """What was deleted or withdrawn while a tool worked is in no request from then on."""
        assert self._manifest is not None
        told = Told(
            messages=frozenset(self._manifest.messages) - {self._ask.about.id},
            cells=frozenset(cell.id for cell in self._manifest.cells),
            files=frozenset(file.id for file in self._manifest.files),
        )
        results = [answered for one in self._rounds for answered in one.answered]
        everything = told
        for answered in results:
            everything |= answered.told
        gone = await self._service.gone(self._thread_id, everything)
        if not gone:
            return
        for one in self._rounds:
            one.answered = [
                replace(answered, text=toolbox.withdrawn(answered), told=Told()) if answered.told & gone else answered
                for answered in one.answered
            ]
        if told & gone:
            await self._build(await self._conversation(), box)

    # -- what it took

    def usage(self) -> Usage | None:
        """The endpoint's counts of all requests, else ours; None where the model said nothing."""
        heard = [one for one in self._rounds if one.text or one.finished]
        if not heard:
            return None
        prompt = completion = 0
        for one in heard:
            ended = one.finished or Finished("stop")
            prompt += one.prompt_tokens if ended.prompt_tokens is None else ended.prompt_tokens
            ours = self._count(one.text) + self._count(_arguments(one.calls))
            completion += ours if ended.completion_tokens is None else ended.completion_tokens
            prompt += sum(answered.tokens[0] for answered in one.answered)
            completion += sum(answered.tokens[1] for answered in one.answered)
        return Usage(prompt_tokens=prompt, completion_tokens=completion)

    def sent(self) -> SentRequest | None:
        """What the model was told, where the operator keeps that; what tools answered on the way is not in it."""
        if not self._sent:
            return None
        text = "\n\n".join(one.text for one in self._sent)
        return SentRequest(text=text, since=min(one.since for one in self._sent))

    def manifest(self) -> Manifest | None:
        """What went into the requests, with what they took."""
        if self._manifest is None:
            return None
        manifest = replace(self._manifest, used=tuple(use for _, use in sorted(self._uses.items())))
        if not self._model.endpoint.takes_tools and not self.used_tools and self._ask.asked:
            # It was asked again, without them.
            manifest = replace(manifest, tools=())
        if self._may_search_web and self._model.endpoint.searches_web:
            manifest = replace(manifest, tools=(*manifest.tools, WEB_SEARCH))
        usage = self.usage()
        if usage is None:
            return manifest
        counts = [one.finished.prompt_tokens if one.finished else None for one in self._rounds]
        return replace(
            manifest,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            counted_by="estimate" if None in counts else "endpoint",
        )


def _sent(request: Request, conversation: Conversation, manifest: Manifest, ask: Ask) -> SentRequest:
    told = frozenset(manifest.messages)
    rows = [ask.about, *(row for row in conversation.messages if row.id in told)]
    return SentRequest(
        text="\n\n".join(f"[{turn.role}]\n{turn.text}" for turn in request.turns),
        since=min(began(row, conversation.thread) for row in rows),
    )


def _arguments(calls: Iterable[ToolCall]) -> str:
    return "".join(f"{call.name}{dict(call.arguments or {})}" for call in calls)


def _both(first: Manifest, second: Manifest) -> Manifest:
    """What was in either of two requests: the first was sent, too."""

    return replace(
        second,
        messages=_either_of(first.messages, second.messages, str),
        messages_cut=_either_of(first.messages_cut, second.messages_cut, str),
        cells=_either_of(first.cells, second.cells, lambda cell: cell.id),
        files=_either_of(first.files, second.files, lambda file: file.id),
    )


def _either_of(ones: tuple[T, ...], others: tuple[T, ...], key: Callable[[T], str]) -> tuple[T, ...]:
    known = {key(one) for one in ones}
    return (*ones, *(other for other in others if key(other) not in known))
