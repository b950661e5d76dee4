"""Who listens to which document. Lives on the event loop; replicas live on the core thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from jupyter_groupchat.documents import names

log = logging.getLogger(__name__)

#: Why a channel was closed by the server.
Why = Literal["removed", "left", "deleted", "ended", "stopped"]


class Subscriber(Protocol):
    """The end of a channel. Called on the event loop, in the order of the commits; it must not block."""

    def update(self, doc_id: str, body: bytes) -> None:
        """Take a frame without its channel (``frames.body(Step.UPDATE, ...)``)."""

    def closed(self, doc_id: str, why: Why) -> None:
        """The subscription ended from the server's side."""


@dataclass(eq=False, slots=True)
class Subscription:
    """One open channel. ``state`` is the server's state vector at the moment of subscribing; ``writable`` whether the
    client may write then."""

    doc_id: str
    username: str
    subscriber: Subscriber
    state: bytes
    writable: bool
    _audience: Audience

    def close(self) -> None:
        """Stop listening; more than once does no harm."""
        self._audience.remove(self)


class Audience:
    """All subscriptions of one server process. ``changed`` is called with a document whose listeners are others now."""

    def __init__(self, changed: Callable[[str], None]) -> None:
        self._changed = changed
        self._documents: dict[str, dict[Subscription, None]] = {}
        self._threads: dict[str, set[str]] = {}
        self._listening: dict[tuple[str, str], int] = {}

    def add(
        self, doc_id: str, username: str, subscriber: Subscriber, state: bytes, *, writable: bool = False
    ) -> Subscription:
        """Let ``subscriber`` hear of every update from now on."""
        subscription = Subscription(doc_id, username, subscriber, state, writable, self)
        thread_id = names.parse(doc_id).thread_id
        self._documents.setdefault(doc_id, {})[subscription] = None
        self._threads.setdefault(thread_id, set()).add(doc_id)
        key = (doc_id, username)
        self._listening[key] = self._listening.get(key, 0) + 1
        self._changed(doc_id)
        return subscription

    def remove(self, subscription: Subscription) -> None:
        """Let a subscription hear no more; one that was removed before does no harm."""
        doc_id, username = subscription.doc_id, subscription.username
        there = self._documents.get(doc_id, {})
        if subscription not in there:
            return
        del there[subscription]
        key = (doc_id, username)
        self._listening[key] -= 1
        if not self._listening[key]:
            del self._listening[key]
        if not there:
            del self._documents[doc_id]
            thread_id = names.parse(doc_id).thread_id
            self._threads[thread_id].discard(doc_id)
            if not self._threads[thread_id]:
                del self._threads[thread_id]
        self._changed(doc_id)

    def __contains__(self, doc_id: str) -> bool:
        return doc_id in self._documents

    def listens(self, doc_id: str, username: str) -> bool:
        """Whether a person has a channel to a document."""
        return (doc_id, username) in self._listening

    def usernames(self, doc_id: str) -> list[str]:
        """Who has a channel to a document."""
        return sorted({subscription.username for subscription in self._documents.get(doc_id, ())})

    def people(self) -> dict[str, set[str]]:
        """Who has a channel to any document, by thread."""
        return {
            thread_id: {subscription.username for doc_id in doc_ids for subscription in self._documents[doc_id]}
            for thread_id, doc_ids in self._threads.items()
        }

    def update(self, doc_id: str, body: bytes) -> None:
        """Hand an update to everybody who listens to the document."""
        for subscription in list(self._documents.get(doc_id, ())):
            try:
                subscription.subscriber.update(doc_id, body)
            except Exception:
                # One broken connection must not keep the others from hearing.
                log.exception("A subscriber to %s failed and was dropped.", doc_id)
                subscription.close()

    def close(self, thread_id: str, username: str | None, why: Why, doc: str | None = None) -> None:
        """End the channels of one person (or of everybody) to a thread's documents, or to one of them."""
        for doc_id in sorted(self._threads.get(thread_id, ())) if doc is None else (doc,):
            found = [s for s in self._documents.get(doc_id, ()) if username in (None, s.username)]
            self._end(found, why)

    def close_all(self, why: Why) -> None:
        """End every channel."""
        self._end([s for there in self._documents.values() for s in there], why)

    def _end(self, subscriptions: Iterable[Subscription], why: Why) -> None:
        for subscription in subscriptions:
            self.remove(subscription)
            try:
                subscription.subscriber.closed(subscription.doc_id, why)
            except Exception:
                log.exception("A subscriber to %s failed while it was closed.", subscription.doc_id)
