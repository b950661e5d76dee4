"""The tornado side of guests: their page, their calls and their socket.

All of it is below one path, to which the cookie with a guest's pass is bound. Nothing here looks at how somebody is
signed in to the Jupyter server, and nothing elsewhere looks at the pass. Imports nothing that takes time.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.auth import IdentityProvider, User
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import PublicStaticFileHandler
from tornado import web

from jupyter_groupchat.errors import NotAllowed, RateLimited, StorageUnavailable
from jupyter_groupchat.server.handlers import ChatHandler, SocketHandler
from jupyter_groupchat.server.uploads import UploadHandler
from jupyter_groupchat.threads.policy import GUESTS_OFF
from jupyter_groupchat.types import Actor

if TYPE_CHECKING:
    from jupyter_groupchat.server.extension import GroupChat
    from jupyter_groupchat.server.guests import Pass
    from jupyter_groupchat.server.host import Host

#: What guests have, below the server's base URL: the page, and all else below it.
GUEST_PAGE = "groupchat/guest/"
GUEST_API = f"{GUEST_PAGE}api/"
#: The page's scripts and styles, as they are built.
BUNDLE = Path(__file__).parents[1] / "guest"

#: Connections that one guest has at the same time: each open page is one.
SOCKETS = 20
#: How long a browser keeps a pass that has ended: with it, it is told why.
_KEPT = timedelta(days=30)
_XSRF = "_xsrf"  # where scripts look for it that talk to Jupyter
_HOST = re.compile(r"[A-Za-z0-9.\-_]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")
_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # how cells' outputs align their tables; the sanitiser has looked at it
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws://{host} wss://{host}",  # not every browser takes a socket for the page's own origin
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)


class Strangers(IdentityProvider):
    """Knows nobody: guests have no account, and an account counts for nothing here."""

    def get_user(self, handler: web.RequestHandler) -> User | None:
        """Nobody, whoever is signed in."""
        return None

    def is_token_authenticated(self, handler: web.RequestHandler) -> bool:
        """A token counts for nothing, so it is no reason to leave out the XSRF check."""
        return False

    def should_check_origin(self, handler: web.RequestHandler) -> bool:
        """Always."""
        return True


class GuestHandler(ChatHandler):
    """What the page, the calls and the socket have in common."""

    @property
    def identity_provider(self) -> IdentityProvider:
        """Ours, which knows nobody."""
        return self.chat.strangers

    @property
    def shown_pass(self) -> str | None:
        """The caller's pass, be it good or not."""
        return self.get_cookie(self._cookie_name)

    @property
    def _cookie_name(self) -> str:
        # Cookies do not tell the ports of a host apart.
        return re.sub(r"[^A-Za-z0-9]", "-", f"groupchat-guest-{self.request.host}")

    def keep(self, kept: Pass) -> None:
        """Have the browser keep a pass, or none."""
        if kept.value is None or kept.ends_at is None:
            self.clear_cookie(self._cookie_name, path=self._path)
            return
        self._put(self._cookie_name, kept.value, expires=kept.ends_at + _KEPT, httponly=True)

    def keep_xsrf(self) -> None:
        """Have the browser keep what the page's script sends back with all that changes something."""
        self._put(_XSRF, secrets.token_hex(16))

    def check_xsrf_cookie(self) -> None:
        """Raises HTTPError for a call that the page's script did not make.

        Not Jupyter's: JupyterHub puts its own in the place of that one in all handlers, and of who has no account it
        takes a token for an hour only.
        """
        # Tornado asks before Jupyter has looked who it is, without which no error can be answered; Jupyter asks after.
        if self.request.method in ("GET", "HEAD", "OPTIONS") or not hasattr(self, "_jupyter_current_user"):
            return
        if not self.check_origin():
            raise web.HTTPError(404)
        sent = self.request.headers.get("X-XSRFToken", "").encode()
        cookies = [part.strip().partition("=") for part in self.request.headers.get("Cookie", "").split(";")]
        kept = [value.encode() for name, _, value in cookies if name == _XSRF and value]  # of other paths, too
        if not any(hmac.compare_digest(sent, each) for each in kept):
            raise web.HTTPError(403, "The XSRF token is missing or wrong. Load the page again.")

    @property
    def _path(self) -> str:
        """Where guests' cookies are sent to."""
        return f"{self.base_url}{GUEST_PAGE}"

    def _put(self, name: str, value: str, **options: Any) -> None:
        provider: IdentityProvider = self.settings["identity_provider"]
        secure = self.request.protocol == "https" if provider.secure_cookie is None else bool(provider.secure_cookie)
        self.set_cookie(name, value, path=self._path, samesite="Strict", secure=secure, **options)

    async def host(self) -> Host:
        """The running chat. Raises NotAllowed where guests are not let in: it is not started for strangers then."""
        if not self.chat.has_guests:
            raise NotAllowed(GUESTS_OFF, reason="off")
        return await self.chat.host()

    @property
    def address(self) -> str:
        """Where the caller is."""
        return self.request.remote_ip or ""

    def unknown(self, message: str | None) -> str | None:
        """Nobody signs in here."""
        return message


