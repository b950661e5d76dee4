"""docs/cli.md and the commands say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from traitlets.utils.importstring import import_item

from jupyter_groupchat.cli import GroupChatCommand
from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.transfer.records import RECORDS

DOCS = Path(__file__).parents[2] / "docs"
PARTS = re.split(r"^## ", (DOCS / "cli.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
SECTIONS = {name: text for name, _, text in (part.partition("\n") for part in PARTS)}


def option_names(command: type) -> set[str]:
    """What the help of a command calls its options, beyond those that all have."""
    names = [*command.aliases, *command.flags]  # type: ignore[attr-defined]
    return {f"--{name}" for name in names} - {"--config", "--debug"}


def test_every_command_has_a_section() -> None:
    """And nothing else has."""
    assert set(SECTIONS) == set(GroupChatCommand.subcommands)


@pytest.mark.parametrize("name", sorted(GroupChatCommand.subcommands))
def test_every_option_is_in_its_section(name: str) -> None:
    """No option of another name is; what is common to all stands at the beginning."""
    command = import_item(GroupChatCommand.subcommands[name][0])
    mentioned = set(re.findall(r"--[a-z][a-z-]*", SECTIONS[name]))
    assert mentioned == option_names(command)
    if issubclass(command, Command):
        assert f"jupyter groupchat {name}" in SECTIONS[name]
        assert {"config", "debug"} <= {*command.aliases, *command.flags}


def test_every_field_of_an_export_is_on_its_page() -> None:
    """In the row of its type, in order."""
    rows = re.findall(r"^\| `(\w+)` \| .*? \| (.*) \|$", (DOCS / "export.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == list(RECORDS)
    for name, fields in rows:
        bare = re.sub(r"\(.*?\)", "", fields).split(":")[0]
        assert re.findall(r"`(\w+)`", bare) == [field for field in RECORDS[name].model_fields if field != "type"]
