"""The bus between several servers of one person on one SQLite file, such as JupyterLab started twice.

SQLite wakes nobody, so each server looks ten times a second whether another connection has written, which costs
microseconds, and only then reads the table of notices.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from jupyter_groupchat.storage import notices
from jupyter_groupchat.storage.bus import BEHIND, Subscribers
from jupyter_groupchat.storage.faults import unavailable

_INTERVAL = 0.1  # seconds
_KEPT = 1_000  # notices, for servers that come to read them late
_log = logging.getLogger(__name__)


class SqliteBus(Subscribers):
    """One connection looks on a thread of its own, another one speaks.

    Raises StorageUnavailable when there is no database at ``path``.
    """

    def __init__(self, path: str) -> None:
        super().__init__()
        self._closing = Event()
        self._speaking_lock = Lock()
        try:
            self._speaking = _connect(path)
            self._looking = _connect(path)
            self._seen = self._newest()
        except sqlite3.Error as error:
            raise unavailable(error) from error
        self._version = -1
        self._thread = Thread(target=self._run, name="groupchat-bus", daemon=True)
        self._thread.start()

    def publish(self, topic: str, payload: dict[str, Any]) -> None:
        """Tell all servers. Raises StorageUnavailable and ValueError."""
        notice = notices.pack(topic, payload)
        with self._speaking_lock:
            try:
                self._speaking.execute(notices.SQLITE, {"notice": notice})
            except sqlite3.Error as error:
                raise unavailable(error) from error

    def close(self) -> None:
        """Stop looking and close both connections."""
        self._closing.set()
        self._thread.join()
        with self._speaking_lock:
            self._speaking.close()

    def _run(self) -> None:
        while not self._closing.wait(_INTERVAL):
            try:
                self._look()
            except sqlite3.Error as error:
                _log.warning("The chat's bus cannot read its database and tries again: %s", error)
        self._looking.close()

    def _look(self) -> None:
        version = self._looking.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return
        rows = self._looking.execute("SELECT key, notice FROM notices WHERE key > ?", (self._seen,)).fetchall()
        self._version = version
        if rows and rows[0][0] > self._seen + 1:
            self.tell(BEHIND, {})
        for key, notice in rows:
            self._seen = key
            self.tell_packed(notice)
        if rows and self._seen // _KEPT > (rows[0][0] - 1) // _KEPT:
            self._prune()

    def _prune(self) -> None:
        with self._speaking_lock:
            self._speaking.execute("DELETE FROM notices WHERE key <= ?", (self._seen - _KEPT,))

    def _newest(self) -> int:
        return int(self._looking.execute("SELECT coalesce(max(key), 0) FROM notices").fetchone()[0])


def _connect(path: str) -> sqlite3.Connection:
    uri = f"{Path(path).absolute().as_uri()}?mode=rw"  # the store makes the file
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = NORMAL")  # a notice need not outlive a power cut
    return connection
