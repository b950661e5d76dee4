"""The assistant in one thread: it judges what is posted, waits where people go on, and answers one after the other."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta

from jupyter_groupchat.assistant import manners
from jupyter_groupchat.assistant.context import Ask
from jupyter_groupchat.assistant.manners import Evidence, Scene
from jupyter_groupchat.assistant.office import Office
from jupyter_groupchat.assistant.quota import Out
from jupyter_groupchat.assistant.recent import Recent
from jupyter_groupchat.assistant.reply import Reply
from jupyter_groupchat.errors import GroupChatError
from jupyter_groupchat.reply_types import Act, Decision
from jupyter_groupchat.threads.happenings import Posted, ReplyAsked
from jupyter_groupchat.types import MessageKind, MessageRow, MessageStatus
from jupyter_groupchat.wire.events import AssistantNotice
from jupyter_groupchat.wire.times import to_wire

log = logging.getLogger(__name__)

#: How long somebody who typed counts as typing, unless they stop before.
TYPING_FOR = timedelta(seconds=6)

_STOPPED = "The server stopped while this was being written."


@dataclass(slots=True)
class Job:
    """A reply that is to be written. ``held`` is one that its author may still take back by writing on."""

    ask: Ask
    held: bool
    reply: Reply | None = None
    dropped: bool = False


class Attendant:
    """One thread's. All methods belong to the event loop."""

    def __init__(self, office: Office, thread_id: str) -> None:
        self.recent = Recent(office.service, thread_id)
        self._office = office
        self._thread_id = thread_id
        self._typing: dict[str, datetime] = {}
        self._waiting: dict[str, Posted] = {}
        self._timers: dict[str, Callable[[], None]] = {}
        self._noticed: dict[str, datetime] = {}
        self._asked_model_at: datetime | None = None
        self._queue: deque[Job] = deque()
        self._current: Job | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def idle(self) -> bool:
        """Whether it may be forgotten."""
        return not (self._tasks or self._waiting)

    # -- what happens

    def posted(self, case: Posted) -> None:
        """Somebody wrote a message."""
        author = case.message.author
        self.recent.add(case.message)
        self._typing.pop(author, None)
        self._take_back(author)
        self._judge(case)

    def asked(self, happening: ReplyAsked) -> None:
        """Somebody pressed the button."""
        self._spawn(self._asked(happening))

    def edited(self, row: MessageRow) -> None:
        """A message reads otherwise now."""
        self.recent.add(row)
        case = self._waiting.get(row.author)
        if case is not None and case.message.id == row.id:
            answered = case.answered
            self._waiting[row.author] = Posted(thread=case.thread, message=row, members=case.members, answered=answered)

    def typed(self, username: str, typing: bool) -> None:
        """Somebody began or stopped typing."""
        if typing:
            self._typing[username] = self._office.clock.now() + TYPING_FOR
        else:
            self._typing.pop(username, None)
        if username in self._waiting:
            self._set_timer(username)

    def stop(self, reply_id: str) -> None:
        """Somebody stopped a reply."""
        if self._current and self._current.reply and self._current.reply.id == reply_id:
            self._current.reply.stop()

    def end(self, *, interrupted: bool) -> None:
        """Nothing more is to be written: the server stops, or the thread is gone."""
        self._closed = True
        self._hush()
        if interrupted and self._current and self._current.reply:
            self._current.reply.stop(MessageStatus.INTERRUPTED, _STOPPED)
        else:
            self._stop_current()

    async def ended(self) -> None:
        """Wait for what was begun."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def cancel(self) -> None:
        """Leave everything as it is."""
        for task in self._tasks:
            task.cancel()

    # -- judging

    def _judge(self, case: Posted) -> None:
        scene = self._scene(case)
        if self._office.counts(case, scene) or manners.needs_history(case.message, scene):
            self._spawn(self._judge_with_history(case, scene))
        else:
            self._act(case, manners.decide(case.message, scene), scene)

    async def _judge_with_history(self, case: Posted, scene: Scene) -> None:
        evidence, out = Evidence(), None
        # In a burst, all but each author's last message are settled by that.
        wrote_on = manners.wrote_on(case.message, self.recent.later(case.message))
        try:
            if not wrote_on and manners.needs_history(case.message, scene):
                await self.recent.complete(case.message)
                if manners.needs_cells(case.message):
                    evidence = await self.recent.evidence(scene.now)
            if self._office.counts(case, scene):
                out = await self._office.out(case.message.author, self._thread_id)
        except GroupChatError as error:
            log.warning("A message was not judged: %s", error)
            return
        scene = self._scene(case, evidence, out)
        self._act(case, manners.decide(case.message, scene), scene, out)

    def _scene(self, case: Posted, evidence: Evidence | None = None, out: Out | None = None) -> Scene:
        now = self._office.clock.now()
        return Scene(
            thread=case.thread,
            members=case.members,
            names=self._office.names,
            now=now,
            before=self.recent.before(case.message),
            later=self.recent.later(case.message),
            unasked=self.recent.unasked,
            answered=case.answered,
            evidence=evidence or Evidence(),
            typing=self._typing.get(case.message.author, now) > now,
            streaming=self._current is not None,
            out=out.reason if out else None,
            asked_model_at=self._asked_model_at,
        )

    def _act(self, case: Posted, decision: Decision, scene: Scene, out: Out | None = None) -> None:
        message = case.message
        directed = manners.is_directed(message, scene)
        if decision.act is Act.WAIT:
            self._waiting[message.author] = case
            self._set_timer(message.author)
            return
        if decision.act is Act.ASK_MODEL:
            # Recorded when the model has decided.
            self._asked_model_at = scene.now
            self._enqueue(self._ask(case, asked=False, why=decision.reason))
            return
        shown = manners.is_shown(decision, message, scene)
        self._office.decisions.put(self._thread_id, message.id, decision, shown=shown)
        if decision.act is Act.STOP:
            self._hush()
            self._stop_current()
        elif decision.act is Act.REPLY:
            self._enqueue(self._ask(case, asked=True), held=not directed)
        elif out:
            self._tell(message, message.author, out, again=directed)

    def _ask(self, case: Posted, *, asked: bool, why: str = "") -> Ask:
        message = case.message
        return Ask(about=message, asked_by=message.author, asked=asked, why=why, model=case.thread.model)

    def _take_back(self, author: str) -> None:
        """The author wrote on: what waited for that, or was about to be answered, is judged with the new message."""
        if case := self._waiting.pop(author, None):
            self._cancel_timer(author)
            scene = self._scene(case)
            self._office.decisions.put(self._thread_id, case.message.id, manners.decide(case.message, scene))
        for job in (self._current, *self._queue):
            if job and job.held and job.ask.asked_by == author and not (job.reply and job.reply.is_visible):
                job.dropped = True
                if job.reply:
                    job.reply.stop()

    def _set_timer(self, author: str) -> None:
        self._cancel_timer(author)
        now = self._office.clock.now()
        due = max(self._waiting[author].message.created_at + manners.SETTLING, self._typing.get(author, now))
        seconds = max((due - now).total_seconds(), 0.01)
        self._timers[author] = self._office.clock.later(seconds, lambda: self._settled(author))

    def _cancel_timer(self, author: str) -> None:
        if cancel := self._timers.pop(author, None):
            cancel()

    def _settled(self, author: str) -> None:
        self._timers.pop(author, None)
        if case := self._waiting.pop(author, None):
            self._judge(case)

    # -- answering

    async def _asked(self, happening: ReplyAsked) -> None:
        who, message = happening.by.username, happening.message
        out = await self._office.out(who, self._thread_id)
        if out is not None:
            self._tell(message, who, out, again=True)
            return
        decision = Decision(act=Act.REPLY, reason=f"{happening.by.name} asked", by="rule")
        self._office.decisions.put(self._thread_id, message.id, decision)
        model = happening.model or happening.thread.model
        self._enqueue(Ask(about=message, asked_by=who, asked=True, model=model, beside=happening.beside))

    def _enqueue(self, ask: Ask, *, held: bool = False) -> None:
        waiting = (job.ask for job in self._queue if job.ask.asked and not job.dropped)
        if self._closed or any(_same(other, ask) for other in waiting):
            return
        self._office.reserve(ask)
        self._queue.append(Job(ask, held))
        if self._current is None and len(self._queue) == 1:
            self._spawn(self._work())

    async def _work(self) -> None:
        while self._queue:
            self._current = self._queue[0]
            try:
                async with self._office.places:
                    if not self._current.dropped:
                        await self._answer(self._current)
            finally:
                self._queue.popleft()
                self._office.release(self._current.ask)
                self._current = None

    async def _answer(self, job: Job) -> None:
        ask = job.ask
        if not ask.asked and any(row.kind is MessageKind.HUMAN for row in self.recent.later(ask.about)):
            decision = Decision(act=Act.STAY_OUT, reason="others are answering", by="rule")
            self._office.decisions.put(self._thread_id, ask.about.id, decision)
            return
        pick = await self._office.pick(ask)
        if job.dropped:
            return
        settling = ask.about.created_at + manners.SETTLING - self._office.clock.now()
        begin_after = None if not ask.asked else max(settling.total_seconds(), 0) if job.held else 0
        job.reply = self._office.reply(ask, pick, begin_after)
        outcome = await job.reply.run()
        if outcome.outdated and not (self._closed or job.dropped):
            # Somebody came who is looked after: it is asked again, under their rules.
            job.reply = self._office.reply(ask, pick, begin_after, outcome.usage)
            outcome = await job.reply.run()
        if not ask.asked:
            await self._office.conclude(ask, outcome, job.reply.model)

    def _hush(self) -> None:
        for username in list(self._timers):
            self._cancel_timer(username)
        self._waiting.clear()
        for job in self._queue:
            job.dropped = True

    def _stop_current(self) -> None:
        if self._current and self._current.reply:
            self._current.reply.stop()

    def _tell(self, message: MessageRow, username: str, out: Out, *, again: bool) -> None:
        """Tell one person that replies are used up; once, unless they ask again."""
        if not again and self._noticed.get(username) == out.until:
            return
        self._noticed[username] = out.until
        text = f"{out.words} Everybody can go on talking."
        until = None if out.never else to_wire(out.until)
        notice = AssistantNotice(thread=self._thread_id, message=message.id, text=text, until=until)
        self._office.service.tell(username, notice)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("The assistant failed in a thread.", exc_info=error)


def _same(one: Ask, other: Ask) -> bool:
    """Whether two people asked for the same thing."""
    return (one.about.id, one.model, one.beside) == (other.about.id, other.model, other.beside)
