"""The tools that look at the thread itself: at what everybody in it can read, and at nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_groupchat.assistant import blocks, budget, cell_block, naming, voice
from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.assistant.context import Ask, is_seen
from jupyter_groupchat.assistant.toolbox import Result
from jupyter_groupchat.assistant.tools import READ_CELL, SEARCH_THREAD
from jupyter_groupchat.cells import redaction
from jupyter_groupchat.threads.queries import Told
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.tooling import ToolError
from jupyter_groupchat.types import MessageRow, SharedCell

#: Messages that one search tells.
MAX_HITS = 10
#: Tokens of one message in a search's result.
EXCERPT = 120


class SearchThread:
    """Full-text search in the messages of one thread, but for the one that is answered.

    A second opinion does not find what was said after that, of which the first one is.
    """

    tool = SEARCH_THREAD
    timeout: float | None = None

    def __init__(self, service: ThreadService, ask: Ask, assistant: str) -> None:
        self._service = service
        self._ask = ask
        self._thread_id = ask.about.thread_id
        self._assistant = assistant

    def label(self, arguments: Mapping[str, Any]) -> str:
        """The words."""
        return str(arguments["query"])

    async def use(self, arguments: Mapping[str, Any], limit: int, count: Counter) -> Result:
        """At most ``MAX_HITS`` messages, the newest first."""
        rows = await self._service.found(self._thread_id, str(arguments["query"]), 3 * MAX_HITS)
        rows = [row for row in rows if is_seen(row) and self._is_wanted(row)][:MAX_HITS]
        conversation = await self._service.conversation(self._thread_id, limit=1, cells=False)
        names = naming.names(conversation.members, rows, self._assistant)
        found: list[str] = []
        told: list[str] = []
        left = limit
        for row in rows:
            frame = {"n": row.seq, "by": names[row.author], "at": f"{row.created_at:%Y-%m-%d %H:%M}"}
            room = min(EXCERPT, left - count(blocks.block("message", "", **frame)))
            excerpt = budget.cut(redaction.mask(row.body), room, count)
            if not excerpt:
                break
            found.append(blocks.block("message", excerpt, **frame))
            told.append(row.id)
            left -= count(found[-1])
        if not found:
            return Result("No earlier message holds all of these words.")
        return Result("\n".join(found), Told(messages=frozenset(told)))

    def _is_wanted(self, row: MessageRow) -> bool:
        about = self._ask.about
        return row.id != about.id and (row.seq < about.seq or not self._ask.beside)


class ReadCell:
    """A cell that is shared at the moment of the call, by its number or id."""

    tool = READ_CELL
    timeout: float | None = None

    def __init__(self, service: ThreadService, thread_id: str, assistant: str) -> None:
        self._service = service
        self._thread_id = thread_id
        self._assistant = assistant

    def label(self, arguments: Mapping[str, Any]) -> str:
        """The number as it stands beside a cell; ids mean nothing to people."""
        wanted = _wanted(arguments)
        return f"[{wanted}]" if wanted.isdigit() else ""

    async def use(self, arguments: Mapping[str, Any], limit: int, count: Counter) -> Result:
        """The cell; all that have the number, as far as they fit. Raises ToolError where none is shared."""
        conversation = await self._service.conversation(self._thread_id, limit=1)
        names = naming.names(conversation.members, (), self._assistant)
        cells = _named(_wanted(arguments), conversation.cells)
        if not cells:
            raise ToolError("No such cell is shared with this thread now.")
        found: list[str] = []
        left = limit
        for place, cell in enumerate(cells):
            share = left // (len(cells) - place)
            fitted = cell_block.fit(cell_block.about(cell, names), cell_block.parts(cell), share, count, id=cell.id)
            if fitted is not None:
                found.append(fitted.text)
                left -= fitted.tokens
        if not found:
            where = voice.place(cells[0].notebook, cells[0].execution_count)
            raise ToolError(f"There is too little room left in the request for {where}.")
        return Result("\n".join(found), Told(cells=frozenset(cell.id for cell in cells)))


def _wanted(arguments: Mapping[str, Any]) -> str:
    return str(arguments["cell"]).strip().removeprefix("[").removesuffix("]").strip()


def _named(wanted: str, cells: tuple[SharedCell, ...]) -> list[SharedCell]:
    of_id = [cell for cell in cells if cell.id == wanted]
    return of_id or [cell for cell in cells if wanted.isdigit() and str(cell.execution_count) == str(int(wanted))]
