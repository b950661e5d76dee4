"""Group chat for programs: bots, scripts and notebooks that take part in threads."""

from __future__ import annotations

import queue
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from jupyter_groupchat.errors import Conflict, GroupChatError, NotFound, RateLimited
from jupyter_groupchat.kernel.feed import Feeds, message_from
from jupyter_groupchat.kernel.link import Link
from jupyter_groupchat.types import ASSISTANT, Message, MessageStatus, Mode, Role
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.events import AssistantNotice
from jupyter_groupchat.wire.shapes import HitJson, ThreadJson
from jupyter_groupchat.wire.times import from_wire

#: How long the assistant may take to answer, in seconds.
ANSWER = 300.0


class ThreadClient:
    """The threads of the person whose token it is. Blocking; ``aio.AsyncThreadClient`` is the same with ``await``.

    ::

        with ThreadClient("http://localhost:8888/", token) as client:
            thread = client.thread("Churn review")
            thread.post("The nightly run is done.")
            print(thread.ask("Which plan loses most customers?").body)

    Everything raises the errors of ``jupyter_groupchat.errors``, and ``TimeoutError`` after ``timeout`` seconds. What
    was asked for while the server was away is asked for again when it is back, and done once.
    """

    def __init__(self, base_url: str, token: str, *, timeout: float = 60.0) -> None:
        self._link = Link(base_url, token, timeout=timeout)
        self._feeds = Feeds(self._link)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._link.close()

    def threads(self) -> list[ThreadJson]:
        """All threads, the most recently updated first."""
        found: list[ThreadJson] = self._link.get("threads")["threads"]
        return found

    def thread(self, title_or_id: str) -> ThreadHandle:
        """One thread: by its id, or the most recently updated one of that title. Raises NotFound."""
        for thread in self.threads():
            if title_or_id in (thread["id"], thread["title"]):
                return ThreadHandle(self._link, thread["id"], thread["title"], self._feeds)
        raise NotFound(f"You have no thread {title_or_id!r}.")

    def create(
        self, title: str, *, notebook: str | None = None, instructions: str = "", mode: Mode = Mode.AUTO
    ) -> ThreadHandle:
        """Start a thread."""
        return self._entered(
            commands.ThreadCreate(id=_new_id(), title=title, notebook=notebook, instructions=instructions, mode=mode)
        )

    def join(self, code: str) -> ThreadHandle:
        """Join a thread by an invitation's code. Raises InvitationGone, ThreadFull.

        Conflict where the owner decides who joins: then one is in ``threads`` once they let one in.
        """
        return self._entered(commands.InvitationAccept(id=_new_id(), code=code))

    def search(self, words: str) -> list[HitJson]:
        """Messages of one's threads that hold all the words, the best first."""
        found: list[HitJson] = self._link.get("search", q=words)["hits"]
        return found

    def _entered(self, command: commands.ThreadCreate | commands.InvitationAccept) -> ThreadHandle:
        answer = self._link.request(command)
        if "waiting" in answer:
            raise Conflict(f"You wait for {answer['waiting']['owner']} to let you in.", **answer)
        thread = answer["thread"]
        return ThreadHandle(self._link, thread["id"], thread["title"], self._feeds)


