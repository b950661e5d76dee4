"""Commands about how the caller is shown."""

from __future__ import annotations

from typing import Literal

from jupyter_groupchat.wire.commands.command import Command
from jupyter_groupchat.wire.fields import DisplayName


class ProfilePatch(Command):
    """Change what the caller is called here. Null is what the identity provider says; a field left out stays."""

    do: Literal["profile.patch"] = "profile.patch"
    name: DisplayName | None = None


class PictureDelete(Command):
    """Take the caller's picture away; the one that the identity provider has shows again."""

    do: Literal["picture.delete"] = "picture.delete"
