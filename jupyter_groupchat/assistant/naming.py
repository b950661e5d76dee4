"""What people are called in front of a model. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jupyter_groupchat.types import IMPORTED, Member, MessageRow

#: Characters of a display name; they are for telling people apart, not for telling the model things.
MAX_NAME = 60


def names(members: Iterable[Member], messages: Iterable[MessageRow], assistant: str, *others: str) -> dict[str, str]:
    """Everybody's name by username: people of one name, and one who is named like the assistant, with their username.

    ``others`` are usernames of people who may neither be members nor have written anything.
    """
    rows = list(messages)
    called = {name: name.removeprefix(IMPORTED) for row in rows for name in row.credits}
    called |= {row.author: row.author_name for row in rows}
    called |= {member.username: member.name for member in members}
    for username in others:
        called.setdefault(username, username)
    plain = {username: " ".join(name.split())[:MAX_NAME] or username for username, name in called.items()}
    folded = [name.casefold() for name in (*plain.values(), assistant)]
    return {
        username: name if folded.count(name.casefold()) == 1 else f"{name} ({username})"
        for username, name in plain.items()
    }


def told(member: Member, names: Mapping[str, str]) -> str:
    """A member in the list of members."""
    return f"{names[member.username]}, {member.role.value}"
