"""What somebody may ask for who has no account and perhaps no pass yet: by REST call only."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from jupyter_groupchat.wire.fields import Code, DisplayName


class GuestCall(BaseModel):
    """The body of a call."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GuestPeek(GuestCall):
    """See what a guest link opens."""

    code: Code


class GuestEnter(GuestCall):
    """Come in by a guest link, or ask to be let in. The answer's cookie is the caller's pass."""

    code: Code
    name: DisplayName


class GuestLeave(GuestCall):
    """Leave the thread, or wait no longer. The pass opens nothing from then on."""
