"""docs/configuration.md and the options say the same."""

from __future__ import annotations

import re
from pathlib import Path

from jupyter_groupchat.server.extension import GroupChat
from jupyter_groupchat.server.options import Options

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
#: Options that are read where they stand, at the socket, before anything below is imported.
OPTIONS = {
    name: trait
    for name, trait in GroupChat.class_own_traits(config=True).items()
    if (trait.this_class or GroupChat).__module__.startswith("jupyter_groupchat.")
}


def rows() -> dict[str, tuple[str, str]]:
    """Each option on the page: its default and what it says."""
    found = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: (default, words) for name, default, words in found}


def test_every_option_is_on_the_page_as_it_is() -> None:
    """name, default and help of each option stand on the page, and no others do."""
    page = rows()
    assert set(page) == set(OPTIONS)
    for name, trait in OPTIONS.items():
        default, words = page[name]
        assert words == trait.help
        if name not in ("database_url", "api_key"):  # theirs depend on the machine
            assert default == f"`{trait.default()!r}`"


def test_every_option_has_help_and_reaches_what_it_is_for() -> None:
    """each option explains itself in a sentence, and is handed on to what acts on it."""
    assert set(Options.__dataclass_fields__) == set(OPTIONS)
    for trait in OPTIONS.values():
        assert len(trait.help) > 20
        assert trait.help.endswith(".")
