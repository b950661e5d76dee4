"""The bus over PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import logging
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any

import psycopg

from jupyter_groupchat.storage import notices
from jupyter_groupchat.storage.bus import BEHIND, Subscribers
from jupyter_groupchat.storage.faults import unavailable

_FIRST_DELAY, _LONGEST_DELAY = 0.1, 5.0  # seconds between attempts to reach the database again
_PUBLISH = notices.POSTGRESQL.replace(":notice", "%(notice)s")
_log = logging.getLogger(__name__)


class PostgresBus(Subscribers):
    """One connection listens on a thread of its own and comes back when it breaks; another one speaks.

    Raises StorageUnavailable when the database is not there to begin with.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._closing = Event()
        self._speaking: psycopg.Connection[Any] | None = None
        self._speaking_lock = Lock()
        try:
            self._listening = self._listen()
        except psycopg.Error as error:
            raise unavailable(error) from error
        self._thread = Thread(target=self._run, name="groupchat-bus", daemon=True)
        self._thread.start()

    def publish(self, topic: str, payload: dict[str, Any]) -> None:
        """Tell all servers. Raises StorageUnavailable and ValueError."""
        notice = notices.pack(topic, payload)
        with self._speaking_lock:
            for again in (True, False):
                try:
                    if self._speaking is None:
                        self._speaking = self._connect()
                    self._speaking.execute(_PUBLISH, {"notice": notice})
                    return
                except psycopg.Error as error:
                    fresh, self._speaking = self._speaking, None
                    if fresh is not None:
                        fresh.close()
                    if fresh is None or not again:
                        raise unavailable(error) from error

    def close(self) -> None:
        """Stop listening and close both connections."""
        self._closing.set()
        self._thread.join()
        with self._speaking_lock:
            if self._speaking is not None:
                self._speaking.close()

    def _run(self) -> None:
        delay = _FIRST_DELAY
        while not self._closing.is_set():
            try:
                if self._listening.closed:
                    self._listening = self._listen()
                    self.tell(BEHIND, {})
                delay = _FIRST_DELAY
                # The timeout is for closing only: a notice wakes the thread at once.
                for notify in self._listening.notifies(timeout=0.2):
                    self.tell_packed(notify.payload)
            except psycopg.Error as error:
                _log.warning("The chat's bus lost its database and tries again: %s", error)
                with suppress(psycopg.Error):
                    self._listening.close()
                self._closing.wait(delay)
                delay = min(2 * delay, _LONGEST_DELAY)
        self._listening.close()

    def _listen(self) -> psycopg.Connection[Any]:
        connection = self._connect()
        row = connection.execute(f"SELECT {notices.CHANNEL}").fetchone()
        assert row is not None
        connection.execute(f'LISTEN "{row[0]}"')
        return connection

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=5,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
            tcp_user_timeout=10_000,
        )
