"""What the fields of commands may hold, as types that pydantic checks."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from jupyter_groupchat.wire import display_names

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Username = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Instructions = Annotated[str, StringConstraints(max_length=8_000)]
ModelName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
#: The configurable limit of a body (32 kB by default) is checked by the service; this bounds what is parsed at all.
Body = Annotated[str, StringConstraints(max_length=1_000_000)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=1_024)]
#: What JSON keeps everywhere. Databases and CRDTs take no integer of more than 64 bits.
MAX_COUNT = 2**53 - 1
Count = Annotated[int, Field(ge=0, le=MAX_COUNT)]

#: Cells, or files, that one message can bring along.
MOST_BROUGHT = 20

#: How long messages may be kept: longer than what is kept of commands, so that nothing outlives its message there.
MIN_DAYS = 7
Days = Annotated[int, Field(ge=MIN_DAYS, le=36_500)]

_NOT_EMOJI = re.compile(r"[\sA-Za-z0-9<>&\"'/\\]")


def _looks_like_emoji(value: str) -> str:
    if _NOT_EMOJI.search(value):
        raise ValueError("a reaction is an emoji, without letters, digits or spaces")
    return value


Emoji = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(_looks_like_emoji)]

#: What stands at the end of an invitation link.
Code = Annotated[str, StringConstraints(min_length=1, max_length=200)]

DisplayName = Annotated[str, StringConstraints(max_length=400), AfterValidator(display_names.cleaned)]
