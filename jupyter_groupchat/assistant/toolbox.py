"""The tools that one reply may use, and what becomes of a call: never more than a line to the model that it failed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from jupyter_groupchat.assistant import blocks
from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.assistant.language_model import Tool, ToolCall
from jupyter_groupchat.cells import render
from jupyter_groupchat.errors import GroupChatError
from jupyter_groupchat.reply_types import ToolUse
from jupyter_groupchat.threads.queries import Told
from jupyter_groupchat.tooling import ToolError

log = logging.getLogger(__name__)

#: Calls in one answer of the model that are carried out.
MAX_CALLS = 8
#: Characters of a label, and of what a tool says about its failure.
MAX_LABEL, MAX_ERROR = 80, 300
#: Tokens of a result below which it is not worth asking for one.
SMALLEST = 60

UNREADABLE = "Its arguments were no JSON object."
TOO_MANY = f"It was one of more than {MAX_CALLS} calls at once; ask again for what is still needed."
FULL = "There is no room left for its result in this request. Answer from what you have."
STOPPED = "It was stopped."


class Result(NamedTuple):
    """What a tool found: blocks of text that fit what they were allowed, and what of the thread is in them."""

    text: str
    told: Told = Told()
    tokens: tuple[int, int] = (0, 0)  #: that it took of some model, in and out


class Usable(Protocol):
    """A tool in the hands of one reply."""

    tool: Tool
    timeout: float | None  #: seconds that a use may take, None for as long as any

    def label(self, arguments: Mapping[str, Any]) -> str:
        """What a use is about, for members."""
        ...

    async def use(self, arguments: Mapping[str, Any], limit: int, count: Counter) -> Result:
        """Carry it out; the result has at most ``limit`` tokens. Raises GroupChatError or ToolError in plain words."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """A call with its answer, as the next request holds it."""

    call: ToolCall
    text: str
    told: Told
    use: ToolUse
    tokens: tuple[int, int] = (0, 0)


class Toolbox:
    """``timeout`` is the seconds that one use may take; ``changed`` is called with a use when it begins and ends."""

    def __init__(self, usable: Sequence[Usable], timeout: float, changed: Callable[[int, ToolUse], None]) -> None:
        self._usable = {one.tool.name: one for one in usable}
        self._timeout = timeout
        self._changed = changed
        self._begun = 0

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What a model may be offered."""
        return tuple(one.tool for one in self._usable.values())

    async def answer(
        self, calls: Sequence[ToolCall], offered: frozenset[str], left: int, count: Counter
    ) -> list[Answered]:
        """Carry out the calls of one answer, one after the other, in at most ``left`` tokens together."""
        answered: list[Answered] = []
        for place, call in enumerate(calls):
            # A share of what is left goes to each, and some of it stays for what is asked next.
            limit = left * 2 // 3 // (min(len(calls), MAX_CALLS) - place) if place < MAX_CALLS else 0
            answered.append(await self._answer(call, offered, limit, count, too_many=place >= MAX_CALLS))
            left = max(left - count(answered[-1].text), 0)
        return answered

    async def _answer(
        self, call: ToolCall, offered: frozenset[str], limit: int, count: Counter, *, too_many: bool
    ) -> Answered:
        usable = self._usable.get(call.name) if call.name in offered else None
        problem: str | None = None
        if usable is None:
            problem = f"There is no tool called “{_clean(call.name, MAX_LABEL)}”."
        elif call.arguments is None:
            problem = UNREADABLE
        else:
            problem = _mismatch(usable.tool, call.arguments)
        if problem is None and too_many:
            problem = TOO_MANY
        if problem is None and limit < SMALLEST:
            problem = FULL
        number, self._begun = self._begun, self._begun + 1
        label = usable.label(call.arguments or {}) if usable is not None and problem is None else call.name
        use = ToolUse(
            name=_clean(call.name, MAX_LABEL),
            label=_clean(label, MAX_LABEL),
            arguments=call.arguments or {},
            status="running",
        )
        if usable is None or problem is not None:
            return self._ended(number, call, use, "failed", problem, None, 0)
        self._changed(number, use)
        began = time.monotonic()
        try:
            result = await self._used(usable, call.arguments or {}, limit, count)
            error = None
        except asyncio.CancelledError:
            self._ended(number, call, use, "stopped", STOPPED, None, began)
            raise
        except _Failed as failed:
            result, error = None, str(failed)
        return self._ended(number, call, use, "failed" if error else "done", error, result, began)

    async def _used(self, usable: Usable, arguments: Mapping[str, Any], limit: int, count: Counter) -> Result:
        """The result, in time. A tool that does not let itself be stopped is left to itself."""
        frame = count(_result(usable.tool.name, ""))
        task = asyncio.ensure_future(usable.use(arguments, limit - frame, count))
        # Whatever it ends with after it was given up is nobody's business any more.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        timeout = usable.timeout or self._timeout
        try:
            done, _ = await asyncio.wait([task], timeout=timeout)
        finally:
            task.cancel()
        if not done:
            raise _Failed(f"It did not answer within {timeout:g} seconds.")
        try:
            return task.result()
        except (ToolError, GroupChatError) as error:
            raise _Failed(_clean(str(error), MAX_ERROR) or "It failed.") from error
        except asyncio.CancelledError as error:
            raise _Failed("It gave up.") from error
        except Exception as error:
            # An operator's tool may fail in any way; a reply does not fail with it.
            log.exception("The tool %s failed.", usable.tool.name)
            raise _Failed("It failed; the server's log says why.") from error

    def _ended(
        self,
        number: int,
        call: ToolCall,
        use: ToolUse,
        status: str,
        error: str | None,
        result: Result | None,
        began: float,
    ) -> Answered:
        text = (
            _result(call.name, result.text) if result else _result(call.name, blocks.escape(error or ""), failed=True)
        )
        raw = text.encode("utf-8", "replace")
        ended = ToolUse(
            name=use.name,
            label=use.label,
            arguments=use.arguments,
            status=status,
            error=error,
            ms=round((time.monotonic() - began) * 1_000) if began else 0,
            result_hash=sha256(raw).hexdigest() if status != "stopped" else "",
            result_size=len(raw) if status != "stopped" else 0,
        )
        self._changed(number, ended)
        found = result or Result("")
        return Answered(call, text, found.told, ended, found.tokens)


