"""Where people's cursors are in drafts. Lives on the event loop; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_groupchat.documents import names
from jupyter_groupchat.errors import NotFound
from jupyter_groupchat.rooms.audience import Audience
from jupyter_groupchat.threads.access import in_reach, refuse_impostors
from jupyter_groupchat.threads.drafts import NO_DRAFT
from jupyter_groupchat.threads.people import People
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.events import DraftCursorMoved


class Cursors:
    """The last place of everybody's cursor in each draft, on this server or another.

    Only who has a draft open has a cursor in it, and hears of the others'. ``others`` tells other servers.
    """

    def __init__(self, audience: Audience, people: People, others: Callable[[DraftCursorMoved], None]) -> None:
        self._audience = audience
        self._people = people
        self._others = others
        self._spots: dict[str, dict[str, DraftCursorMoved]] = {}
        self._local: set[tuple[str, str]] = set()

    def move(self, actor: Actor, command: commands.DraftCursor) -> None:
        """Somebody's cursor is elsewhere now. Raises NotFound for who does not have the draft open here."""
        refuse_impostors(actor)
        in_reach(actor, command.thread)
        doc_id = names.draft_document(command.thread, command.draft)
        if actor.via is not None or not self._audience.listens(doc_id, actor.username):
            raise NotFound(NO_DRAFT)
        self._moved_here(
            DraftCursorMoved(
                thread=command.thread,
                draft=command.draft,
                username=actor.username,
                anchor=command.anchor,
                head=command.head,
                here=command.here,
            )
        )

    def elsewhere(self, event: DraftCursorMoved) -> None:
        """Another server says where somebody's cursor is."""
        self._note(event)

    def of(self, doc_id: str) -> list[DraftCursorMoved]:
        """All that are in a draft."""
        return list(self._spots.get(doc_id, {}).values())

    def came_or_went(self, doc_id: str) -> None:
        """The listeners of a draft are others now: who went has no cursor there."""
        for username, event in list(self._spots.get(doc_id, {}).items()):
            if (doc_id, username) in self._local and not self._audience.listens(doc_id, username):
                self._moved_here(event.model_copy(update={"anchor": None, "head": None, "here": False}))

    def ended(self, thread_id: str, doc_id: str | None) -> None:
        """A draft is no more, or none of a thread's is."""
        for gone in [doc_id] if doc_id else [id for id in self._spots if names.parse(id).thread_id == thread_id]:
            for username in self._spots.pop(gone, {}):
                self._local.discard((gone, username))

    def _moved_here(self, event: DraftCursorMoved) -> None:
        spot = (names.draft_document(event.thread, event.draft), event.username)
        if event.here:
            self._local.add(spot)
        else:
            self._local.discard(spot)
        self._note(event)
        self._others(event)

    def _note(self, event: DraftCursorMoved) -> None:
        doc_id = names.draft_document(event.thread, event.draft)
        spots = self._spots.setdefault(doc_id, {})
        if event.here:
            spots[event.username] = event
        else:
            spots.pop(event.username, None)
        if not spots:
            del self._spots[doc_id]
        for username in self._audience.usernames(doc_id):
            if username != event.username:
                self._people.tell(username, event)
