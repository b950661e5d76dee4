"""An authorizer as an operator may have one: Gus may read, and no more."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth import Authorizer, User


class GusReads(Authorizer):
    """Everybody else may do everything."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Whether ``user`` may do ``action`` with ``resource``."""
        return user.username != "gus" or (action, resource) == ("read", "groupchat")