class ThreadHandle:
    """One thread. ``title`` is what it was called when the handle was made."""

    def __init__(self, link: Link, id: str, title: str, feeds: Feeds | None = None) -> None:
        self.id = id
        self.title = title
        self._link = link
        self._feeds = feeds or Feeds(link)

    def __repr__(self) -> str:
        return f"<thread {self.title!r}>"

    def messages(self, limit: int = 50) -> list[Message]:
        """The newest messages, oldest first; at most 256."""
        found = self._link.get("threads", self.id, "messages", limit=str(limit))["messages"]
        return [message_from(message) for message in reversed(found)]

    def post(self, body: str, *, reply_to: str | None = None, cells: Sequence[str] = ()) -> Message:
        """Write a message. ``cells`` are ids from ``share``."""
        command = commands.MessagePost(id=_new_id(), thread=self.id, body=body, reply_to=reply_to, cells=list(cells))
        return message_from(self._link.request(command)["message"])

    def edit(self, message_id: str, body: str) -> Message:
        """Change one's own message."""
        command = commands.MessageEdit(id=_new_id(), thread=self.id, message=message_id, body=body)
        return message_from(self._link.request(command)["message"])

    def delete(self, message_id: str) -> None:
        """Delete one's own message."""
        self._link.request(commands.MessageDelete(id=_new_id(), thread=self.id, message=message_id))

    def react(self, message_id: str, emoji: str, on: bool = True) -> None:
        """React to a message, or take the reaction back."""
        make = commands.ReactionPut if on else commands.ReactionDelete
        self._link.request(make(id=_new_id(), thread=self.id, message=message_id, emoji=emoji))

    def invite(self, role: Role = Role.MEMBER) -> str:
        """A link that lets people join, for a week."""
        made = self._link.request(commands.InvitationCreate(id=_new_id(), thread=self.id, role=role))
        url: str = made["invitation"]["url"]
        return url

    def share(self, value: Any, name: str = "value", *, update: str | None = None) -> str:
        """Share a value as it would be shown in a notebook; the id of the share, which ``update`` may name again."""
        share = update or _new_id()
        command = commands.CellPut(
            id=_new_id(),
            thread=self.id,
            share=share,
            notebook="kernel",
            cell_id=share,
            cell_type="code",
            source=name,
            outputs=[{"output_type": "display_data", "data": _shown(value), "metadata": {}}],
            live=False,
            update=update is not None,
        )
        self._link.request(command)
        return share

    def stream(self, timeout: float | None = None) -> Iterator[Message]:
        """Each message that comes or changes from now on: a reply that is being written, again with each piece.

        Ends when nothing happens for ``timeout`` seconds. Raises NotFound when one is no longer a member.
        """
        heard: queue.SimpleQueue[Message | GroupChatError] = queue.SimpleQueue()
        return _drain(self.listen(heard.put), heard, timeout)

    def listen(self, tell: Callable[[Message | GroupChatError], object]) -> Callable[[], None]:
        """Like ``stream``, but calls ``tell`` on a thread of the client's; what this returns stops it."""
        return self._feeds.listen(self.id, tell)

    def ask(self, question: str, *, cells: Sequence[str] = (), timeout: float = ANSWER) -> Message:
        """Ask the assistant and wait for its whole answer. Raises TimeoutError, and RateLimited without replies left.

        A reply that failed or was stopped is returned as well: its ``status`` says so.
        """
        heard: queue.SimpleQueue[Message | GroupChatError | AssistantNotice] = queue.SimpleQueue()
        stops = (self.listen(heard.put), self._link.notices(self.id, heard.put))
        mentioned = question if f"@{ASSISTANT}" in question.casefold() else f"@{ASSISTANT} {question}"

        def stop() -> None:
            for each in stops:
                each()

        news: Iterator[Message | AssistantNotice] = _drain(stop, heard, timeout)
        asked = self.post(mentioned, cells=cells)
        for message in news:
            if isinstance(message, AssistantNotice):
                if message.message == asked.id:
                    raise _used_up(message)
            elif message.reply.get("about") == asked.id and message.status is not MessageStatus.STREAMING:
                return message
        raise TimeoutError(f"The assistant did not answer within {timeout:g} seconds.")


def _used_up(notice: AssistantNotice) -> RateLimited:
    """What the assistant told its asker in place of an answer."""
    until = from_wire(notice.until) if notice.until else None
    wait = (until - datetime.now(UTC)).total_seconds() if until else 0.0
    return RateLimited(notice.text, retry_after=max(wait, 1.0), until=notice.until)


def _drain(stop: Callable[[], object], heard: queue.SimpleQueue[Any], timeout: float | None) -> Iterator[Any]:
    try:
        while True:
            try:
                news = heard.get(timeout=timeout)
            except queue.Empty:
                return
            if isinstance(news, GroupChatError):
                raise news
            yield news
    finally:
        stop()


def _shown(value: Any) -> dict[str, Any]:
    """A value's MIME bundle: what a notebook would show of it."""
    from IPython.core.formatters import format_display_data
    from IPython.core.interactiveshell import InteractiveShell

    if InteractiveShell.initialized():
        data, _ = format_display_data(value)
        return dict(data)
    made = value._repr_html_() if hasattr(value, "_repr_html_") else None
    return {"text/plain": repr(value), **({"text/html": made} if made else {})}


def _new_id() -> str:
    return uuid.uuid4().hex
