"""The bus between the servers that share a database.

It says what happened, such as "document D reached seq N"; who hears it reads the rows. A notice may come twice, late,
or from oneself. One that is part of a change is sent by ``Transaction.notify``, with the change or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Protocol

from jupyter_groupchat.storage import notices

#: The topic of a notice that a bus makes itself, with an empty payload: others may have been missed, so that whoever
#: keeps copies of rows should look at the rows.
BEHIND = "bus.behind"
#: The topic of a notice that all of the chat was replaced: whoever hears it should look, and its ``Store`` will say so.
REPLACED = "bus.replaced"

Callback = Callable[[str, dict[str, Any]], None]

_log = logging.getLogger(__name__)


class Bus(Protocol):
    """What ``ThreadService`` needs to hear of other servers."""

    def publish(self, topic: str, payload: dict[str, Any]) -> None:
        """Tell all servers, this one among them, what no row tells, such as who is typing. From any thread.

        Raises StorageUnavailable when it cannot be told, and ValueError when it does not fit into a notice.
        """

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Call ``callback(topic, payload)`` for every notice, on a thread of the bus, until the result is called."""

    def close(self) -> None:
        """Stop; no callback runs after it."""


class Subscribers:
    """The callbacks of a bus. One that fails does not keep the others from hearing."""

    def __init__(self) -> None:
        self._callbacks: tuple[Callback, ...] = ()

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Add a callback; the result removes it."""
        entry = _Entry(callback)
        self._callbacks = (*self._callbacks, entry)

        def unsubscribe() -> None:
            self._callbacks = tuple(other for other in self._callbacks if other is not entry)

        return unsubscribe

    def tell(self, topic: str, payload: dict[str, Any]) -> None:
        """Call them all."""
        for callback in self._callbacks:
            try:
                callback(topic, payload)
            except Exception:
                _log.exception("A subscriber failed on a notice about %s.", topic)

    def tell_packed(self, notice: str) -> None:
        """Call them all with a notice as it was carried."""
        try:
            topic, payload = notices.unpack(notice)
        except ValueError:
            _log.warning("A notice made no sense and was passed over: %.100r", notice)
        else:
            self.tell(topic, payload)


class _Entry:
    """A callback with an identity of its own, so that the same one may be subscribed twice."""

    def __init__(self, callback: Callback) -> None:
        self._callback = callback

    def __call__(self, topic: str, payload: dict[str, Any]) -> None:
        self._callback(topic, payload)


class LocalBus(Subscribers):
    """For a single server: who publishes calls the subscribers."""

    def publish(self, topic: str, payload: dict[str, Any]) -> None:
        """Call the subscribers now."""
        self.tell_packed(notices.pack(topic, payload))

    def close(self) -> None:
        """There is nothing to stop."""


def bus_of(url: str) -> Bus:
    """The bus of the servers on the database at ``url``, which must be open."""
    from jupyter_groupchat.storage.store import normal

    parsed = normal(url)
    if parsed.get_backend_name() == "sqlite":
        from jupyter_groupchat.storage.bus_sqlite import SqliteBus

        return SqliteBus(parsed.database or "")
    from jupyter_groupchat.storage.bus_postgresql import PostgresBus

    _, _, rest = url.partition(":")
    return PostgresBus(f"postgresql:{rest}")
