"""The server extension: its options, and what starts and stops with the server.

Everybody who starts a Jupyter server pays for what is imported here, whether they chat or not: databases, CRDTs and the
language model's package are imported at the first request.
"""

from __future__ import annotations

import asyncio
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server._tz import utcnow
from jupyter_server.extension.application import ExtensionApp
from traitlets import TraitType, Unicode, default

from jupyter_groupchat.errors import StorageUnavailable
from jupyter_groupchat.server.guest_handlers import (
    BUNDLE,
    GUEST_API,
    GUEST_PAGE,
    GuestAddressHandler,
    GuestApiHandler,
    GuestPageHandler,
    GuestSocketHandler,
    GuestStaticHandler,
    Strangers,
)
from jupyter_groupchat.server.handlers import API, ApiHandler, SocketHandler
from jupyter_groupchat.server.log import Notes
from jupyter_groupchat.server.model_options import configured, transcription
from jupyter_groupchat.server.options import Options
from jupyter_groupchat.server.tickets import TicketHolders, Tickets
from jupyter_groupchat.server.traits.assistant import AssistantTraits
from jupyter_groupchat.server.traits.limits import LimitTraits
from jupyter_groupchat.server.traits.model import ModelTraits
from jupyter_groupchat.server.traits.people import PeopleTraits
from jupyter_groupchat.server.traits.usage import UsageTraits
from jupyter_groupchat.server.uploads import UploadHandler
from jupyter_groupchat.storage.versions import check_sqlite

if TYPE_CHECKING:
    from jupyter_groupchat.server.host import Host

_SQLITE = "sqlite:///"
_DATABASE = re.compile(rf"{_SQLITE}.|postgresql(\+\w+)?://")


class GroupChat(AssistantTraits, ModelTraits, UsageTraits, PeopleTraits, LimitTraits, ExtensionApp):
    """Group chat with an AI member. Every option can be set on the command line, as in
    `jupyter lab --GroupChat.assistant_name=Ada`, or in a configuration file, `jupyter_server_config.py` or
    `jupyter_groupchat_config.py`, as in `c.GroupChat.assistant_name = "Ada"`.
    """

    name = "jupyter_groupchat"

    database_url = Unicode(
        config=True,
        help="Where threads are kept, as an SQLAlchemy URL: sqlite:///<absolute path of a file>, or "
        "postgresql+psycopg://<user>:<password>@<host>/<database> for several servers that share threads. "
        "Default: the file groupchat/groupchat.sqlite in Jupyter's data directory.",
    )

    @classmethod
    def class_own_traits(cls, **metadata: Any) -> dict[str, TraitType[Any, Any]]:
        """All options are of this class, which is the one that is configured, wherever they stand."""
        inherited = ExtensionApp.class_traits(**metadata)
        return {name: trait for name, trait in cls.class_traits(**metadata).items() if inherited.get(name) is not trait}

    @default("database_url")
    def _database_url_default(self) -> str:
        return f"{_SQLITE}{Path(jupyter_data_dir(), 'groupchat', 'groupchat.sqlite').absolute()}"

    def initialize_settings(self) -> None:
        """Look for what would keep the chat from working: better to say it now than when somebody wants to talk."""
        self.notes = Notes(self.log)
        self._host: Host | None = None
        self._starting = asyncio.Lock()
        self._renewing: asyncio.Future[None] | None = None
        self._stopping = False
        self.tickets = Tickets(self.settings["cookie_secret"])
        self.ticket_holders = TicketHolders(self.tickets, parent=self)
        self.strangers = Strangers(parent=self)
        try:
            self._check()
        except StorageUnavailable as error:
            self.notes.critical("unavailable", why=error.message)

    def _check(self) -> None:
        """Raises StorageUnavailable when the options or the database file cannot be used."""
        if not self._linked:
            # The server goes on with the defaults then, and another database than its operator chose is none.
            raise StorageUnavailable("An option of GroupChat is wrong; the server's log says which, where it starts.")
        if not _DATABASE.match(self.database_url):
            raise StorageUnavailable("GroupChat.database_url begins with sqlite:/// and a path, or with postgresql://.")
        try:
            configured(self.options())
            transcription(self.options())
        except ValueError as error:
            raise StorageUnavailable(str(error)) from None
        if self.database_url.startswith(_SQLITE):
            check_sqlite(Path(self.database_url.removeprefix(_SQLITE)))

    def initialize_handlers(self) -> None:
        """Register the socket and the REST calls."""
        self.handlers.extend(
            [
                (rf"/{GUEST_API}socket", GuestSocketHandler),
                (rf"/{GUEST_API}(.*)", GuestApiHandler, {"limit": "frame_bytes"}),
                (rf"/{GUEST_PAGE}static/(.*)", GuestStaticHandler, {"path": str(BUNDLE / "static")}),
                (rf"/{GUEST_PAGE}", GuestPageHandler),
                (rf"/{GUEST_PAGE.rstrip('/')}", GuestAddressHandler),
                (rf"/{API}socket", SocketHandler),
                (rf"/{API}(threads/[^/]+/files)", UploadHandler, {"limit": "file_bytes"}),
                (rf"/{API}(me/picture)", UploadHandler, {"limit": "file_bytes"}),
                (rf"/{API}(transcriptions)", UploadHandler, {"limit": "file_bytes"}),
                (rf"/{API}(threads/import)", UploadHandler, {"limit": "import_bytes"}),
                (rf"/{API}(.*)", ApiHandler),
            ]
        )

    async def host(self) -> Host:
        """The running chat; started when first asked for. Raises StorageUnavailable, and tries again the next time."""
        if self._stopping:
            raise StorageUnavailable("The server is stopping.")
        async with self._starting:
            if self._host is None:
                self._check()
                # In a thread, so that kernels and terminals are served while half a second of imports goes by.
                module = await asyncio.to_thread(import_module, "jupyter_groupchat.server.host")
                self._host = await module.Host.start(self.options(), self.notes, self._replaced)
                if self.serverapp is not None and self.serverapp.connection_url.startswith("http"):
                    self.tickets.urls = (self.serverapp.connection_url,)  # the port is known by now
                self._host.tickets = self.tickets
            return self._host

    def _replaced(self) -> None:
        """On the loop: all of the chat was put back from a backup."""
        self._renewing = asyncio.ensure_future(self._begin_anew())

    async def _begin_anew(self) -> None:
        """What a running chat has in memory, and what its clients have, is of the chat that was: as after a restart."""
        self.notes.warning("replaced", why="all of the chat was put back from a backup")
        async with self._starting:
            old = self._host
            if old is None or not old.is_replaced or self._stopping:
                return
            self._host = None
            await old.stop(replaced=True)
        try:
            await self.host()  # with what has to be done without anybody asking, such as ending replies
        except StorageUnavailable as error:
            self.notes.critical("unavailable", why=error.message)  # the next request tries again

    def options(self) -> Options:
        """The options as plain values."""
        return Options(**{name: getattr(self, name) for name in Options.__dataclass_fields__})

    @property
    def has_guests(self) -> bool:
        """Whether guests are let in, as ``Policy`` has it."""
        return bool(self.guests_allowed and self.invitation_links)

    def active(self) -> None:
        """Tell the server that somebody is doing something, which keeps it from shutting down as idle."""
        self.settings["last_activity_times"][self.name] = utcnow()

    async def stop_extension(self) -> None:
        """Say goodbye to clients and close the database."""
        self._stopping = True
        async with self._starting:
            if self._host is not None:
                await self._host.stop()
