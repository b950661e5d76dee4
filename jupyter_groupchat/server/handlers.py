"""The tornado side: who asks, from where, and for what.

Imports nothing that takes time: a server loads it as it starts.
"""

from __future__ import annotations

import asyncio
import json
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth import IdentityProvider, User
from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.http1connection import HTTP1Connection
from tornado.ioloop import PeriodicCallback
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketHandler

from jupyter_groupchat.errors import GroupChatError, NotAllowed
from jupyter_groupchat.server.tickets import shown_by
from jupyter_groupchat.types import ASSISTANT, Actor

if TYPE_CHECKING:
    from jupyter_groupchat.server.connection import Connection
    from jupyter_groupchat.server.extension import GroupChat
    from jupyter_groupchat.server.rest import Call
    from jupyter_groupchat.server.transfers import Download
    from jupyter_groupchat.types import StoredFile

#: Where the API is, below the server's base URL.
API = "groupchat/api/"

_NO_TICKET = "This ticket has ended, or is none of this server's."
_CODES = {403: "not_allowed", 404: "not_found", 413: "too_large", 429: "rate_limited", 503: "storage_unavailable"}
#: What a browser may show in the page's own origin; anything else is saved as a file.
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class ChatHandler(JupyterHandler):
    """What the REST calls and the socket have in common."""

    auth_resource = "groupchat"

    @property
    def chat(self) -> GroupChat:
        """The extension."""
        return self.settings["jupyter_groupchat"]  # type: ignore[no-any-return]

    @property
    def identity_provider(self) -> IdentityProvider:
        """Who says who is asking: the server's own, or for a ticket ours."""
        return super().identity_provider if shown_by(self) is None else self.chat.ticket_holders

    @property
    def server_url(self) -> str:
        """The server's address as the caller sees it."""
        return f"{self.request.protocol}://{self.request.host}{self.base_url}"

    def actor(self) -> Actor:
        """Who asks. Raises NotAllowed for an account that bears the assistant's name."""
        if shown_by(self) is not None:
            ticket = self.chat.ticket_holders.ticket(self)
            if ticket is None:  # its time ended since the request was let in
                raise NotAllowed(_NO_TICKET)
            return ticket.actor
        user: User = self.current_user
        if user.username == ASSISTANT:
            raise NotAllowed(f"The username {ASSISTANT!r} is the assistant's own; no account can use it in the chat.")
        name = " ".join((user.display_name or user.name).split())[:200]
        return Actor(username=user.username, name=name or user.username, avatar=user.avatar_url)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors of the server itself (authentication, XSRF, unknown methods) in the wire's form."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        message = error.log_message if isinstance(error, web.HTTPError) else None
        if status_code in (403, 404) and not self.check_origin():
            status_code, message = 403, "Requests from another origin are refused."
            self.set_status(403)
        elif status_code == 403 and self.current_user is None:
            message = self.unknown(message)
        elif status_code >= 500:
            message = "The server failed. The log says more."
        code = _CODES.get(status_code, "invalid_request" if status_code < 500 else "internal_error")
        self.finish_json({"error": {"code": code, "message": message or HTTPStatus(status_code).phrase, "details": {}}})

    def unknown(self, message: str | None) -> str | None:
        """What somebody is told whom nobody knows; ``message`` is why they were refused."""
        return "Sign in first." if shown_by(self) is None else _NO_TICKET

    def finish_json(self, value: Any) -> None:
        """End with a JSON document."""
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(value, ensure_ascii=False, allow_nan=False))

    def finish_error(self, error: GroupChatError) -> None:
        """End with an error of ours."""
        self.set_status(error.status)
        retry_after = error.details.get("retry_after")
        if retry_after is not None:
            self.set_header("Retry-After", str(int(retry_after) + 1))
        self.finish_json({"error": error.to_json()})


