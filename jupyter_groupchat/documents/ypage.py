"""A page of a thread: up to 256 messages as one CRDT document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from jupyter_ydoc.ybasedoc import YBaseDoc
from pycrdt import Awareness, Doc, Map, Text

from jupyter_groupchat.documents.numbers import whole
from jupyter_groupchat.types import Message, MessageKind, MessageStatus
from jupyter_groupchat.wire.times import from_wire, to_wire

_REACTION = "reaction/"
_MARK = "mark/"


class YPage(YBaseDoc):
    """Schema (version 1.1)::

        messages: Map[message id -> Map]
            seq          number    place in the thread; the order of messages is theirs
            author       string    username; author_name is what they were called then
            author_name  string
            kind         string    human, assistant, kernel, system, import
            via          string?   "kernel" when a person's kernel wrote it
            at           string    RFC 3339, UTC
            body         Text
            status       string    complete, streaming, failed, cancelled, interrupted
            reply_to     string?   message id
            mentions     [string]? usernames
            cells        [string]? share ids
            files        [string]? file ids
            credits      [string]? usernames of those who wrote it together with the author
            edited_at    string?
            deleted      true?     the body is then empty
            expired      number?   of a deleted one: it was older than so many days
            reply        object?   of an assistant's message: asked_by, about, model, model_name?, model_why?,
                                   error, seen, tokens; beside?: the reply to which it is a second opinion;
                                   tools?: [{name, label, status, ms?, error?}] that it used, where status is
                                   running, done, failed or stopped; links?: [{url, title}] that it cites
            decision     object?   what the assistant decided about it: act, reason, by
            reaction/<emoji>/<username>   true    one key each, so that concurrent writers never collide
            mark/pinned, mark/agreed      string  the username that set it

    Optional keys are absent, not null: most messages have none of them.
    """

    def __init__(self, ydoc: Doc[Any] | None = None, awareness: Awareness | None = None) -> None:
        super().__init__(ydoc, awareness)
        self._messages: Map[Any] = self._ydoc.get("messages", type=Map)

    @property
    def version(self) -> str:
        """The schema's version."""
        return "1.1.0"

    def get(self) -> list[dict[str, Any]]:
        """All messages in order, as JSON values. For tests and tools; it converts the whole page."""
        with self._ydoc.transaction():  # one for all, in place of one for each value
            everything = self._messages.to_py() or {}
        values = ({"id": key, **value} for key, value in everything.items())
        return sorted(values, key=lambda value: value["seq"])

    def set(self, value: Any) -> None:
        """Pages are written message by message."""
        raise NotImplementedError("a page is written with post, append and their like")

    def observe(self, callback: Callable[[str, Any], None]) -> None:
        """Call ``callback("messages", events)`` after every change."""
        self.unobserve()
        self._subscriptions[self._messages] = self._messages.observe_deep(partial(callback, "messages"))

    # -- writing: inside a transaction of the room

    def post(self, message: Message) -> None:
        """Put a new message in its place."""
        value: dict[str, Any] = {
            "seq": message.seq,
            "author": message.author,
            "author_name": message.author_name,
            "kind": message.kind.value,
            "at": to_wire(message.created_at),
            "body": Text(message.body),
            "status": message.status.value,
        }
        optional = {
            "via": message.via,
            "reply_to": message.reply_to,
            "mentions": list(message.mentions),
            "cells": list(message.cells),
            "files": list(message.files),
            "credits": list(message.credits),
            "edited_at": message.edited_at and to_wire(message.edited_at),
            "reply": dict(message.reply),
        }
        value.update({key: item for key, item in optional.items() if item})
        self._messages[message.id] = Map(value)

    def append(self, message_id: str, text: str) -> None:
        """Append to a body: what a streaming reply does, 20 to 40 bytes on the wire beside the text."""
        body: Text = self._messages[message_id]["body"]
        body += text

    def set_body(self, message_id: str, body: str, at: datetime, mentions: tuple[str, ...]) -> None:
        """Replace an edited message's text."""
        message = self._messages[message_id]
        message["body"] = Text(body)
        message["edited_at"] = to_wire(at)
        message["mentions"] = list(mentions)

    def delete(self, message_id: str) -> None:
        """Empty a message and leave the mark that one was here."""
        message = self._messages[message_id]
        message["body"] = Text("")
        message["deleted"] = True
        for key in list(message.keys()):
            if key in ("cells", "files", "mentions", "credits") or key.startswith((_REACTION, _MARK)):
                del message[key]

    def expire(self, message_id: str, days: int) -> None:
        """Delete a message because it is older than so many days, with what the assistant said about it."""
        self.delete(message_id)
        message = self._messages[message_id]
        message["expired"] = days
        for key in ("reply", "decision"):
            message.pop(key, None)

    def replace_body(self, message_id: str, body: str) -> None:
        """Put another text in the place of what was streamed."""
        self._messages[message_id]["body"] = Text(body)

    def set_status(self, message_id: str, status: MessageStatus) -> None:
        """Give an assistant's reply its final status."""
        self._messages[message_id]["status"] = status.value

    def set_files(self, message_id: str, files: Sequence[str]) -> None:
        """Show other files with a message."""
        self._messages[message_id]["files"] = list(files)

    def set_reply(self, message_id: str, reply: Mapping[str, Any]) -> None:
        """Replace what the panel says of an assistant's reply."""
        self._messages[message_id]["reply"] = dict(reply)

    def seal(self, message_id: str, status: MessageStatus, reply: Mapping[str, Any], mentions: tuple[str, ...]) -> None:
        """End an assistant's reply: its status, what the panel says of it, and whom it mentions."""
        message = self._messages[message_id]
        message["status"] = status.value
        message["reply"] = dict(reply)
        if mentions:
            message["mentions"] = list(mentions)

    def set_decision(self, message_id: str, decision: Mapping[str, Any]) -> None:
        """Write down what the assistant decided about a message."""
        self._messages[message_id]["decision"] = dict(decision)

    def set_reaction(self, message_id: str, emoji: str, username: str, on: bool) -> bool:
        """Add or take back one reaction; whether that changed anything."""
        return self._set_key(message_id, f"{_REACTION}{emoji}/{username}", True if on else None)

    def set_mark(self, message_id: str, mark: str, username: str | None) -> bool:
        """Set (by whom) or clear a mark, ``pinned`` or ``agreed``; whether that changed anything."""
        return self._set_key(message_id, f"{_MARK}{mark}", username)

    def _set_key(self, message_id: str, key: str, value: Any) -> bool:
        message = self._messages[message_id]
        if (key in message) == (value is not None):
            return False
        if value is None:
            del message[key]
        else:
            message[key] = value
        return True

    # -- reading

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._messages

    def body(self, message_id: str) -> str:
        """A message's text as it is now."""
        return str(self._messages[message_id]["body"])

    def is_streaming(self, message_id: str) -> bool:
        """Whether a reply is still being written."""
        return bool(self._messages[message_id]["status"] == MessageStatus.STREAMING.value)

    def reaction_count(self, message_id: str) -> int:
        """How many reactions a message has, of everybody together."""
        return sum(key.startswith(_REACTION) for key in self._messages[message_id])

    def message(self, thread_id: str, message_id: str) -> Message:
        """One message as a value."""
        return _message(thread_id, message_id, self._messages[message_id].to_py() or {})

    def messages(self, thread_id: str) -> Iterator[Message]:
        """All messages in order. Converts the page: not for a hot path."""
        for value in self.get():
            yield _message(thread_id, value.pop("id"), value)


