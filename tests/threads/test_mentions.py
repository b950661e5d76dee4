"""Who a message mentions."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from jupyter_groupchat.threads.mentions import find
from jupyter_groupchat.types import Member, Role


def person(username: str, name: str) -> Member:
    """A member of whom only the names matter."""
    return Member(
        username=username,
        name=name,
        role=Role.MEMBER,
        joined_at=datetime(2026, 11, 24, tzinfo=UTC),
        invited_by=None,
        colour=0,
    )


PEOPLE = [
    person("ana", "Ana Lovelace"),
    person("ben", "Ben"),
    person("anabel", "Anabel"),
    person("j.doe@example.org", "Jo"),
    person("jo2", "Jo"),
    person("zoe", "Zoë Österberg"),
]


@pytest.mark.parametrize(
    ("body", "mentioned"),
    [
        ("nobody here", ()),
        ("@ben look", ("ben",)),
        ("look, @ben.", ("ben",)),
        ("(@ben)", ("ben",)),
        ("@BEN and @Ben", ("ben",)),
        ("@ana", ("ana",)),
        ("@Ana Lovelace, what do you think?", ("ana",)),
        ("@Zoë?", ("zoe",)),
        ("@anabel is not ana", ("anabel",)),
        ("@anabella is nobody", ()),
        ("@ana-maria is nobody", ()),
        ("@ana's chart", ("ana",)),
        ("@ben @ana", ("ben", "ana")),
        ("mail ben@ana.org", ()),
        ("@j.doe@example.org hi", ("j.doe@example.org",)),
        ("@Jo", ("j.doe@example.org", "jo2")),
        ("@zoë österberg", ("zoe",)),
        ("@assistant why?", ("assistant",)),
        ("@Assistant, why?", ("assistant",)),
        ("@Ada why?", ("assistant",)),
        ("@Data Helper why?", ("assistant",)),
        ("@everyone, look", ("ana", "ben", "anabel", "j.doe@example.org", "jo2", "zoe")),
        ("@everyone and @assistant", ("ana", "ben", "anabel", "j.doe@example.org", "jo2", "zoe", "assistant")),
        ("`@ben` is code", ()),
        ("``a ` @ben`` is code", ()),
        ("```python\n@ben\ndef f(): ...\n```\n@ana", ("ana",)),
        ("~~~\n@ben\n~~~", ()),
        ("```\n@ben in an open fence", ()),
        ("a ` that is never closed @ben", ("ben",)),
        ("@", ()),
        ("@@ben", ()),
        ("@nobody", ()),
    ],
)
def test_mentions_are_found(body: str, mentioned: tuple[str, ...]) -> None:
    """Usernames and display names are found, whatever their case; code and addresses mention nobody."""
    assert find(body, PEOPLE, ["Ada", "Data Helper"]) == mentioned


def test_a_first_name_of_two_mentions_neither() -> None:
    """Nor does one that is all of somebody else's name mention more people than that."""
    assert find("@Kim and @Mei", [person("kw", "Kim Weber"), person("kl", "Kim Lee"), person("m", "Mei Ito")], []) == (
        "m",
    )
    assert find("@Kim", [person("kw", "Kim Weber"), person("k", "Kim")], []) == ("k",)


def test_a_username_is_its_owners() -> None:
    """Whoever calls themselves by it."""
    assert find("@ana", [person("ben", "Ana"), person("ana", "Ana Lovelace")], []) == ("ana",)


ALIKE = [
    person("ana", "A. Lovelace"),
    person("eve", "ana can you"),
    person("kim", "Kim"),
    person("kw", "Kim Weber"),
    person("mallory", "Kim Weber please"),
    person("al", "Ada Long"),
    person("u7", "Ken can you"),
    person("ken7", "Ken Ito"),
]


@pytest.mark.parametrize(
    ("body", "mentioned"),
    [
        ("@ana can you look", ("eve", "ana")),
        ("@Ana Can You look", ("eve", "ana")),
        ("@ana cannot you look", ("ana",)),
        ("@Kim Weber please look", ("mallory", "kw", "kim")),
        ("@Kim Weber, look", ("kw", "kim")),
        ("@kw please", ("kw",)),
        ("@Kim look", ("kim",)),
        ("@Ada Long, look", ("al",)),
        ("@Ada, look", ("assistant",)),
        ("@Ken Ito, look", ("ken7",)),
        ("@Ken look", ()),
        ("@everyone's", ("ana", "eve", "kim", "kw", "mallory", "al", "u7", "ken7")),
    ],
)
def test_nobody_takes_anothers_mention_by_a_longer_name(body: str, mentioned: tuple[str, ...]) -> None:
    """Whoever's username, or whole name, stands there is mentioned, whatever follows and is somebody's name with it."""
    assert find(body, ALIKE, ["Ada"]) == mentioned


@pytest.mark.parametrize(
    "body",
    [
        "@`" * 16_000,
        "x " + "`" * 32_000 + "@ben",
        "x " + "`" * 16_000 + "@ben" + "a" * 16_000,
        " ".join("`" * length for length in range(1, 250)) + " @ben",
        "~~~\n" * 8_000 + "@ben",
        "@a" * 16_000,
    ],
)
def test_a_body_made_to_hurt_is_read_once(body: str) -> None:
    """32 kB of signs and backticks take no longer than other bodies: the core thread reads them."""
    started = time.process_time()
    find(body, PEOPLE, ["Ada"])
    assert time.process_time() - started < 5
