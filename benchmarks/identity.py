"""Who the clients of a benchmark are: whoever their token names.

Loaded by the servers under test, also in the peer's environment: imports jupyter_server and nothing else.
"""

from __future__ import annotations

from jupyter_server.auth import IdentityProvider, User
from tornado.web import RequestHandler

#: Every token begins with it; the rest is the username.
PREFIX = "bench-"
_COOKIE = "bench-user"


class Named(IdentityProvider):
    """``Authorization: token bench-alice`` is alice; a browser says it once, as ``?token=bench-alice``."""

    def get_user(self, handler: RequestHandler) -> User | None:
        """The user that the token names."""
        header = handler.request.headers.get("Authorization", "").removeprefix("token ")
        # A page of JupyterLab's sends the server's own token in the header, which names nobody.
        said = (header, handler.get_argument("token", ""), handler.get_cookie(_COOKIE) or "")
        token = next((one for one in said if one.startswith(PREFIX)), None)
        if token is None:
            return None
        handler.set_cookie(_COOKIE, token)
        username = token.removeprefix(PREFIX)
        return User(username=username, name=username.title(), display_name=username.title())

    def should_check_origin(self, handler: RequestHandler) -> bool:
        """The clients are not browsers with somebody else's page open."""
        return False


def token(username: str) -> str:
    """What to send to be somebody."""
    return f"{PREFIX}{username}"
