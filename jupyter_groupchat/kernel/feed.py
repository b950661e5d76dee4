"""The messages of a thread as they come, read from replicas of its documents.

Everything here happens on the link's thread: replicas must not be touched from two.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pycrdt import Doc, Map

from jupyter_groupchat.errors import GroupChatError, NotFound
from jupyter_groupchat.kernel.link import Channel, Link
from jupyter_groupchat.types import PAGE_SIZE, Message, MessageKind, MessageStatus
from jupyter_groupchat.wire.frames import Step
from jupyter_groupchat.wire.times import from_wire

log = logging.getLogger(__name__)

#: The next page is opened when so few messages are missing to it.
_AHEAD = 16


Tell = Callable[[Message | GroupChatError], object]


class Feeds:
    """The threads that somebody listens to, each read once however many listen."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._feeds: dict[str, _Feed] = {}

    def listen(self, thread_id: str, tell: Tell) -> Callable[[], None]:
        """Call ``tell``, on the link's thread, with each message that comes or changes, and with the error at the end.

        What this returns stops it. Raises TimeoutError when the thread cannot be read.
        """
        with self._lock:
            feed = self._feeds.get(thread_id)
            if feed is None or feed.ended:
                feed = self._feeds[thread_id] = _Feed(self._link, thread_id)
            feed.listeners = (*feed.listeners, tell)
        if not feed.ready.wait(self._link.timeout):
            self._leave(feed, tell)
            raise TimeoutError("The thread could not be read in time.")
        return lambda: self._leave(feed, tell)

    def _leave(self, feed: _Feed, tell: Tell) -> None:
        with self._lock:
            feed.listeners = tuple(other for other in feed.listeners if other is not tell)
            if not feed.listeners and self._feeds.get(feed.thread_id) is feed:
                del self._feeds[feed.thread_id]
                feed.close()


class _Feed:
    """Reads a thread's messages as they come. From when ``ready`` is set, nothing is missed."""

    def __init__(self, link: Link, thread_id: str) -> None:
        self.thread_id = thread_id
        self.ready = threading.Event()
        self.ended = False
        self.listeners: tuple[Tell, ...] = ()
        self._link = link
        self._known = -1  # the newest message's seq when the feed began
        self._newest: datetime | None = None  # when the newest message was written
        self._before: datetime | None = None  # the same, of the chat that was there before this one was put back
        self._pages: dict[int, _Replica] = {}
        self._thread = _Replica(link, f"thread:{thread_id}", "meta", self._on_thread, self._on_refused, self._on_anew)

    def close(self) -> None:
        """Tell nothing more."""
        for replica in (self._thread, *self._pages.values()):
            replica.close()

    def _on_thread(self, meta: Map[Any], keys: set[str], first: bool) -> None:
        last_seq = int(meta.get("last_seq", -1))
        if first:
            self._known = last_seq
        for number in range(max(0, self._known) // PAGE_SIZE, (last_seq + _AHEAD) // PAGE_SIZE + 1):
            if number not in self._pages:
                self._pages[number] = _Replica(
                    self._link,
                    f"page:{self.thread_id}:{number}",
                    "messages",
                    self._on_page,
                    partial(self._on_page_refused, number),
                )

    def _on_page(self, messages: Map[Any], keys: set[str], first: bool) -> None:
        found = [message_of(self.thread_id, key, messages[key].to_py()) for key in keys if key in messages]
        for message in sorted(found, key=lambda message: message.seq):
            if not (first and self._was_there(message)):
                self._tell(message)
            self._newest = max(message.created_at, self._newest or message.created_at)
        self._look_if_ready()

    def _was_there(self, message: Message) -> bool:
        """Whether a message is no news: it was there when the feed began, or in the chat before it was put back."""
        return message.seq <= self._known if self._before is None else message.created_at <= self._before

    def _on_page_refused(self, number: int, error: GroupChatError) -> None:
        if isinstance(error, NotFound):
            # The chat was put back to when there was no such page. Who is in the thread no longer hears it of that.
            self._pages.pop(number, None)
            self._look_if_ready()
        else:
            self._on_refused(error)

    def _on_anew(self) -> None:
        self._before = self._newest or self._before

    def _look_if_ready(self) -> None:
        if all(page.was_read for page in self._pages.values()):
            self.ready.set()

    def _on_refused(self, error: GroupChatError) -> None:
        self.ended = True
        self._tell(error)
        self.ready.set()

    def _tell(self, news: Message | GroupChatError) -> None:
        for tell in self.listeners:
            try:
                tell(news)
            except Exception:
                log.exception("A listener to thread %s failed and was dropped.", self.thread_id)
                self.listeners = tuple(other for other in self.listeners if other is not tell)


class _Replica:
    """A copy of one document. ``changed`` gets a map in it, the keys that changed, and whether it is the first time."""

    def __init__(
        self,
        link: Link,
        doc: str,
        root: str,
        changed: Callable[[Map[Any], set[str], bool], None],
        refused: Callable[[GroupChatError], object],
        anew: Callable[[], object] = lambda: None,
    ) -> None:
        self._link = link
        self._name = root
        self._changed = changed
        self._doc: Doc[Any] | None = None
        self._keys: set[str] = set()
        self.was_read = False
        self._told_anew = anew
        self._channel = Channel(doc, self._state, self._take, refused, self._anew)
        link.open(self._channel)

    def close(self) -> None:
        """Let the document go."""
        self._link.shut(self._channel)

    def _state(self) -> bytes:
        if self._doc is None:
            self._doc = Doc()
            self._root: Map[Any] = self._doc.get(self._name, type=Map)
            self._subscription = self._root.observe_deep(self._on_events)
        return self._doc.get_state()

    def _take(self, step: Step, update: bytes) -> None:
        assert self._doc is not None
        self._doc.apply_update(update)
        keys, self._keys = self._keys, set()
        first, self.was_read = not self.was_read, True
        self._changed(self._root, keys, first)

    def _anew(self) -> None:
        self._doc = None
        self._keys = set()
        self.was_read = False
        self._told_anew()

    def _on_events(self, events: list[Any]) -> None:
        for event in events:
            self._keys.update(event.path[:1] if event.path else event.keys)


def message_of(thread_id: str, message_id: str, value: Mapping[str, Any]) -> Message:
    """A message as a page holds it, as a value."""
    reactions: dict[str, list[str]] = {}
    marks: dict[str, str] = {}
    for key, item in value.items():
        what, _, rest = key.partition("/")
        if what == "reaction":
            emoji, _, username = rest.partition("/")
            reactions.setdefault(emoji, []).append(username)
        elif what == "mark":
            marks[rest] = item
    return _message({**value, "id": message_id, "thread_id": thread_id, "reactions": reactions, "marks": marks})


def message_from(json: Mapping[str, Any]) -> Message:
    """A message as the server answers it, as a value."""
    return _message({**json, "at": json["created_at"]})


def _message(value: Mapping[str, Any]) -> Message:
    edited_at = value.get("edited_at")
    return Message(
        id=value["id"],
        thread_id=value["thread_id"],
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
        reactions={emoji: tuple(sorted(names)) for emoji, names in sorted(value["reactions"].items())},
        status=MessageStatus(value["status"]),
        files=tuple(value.get("files", ())),
        cells=tuple(value.get("cells", ())),
        reply=value.get("reply") or {},
        decision=value.get("decision") or {},
        marks=value["marks"],
        expired=int(value["expired"]) if value.get("expired") is not None else None,
        credits=tuple(value.get("credits", ())),
    )
