"""Ports for the servers that tests start."""

from __future__ import annotations

import random
import socket
from contextlib import closing

#: Below those that the system gives to connections: a port stays free while its server is being started again.
_RANGE = range(20_000, 32_000)
_chance = random.SystemRandom()


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    while True:
        port = _chance.choice(_RANGE)
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
