"""The lines of our JSON Lines file: what an export writes and an import reads.

The first line is a ``Header``, the last an ``End``, so that a file that was cut off is noticed; between them come
members, shared cells, files and then messages, oldest first. docs/export.md describes it for others.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from jupyter_groupchat.types import MessageKind, MessageStatus, Mode, Role
from jupyter_groupchat.wire.fields import Body, Count, Emoji, Identifier, Instructions, Path, Title, Username

FORMAT: Final = "jupyter_groupchat"
#: 2 brought the thread's ``model``; files of 1 are read as if it had none.
VERSION: Final = 2


def _in_our_days(at: datetime) -> datetime:
    if not 1970 < at.year < 9999:
        raise ValueError("a year from 1971 to 9998 is needed")
    return at


Time = Annotated[AwareDatetime, AfterValidator(_in_our_days)]
Name = Annotated[str, StringConstraints(max_length=255)]
Source = Annotated[str, StringConstraints(max_length=1_000_000)]


class Record(BaseModel):
    """A line."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Header(Record):
    """What the file is, and the thread's settings."""

    type: Literal["thread"] = "thread"
    format: Literal["jupyter_groupchat"]
    version: Literal[1, 2]
    exported_at: Time
    id: Identifier
    title: Title
    mode: Mode
    instructions: Instructions
    notebook: Path | None
    created_at: Time
    created_by: Username
    archived_at: Time | None
    model: Annotated[str, StringConstraints(max_length=200)] | None = None


class MemberRecord(Record):
    """Somebody who was in the thread."""

    type: Literal["member"] = "member"
    username: Username
    name: Name
    role: Role
    joined_at: Time
    invited_by: Username | None
    colour: int
    avatar: str | None
    guest_until: Time | None = None


class CellRecord(Record):
    """A shared cell; ``outputs`` as in nbformat 4, images among them as base64."""

    type: Literal["cell"] = "cell"
    id: Identifier
    notebook: Path
    cell_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    cell_type: Literal["code", "markdown", "raw"]
    source: Source
    outputs: list[dict[str, Any]]
    execution_count: Count | None
    content_hash: str
    shared_by: Username
    updated_at: Time
    live: bool


class FileRecord(Record):
    """A file that messages name; ``data`` is its bytes as base64."""

    type: Literal["file"] = "file"
    id: Identifier
    name: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    media_type: str
    size: int
    sha256: str
    uploaded_by: Username
    created_at: Time
    data: str


class MarksRecord(Record):
    """Who pinned a message, and who marked it as agreed."""

    pinned: Username | None = None
    agreed: Username | None = None


class MessageRecord(Record):
    """A message with what became of it. ``reactions`` are usernames by emoji, ``credits`` of who wrote it too."""

    type: Literal["message"] = "message"
    id: Identifier
    seq: Annotated[int, Field(ge=0)]
    author: Username
    author_name: Name
    kind: MessageKind
    via: str | None
    body: Body
    created_at: Time
    edited_at: Time | None
    deleted: bool
    expired: Count | None = None
    reply_to: Identifier | None
    mentions: list[str]
    reactions: dict[Emoji, list[Username]]
    status: MessageStatus
    files: list[Identifier]
    cells: list[Identifier]
    reply: dict[str, Any]
    decision: dict[str, Any]
    marks: MarksRecord
    credits: Annotated[list[Username], Field(max_length=1_000)] = []


class End(Record):
    """How many there were of what."""

    type: Literal["end"] = "end"
    members: int
    cells: int
    files: int
    messages: int


RECORDS: dict[str, type[Record]] = {
    "thread": Header,
    "member": MemberRecord,
    "cell": CellRecord,
    "file": FileRecord,
    "message": MessageRecord,
    "end": End,
}
