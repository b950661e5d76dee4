"""The server extension: its options, and what starts and stops with the server.

Everybody who starts a Jupyter server pays for what is imported here, whether they chat or not: databases, CRDTs and the
language model's package are imported at the first request.
"""

from __future__ import annotations

import asyncio
import os
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.paths import jupyter_data_dir
from jupyter_server._tz import utcnow
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Dict, Enum, Float, Int, List, Unicode, Union, default

from jupyter_groupchat.cells.filetypes import WORDS
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
from jupyter_groupchat.server.uploads import UploadHandler
from jupyter_groupchat.storage.versions import check_sqlite

if TYPE_CHECKING:
    from jupyter_groupchat.server.host import Host

_SQLITE = "sqlite:///"
_DATABASE = re.compile(rf"{_SQLITE}.|postgresql(\+\w+)?://")


class GroupChat(ExtensionApp):
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
    assistant_enabled = Bool(
        True, config=True, help="Whether an assistant is a member of threads. Without it, people chat among themselves."
    )
    assistant_name = Unicode(
        "Assistant",
        config=True,
        help="What the assistant is called. @assistant and this name both address it.",
    )
    model = Unicode("gpt-4o-mini", config=True, help="The language model's name, as its endpoint knows it.")
    models = List(
        Dict(),
        config=True,
        help="Several language models for members to choose from, the first unless they do. Each is a dictionary with "
        "name (for members) and model, and where it differs from the options for one model: base_url, api_key or "
        "api_key_env, temperature, context_tokens, images, no_store; strength is 'fast' or 'strong'. Default: "
        "the one model.",
    )
    base_url = Unicode(
        "",
        config=True,
        help="Base URL of an endpoint that speaks OpenAI's Chat Completions, such as http://localhost:11434/v1 for "
        "Ollama. Default: OpenAI's, when there is a key.",
    )
    api_key = Unicode(
        config=True,
        help="The key for the language model's endpoint. Default: the environment variable OPENAI_API_KEY.",
    )
    temperature = Float(
        None,
        allow_none=True,
        min=0.0,
        max=2.0,
        config=True,
        help="How freely the model words its answers, 0 to 2. Default: the endpoint's.",
    )
    context_tokens = Int(
        16_000,
        min=1_000,
        config=True,
        help="How much of a thread goes into one request to the model, in tokens.",
    )
    instructions = Unicode(
        "", config=True, help="What the model is told in every thread, before the thread's own instructions."
    )
    max_parallel_replies = Int(
        8, min=1, config=True, help="Replies that the assistant writes at the same time, in different threads."
    )
    notebook_reader = Bool(
        True,
        config=True,
        help="Whether, with neither a key nor a base_url, a program that quotes from shared cells answers in the "
        "model's place. It is no language model and says so.",
    )
    images = Bool(
        None,
        allow_none=True,
        config=True,
        help="Whether images in files and in shared cells' outputs are sent to the model. "
        "Default: at OpenAI yes, elsewhere no.",
    )
    no_store = Bool(
        None,
        allow_none=True,
        config=True,
        help="Whether requests tell the provider not to keep them: store, which is false then. An endpoint that does "
        "not take that refuses them. Default: at OpenAI yes, elsewhere no.",
    )
    moderation_model = Unicode(
        "",
        config=True,
        help="What the endpoint's moderations call checks replies with, such as omni-moderation-latest, in threads"
        " that a shielded account is a member of: each paragraph before anybody sees it. Default: nothing is "
        "checked.",
    )
    shielded_accounts = List(
        Unicode(),
        config=True,
        help="Usernames of people who are looked after, such as minors. In their threads the assistant is told "
        "shielded_instructions, and replies are checked with moderation_model.",
    )
    shielded_instructions = Unicode(
        "",
        config=True,
        help="What the model is told before anything else in threads that a shielded account is a member of.",
    )
    shielded_in_groups = Bool(
        True,
        config=True,
        help="Whether shielded accounts may be in threads with others. Switched off, they have threads of their "
        "own only.",
    )
    model_timeout = Float(
        120.0, min=1.0, config=True, help="How many seconds the model may stay silent before the reply fails."
    )
    tools = List(
        Unicode(),
        default_value=["search_thread", "read_cell"],
        config=True,
        help="Names of the tools that the assistant may use: its own, and those of installed packages; * stands for "
        "all of them. An empty list switches tools off.",
    )
    tool_rounds = Int(
        5,
        min=0,
        config=True,
        help="How many times the model may call tools for one reply before it has to answer without them.",
    )
    tool_timeout = Float(
        30.0, min=0.1, config=True, help="How many seconds a tool may take before the reply goes on without its result."
    )
    web_search = Bool(
        False,
        config=True,
        help="Whether the endpoint may search the web for an answer, where it offers that. What it looks for is up to "
        "the endpoint, which has the whole request to choose from.",
    )
    image_model = Unicode(
        "",
        config=True,
        help="The model with which the assistant makes pictures when somebody asks for one, at the endpoint of the "
        "model that answers and as its images API knows it. Default: none, it makes no pictures.",
    )
    transcription_model = Union(
        [Dict(), Unicode()],  # in the order in which the command line is read
        default_value="",
        config=True,
        help="The model that writes down what people dictate, as the endpoint of base_url (or OpenAI's) knows it, such "
        "as whisper-1; for an endpoint of its own, a dictionary with model, base_url, and api_key or api_key_env. "
        "Default: none, and nobody can dictate.",
    )
    replies_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that one person gets within an hour. Default: any number.",
    )
    replies_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that one person gets within a day. Default: any number.",
    )
    tokens_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that one person's replies take in a day. Default: any number.",
    )
    tokens_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that one person's replies take in an hour. Default: any number.",
    )
    thread_replies_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that the people of one thread get there within an hour, together. Default: any number.",
    )
    thread_replies_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that the people of one thread get there within a day, together. Default: any number.",
    )
    thread_tokens_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that the replies in one thread take in an hour. Default: any number.",
    )
    thread_tokens_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that the replies in one thread take in a day. Default: any number.",
    )

    operators = List(
        Unicode(),
        config=True,
        help="Usernames of those who keep the server: they read what everybody used and what was reported. "
        "Default: nobody.",
    )
    thread_creators = List(
        Unicode(),
        config=True,
        help="Usernames of those who may start threads; copies and imports are new threads, too. Default: everybody.",
    )
    invitation_links = Bool(
        True,
        config=True,
        help="Whether people may invite each other by link. Switched off, no link is made and none opens a thread.",
    )
    people_can_be_added = Bool(
        False,
        config=True,
        help="Whether members find people by name and add them to threads without a link: anybody who has used Group "
        "Chat since this was switched on. Only where people sign in under names of their own, as on a JupyterHub; "
        "where Jupyter gives everybody a random name, names say nothing.",
    )
    guests_allowed = Bool(
        False,
        config=True,
        help="Whether people may invite guests, who follow a link and need no account at this server: a page outside "
        "JupyterLab where they read one thread and write in it. Needs invitation_links. Switched off, it shuts out "
        "those who were in, too.",
    )
    guest_days = Int(30, min=1, max=366, config=True, help="After how many days a guest's access ends at the latest.")
    guest_replies_per_day = Int(
        20,
        min=0,
        config=True,
        help="Replies that the guests of one thread get there within a day, together; with 0 guests cannot ask the "
        "assistant.",
    )
    retention_days = Int(
        None,
        allow_none=True,
        min=7,
        config=True,
        help="Days after which messages, drafts and files are deleted, at least 7. An owner may choose fewer for a "
        "thread. Default: never.",
    )
    audit_bodies = Bool(
        False,
        config=True,
        help="Whether the audit log keeps what people wrote, too: what messages said before they were edited or "
        "deleted, shared cells, what tools were given, and what the model was told. People are told that it is so.",
    )
    body_bytes = Int(32_768, min=1, config=True, help="The longest message, in bytes of UTF-8.")
    members_per_thread = Int(
        20, min=1, config=True, help="How many people a thread may have, the assistant not counted."
    )
    threads_per_person = Int(1_000, min=1, config=True, help="How many threads one person may be a member of.")
    cells_per_thread = Int(100, min=1, config=True, help="How many cells may be shared with one thread at a time.")
    files_per_thread = Int(200, min=0, config=True, help="How many files one thread may hold at a time.")
    file_bytes = Int(10 * 1024 * 1024, min=1, config=True, help="The largest file, in bytes.")
    import_bytes = Int(
        32 * 1024 * 1024,
        min=1,
        config=True,
        help="The largest file that a person may import as a new thread, in bytes. The command line imports any.",
    )
    file_types = List(
        Enum(list(WORDS)),
        default_value=list(WORDS),
        config=True,
        help="Media types that files in threads may have, out of these. What a file is, its content says. "
        "An empty list switches files off.",
    )
    frame_bytes = Int(
        4 * 1024 * 1024,
        min=1024,
        config=True,
        help="The largest command or frame that a client may send, in bytes. Twice as much closes the connection.",
    )
    commands_per_second = Float(
        50.0,
        min=0.1,
        config=True,
        help="How many commands a second one person may give on all connections; four seconds' worth can be saved up.",
    )
    subscriptions = Int(256, min=1, config=True, help="How many documents one connection may have open.")
    send_queue_bytes = Int(
        8 * 1024 * 1024,
        min=64 * 1024,
        config=True,
        help="How much may wait for one client that does not read, in bytes, before it is disconnected.",
    )

    @default("database_url")
    def _database_url_default(self) -> str:
        return f"{_SQLITE}{Path(jupyter_data_dir(), 'groupchat', 'groupchat.sqlite').absolute()}"

    @default("api_key")
    def _api_key_default(self) -> str:
        return os.environ.get("OPENAI_API_KEY", "")

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
