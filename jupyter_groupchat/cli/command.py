"""What the subcommands have in common: the server's configuration, errors in a line, and exit codes."""

from __future__ import annotations

import getpass
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, ClassVar, NoReturn

from jupyter_core.application import JupyterApp
from traitlets import Unicode
from traitlets.config.application import Application
from traitlets.config.loader import ConfigFileNotFound, KVArgParseConfigLoader

from jupyter_groupchat.errors import GroupChatError, StorageUnavailable
from jupyter_groupchat.server.extension import GroupChat
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.server.log import Notes
from jupyter_groupchat.server.options import Options
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.versions import check_sqlite
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_OPERATOR, Actor

#: Exit codes: it could not be done, or was not found in order; and it was not understood.
FAILED, MISUSED = 1, 2


class _Strict(KVArgParseConfigLoader):
    """An option that is misspelt is an error: without it, the command would do something else than was meant."""

    def _handle_unrecognized_alias(self, arg: str) -> None:
        self.parser.error(f"There is no option --{arg}.")


class Command(JupyterApp):
    """A subcommand. It reads the options of ``GroupChat`` where a server reads them."""

    #: What follows the subcommand's name, such as ``THREAD [FILE]``.
    arguments: ClassVar[str] = ""
    classes = [GroupChat]  # noqa: RUF012
    aliases = {"config": "JupyterApp.config_file"}  # noqa: RUF012
    flags = {"debug": ({"Application": {"log_level": logging.DEBUG}}, "Log everything.")}  # noqa: RUF012
    config_file_name = Unicode("jupyter_groupchat_config")

    def run(self, *arguments: str) -> int | None:
        """Do it. The exit code; none is success. Raises GroupChatError."""
        raise NotImplementedError

    def start(self) -> None:
        """Check what was given, and do it."""
        super().start()
        needed = [word for word in self.arguments.split() if not word.startswith("[")]
        if not len(needed) <= len(self.extra_args) <= len(self.arguments.split()):
            self.misused(f"It is called as: jupyter groupchat {self.word} {self.arguments}".rstrip())
        try:
            code = self.run(*self.extra_args)
        except GroupChatError as error:
            self.complain(error.message)
            code = FAILED
        except BrokenPipeError:
            # Who reads what is written here, such as head, has had enough.
            sys.stderr.close()
            code = FAILED
        if code:
            self.exit(code)

    @property
    def word(self) -> str:
        """The subcommand's name as it is typed."""
        return self.name.removeprefix("jupyter-groupchat-")

    @property
    def options(self) -> Options:
        """The server's options."""
        return GroupChat(parent=self).options()

    @property
    def operator(self) -> str:
        """Who does this, for the audit: the account on this machine."""
        return getpass.getuser()

    @property
    def as_operator(self) -> Actor:
        """The same, as who gives a command."""
        return Actor(username=self.operator, name=THE_OPERATOR.name, via=THE_OPERATOR.via)

    def store(self) -> Store:
        """The chat's database, which must be there; not open yet. Raises StorageUnavailable."""
        store = Store(self.options.database_url)
        if store.path is not None and check_sqlite(store.path) is None:
            raise StorageUnavailable(
                f"There is no chat at {store.path} yet. If it is elsewhere, say so with --GroupChat.database_url."
            )
        return store

    @asynccontextmanager
    async def service(self) -> AsyncIterator[ThreadService]:
        """A chat beside the servers that may run, which hear of what is done in it. It has no assistant."""
        # Whoever sits here may do what people may not: bring a thread in for anybody.
        options = replace(self.options, thread_creators=[])
        host = await Host.start(options, Notes(self.log), answering=False)
        try:
            yield host.service
        finally:
            await host.stop()

    def say(self, text: str) -> None:
        """Something for whoever called it, a line or more."""
        sys.stdout.write(f"{_plain(text)}\n")

    def complain(self, text: str) -> None:
        """What went wrong."""
        sys.stderr.write(f"{_plain(text)}\n")

    def misused(self, text: str) -> NoReturn:
        """End: what was given makes no sense."""
        self.complain(text)
        self.complain(f"See jupyter groupchat {self.word} --help.")
        self.exit(MISUSED)
        raise AssertionError("unreachable")

    def load_config_file(self, suppress_errors: bool = True) -> None:  # type: ignore[override]  # as in JupyterApp
        """Read what servers read: their own configuration first, then this extension's."""
        try:
            Application.load_config_file(self, "jupyter_server_config", path=self.config_file_paths)
        except ConfigFileNotFound:
            self.log.debug("There is no jupyter_server_config.")
        super().load_config_file(suppress_errors)

    def _create_loader(self, argv: Any, aliases: Any, flags: Any, classes: Any) -> KVArgParseConfigLoader:
        return _Strict(argv, aliases, flags, classes=classes, log=self.log)

    def _log_level_default(self) -> int:
        return logging.WARNING


def _plain(text: str) -> str:
    """Without what would move a terminal's cursor: titles and names are other people's."""
    return "".join(character if character.isprintable() or character == "\n" else "?" for character in text)
