"""The client for programs that run an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self

from jupyter_groupchat.errors import GroupChatError
from jupyter_groupchat.kernel.client import ANSWER, ThreadClient, ThreadHandle
from jupyter_groupchat.types import Message, Mode, Role
from jupyter_groupchat.wire.shapes import HitJson, ThreadJson


class AsyncThreadClient:
    """``ThreadClient`` with ``await``: the same calls and the same errors."""

    def __init__(self, base_url: str, token: str, *, timeout: float = 60.0) -> None:
        self._client = ThreadClient(base_url, token, timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await asyncio.to_thread(self._client.close)

    async def threads(self) -> list[ThreadJson]:
        """All threads, the most recently updated first."""
        return await asyncio.to_thread(self._client.threads)

    async def thread(self, title_or_id: str) -> AsyncThreadHandle:
        """One thread, by its id or title. Raises NotFound."""
        return AsyncThreadHandle(await asyncio.to_thread(self._client.thread, title_or_id))

    async def create(
        self, title: str, *, notebook: str | None = None, instructions: str = "", mode: Mode = Mode.AUTO
    ) -> AsyncThreadHandle:
        """Start a thread."""
        create = partial(self._client.create, title, notebook=notebook, instructions=instructions, mode=mode)
        return AsyncThreadHandle(await asyncio.to_thread(create))

    async def join(self, code: str) -> AsyncThreadHandle:
        """Join a thread by an invitation's code."""
        return AsyncThreadHandle(await asyncio.to_thread(self._client.join, code))

    async def search(self, words: str) -> list[HitJson]:
        """Messages of one's threads that hold all the words, the best first."""
        return await asyncio.to_thread(self._client.search, words)


class AsyncThreadHandle:
    """``ThreadHandle`` with ``await``."""

    def __init__(self, handle: ThreadHandle) -> None:
        self._handle = handle
        self.id = handle.id
        self.title = handle.title

    async def messages(self, limit: int = 50) -> list[Message]:
        """The newest messages, oldest first."""
        return await asyncio.to_thread(self._handle.messages, limit)

    async def post(self, body: str, *, reply_to: str | None = None, cells: Sequence[str] = ()) -> Message:
        """Write a message."""
        return await asyncio.to_thread(self._handle.post, body, reply_to=reply_to, cells=cells)

    async def edit(self, message_id: str, body: str) -> Message:
        """Change one's own message."""
        return await asyncio.to_thread(self._handle.edit, message_id, body)

    async def delete(self, message_id: str) -> None:
        """Delete one's own message."""
        await asyncio.to_thread(self._handle.delete, message_id)

    async def react(self, message_id: str, emoji: str, on: bool = True) -> None:
        """React to a message, or take the reaction back."""
        await asyncio.to_thread(self._handle.react, message_id, emoji, on)

    async def invite(self, role: Role = Role.MEMBER) -> str:
        """A link that lets people join."""
        return await asyncio.to_thread(self._handle.invite, role)

    async def share(self, value: Any, name: str = "value", *, update: str | None = None) -> str:
        """Share a value as it would be shown in a notebook."""
        return await asyncio.to_thread(self._handle.share, value, name, update=update)

    async def ask(self, question: str, *, cells: Sequence[str] = (), timeout: float = ANSWER) -> Message:
        """Ask the assistant and wait for its whole answer."""
        return await asyncio.to_thread(self._handle.ask, question, cells=cells, timeout=timeout)

    async def stream(self) -> AsyncGenerator[Message, None]:
        """Each message that comes or changes from now on: ``async for message in await thread.stream()``."""
        heard: asyncio.Queue[Message | GroupChatError] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        stop = await asyncio.to_thread(
            self._handle.listen, lambda news: loop.call_soon_threadsafe(heard.put_nowait, news)
        )
        return _drain(stop, heard)


async def _drain(
    stop: Callable[[], None], heard: asyncio.Queue[Message | GroupChatError]
) -> AsyncGenerator[Message, None]:
    try:
        while True:
            news = await heard.get()
            if isinstance(news, GroupChatError):
                raise news
            yield news
    finally:
        stop()
