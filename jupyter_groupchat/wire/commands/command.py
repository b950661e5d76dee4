"""What every command has."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from jupyter_groupchat.wire.fields import Identifier


class Command(BaseModel):
    """A request to change something. The client chooses ``id``; a repeat of it returns the first result."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=False)

    id: Identifier


class ThreadCommand(Command):
    """A command about one thread."""

    thread: Identifier