class _Failed(Exception):
    """Why there is no result, in words for members and the model."""


def withdrawn(answered: Answered) -> str:
    """What takes a result's place once something in it was deleted or withdrawn."""
    return _result(answered.call.name, "[What was here was deleted or withdrawn since.]")


def _result(name: str, text: str, *, failed: bool = False) -> str:
    return blocks.wrap("result", text, tool=_clean(name, MAX_LABEL), failed="yes" if failed else None)


def _mismatch(tool: Tool, arguments: Mapping[str, Any]) -> str | None:
    """Why arguments do not match the tool's schema; None where they do."""
    # Imported late: most threads never see a tool.
    import jsonschema

    validator = jsonschema.validators.validator_for(tool.parameters, default=jsonschema.Draft202012Validator)
    try:
        error = jsonschema.exceptions.best_match(validator(tool.parameters).iter_errors(arguments))
    except Exception:
        # The schema is an operator's: what is wrong with it may show only now, and in any way.
        log.exception("The schema of the tool %s cannot be used.", tool.name)
        return "Its schema is wrong; the server's log says how."
    if error is None:
        return None
    where = ".".join(str(step) for step in error.absolute_path)
    # What is wrong stands at the end, after the value, which may be long.
    what = error.message if len(error.message) < MAX_ERROR // 2 else f"…{error.message[-MAX_ERROR // 2 :]}"
    return _clean(f"Wrong arguments{f' at {where}' if where else ''}: {what}", MAX_ERROR)


def _clean(text: str, most: int) -> str:
    """One line of plain text."""
    line = " ".join(render.plain(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
