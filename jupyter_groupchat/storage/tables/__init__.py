"""The schema, for SQLite and PostgreSQL alike.

Columns hold what both databases and their drivers take as it is: times are microseconds since 1970 in UTC,
enumerations are their values, lists are JSON. A thread has an integer key besides its id, and a message's key is
``thread key << 32 | seq``: the order of messages, the search index and "the newest fifty" then need no index of their
own, and 100,000 messages stay small on disk.

What a deleted thread leaves behind: its usage (deleting a thread gives nobody new replies), its audit lines and, until
``Store.compact`` comes by, its messages, which nobody can reach any more.
"""

from __future__ import annotations

from jupyter_groupchat.storage.tables import (
    assistant,
    audit,
    commands,
    documents,
    drafts,
    files,
    generation,
    guests,
    invitations,
    members,
    messages,
    people,
    reports,
    threads,
)
from jupyter_groupchat.storage.tables.base import metadata

#: All tables are in ``metadata`` as soon as one of them is imported.
__all__ = [
    "assistant",
    "audit",
    "commands",
    "documents",
    "drafts",
    "files",
    "generation",
    "guests",
    "invitations",
    "members",
    "messages",
    "metadata",
    "people",
    "reports",
    "threads",
]