class GuestApiHandler(GuestHandler, UploadHandler):
    """A guest's calls. Bodies are read as files are, so that nobody makes the server hold more than it takes."""

    @allow_unauthenticated
    async def get(self, path: str) -> None:
        """Read."""
        await self.serve()

    @allow_unauthenticated
    async def post(self, path: str) -> None:
        """Make something."""
        await self.serve()

    @allow_unauthenticated
    async def put(self, path: str) -> None:
        """Put something in its place."""
        await self.serve()

    @allow_unauthenticated
    async def patch(self, path: str) -> None:
        """Change something."""
        await self.serve()

    @allow_unauthenticated
    async def delete(self, path: str) -> None:
        """Delete something."""
        await self.serve()

    async def answer(self) -> tuple[int, Any]:
        """As ``guests.answer`` gives it."""
        host = await self.host()
        from jupyter_groupchat.server.guests import answer

        found = await answer(host, self.call(GUEST_API), self.shown_pass, self.address)
        if found.kept is not None:
            self.keep(found.kept)
        return found.status, found.result


class GuestSocketHandler(GuestHandler, SocketHandler):
    """A guest's WebSocket.

    It is told when the guest's access ends, and looks for itself with every ping: what is told may be lost on the way
    from another server, or come before the socket is open.
    """

    _looking: asyncio.Task[None] | None = None

    @allow_unauthenticated
    async def get(self) -> None:
        """Upgrade for who holds a good pass."""
        await self.upgrade()

    async def caller(self) -> Actor:
        """Who holds the pass. Raises GroupChatError."""
        host = await self.host()
        from jupyter_groupchat.server.guests import known

        self._guest = (await known(host, self.shown_pass, self.address)).actor
        host.rates.take(self._guest.username)
        if host.guest_sockets[self._guest.username] >= SOCKETS:
            raise RateLimited(f"A guest has at most {SOCKETS} connections. Close some pages.", retry_after=30.0)
        return self._guest

    def open(self) -> None:
        """Begin to talk."""
        super().open()
        if self._connection is not None:
            self._host.guest_sockets[self._guest.username] += 1
        self._look()

    def on_close(self) -> None:
        """The client is gone."""
        if self._connection is not None:
            self._host.guest_sockets[self._guest.username] -= 1
            self._host.guest_sockets += Counter()  # whoever has none is forgotten
        super().on_close()

    def on_pong(self, data: bytes) -> None:
        """The client is still there. Is its pass still good?"""
        super().on_pong(data)
        self._look()

    def _look(self) -> None:
        if self._connection is not None and (self._looking is None or self._looking.done()):
            self._looking = asyncio.get_running_loop().create_task(self._hang_up_when_ended())

    async def _hang_up_when_ended(self) -> None:
        from jupyter_groupchat.server.connection import ACCESS_ENDED

        try:
            await self._host.service.passes.holder(self.shown_pass)
        except NotAllowed as error:
            self._hang_up(ACCESS_ENDED, error.message)
        except StorageUnavailable:
            return  # nothing is known, and nothing can be done either

    def ends(self) -> tuple[float, str] | None:
        """When the guest's time is over."""
        assert self._guest.until is not None
        return (self._guest.until - datetime.now(UTC)).total_seconds(), "Your access as a guest has ended."


class GuestPageHandler(GuestHandler):
    """The page: a frame for its script, which does the rest."""

    @allow_unauthenticated
    def get(self) -> None:
        """The page, where guests are let in."""
        if not self.chat.has_guests:
            raise web.HTTPError(404)
        try:
            page = (BUNDLE / "index.html").read_bytes()
        except FileNotFoundError:
            raise web.HTTPError(503, "The guests' page was not built.") from None
        self.keep_xsrf()
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(page)

    def set_default_headers(self) -> None:
        """Also of errors: nothing is kept, nobody is told where it was followed from, and no other page shows it."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")

    @property
    def content_security_policy(self) -> str:
        """Nothing but what is built for it, and no place in another page."""
        host = self.request.host
        return _CSP.format(host=host if _HOST.fullmatch(host) else "localhost")


class GuestAddressHandler(GuestHandler):
    """The page's address without the slash on which its own addresses rest."""

    @allow_unauthenticated
    def get(self) -> None:
        """On to the page. The code at the end of a link goes along: browsers keep it."""
        self.redirect(f"{self.base_url}{GUEST_PAGE}")


class GuestStaticHandler(PublicStaticFileHandler):
    """The page's scripts and styles."""

    def prepare(self) -> None:
        """Where guests are not let in, there are none."""
        chat: GroupChat = self.settings["jupyter_groupchat"]
        if not chat.has_guests:
            raise web.HTTPError(404)

    def set_extra_headers(self, path: str) -> None:
        """A file's name changes with what is in it."""
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
