"""Reading ``.chat`` files, in which jupyterlab-chat keeps a chat: a JSON object with ``messages`` and ``users``.

The format is another project's and grows, so what is not known here is passed over.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.threads.imports import Imported
from jupyter_groupchat.transfer import parsing
from jupyter_groupchat.transfer.records import Name
from jupyter_groupchat.types import Message, MessageKind, MessageStatus, Mode
from jupyter_groupchat.wire.fields import Body, Username

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Seconds from 1971 to 9998.
_Seconds = Annotated[float, Field(ge=31_536_000, le=253_300_000_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _User(_Part):
    name: Name | None = None
    display_name: Name | None = None


class _Attachment(_Part):
    value: Annotated[str, Field(max_length=1_024)]


class _Rich(_Part):
    data: dict[str, Any] = {}


class _Said(_Part):
    id: str
    sender: Username
    time: _Seconds
    body: Body = ""
    deleted: bool | None = None
    attachments: list[str] | None = None
    mime_model: _Rich | None = None


class _Chat(_Part):
    messages: list[_Said]
    users: dict[str, _User] = {}
    attachments: dict[str, _Attachment] = {}


def read(data: bytes, title: str, origin: dict[str, Any]) -> Imported:
    """The chat in a file. Raises InvalidRequest, which names the line of what is no JSON, or else the place."""
    value = parsing.json_object(data, "The file")
    if not isinstance(value.get("messages"), list):
        raise InvalidRequest(
            "The file is neither an export of this project as JSON Lines nor a .chat file of jupyterlab-chat."
        )
    chat = parsing.validated(_Chat, data, "The file")
    messages: dict[str, Message] = {}
    for number, said in enumerate(chat.messages):
        if said.id in messages:
            raise InvalidRequest(f"The file: messages.{number}.id: another message has this id.")
        if not said.deleted:
            messages[said.id] = _message(said, chat)
    return Imported(title=title, mode=Mode.AUTO, instructions="", messages=tuple(messages.values()), origin=origin)


def _message(said: _Said, chat: _Chat) -> Message:
    user = chat.users.get(said.sender, _User())
    name = " ".join((user.display_name or user.name or said.sender).split())
    return Message(
        id=said.id if _ID.fullmatch(said.id) else secrets.token_urlsafe(12),
        thread_id="",
        seq=0,
        author=said.sender,
        author_name=name or said.sender,
        kind=MessageKind.IMPORT,
        via=None,
        body=_body(said, chat.attachments),
        created_at=datetime.fromtimestamp(said.time, UTC),
        edited_at=None,
        deleted=False,
        reply_to=None,
        mentions=(),
        reactions={},
        status=MessageStatus.COMPLETE,
        files=(),
        cells=(),
    )


def _body(said: _Said, attachments: Mapping[str, _Attachment]) -> str:
    """The text; what a program showed in its place, as far as that is text; and the names of what was attached."""
    body = said.body
    if not body.strip() and said.mime_model is not None:
        texts = (said.mime_model.data.get(kind) for kind in ("text/markdown", "text/plain"))
        body = next((text for text in texts if isinstance(text, str)), "")
    names = [attachments[id].value.replace("`", "'") for id in said.attachments or () if id in attachments]
    listed = "\n".join(f"- `{' '.join(name.split())}`" for name in names)
    return "\n\n".join(part for part in (body, listed) if part)
