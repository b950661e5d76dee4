"""What people may call themselves."""

from __future__ import annotations

import pytest

from jupyter_groupchat.wire.display_names import LONGEST, cleaned, skeleton


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("  Ana   Ruiz ", "Ana Ruiz"),
        ("Zoë", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("山田 太郎", "山田 太郎"),
        ("O’Neill-Smith, Jr.", "O’Neill-Smith, Jr."),
        ("🐙", "🐙"),
        ("x" * LONGEST, "x" * LONGEST),
        ("a\nb", "a b"),
    ],
)
def test_names_of_people_are_taken(name: str, becomes: str) -> None:
    """Of all scripts, with single spaces."""
    assert cleaned(name) == becomes


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * (LONGEST + 1),
        "Ana\u202egnitekram",
        "Ana\u200b",
        "A\u2066na",
        "Ana\x07",
        "\u3164",
        "\u2800 \u115f",
        "\ue000",
        "a" + "\u0301" * 9,
        "\u0301",
    ],
)
def test_names_that_hide_something_are_refused(name: str) -> None:
    """Nothing at all, more than fits, what turns text around, what is not seen, and towers of marks."""
    with pytest.raises(ValueError, match="a name"):
        cleaned(name)


@pytest.mark.parametrize(
    "name",
    [
        *("assistant", "ASSISTANT", " As sis-tant. ", "\u0410ssist\u0430nt", "Ａｓｓｉｓｔａｎｔ", "assıstant"),
        *("Ass1stant", "ASSlSTANT", "Ass|stant", "\u0251ssist\u0251nt", "Assista\u0578t"),
    ],
)
def test_names_that_could_be_mistaken_have_one_skeleton(name: str) -> None:
    """Whatever the case, the spaces and the script."""
    assert skeleton(name) == skeleton("Assistant")


def test_other_names_have_others() -> None:
    """Names that nobody mistakes stay apart."""
    assert (
        len({skeleton(name) for name in ("Assistant", "Assistent", "Ana", "Anna", "山田", "太郎", "Ana 1", "Ana 10")})
        == 8
    )
