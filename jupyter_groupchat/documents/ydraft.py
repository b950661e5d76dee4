"""A draft that several members write together: one text, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jupyter_ydoc.ybasedoc import YBaseDoc
from pycrdt import Awareness, Doc, Text

#: The one root of a draft.
BODY = "body"


class YDraft(YBaseDoc):
    """Schema (version 1)::

        body: Text      plain, without formats

    The only kind of document that clients write. Who wrote what is in the tables, by the client ids of the updates.
    """

    def __init__(self, ydoc: Doc[Any] | None = None, awareness: Awareness | None = None) -> None:
        super().__init__(ydoc, awareness)
        self._body: Text = self._ydoc.get(BODY, type=Text)

    @property
    def version(self) -> str:
        """The schema's version."""
        return "1.0.0"

    def get(self) -> str:
        """The text as it is now."""
        return str(self._body)

    def set(self, value: str) -> None:
        """Put another text in the place of this one."""
        self._body.clear()
        self._body += value

    def observe(self, callback: Callable[[str, Any], None]) -> None:
        """Call ``callback("body", event)`` after every change."""
        self.unobserve()
        self._subscriptions[self._body] = self._body.observe(partial(callback, BODY))