class ApiHandler(ChatHandler, APIHandler):
    """All REST calls."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Read."""
        await self.serve()

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Make something."""
        await self.serve()

    @web.authenticated
    @authorized
    async def put(self, path: str) -> None:
        """Put something in its place."""
        await self.serve()

    @web.authenticated
    @authorized
    async def patch(self, path: str) -> None:
        """Change something."""
        await self.serve()

    @web.authenticated
    @authorized
    async def delete(self, path: str) -> None:
        """Delete something."""
        await self.serve()

    @cached_property
    def gone(self) -> asyncio.Event:
        """Set when the caller has hung up."""
        return asyncio.Event()

    def on_connection_close(self) -> None:
        """The caller has hung up."""
        super().on_connection_close()
        self.gone.set()

    def body(self) -> bytes:
        """What came with the request."""
        return self.request.body

    def _log(self) -> None:
        # The query of a search is what somebody wrote, and the log is no place for that.
        self.request.uri = self.request.path
        super()._log()

    async def answer(self) -> tuple[int, Any]:
        """The status and the answer, as ``rest.answer`` gives them."""
        actor = self.actor()
        host = await self.chat.host()
        from jupyter_groupchat.server.rest import answer

        return await answer(host, actor, self.call(API))

    def call(self, below: str) -> Call:
        """The request, as one that goes to something below an address."""
        from jupyter_groupchat.server.rest import Call

        return Call(
            method=self.request.method or "",
            # The raw path: an encoded slash belongs to a name, it separates nothing.
            path=self.request.path.split(below, 1)[1],
            arguments={name: self.get_query_argument(name) for name in self.request.query_arguments},
            body=self.body(),
            base_url=self.server_url,
            gone=self.gone,
        )

    async def serve(self) -> None:
        """Answer the request."""
        try:
            status, result = await self.answer()
        except GroupChatError as error:
            self.finish_error(error)
        except web.HTTPError:
            raise
        except Exception as error:
            self.chat.notes.broke("rest", error)
            raise web.HTTPError(500) from None
        else:
            self.set_status(status)
            if isinstance(result, dict):
                self.finish_json(result)
            elif isinstance(result, tuple):
                self._finish_file(*result)
            else:
                await self._send(result)

    def _finish_file(self, file: StoredFile, data: bytes) -> None:
        shown = file.media_type in _SHOWN
        if not shown:
            self.set_attachment_header(file.name)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "private, max-age=86400")
        self.finish(data, set_content_type=file.media_type)

    async def _send(self, download: Download) -> None:
        self.set_attachment_header(download.name)
        self.set_header("Content-Type", download.media_type)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        try:
            async for piece in download.pieces:
                self.write(piece)
                await self.flush()
        except StreamClosedError:
            return  # the client has gone
        except Exception as error:
            # Too late for another status. A connection that ends without the last chunk tells that the file is cut off.
            if not isinstance(error, GroupChatError):
                self.chat.notes.broke("download", error)
            connection = self.request.connection
            assert isinstance(connection, HTTP1Connection)
            connection.close()
        else:
            self.finish(set_content_type=download.media_type)

    @property
    def content_security_policy(self) -> str:
        """Nothing that comes from here runs in the server's origin."""
        return f"{super().content_security_policy}; sandbox"


class SocketHandler(WebSocketMixin, WebSocketHandler, ChatHandler):
    """The WebSocket."""

    _connection: Connection | None = None
    _access_ends: asyncio.TimerHandle | None = None

    @property
    def max_message_size(self) -> int:
        """What is read at all: up to this, a refusal names the command that is too large; beyond, the socket closes."""
        return 2 * self.chat.frame_bytes

    @ws_authenticated
    async def get(self) -> None:
        """Authorize, then upgrade."""
        allowed = await ensure_async(self.authorizer.is_authorized(self, self.current_user, "execute", "groupchat"))
        if not allowed:
            raise web.HTTPError(403, "User is not authorized to execute on resource: groupchat.")
        await self.upgrade()

    async def upgrade(self) -> None:
        """Open the socket for who asks, or say why not."""
        try:
            self._actor = await self.caller()
            self._host = await self.chat.host()
        except GroupChatError as error:
            self.finish_error(error)
            return
        await super().get()

    async def caller(self) -> Actor:
        """Who asks. Raises GroupChatError."""
        self._ticket = self.chat.ticket_holders.ticket(self)
        return self.actor()

    def ends(self) -> tuple[float, str] | None:
        """In how many seconds the caller's access ends, and what they are told then."""
        return None if self._ticket is None else (self.chat.tickets.left(self._ticket), "The ticket has ended.")

    def open(self) -> None:
        """Begin to talk."""
        super().open()
        from jupyter_groupchat.server.connection import ACCESS_ENDED, Connection
        from jupyter_groupchat.server.outbox import Outbox

        stream = self.ws_connection.stream if self.ws_connection else None
        if stream is None:  # the client is gone already
            return
        self.set_nodelay(True)
        self._outbox = Outbox(stream, self.chat.send_queue_bytes, self._too_slow)
        self._connection = Connection(self._host, self._actor, self._outbox, self.server_url, self._hang_up)
        self._host.enter(self)
        ends = self.ends()
        if ends is not None:
            left, words = ends
            self._access_ends = asyncio.get_running_loop().call_later(left, self._hang_up, ACCESS_ENDED, words)
        self.chat.notes.debug("connected", user=self._actor.username)

    def on_message(self, message: str | bytes) -> Any:
        """Take a frame; what is returned is awaited before the next one is read."""
        self.chat.active()
        if self._connection is None:
            return None
        if isinstance(message, str):
            return self._connection.text(message)
        return self._connection.binary(message)

    def on_close(self) -> None:
        """The client is gone."""
        pings: PeriodicCallback | None = self.ping_callback
        if pings is not None:
            pings.stop()
        if self._connection is None:
            return
        if self._access_ends is not None:
            self._access_ends.cancel()
        self._connection.end()
        self._host.leave(self)
        self.chat.notes.debug("disconnected", user=self._actor.username, code=self.close_code)

    def go_away(self, code: int, reason: str) -> None:
        """The chat ends."""
        self._hang_up(code, reason)

    def _too_slow(self) -> None:
        from jupyter_groupchat.server.connection import TOO_SLOW

        self.chat.notes.warning("too slow", user=self._actor.username, limit=self.chat.send_queue_bytes)
        self.close(TOO_SLOW, "The client did not read what was sent.")
        self._end()

    def _hang_up(self, code: int, reason: str) -> None:
        self._outbox.finish()
        self.close(code, reason)
        self._end()

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.end()
