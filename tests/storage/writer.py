"""A process that writes messages until it is killed, and says which ones are kept.

``python -m tests.storage.writer URL``
"""

from __future__ import annotations

import sys

from jupyter_groupchat.storage.store import Store
from tests.storage.things import post

TOGETHER = 3


def main(url: str) -> None:
    """Three messages a transaction, each with an update of a document; a line after each commit: the last seq."""
    store = Store(url, busy_timeout=30)
    store.open()
    while True:
        with store.writing() as tx:
            for _ in range(TOGETHER):
                message = post(tx, "kept or not at all " * 20)
                number = tx.documents.append("page:t1:0", "t1", message.id.encode() * 20)
        sys.stdout.write(f"{message.seq} {number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
