"""What JupyterHub does to Jupyter's handlers, as far as it matters to those who do not use it."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth import User
from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from jupyter_groupchat.server.demo import TokenPerPerson


class LikeAHub(TokenPerPerson):
    """From the first request of somebody on, all handlers have another XSRF check, which knows only its own tokens."""

    async def get_user(self, handler: Any) -> User | None:
        """Who it is."""
        for kind in (JupyterHandler, web.RequestHandler):
            kind.check_xsrf_cookie = _check  # type: ignore[assignment,method-assign]
            kind.xsrf_token = property(_refuse)  # type: ignore[assignment,method-assign]
        person: User | None = await super().get_user(handler)  # type: ignore[misc]
        return person


def _check(handler: Any) -> None:
    known = hasattr(handler, "_jupyter_current_user")  # tornado asks before, and Jupyter once it knows
    if known and not handler.token_authenticated:
        _refuse(handler)


def _refuse(handler: Any) -> None:
    raise web.HTTPError(403, "XSRF cookie does not match: this is the hub's.")
