"""Who is here and who is typing. Lives on the event loop.

Here are the people with a channel to a thread's document, on this server or on another. Typing fades by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

#: Seconds after which somebody who said nothing more is no longer typing.
FADE = 6.0
#: Seconds after which a server that said nothing more has nobody here.
REMOTE_FADE = 30.0


@dataclass(frozen=True, slots=True)
class Presence:
    """Two lists of usernames."""

    here: tuple[str, ...] = ()
    typing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Remote:
    presence: Presence
    until: float


class Presences:
    """The presence of all threads.

    ``listening`` tells who has a thread's document open on this server; ``changed`` is called with a thread and its
    presence after a change, ``local`` with the part that other servers cannot know.
    """

    def __init__(
        self,
        listening: Callable[[str], Iterable[str]],
        changed: Callable[[str, Presence], None],
        local: Callable[[str, Presence], None],
    ) -> None:
        self._listening = listening
        self._changed = changed
        self._local = local
        self._typing: dict[str, dict[str, asyncio.TimerHandle]] = {}
        self._remote: dict[str, dict[str, _Remote]] = {}
        self._told: dict[str, Presence] = {}
        self._told_local: dict[str, Presence] = {}

    def of(self, thread_id: str) -> Presence:
        """Who is here, on all servers."""
        now = asyncio.get_running_loop().time()
        own = self.local(thread_id)
        others = [remote.presence for remote in self._remote.get(thread_id, {}).values() if remote.until > now]
        here = {*own.here, *(name for presence in others for name in presence.here)}
        typing = {*own.typing, *(name for presence in others for name in presence.typing)} & here
        return Presence(tuple(sorted(here)), tuple(sorted(typing)))

    def local(self, thread_id: str) -> Presence:
        """Who is here on this server."""
        here = tuple(sorted(set(self._listening(thread_id))))
        return Presence(here, tuple(sorted(name for name in self._typing.get(thread_id, ()) if name in here)))

    def typing(self, thread_id: str, username: str, on: bool) -> None:
        """Somebody types, or no longer does."""
        timers = self._typing.setdefault(thread_id, {}) if on else self._typing.get(thread_id, {})
        timer = timers.pop(username, None)
        if timer is not None:
            timer.cancel()
        elif not on:
            return
        if on:
            loop = asyncio.get_running_loop()
            timers[username] = loop.call_later(FADE, self.typing, thread_id, username, False)
        if not timers:
            del self._typing[thread_id]
        self.refresh(thread_id)

    def refresh(self, thread_id: str) -> None:
        """Tell of a thread's presence if it is not what was told last."""
        local = self.local(thread_id)
        if local != self._told_local.get(thread_id, Presence()):
            _keep(self._told_local, thread_id, local)
            self._local(thread_id, local)
        presence = self.of(thread_id)
        if presence != self._told.get(thread_id, Presence()):
            _keep(self._told, thread_id, presence)
            self._changed(thread_id, presence)

    def elsewhere(self, thread_id: str, server: str, presence: Presence) -> None:
        """Another server says who is there."""
        remotes = self._remote.setdefault(thread_id, {})
        if presence == Presence():
            remotes.pop(server, None)
        else:
            remotes[server] = _Remote(presence, asyncio.get_running_loop().time() + REMOTE_FADE)
        if not remotes:
            del self._remote[thread_id]
        self.refresh(thread_id)

    def gone(self, server: str) -> None:
        """Another server has stopped."""
        for thread_id in [thread_id for thread_id, remotes in self._remote.items() if server in remotes]:
            self.elsewhere(thread_id, server, Presence())

    def repeat(self) -> None:
        """Tell other servers again who is here, and forget those that no longer do."""
        now = asyncio.get_running_loop().time()
        for thread_id, remotes in list(self._remote.items()):
            for server in [server for server, remote in remotes.items() if remote.until <= now]:
                self.elsewhere(thread_id, server, Presence())
        for thread_id, presence in list(self._told_local.items()):
            self._local(thread_id, presence)

    def close(self) -> None:
        """Let no more timers run."""
        for timers in self._typing.values():
            for timer in timers.values():
                timer.cancel()
        self._typing.clear()


def _keep(told: dict[str, Presence], thread_id: str, presence: Presence) -> None:
    if presence == Presence():
        told.pop(thread_id, None)
    else:
        told[thread_id] = presence
