"""What the assistant's attendants share: the service, the models, the places for replies, and who has replies left."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from datetime import datetime

from pydantic import ValidationError

from jupyter_groupchat.assistant import attachments, context, manners, quota
from jupyter_groupchat.assistant.choice import Question
from jupyter_groupchat.assistant.clock import Clock
from jupyter_groupchat.assistant.context import Ask
from jupyter_groupchat.assistant.decisions import Decisions, new_id
from jupyter_groupchat.assistant.language_model import ToolCall
from jupyter_groupchat.assistant.manners import Scene
from jupyter_groupchat.assistant.models import Models, NamedModel, Pick
from jupyter_groupchat.assistant.quota import Left, Out, Quota, Used
from jupyter_groupchat.assistant.reply import Outcome, Reply
from jupyter_groupchat.assistant.settings import Settings
from jupyter_groupchat.assistant.tool_threads import ToolThreads
from jupyter_groupchat.assistant.tools import REACT, STAY_OUT
from jupyter_groupchat.cells import render
from jupyter_groupchat.errors import GroupChatError
from jupyter_groupchat.reply_types import NO_REASON, Act, Decision
from jupyter_groupchat.threads.happenings import Posted
from jupyter_groupchat.threads.internal import Usage
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import AUTO, GUEST, THE_ASSISTANT, MessageStatus, Mode, Thread
from jupyter_groupchat.wire.commands import ReactionPut
from jupyter_groupchat.wire.reply_shapes import UsageJson
from jupyter_groupchat.wire.times import from_wire

log = logging.getLogger(__name__)

#: Messages among which the one that a question replies to is looked for.
LOOK_BACK = 50
#: Characters of a reason that a model gives.
MAX_REASON = 120


class Office:
    """Shared by all threads of one server process."""

    def __init__(self, service: ThreadService, models: Models, settings: Settings, clock: Clock) -> None:
        self.service = service
        self.clock = clock
        self.names = tuple(dict.fromkeys(("Assistant", settings.name)))
        self.places = asyncio.Semaphore(settings.max_parallel)
        self.decisions = Decisions(service, clock)
        self._models = models
        self._settings = settings
        self._threads = ToolThreads()
        self._quota = settings.quota or Quota()
        self._thread_quota = settings.thread_quota or Quota()
        self._guest_quota = settings.guest_quota or Quota()
        self._writing: Counter[str] = Counter()
        self._writing_in: Counter[str] = Counter()
        self._writing_for_guests_in: Counter[str] = Counter()

    async def pick(self, ask: Ask) -> Pick:
        """The model that is to answer."""
        if ask.model != AUTO or not self._models.can_choose:
            return self._models.pick(ask.model)
        return self._models.pick(AUTO, await self._question(ask))

    def reply(self, ask: Ask, pick: Pick, begin_after: float | None, spent: Usage | None = None) -> Reply:
        """A reply, not begun yet."""
        return Reply(self.service, pick, self._settings, self._threads, ask, begin_after, spent)

    async def _question(self, ask: Ask) -> Question:
        """What is asked, with the cells and files that it and what it replies to name."""
        about = ask.about
        try:
            conversation = await self.service.conversation(about.thread_id, through_seq=about.seq, limit=LOOK_BACK)
            near = [about, *(row for row in conversation.messages if row.id == about.reply_to)]
            named = context.named_cells(near, conversation.cells)
            ids = [*attachments.named(near)][: attachments.MOST]
            files = [await self.service.attachment(about.thread_id, id) for id in ids]
        except GroupChatError as error:
            log.warning("What a question is about was not read: %s", error)
            return Question(body=about.body, names=self.names)
        return Question(
            body=about.body,
            cells=[cell for cell in conversation.cells if cell.id in named],
            files=[found[0].media_type for found in files if found],
            names=self.names,
        )

    def model_of(self, thread: Thread) -> NamedModel:
        """Who is asked for what concerns one member alone: the thread's model, with ``AUTO`` a fast one."""
        return self._models.pick(thread.model).model

    # -- quotas

    def counts(self, case: Posted, scene: Scene) -> bool:
        """Whether a message may lead to a reply that counts for its author."""
        limits = self._quota.limits_anything or self._thread_quota.limits_anything
        if not (limits or (_is_guest(case.message.author) and self._guest_quota.limits_anything)):
            return False
        return case.thread.mode is Mode.AUTO or manners.is_directed(case.message, scene)

    async def out(self, username: str, thread_id: str) -> Out | None:
        """Whether somebody, or the thread, has no replies left; None while both have some."""
        if _is_guest(username) and self._guest_quota.limits_anything:
            of_guests = await self._guests_left(thread_id)
            if of_guests.until:
                return Out("Guests of this thread have", of_guests.until, never=of_guests.limit == 0)
        left = await self._persons_left(username)
        if left and left.until:
            return Out("You have", left.until, never=left.limit == 0)
        if self._thread_quota.limits_anything:
            now, writing = self.clock.now(), lambda: self._writing_in[thread_id]
            left = await quota.left(self._thread_quota, thread_id, now, self._used_in, writing)
            if left.until:
                return Out("This thread has", left.until, never=left.limit == 0)
        return None

    async def left(self, username: str, thread_id: str | None = None) -> Left | None:
        """What somebody has left; None where nothing is limited for people.

        For a guest it is the fewer of that and of what the guests of ``thread_id`` have left together.
        """
        left = await self._persons_left(username)
        if thread_id is None or not _is_guest(username) or not self._guest_quota.limits_anything:
            return left
        found = [each for each in (left, await self._guests_left(thread_id)) if each]
        return min(found, key=lambda each: (each.until is None, each.left if each.left is not None else sys.maxsize))

    async def _guests_left(self, thread_id: str) -> Left:
        now, writing = self.clock.now(), lambda: self._writing_for_guests_in[thread_id]
        return await quota.left(self._guest_quota, thread_id, now, self._used_by_guests_in, writing)

    async def _persons_left(self, username: str) -> Left | None:
        if not self._quota.limits_anything:
            return None
        return await quota.left(self._quota, username, self.clock.now(), self._used, lambda: self._writing[username])

    def reserve(self, ask: Ask) -> None:
        """A reply that somebody asked for counts from now on, until it is released and counted by what it took."""
        for writing, of in self._counters(ask):
            writing[of] += 1

    def release(self, ask: Ask) -> None:
        """It has ended."""
        for writing, of in self._counters(ask):
            writing[of] -= 1
            if not writing[of]:
                del writing[of]

    def _counters(self, ask: Ask) -> list[tuple[Counter[str], str]]:
        """What a reply that is under way is counted in, and as whose."""
        if not ask.asked:
            return []
        thread_id = ask.about.thread_id
        of_guests = [(self._writing_for_guests_in, thread_id)] if _is_guest(ask.asked_by) else []
        return [(self._writing, ask.asked_by), (self._writing_in, thread_id), *of_guests]

    async def _used(self, username: str, since: datetime) -> Used:
        return _used(await self.service.usage(username, since))

    async def _used_in(self, thread_id: str, since: datetime) -> Used:
        return _used(await self.service.thread_usage(thread_id, since))

    async def _used_by_guests_in(self, thread_id: str, since: datetime) -> Used:
        return _used(await self.service.thread_usage(thread_id, since, guests=True))

    # -- what the model decided

    async def conclude(self, ask: Ask, outcome: Outcome, model: NamedModel) -> None:
        """Act on and keep what the model made of a message that nobody asked it about."""
        tokens = outcome.usage.prompt_tokens + outcome.usage.completion_tokens if outcome.usage else 0
        act, reason, emoji = Act.STAY_OUT, "the model could not be asked", None
        if outcome.status is MessageStatus.CANCELLED or (
            outcome.status is None and not outcome.calls and not outcome.error
        ):
            return
        if outcome.status is not None:
            act, reason = Act.REPLY, ask.why
        elif outcome.calls:
            act, reason, emoji = await self._called(ask, outcome.calls[0])
        decision = Decision(
            act=act,
            reason=reason,
            by="model" if outcome.calls or outcome.status else "rule",
            emoji=emoji,
            model=model.model,
            tokens=tokens,
        )
        # A reply's tokens were counted, and its request was kept, when it was sealed.
        sealed = outcome.status is not None
        self.decisions.put(
            ask.about.thread_id,
            ask.about.id,
            decision,
            shown=decision.is_in_its_own_words,
            usage=None if sealed else outcome.usage,
            manifest=None if sealed else outcome.manifest,
            request=None if sealed else outcome.request,
        )

    async def _called(self, ask: Ask, call: ToolCall) -> tuple[Act, str, str | None]:
        arguments = call.arguments or {}
        if call.name == STAY_OUT.name:
            reason = " ".join(render.plain(str(arguments.get("reason") or "")).split()).rstrip(".")
            return Act.STAY_OUT, reason[:MAX_REASON] or NO_REASON, None
        emoji = str(arguments.get("emoji") or "").strip()
        if call.name != REACT.name or not emoji:
            return Act.STAY_OUT, "the model's answer could not be read", None
        try:
            command = ReactionPut(id=new_id(), thread=ask.about.thread_id, message=ask.about.id, emoji=emoji)
            await self.service.execute(THE_ASSISTANT, command)
        except (ValidationError, GroupChatError):
            return Act.STAY_OUT, "its reaction could not be put", None
        return Act.REACT, ask.why, emoji


def _is_guest(username: str) -> bool:
    return username.startswith(GUEST)


def _used(used: UsageJson) -> Used:
    oldest = used["oldest_at"]
    return Used(used["replies"], used["tokens"], from_wire(oldest) if oldest else None)