def _message(thread_id: str, message_id: str, value: Mapping[str, Any]) -> Message:
    reactions: dict[str, list[str]] = {}
    marks: dict[str, str] = {}
    for key, item in value.items():
        if key.startswith(_REACTION):
            emoji, _, username = key.removeprefix(_REACTION).partition("/")
            reactions.setdefault(emoji, []).append(username)
        elif key.startswith(_MARK):
            marks[key.removeprefix(_MARK)] = item
    edited_at = value.get("edited_at")
    return Message(
        id=message_id,
        thread_id=thread_id,
        seq=int(value["seq"]),
        author=value["author"],
        author_name=value["author_name"],
        kind=MessageKind(value["kind"]),
        via=value.get("via"),
        body=value["body"],
        created_at=from_wire(value["at"]),
        edited_at=from_wire(edited_at) if edited_at else None,
        deleted=bool(value.get("deleted")),
        reply_to=value.get("reply_to"),
        mentions=tuple(value.get("mentions", ())),
        reactions={emoji: tuple(sorted(names)) for emoji, names in sorted(reactions.items())},
        status=MessageStatus(value["status"]),
        files=tuple(value.get("files", ())),
        cells=tuple(value.get("cells", ())),
        reply=whole(value.get("reply", {})),
        decision=whole(value.get("decision", {})),
        marks=marks,
        expired=int(value["expired"]) if "expired" in value else None,
        credits=tuple(value.get("credits", ())),
    )
