"""What one request to the model holds, and the manifest that says so. Pure: both are built from the same values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from jupyter_groupchat.assistant import attachments, blocks, budget, cell_block, naming, voice
from jupyter_groupchat.assistant.attachments import Attachment
from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.assistant.cell_block import Fitted
from jupyter_groupchat.assistant.language_model import Image, Request, Tool, Turn
from jupyter_groupchat.assistant.tools import READ_CELL, SEARCH_THREAD, UNASKED
from jupyter_groupchat.cells import redaction, render
from jupyter_groupchat.reply_types import Manifest, SeenCell, SeenFile
from jupyter_groupchat.threads.queries import Conversation
from jupyter_groupchat.types import GUEST, MessageKind, MessageRow, MessageStatus, SharedCell

#: Pictures in one request; the newest come first.
MAX_IMAGES = 4
#: Tokens below which a cell that nobody named tells too little to be cut to.
SMALLEST_CELL = 200
#: The share of a request's tokens that is kept for what tools say, where there are tools: one in so many.
FOR_RESULTS = 3

_NAMED = re.compile(r"\[(\d+)\]|\b(?:cell|zelle|cellule|celda|cella|célula|cel)\s+\[?(\d+)", re.IGNORECASE)
_SEEN_KINDS = (MessageKind.HUMAN, MessageKind.KERNEL, MessageKind.ASSISTANT, MessageKind.IMPORT)
_VIA = {MessageKind.IMPORT: "import", MessageKind.KERNEL: "kernel"}
_UNSEEN = (MessageStatus.STREAMING, MessageStatus.FAILED, MessageStatus.INTERRUPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the request is for. ``asked`` is whether somebody asked; otherwise ``why`` says what raised the question.

    ``model`` is the one that members set, as in ``Thread.model``. ``beside`` is the reply to which this is to be a
    second opinion, which does not see it.
    """

    about: MessageRow
    asked_by: str  #: username
    asked: bool
    why: str = ""
    model: str | None = None
    beside: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What the endpoint is told to use, and how much it takes. ``tokens`` bounds the request, not the answer.

    ``standing`` are the operator's instructions, which come before the thread's own.
    """

    name: str
    tokens: int
    temperature: float | None = None
    standing: str = ""
    count: Counter = budget.estimate


def build(
    conversation: Conversation,
    ask: Ask,
    model: Model,
    *,
    name: str,
    images: Mapping[str, bytes] | None = None,
    files: Mapping[str, Attachment] | None = None,
    tools: tuple[Tool, ...] = (),
) -> tuple[Request, Manifest]:
    """The request about ``ask.about`` and its manifest.

    ``conversation.messages`` are the newest, oldest first; ``name`` is what the assistant is called; ``images`` holds
    the pictures of shared cells by SHA-256, where the model takes pictures, and ``files`` those of messages by id.
    Of ``tools``, those are offered that are of use here, where somebody asked; a part of the tokens is then left for
    what they will say.
    """

    def spent(tokens: int) -> Building:
        can_read = ask.asked and READ_CELL in tools
        kept = replace(model, tokens=tokens)
        work = Building(conversation, ask, kept, name, images or {}, files or {}, can_read=can_read)
        work.spend()
        return work

    work = spent(model.tokens)
    offered = work.useful(tools) if ask.asked else UNASKED
    if ask.asked and offered:
        left = model.tokens - model.tokens // FOR_RESULTS - _cost(tools, model.count)
        if work.used > left:
            work = spent(left)
            offered = work.useful(tools)
        if READ_CELL in offered:
            work.list_others(model.tokens // 20)
        work.used += _cost(offered, model.count)
    request = Request(
        model=model.name, turns=work.turns(), tools=offered, needs_tools=not ask.asked, temperature=model.temperature
    )
    return request, work.manifest(offered)


def named_cells(messages: Iterable[MessageRow], cells: Iterable[SharedCell]) -> set[str]:
    """The ids of shared cells that the messages name: attached to them, or as ``[12]`` or "cell 12"."""
    attached: set[str] = set()
    numbers: set[int] = set()
    for row in messages:
        attached.update(row.cells)
        numbers.update(int(first or second) for first, second in _NAMED.findall(row.body) if len(first or second) < 9)
    return {cell.id for cell in cells if cell.id in attached or cell.execution_count in numbers}


@dataclass
class Building:
    """The blocks chosen so far and the tokens that are left for more."""

    conversation: Conversation
    ask: Ask
    model: Model
    name: str
    images: Mapping[str, bytes]
    attached: Mapping[str, Attachment]
    can_read: bool = False  #: whether a cell that is cut can be read in full
    messages: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Image] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    others: str | None = None
    used: int = 0

    def __post_init__(self) -> None:
        rows = (*self.conversation.messages, self.ask.about)
        self.names = naming.names(self.conversation.members, rows, self.name, self.ask.asked_by)
        self.by_id = {row.id: row for row in self.conversation.messages}
        # As it reads now, where it was edited since.
        self.about = self.by_id.setdefault(self.ask.about.id, self.ask.about)
        wanted = "\n\n".join(filter(None, [self.model.standing, self.conversation.thread.instructions]))
        self.instructions = budget.cut(wanted, self.model.tokens // 3, self.model.count)
        self.system = voice.system(self.name, self.instructions)
        self.members = blocks.block(
            "members", "\n".join(naming.told(member, self.names) for member in self.conversation.members)
        )
        self.last = self._last()

    @property
    def left(self) -> int:
        return max(self.model.tokens - self.used, 0)

    def spend(self) -> None:
        """In the order of docs/manners.md: what is fixed, the message and what it answers, files and cells named there,
        newest messages, their files, other cells. Half of what messages could take is kept for what would still fit.
        """
        for text in (self.system, self.members, self.last):
            self.used += self.model.count(text)
        if not self.ask.asked:
            self.used += _cost(UNASKED, self.model.count)
        near = [self.about]
        if answered := self.by_id.get(self.about.reply_to or ""):
            near.append(answered)
        for row in near:
            self._message(row, max(self.left // 2, 2 * budget.WORTHWHILE))
        named = named_cells(near, self.conversation.cells)
        pool = self.left * 2 // 3
        for id in attachments.named(near):
            pool -= self._file(id, pool)
        for cell in self.conversation.cells:
            if cell.id in named:
                pool -= self._cell(cell, pool)
        others = [cell for cell in self.conversation.cells if cell.id not in named]
        files = [id for id in attachments.named(reversed(self.conversation.messages)) if id not in self.files]
        pool = self.left - self._wanted(files, others, self.left // 2)
        for row in reversed(self.conversation.messages):
            if row.id not in self.messages and is_seen(row):
                spent = self._message(row, pool)
                pool -= spent
                if not spent or row.id in self.cut:
                    break
        for id in attachments.named(reversed(self.rows())):
            self._file(id, self.left)
        for cell in others:
            if self.left < SMALLEST_CELL:
                break
            self._cell(cell, self.left)

    def useful(self, tools: Iterable[Tool]) -> tuple[Tool, ...]:
        """Those that can tell more than the request holds: of the thread, or of its cells; and the operator's own."""
        messages, cells = self.conversation.messages, self.conversation.cells
        unseen = bool(messages) and messages[0].seq > 0
        unseen = unseen or any(is_seen(row) and (row.id not in self.messages or row.id in self.cut) for row in messages)
        use = {
            SEARCH_THREAD.name: unseen,
            READ_CELL.name: any(cell.id not in self.cells or cell.id in self.cut for cell in cells),
        }
        return tuple(tool for tool in tools if use.get(tool.name, True))

    def list_others(self, limit: int) -> None:
        """Names the cells that are not in at all, the most recently updated first, for the model to ask for."""
        lines: list[str] = []
        for cell in self.conversation.cells:
            if cell.id not in self.cells:
                lines.append(f"{voice.place(cell.notebook, cell.execution_count)}, id {cell.id}")
                block = blocks.block("more_cells", "\n".join(lines))
                if self.model.count(block) > limit:
                    break
                self.others = block
        self.used += self.model.count(self.others or "")

    def rows(self) -> list[MessageRow]:
        """The messages that are in, oldest first."""
        return sorted((self.by_id[key] for key in self.messages), key=lambda row: row.seq)

    def turns(self) -> tuple[Turn, ...]:
        """System, then people and assistant in turn: some models take nothing else."""
        cells = [self.cells[cell.id] for cell in self.conversation.cells if cell.id in self.cells]
        cells += [self.others] if self.others else []
        turns = [Turn("user", "\n".join([self.members, *self.files.values(), *cells]), tuple(self.pictures.values()))]
        said = [(self._role(row), self.messages[row.id]) for row in self.rows()]
        for role, text in [*said, ("user", self.last)]:
            previous = turns[-1]
            if previous.role == role:
                turns[-1] = Turn(previous.role, f"{previous.text}\n{text}", previous.images)
            else:
                turns.append(Turn("assistant" if role == "assistant" else "user", text))
        return (Turn("system", self.system), *turns)

    def manifest(self, offered: Iterable[Tool]) -> Manifest:
        """What is in, with the tools that are offered."""
        rows = self.rows()
        return Manifest(
            model=self.model.name,
            instructions=self.instructions,
            messages=tuple(row.id for row in rows),
            messages_cut=tuple(row.id for row in rows if row.id in self.cut),
            cells=tuple(self._seen_cell(cell) for cell in self.conversation.cells if cell.id in self.cells),
            files=tuple(self._seen_file(id) for id in self.files),
            tools=tuple(tool.name for tool in offered),
            prompt_tokens=self.used,
            completion_tokens=0,
            counted_by="estimate",
        )

    def _seen_cell(self, cell: SharedCell) -> SeenCell:
        return SeenCell(
            id=cell.id,
            notebook=cell.notebook,
            cell_id=cell.cell_id,
            execution_count=cell.execution_count,
            content_hash=cell.content_hash,
            cut=cell.id in self.cut,
        )

    def _seen_file(self, id: str) -> SeenFile:
        attached = self.attached[id]
        return SeenFile(id=id, name=attached.file.name, cut=id in self.cut or not attached.whole)

    def _message(self, row: MessageRow, limit: int) -> int:
        """Takes a message in, cut to ``limit`` tokens; how many it took."""
        body = redaction.mask(row.body)
        text = self._as_block(row, body)
        tokens = self.model.count(text)
        if tokens > limit:
            body = budget.cut(body, limit - (tokens - self.model.count(body)), self.model.count)
            if not body:
                return 0
            text = self._as_block(row, body)
            tokens = self.model.count(text)
            self.cut.add(row.id)
        self.messages[row.id] = text
        self.used += tokens
        return tokens

    def _role(self, row: MessageRow) -> str:
        return "assistant" if row.kind is MessageKind.ASSISTANT else "user"

    def _as_block(self, row: MessageRow, body: str) -> str:
        return body if row.kind is MessageKind.ASSISTANT else blocks.block("message", body, **self._about(row))

    def _about(self, row: MessageRow) -> dict[str, object]:
        """What a message's block says of it."""
        replied = self.by_id.get(row.reply_to or "")
        cells = "; ".join(
            voice.place(cell.notebook, cell.execution_count) for cell in self.conversation.cells if cell.id in row.cells
        )
        return {
            "n": row.seq,
            "by": self.names[row.author],
            "written_with": ", ".join(self.names[name] for name in row.credits) or None,
            "at": f"{row.created_at:%Y-%m-%d %H:%M}",
            "reply_to": replied.seq if replied else None,
            "cells": cells or None,
            "files": "; ".join(self.attached[id].file.name for id in row.files if id in self.attached) or None,
            "via": "guest" if row.author.startswith(GUEST) else _VIA.get(row.kind),
        }

    def _file(self, id: str, limit: int) -> int:
        """Takes a file in, cut so that it takes at most ``limit`` tokens; how many it took."""
        attached = self.attached.get(id)
        if attached is None or id in self.files:
            return 0
        text, whole = attached.text, attached.whole
        picture, images = attached.picture, budget.IMAGE_TOKENS
        if picture is None or len(self.pictures) >= MAX_IMAGES or images >= limit:
            text = attachments.UNSEEN if picture else text
            picture, images = None, 0
        block = attached.block(text, whole=whole)
        tokens = self.model.count(block)
        if tokens + images > limit:
            text = budget.cut(text, limit - (tokens - self.model.count(text)), self.model.count)
            if not text:
                return 0
            block = attached.block(text, whole=False)
            tokens = self.model.count(block)
            self.cut.add(id)
        self.files[id] = block
        if picture is not None:
            self.pictures[id] = picture
        self.used += tokens + images
        return tokens + images

    def _cell(self, cell: SharedCell, limit: int) -> int:
        """Takes a cell in, its longest parts cut so that it takes at most ``limit`` tokens; how many it took."""
        pictures: dict[str, Image] = {}
        for output in cell.outputs:
            pictures |= self._pictures(output, len(pictures))
        fitted = self._fitted(cell, pictures, limit)
        images = len(pictures) * budget.IMAGE_TOKENS
        if pictures and (fitted is None or fitted.tokens + images > limit):
            pictures, images = {}, 0
            fitted = self._fitted(cell, pictures, limit)
        if fitted is None:
            return 0
        if fitted.cut:
            self.cut.add(cell.id)
        self.cells[cell.id] = fitted.text
        self.pictures |= pictures
        self.used += fitted.tokens + images
        return fitted.tokens + images

    def _fitted(self, cell: SharedCell, pictures: Mapping[str, Image], limit: int) -> Fitted | None:
        parts = cell_block.parts(cell, lambda output: self._of_picture(output, pictures))
        id = cell.id if self.can_read else None
        return cell_block.fit(self._about_cell(cell), parts, limit, self.model.count, id=id)

    def _about_cell(self, cell: SharedCell) -> dict[str, object]:
        """What a cell's block says of it."""
        return cell_block.about(cell, self.names)

    def _pictures(self, output: Mapping[str, object], already: int) -> dict[str, Image]:
        data = output.get("data")
        if not isinstance(data, Mapping) or len(self.pictures) + already >= MAX_IMAGES:
            return {}
        files = [(kind, data[kind]["file"]) for kind in render.IMAGES if kind in data]
        return {name: Image(kind, self.images[name]) for kind, name in files[:1] if name in self.images}

    def _of_picture(self, output: Mapping[str, object], sent: Mapping[str, Image]) -> str:
        data = output.get("data")
        shown = isinstance(data, Mapping) and any(data[kind]["file"] in sent for kind in render.IMAGES if kind in data)
        return "[a picture, see below]" if shown else cell_block.UNSEEN

    def _wanted(self, files: Iterable[str], cells: Iterable[SharedCell], most: int) -> int:
        """What these files and cells would take, up to ``most``."""
        wanted = sum(self.model.count(self.attached[id].text) for id in files if id in self.attached)
        for cell in cells:
            wanted += self.model.count(cell.source) + sum(self.model.count(render.as_text(out)) for out in cell.outputs)
            if wanted >= most:
                break
        return min(wanted, most)

    def _last(self) -> str:
        """What was asked, and by whom."""
        who = blocks.escape(self.names[self.ask.about.author])
        words = (
            voice.asked(who, self.ask.about.seq)
            if self.ask.asked
            else voice.unasked(who, self.ask.about.seq, self.ask.why)
        )
        by, people = self.names[self.ask.asked_by], len(self.conversation.members)
        return blocks.wrap("asked", words, by=by, message=self.about.seq, people=people)


def is_seen(row: MessageRow) -> bool:
    """Whether a message is one that models are told of."""
    return (
        row.kind in _SEEN_KINDS
        and not row.deleted
        and row.status not in _UNSEEN
        and bool(row.body.strip() or row.files)
    )


def _cost(tools: Iterable[Tool], count: Counter) -> int:
    return sum(count(json.dumps([tool.name, tool.description, tool.parameters])) for tool in tools)
