"""Commands about messages that members write together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from jupyter_groupchat.wire.commands.command import ThreadCommand
from jupyter_groupchat.wire.fields import MOST_BROUGHT, Body, Count, Identifier


class DraftOpen(ThreadCommand):
    """Begin a message that members write together, with a text to start from and what goes along with it."""

    do: Literal["draft.open"] = "draft.open"
    text: Body = ""
    reply_to: Identifier | None = None
    cells: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []
    files: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []


class DraftCommand(ThreadCommand):
    """A command about one draft."""

    draft: Identifier


class DraftPatch(DraftCommand):
    """Change what goes along with a draft. ``reply_to`` is a message, or null for none; left out, it stays.

    ``cells`` and ``files``, one's own, are added to those that are there; ``without`` are cells and files that no
    longer go along. A file that is taken out is deleted.
    """

    do: Literal["draft.patch"] = "draft.patch"
    reply_to: Identifier | None = None
    cells: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []
    files: Annotated[list[Identifier], Field(max_length=MOST_BROUGHT)] = []
    without: Annotated[list[Identifier], Field(max_length=2 * MOST_BROUGHT)] = []


class DraftClose(DraftCommand):
    """Discard a draft, for everybody: who began it or the owner may."""

    do: Literal["draft.close"] = "draft.close"


class DraftSend(DraftCommand):
    """Send a draft as the server has it, with what goes along: the caller is the author, the others are credited.

    The command's id is the message's id.
    """

    do: Literal["draft.send"] = "draft.send"


#: A letter of a draft: the client id of the replica that wrote it, and which of its letters it is.
Place = Annotated[list[Count], Field(min_length=2, max_length=2)]


class DraftCursor(DraftCommand):
    """Say where the caller's cursor is in a draft: after which letters, null for the beginning. Not kept. Socket only.

    ``here`` false says that it is nowhere.
    """

    do: Literal["draft.cursor"] = "draft.cursor"
    anchor: Place | None = None
    head: Place | None = None
    here: bool = True
