"""Whether the assistant speaks. Pure; the rows are those of docs/manners.md, the first that fits decides.

A mention is always answered; unasked, it speaks seldom; any member can hush it; and it never speaks for a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Self

from jupyter_groupchat.assistant import claims, phrases
from jupyter_groupchat.cells import render
from jupyter_groupchat.reply_types import Act, Decision
from jupyter_groupchat.types import ASSISTANT, Member, MessageKind, MessageRow, Mode, SharedCell, Thread

#: How long a person may go on with a second message before the first is judged.
SETTLING = timedelta(seconds=2)
#: After it spoke unasked, or was told to be quiet, so many messages of people pass before it speaks unasked again.
RESTRAINT = 5
#: How long a question after its own reply is taken as one to it.
FOLLOW_UP = timedelta(minutes=5)
#: At most one question to the model in a thread within this time.
ASKING = timedelta(seconds=10)
#: Numbers in outputs that a statement is held against.
MAX_VALUES = 1_000

_PEOPLE = (MessageKind.HUMAN, MessageKind.KERNEL)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the shared cells say that bears on a decision: numbers with names, and which cells ended with an error."""

    values: tuple[claims.Value, ...] = ()
    failed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cells: Iterable[SharedCell]) -> Self:
        """Read once for many messages; the newest cells first, up to ``MAX_VALUES`` numbers."""
        shared = list(cells)
        failed = {cell.id for cell in shared for output in cell.outputs if output["output_type"] == "error"}
        texts = (render.as_text(output) for cell in shared if cell.id not in failed for output in cell.outputs)
        values = islice((value for text in texts for value in claims.values(text)), MAX_VALUES)
        return cls(tuple(values), frozenset(failed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What surrounds a message when it is judged. Only ``thread`` and ``members`` are needed by the first rows."""

    thread: Thread
    members: tuple[Member, ...]
    names: tuple[str, ...] = ("Assistant",)  #: what the assistant is called
    now: datetime
    before: tuple[MessageRow, ...] = ()  #: the newest messages before it, oldest first
    later: tuple[MessageRow, ...] = ()  #: messages since
    unasked: frozenset[str] = frozenset()  #: those of ``before`` that the assistant wrote of its own accord
    answered: MessageRow | None = None  #: the message that it replies to
    evidence: Evidence = field(default_factory=Evidence)  #: of the shared cells, where ``needs_cells``
    typing: bool = False  #: the author is typing again
    streaming: bool = False  #: a reply is being written
    out: str | None = None  #: why the author gets no reply, where they have none left
    asked_model_at: datetime | None = None  #: when the model was last asked whether to speak


def decide(message: MessageRow, scene: Scene) -> Decision:
    """What to do about a message that was just posted, or that has settled."""
    return _by_message(message, scene) or _by_history(message, scene)


def needs_history(message: MessageRow, scene: Scene) -> bool:
    """Whether the messages before it bear on the decision; most messages are settled without."""
    asks = phrases.is_question(message.body) or phrases.goes_on(message.body)
    return _by_message(message, scene) is None and (asks or needs_cells(message))


def is_directed(message: MessageRow, scene: Scene) -> bool:
    """Whether it is mentioned, spoken to by name, or its message is replied to."""
    replied = scene.answered is not None and scene.answered.kind is MessageKind.ASSISTANT
    return replied or _speaks_to(message, scene.names)


def needs_cells(message: MessageRow) -> bool:
    """Whether the shared cells bear on the decision: a cell came with the message, or it states a number."""
    return bool(message.cells) or claims.NUMBER.search(phrases.spoken(message.body)) is not None


def is_shown(decision: Decision, message: MessageRow, scene: Scene) -> bool:
    """Whether the panel shows the decision unasked: only where silence might puzzle."""
    if decision.act is not Act.STAY_OUT or scene.thread.mode is not Mode.AUTO or scene.out:
        return False
    if wrote_on(message, scene.later):
        return False
    return decision.by == "model" or phrases.is_question(message.body)


def _speaks_to(message: MessageRow, names: tuple[str, ...]) -> bool:
    return ASSISTANT in message.mentions or phrases.addresses(message.body, names, asking=True)


def _by_message(message: MessageRow, scene: Scene) -> Decision | None:
    """Rows 1 to 6, which look at the message and the thread's settings alone."""
    # 1
    if message.kind not in _PEOPLE or message.author == ASSISTANT or message.deleted:
        return _stay_out("not a person's message")
    if scene.thread.archived:
        return _stay_out("the thread is archived")
    directed = is_directed(message, scene)
    # 2
    if (directed or scene.streaming) and phrases.is_stop(message.body, scene.names):
        return Decision(act=Act.STOP, reason=f"{message.author_name} said stop", by="rule")
    # 4 stands before 3: a reply that somebody asked for counts for them like any other.
    if scene.out and (directed or scene.thread.mode is Mode.AUTO):
        return _stay_out(scene.out)
    # 3
    if directed:
        return _reply(f"{message.author_name} asked")
    # 5
    if scene.thread.mode is not Mode.AUTO:
        return _stay_out("it speaks only when mentioned here")
    # 6
    if asked := _somebody_else(message, scene):
        return _stay_out(f"{asked} asked")
    return None


def _by_history(message: MessageRow, scene: Scene) -> Decision:
    """Rows 7 to 12, which look at what was written before and since."""
    # 7
    if wrote_on(message, scene.later):
        return _stay_out(f"{message.author_name} wrote on")
    settled = scene.now - message.created_at >= SETTLING and not scene.typing
    if not settled and (scene.typing or _wrote_just_before(message, scene)):
        return Decision(act=Act.WAIT, reason=f"{message.author_name} is still writing", by="rule")
    # 8
    if {member.username for member in scene.members} <= {message.author}:
        return _reply("nobody else is in the thread")
    # 9 and 10
    question = phrases.is_question(message.body)
    if (question or phrases.goes_on(message.body)) and _follows_up(message, scene):
        return _reply("a question after its own reply")
    if restraint := _restraint(scene):
        return _stay_out(restraint)
    # 11
    if worth := _worth_asking(message, scene, question):
        if any(later.author != message.author and later.kind in _PEOPLE for later in scene.later):
            return _stay_out("others are answering")
        if scene.asked_model_at and scene.now - scene.asked_model_at < ASKING:
            return _stay_out("it considered speaking a moment ago")
        return Decision(act=Act.ASK_MODEL if settled else Act.WAIT, reason=worth, by="rule")
    # 12
    return _stay_out("small talk" if phrases.is_small_talk(message.body) else "nothing was asked")


def _stay_out(reason: str) -> Decision:
    return Decision(act=Act.STAY_OUT, reason=reason, by="rule")


def _reply(reason: str) -> Decision:
    return Decision(act=Act.REPLY, reason=reason, by="rule")


def _somebody_else(message: MessageRow, scene: Scene) -> str | None:
    """Who was asked instead, as "Ana was" or "everybody was"."""
    others = {member.username: member.name for member in scene.members if member.username != message.author}
    named = [name for username, name in others.items() if username in message.mentions]
    if len(named) > 1 and len(named) == len(others):
        return "everybody was"
    if named:
        return f"{' and '.join(named)} {'were' if len(named) > 1 else 'was'}"
    answered = scene.answered
    if answered is not None and answered.kind in _PEOPLE and answered.author != message.author:
        return f"{answered.author_name} was"
    for name in others.values():
        if phrases.addresses(message.body, {name, name.split()[0]} if name.split() else {name}):
            return f"{name} was"
    return None


def _wrote_just_before(message: MessageRow, scene: Scene) -> bool:
    last = scene.before[-1] if scene.before else None
    return last is not None and _is_by(last, message.author) and message.created_at - last.created_at < SETTLING


def wrote_on(message: MessageRow, later: Iterable[MessageRow]) -> bool:
    """Whether its author has written again since. Notices, such as who joined, bear a person's name too."""
    return any(_is_by(row, message.author) for row in later)


def _is_by(row: MessageRow, author: str) -> bool:
    return row.author == author and row.kind in _PEOPLE


def _restraint(scene: Scene) -> str | None:
    """Why it should hold back: it spoke unasked, or was told to be quiet, only a few messages of people ago."""
    passed = 0
    for row in reversed(scene.before):
        if passed >= RESTRAINT:
            break
        if row.id in scene.unasked:
            return "it spoke unasked a moment ago"
        if row.kind in _PEOPLE:
            passed += 1
            if _speaks_to(row, scene.names) and phrases.is_stop(row.body, scene.names):
                return f"{row.author_name} asked for quiet"
    return None


def _follows_up(message: MessageRow, scene: Scene) -> bool:
    """Whether the last message before was its own reply to the same person, not long ago."""
    if len(scene.before) < 2 or scene.before[-1].kind is not MessageKind.ASSISTANT:
        return False
    reply = scene.before[-1]
    asker = next((row for row in scene.before if row.id == reply.reply_to), scene.before[-2])
    return asker.author == message.author and message.created_at - reply.created_at <= FOLLOW_UP


def _worth_asking(message: MessageRow, scene: Scene, question: bool) -> str | None:
    if question:
        return "a question to nobody in particular"
    if scene.evidence.failed.intersection(message.cells):
        return "a cell with an error was shared"
    if any(not finding.holds for finding in claims.check(message.body, scene.evidence.values)):
        return "a shared cell's output says otherwise"
    return None
