"""Commands about shared cells."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from jupyter_groupchat.wire.commands.command import ThreadCommand
from jupyter_groupchat.wire.fields import Count, Identifier, Path


class CellPut(ThreadCommand):
    """Share a cell, or update one's shared cell. ``outputs`` as in nbformat 4.

    With ``update`` the cell must be shared already: what follows a notebook never brings a withdrawn cell back.
    """

    do: Literal["cell.put"] = "cell.put"
    share: Identifier
    notebook: Path
    cell_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    cell_type: Literal["code", "markdown", "raw"]
    source: Annotated[str, StringConstraints(max_length=1_000_000)]
    outputs: Annotated[list[dict[str, Any]], Field(max_length=1_000)] = []
    execution_count: Count | None = None
    live: bool = True
    update: bool = False


class CellDelete(ThreadCommand):
    """Withdraw a shared cell from the thread and from every later request."""

    do: Literal["cell.delete"] = "cell.delete"
    share: Identifier
