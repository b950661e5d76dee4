"""Memory that rooms took."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PEAK = """
import psutil
from time import monotonic
from jupyter_groupchat.rooms.heap import give_back
from jupyter_groupchat.rooms.registry import Rooms
from jupyter_groupchat.types import StoredDocument
from tests.documents.things import a_message

class Log:
    def load(self, doc_id):
        return StoredDocument(snapshot=None, updates=(), seq=0)

def used():
    return psutil.Process().memory_full_info().uss

log, rooms, kept, before = Log(), Rooms(), [], used()
for number in range(400):
    room = rooms.page(log, f"t{number}", 0)
    for seq in range(40):
        room.open().post(a_message(f"m{seq}", seq))
    # Something small and lasting after each: the heap then does not shrink from its end.
    kept.append(str(number) * 40)
    room.close()
del room
full = used()
assert rooms.let_go(monotonic() + 1) == 400
give_back()
print(full - before, used() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have their own ways")
def test_the_memory_of_rooms_that_left_goes_back_to_the_system() -> None:
    """Most of it: a server that was busy once does not stay as large as it was then."""
    told = subprocess.run([sys.executable, "-c", _PEAK], check=True, capture_output=True, text=True, timeout=120)
    full, left = map(int, told.stdout.split())
    assert full > 20_000_000
    assert left < full / 2
