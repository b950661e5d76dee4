"""What people are called in front of a model. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jupyter_groupchat.types import IMPORTED, Member, MessageRow
from jupyter_groupchat.wire.display_names import skeleton

#: Characters of a display name; they are for telling people apart, not for telling the model things.
MAX_NAME = 60


def names(members: Iterable[Member], messages: Iterable[MessageRow], assistant: str, *others: str) -> dict[str, str]:
    """Everybody's name by username: people whose names look
    alike, or like another's username or the assistant's, with their username.

    ``others`` are usernames of people who may neither be members nor have written anything.
    """
    rows = list(messages)
    called = {name: name.removeprefix(IMPORTED) for row in rows for name in row.credits}
    called |= {row.author: row.author_name for row in rows}
    called |= {member.username: member.name for member in members}
    for username in others:
        called.setdefault(username, username)
    plain = {username: " ".join(name.split())[:MAX_NAME] or username for username, name in called.items()}
    known: dict[str, set[str | None]] = {_glance(assistant): {None}}
    for username, name in plain.items():
        for seen in (_glance(username), _glance(name)):
            known.setdefault(seen, set()).add(username)
    # A name in brackets might say another's username.
    return {
        username: name if len(known[_glance(name)]) == 1 and not name.endswith(")") else f"{name} ({username})"
        for username, name in plain.items()
    }


def _glance(name: str) -> str:
    return skeleton(name) or name.casefold()


def told(member: Member, names: Mapping[str, str]) -> str:
    """A member in the list of members."""
    return f"{names[member.username]}, {'guest ' if member.guest_until else ''}{member.role.value}"
