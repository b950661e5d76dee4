"""Names for server processes that tell, on the machine where one ran, whether it still does."""

from __future__ import annotations

import hashlib
import os
import secrets
from functools import cache
from pathlib import Path

from jupyter_groupchat.reply_types import ABANDONED

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")


def new_id() -> str:
    """A name for this process: where its process number means something, the number, and something random."""
    return f"{_here()}.{os.getpid()}.{secrets.token_urlsafe(6)}"


def is_dead(server_id: str) -> bool:
    """Whether that server's process ran here and has ended; false for all of which nothing is known."""
    if server_id == ABANDONED:
        return True
    here, _, rest = server_id.partition(".")
    number = rest.partition(".")[0]
    if not here or here != _here() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


@cache
def _here() -> str:
    """One start of one machine, and one container on it; empty where the system does not say."""
    try:
        place = _BOOT.read_text() + os.readlink(_PROCESSES)
    except OSError:
        return ""
    return hashlib.sha256(place.encode()).hexdigest()[:12]
