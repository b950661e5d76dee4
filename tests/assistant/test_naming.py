"""What people are called in front of a model."""

from __future__ import annotations

import pytest

from jupyter_groupchat.assistant.naming import names
from tests.documents.things import a_member


@pytest.mark.parametrize("name", ["Ana Ruiz", "ana  ruiz", "\u0410na Ruiz", "aruiz", "Ana Ruiz (aruiz)", "Assistant"])
def test_nobody_is_taken_for_another(name: str) -> None:
    """Whoever calls themselves like somebody else, or nearly so, is told with their username."""
    people = [a_member("aruiz", name="Ana Ruiz"), a_member("ben", name=name)]
    assert names(people, (), "Assistant")["ben"].endswith("(ben)")


def test_names_that_differ_stand_alone() -> None:
    """And who is called by their own username needs it once only."""
    people = [a_member("aruiz", name="Ana Ruiz"), a_member("ben", name="ben")]
    assert names(people, (), "Assistant") == {"aruiz": "Ana Ruiz", "ben": "ben"}
