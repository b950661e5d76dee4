"""The one way in which anything changes, and the one place from which anything is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from jupyter_groupchat.rooms.audience import Subscriber, Subscription
from jupyter_groupchat.storage.bus import Bus, LocalBus
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.happenings import Happening
from jupyter_groupchat.threads.internal import InternalCommand
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.queries import Conversation
from jupyter_groupchat.types import Actor, StoredFile
from jupyter_groupchat.wire.answers import (
    AuditJson,
    DecisionJson,
    HitJson,
    InvitationJson,
    ManifestJson,
    MemberJson,
    MessageJson,
    ThreadJson,
    UsageJson,
)
from jupyter_groupchat.wire.commands import AnyCommand
from jupyter_groupchat.wire.events import Event


class ThreadService:
    """Threads, and everything that happens in them. All methods belong to one event loop."""

    def __init__(
        self,
        store: Store,
        bus: Bus | None = None,
        limits: Limits | None = None,
        *,
        assistant_name: str = "Assistant",
        server_id: str | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None: ...

    async def start(self) -> None:
        """Begin to work. The store must be open. Replies of servers that are no more become ``interrupted``."""

    async def stop(self) -> None:
        """End within two seconds: what was acknowledged is kept, what was not fails, channels are closed."""

    # -- changing

    async def execute(self, actor: Actor, command: AnyCommand | InternalCommand) -> dict[str, Any]:
        """Carry out a command. Returns, after the commit, what the wire calls the answer:

        ``{"thread": ThreadJson}`` for create, copy, patch and accept; ``{"message": MessageJson}`` for post, edit, mark
        and reply.begin; ``{"member": MemberJson}`` for member.patch; ``{"invitation": InvitationJson}`` with its ``code`` for
        invitation.create; ``{"cell": CellReceiptJson}`` for cell.put; ``{"read_seq": int}`` for read.put; else ``{}``.

        Raises a GroupChatError when it was refused; then nothing was changed.
        """
        raise NotImplementedError

    def tell(self, username: str, event: Event) -> None:
        """Send an event to one person, wherever they are connected."""

    # -- listening

    async def subscribe(self, actor: Actor, doc_id: str, subscriber: Subscriber) -> Subscription:
        """Let ``subscriber`` hear of a document's updates. Having a thread's document open is being here."""
        raise NotImplementedError

    async def state(self, actor: Actor, doc_id: str) -> bytes:
        """The server's state vector of a document (sync step 1)."""
        raise NotImplementedError

    async def difference(self, actor: Actor, doc_id: str, state_vector: bytes) -> bytes:
        """What somebody with ``state_vector`` misses of a document (sync step 2). InvalidRequest when it is none."""
        raise NotImplementedError

    def person(self, username: str, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call ``listener`` with the person's events; returns how to end that."""
        raise NotImplementedError

    def watch(self, observer: Callable[[Happening], None]) -> Callable[[], None]:
        """Call ``observer`` with what happens in all threads; returns how to end that. For the assistant."""
        raise NotImplementedError

    # -- reading

    async def threads(self, actor: Actor) -> list[ThreadJson]:
        """The caller's threads, the most recently updated first."""
        raise NotImplementedError

    async def thread(self, actor: Actor, thread_id: str) -> ThreadJson:
        """One thread as the caller sees it."""
        raise NotImplementedError

    async def members(self, actor: Actor, thread_id: str) -> list[MemberJson]:
        """Who is in a thread, by when they joined."""
        raise NotImplementedError

    async def invitations(self, actor: Actor, thread_id: str) -> list[InvitationJson]:
        """A thread's invitations, without their codes."""
        raise NotImplementedError

    async def messages(
        self, actor: Actor, thread_id: str, before_seq: int | None = None, limit: int = 50
    ) -> list[MessageJson]:
        """Messages, the newest first; ``limit`` is 1 to 256."""
        raise NotImplementedError

    async def message(self, actor: Actor, thread_id: str, message_id: str) -> MessageJson:
        """One message."""
        raise NotImplementedError

    async def manifest(self, actor: Actor, thread_id: str, message_id: str) -> ManifestJson:
        """What the assistant saw for a reply. NotFound while there is none."""
        raise NotImplementedError

    async def search(self, actor: Actor, query: str, thread_id: str | None = None, limit: int = 50) -> list[HitJson]:
        """Messages that match, the best first, in one thread or in all that the caller may read."""
        raise NotImplementedError

    async def decisions(self, actor: Actor, thread_id: str, limit: int = 50) -> list[DecisionJson]:
        """What the assistant decided lately, the newest first."""
        raise NotImplementedError

    async def audit(self, actor: Actor, thread_id: str, limit: int = 1_000) -> list[AuditJson]:
        """A thread's audit log, the newest first; its owner's only."""
        raise NotImplementedError

    async def file(self, actor: Actor, thread_id: str, file_id: str) -> tuple[StoredFile, bytes]:
        """A file, or an image of a shared cell (its id is its SHA-256), with its bytes."""
        raise NotImplementedError

    async def usage(self, username: str, since: datetime, thread_id: str | None = None) -> UsageJson:
        """What somebody used of the model since a moment."""
        raise NotImplementedError

    async def conversation(self, thread_id: str, through_seq: int | None = None, limit: int = 500) -> Conversation:
        """A thread as the assistant needs it, whoever is in it. NotFound when there is no such thread."""
        raise NotImplementedError
