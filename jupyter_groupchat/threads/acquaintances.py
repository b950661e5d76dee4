"""Remembering who uses the chat, beside what they do in it. Lives on the event loop."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from typing import Any

from jupyter_groupchat.errors import GroupChatError, NotFound
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads import permissions, profiles
from jupyter_groupchat.threads.access import refuse_impostors
from jupyter_groupchat.threads.allowance import Allowance
from jupyter_groupchat.threads.internal import PersonSeen
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.policy import Policy
from jupyter_groupchat.threads.queries import visible
from jupyter_groupchat.types import PICTURE, Actor, Person
from jupyter_groupchat.wire.answers import person_json, profile_json
from jupyter_groupchat.wire.shapes import PersonJson, ProfileJson

log = logging.getLogger(__name__)

#: People who are known without asking the database.
_MOST = 10_000
#: People whom one search finds.
FOUND = 10


class Acquaintances:
    """Who was here lately. ``seen`` costs a look-up, and once a day, or when somebody changed, a command."""

    def __init__(
        self,
        store: Store,
        in_reader: Callable[[Callable[[], Any]], Awaitable[Any]],
        execute: Callable[[Actor, PersonSeen], Awaitable[dict[str, Any]]],
        policy: Policy,
    ) -> None:
        self._policy = policy
        self._searches = Allowance(60, 1.0, "You looked for many people.")
        self._store = store
        self._in_reader = in_reader
        self._execute = execute
        self._known: dict[str, tuple[str, str | None, float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def seen(self, actor: Actor) -> None:
        """Somebody asks for something."""
        if actor.via is not None or permissions.is_impostor(actor):
            return
        name, avatar, at = self._known.get(actor.username, ("", None, 0.0))
        if (name, avatar) != (actor.name, actor.avatar) or monotonic() - at > profiles.SELDOM.total_seconds():
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[actor.username] = (actor.name, actor.avatar, monotonic())
            self.follow(actor)

    def follow(self, actor: Actor) -> None:
        """See that all threads show the person as they are."""
        task = asyncio.get_running_loop().create_task(self._remember(actor))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Remember no more; what was left is done when the person comes again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def profile(self, actor: Actor) -> ProfileJson:
        """How the caller is shown."""
        profile: ProfileJson = await self._in_reader(partial(self._profile, actor))
        return profile

    async def find(self, actor: Actor, thread_id: str, words: str) -> list[PersonJson]:
        """Whom somebody who may invite can add to a thread. Raises NotAllowed where nobody is added by name."""
        self._searches.take(actor.username)
        people: list[PersonJson] = await self._in_reader(partial(self._find, actor, thread_id, words))
        return people

    async def picture(self, actor: Actor, sha256: str) -> bytes:
        """Somebody's picture, for anybody who is signed in: its name is not to be guessed. For guests, a member's."""
        refuse_impostors(actor)
        data: bytes | None = None
        # A ticket opens a thread, and nothing beside it.
        if actor.thread is None or actor.is_guest:
            data = await self._in_reader(partial(self._picture, sha256, actor.thread))
        if data is None:
            raise NotFound("There is no such picture.")
        return data

    def _find(self, actor: Actor, thread_id: str, words: str) -> list[PersonJson]:
        with self._store.reading() as tx:
            visible(tx, actor, thread_id, Act.INVITE)
            self._policy.require_adding()
            return [person_json(person) for person in tx.people.find(thread_id, words, FOUND)]

    def _profile(self, actor: Actor) -> ProfileJson:
        refuse_impostors(actor)
        with self._store.reading() as tx:
            person = profiles.of(tx, actor)
            unknown = Person(username=actor.username, name=actor.name, avatar=actor.avatar, seen_at=profiles.NEVER)
            return profile_json(person or unknown)

    def _picture(self, sha256: str, thread_id: str | None) -> bytes | None:
        """The bytes; with a thread, only where one of its members has that picture."""
        with self._store.reading() as tx:
            faces = {member.avatar for member in tx.members.list(thread_id)} if thread_id else {PICTURE + sha256}
            return tx.people.picture(sha256) if PICTURE + sha256 in faces else None

    async def _remember(self, actor: Actor) -> None:
        try:
            more = True
            while more:
                more = (await self._execute(actor, PersonSeen(id=secrets.token_urlsafe(12))))["more"]
        except GroupChatError as error:
            self._known.pop(actor.username, None)  # asked again with the next thing that they do
            log.info("What %s is called could not be kept: %s", actor.username, error)
