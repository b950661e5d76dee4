"""The operator's own tools: found among the installed packages, and used behind glass."""

from __future__ import annotations

import asyncio
import copy
import logging
import re
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from jupyter_groupchat.assistant import blocks, budget
from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.assistant.language_model import Tool
from jupyter_groupchat.assistant.tool_threads import ToolThreads
from jupyter_groupchat.assistant.toolbox import Result
from jupyter_groupchat.assistant.tools import BUILT_IN
from jupyter_groupchat.cells import redaction, render
from jupyter_groupchat.tooling import GROUP, ToolContext, ToolError
from jupyter_groupchat.tooling import Tool as OwnedTool

log = logging.getLogger(__name__)

#: What an operator writes to allow every tool that is installed.
ANY = "*"
#: The largest result that is looked at, in bytes.
MAX_RESULT = 32 * 1024

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class OwnTool:
    """One of them in the hands of one reply."""

    timeout: float | None = None

    def __init__(self, own: OwnedTool, context: ToolContext, threads: ToolThreads) -> None:
        self.tool = Tool(own.name, own.description, own.parameters)
        self._own = own
        self._context = context
        self._threads = threads

    def label(self, arguments: Mapping[str, Any]) -> str:
        """Its name: what its arguments mean only it knows."""
        return self.tool.name

    async def use(self, arguments: Mapping[str, Any], limit: int, count: Counter) -> Result:
        """What it says, cut to ``MAX_RESULT`` and then to the limit, each with a visible mark."""
        given = copy.deepcopy(dict(arguments))
        said = await self._threads.run(lambda: self._own(given, self._context))
        # It may be megabytes.
        return await asyncio.to_thread(_told, said, limit, count)


def _told(said: object, limit: int, count: Counter) -> Result:
    if not isinstance(said, str):
        raise ToolError("Its result is no text.")
    text = redaction.mask(render.plain(render.cut_middle(said, MAX_RESULT)))
    shorter = budget.cut(text, limit, count)
    if text and not shorter:
        raise ToolError("There is too little room left in the request for its result.")
    return Result(blocks.escape(shorter))


def load(allowed: Collection[str], found: Iterable[EntryPoint] | None = None) -> tuple[OwnedTool, ...]:
    """The installed tools whose names are allowed. One that is broken is logged and left out."""
    loaded: dict[str, OwnedTool] = {}
    for entry in sorted(entry_points(group=GROUP) if found is None else found, key=lambda entry: entry.name):
        if entry.name not in allowed and ANY not in allowed:
            continue
        if entry.name in loaded:
            log.error("Two packages offer a tool called %s; the first is used.", entry.name)
            continue
        try:
            loaded[entry.name] = _checked(entry.name, entry.load())
        except Exception:
            # Whatever is wrong in somebody else's package: the others work.
            log.exception("The tool %s (%s) cannot be used.", entry.name, entry.value)
    for name in sorted(set(allowed) - {ANY, *BUILT_IN, *loaded}):
        log.warning("GroupChat.tools names the tool %s, which is not there.", name)
    return tuple(loaded.values())


def _checked(name: str, tool: Any) -> OwnedTool:
    """A tool, made if it is a class. Raises ValueError, TypeError or what its schema's check raises."""
    import jsonschema

    tool = tool() if isinstance(tool, type) else tool
    if tool.name != name:
        raise ValueError(f"it calls itself {tool.name!r}; the entry point must have the tool's name")
    if not _NAME.fullmatch(name):
        raise ValueError("its name has other characters than letters, digits, _ and -, or more than 64")
    if name in BUILT_IN:
        raise ValueError("there is a tool of that name already")
    if not isinstance(tool.description, str) or not tool.description.strip():
        raise ValueError("it has no description")
    if not isinstance(tool.parameters, Mapping) or tool.parameters.get("type") != "object":
        raise ValueError('its parameters are no JSON Schema of {"type": "object"}')
    jsonschema.validators.validator_for(tool.parameters).check_schema(tool.parameters)
    if not callable(tool):
        raise TypeError("it cannot be called")
    return tool  # type: ignore[no-any-return]
