"""``jupyter groupchat doctor``."""

from __future__ import annotations

from collections.abc import Iterator

from traitlets import Bool

from jupyter_groupchat.cli.checks import database, guests, installation, keeping, model, moderation
from jupyter_groupchat.cli.checks.findings import Finding, Level
from jupyter_groupchat.cli.command import FAILED, Command


class Doctor(Command):
    """Find out what is wrong with an installation, and how to mend it. Nothing is changed.

        jupyter groupchat doctor

    It reads the configuration that a server of this account would read, and the whole database. It ends with 1 when
    there is a problem.
    """

    name = "jupyter-groupchat-doctor"
    description = __doc__
    flags = {  # noqa: RUF012
        **Command.flags,
        "model": (
            {"Doctor": {"ask_model": True}},
            "Ask the language model one short question; that may cost a little.",
        ),
    }

    ask_model = Bool(False, config=True, help="Whether the language model is asked one short question.")

    def run(self) -> int | None:  # type: ignore[override]
        """Look, and tell."""
        problems = 0
        for finding in self._findings():
            problems += finding.level is Level.PROBLEM
            self.say(f"{finding.level:<8} {finding.words}")
            if finding.mend:
                self.say(f"{'':<8} -> {finding.mend}")
        if problems:
            self.say(f"\n{problems} problem{'s' * (problems != 1)} found.")
            return FAILED
        self.say("\nNo problem found.")
        return None

    def _findings(self) -> Iterator[Finding]:
        configured = self.config.get("ServerApp", {}).get("jpserver_extensions", {})
        yield from installation.check(dict(configured))
        yield from database.check(self.options.database_url)
        yield from keeping.check(self.options)
        yield from guests.check(self.options)
        yield from model.check(self.options, ask=self.ask_model)
        yield from model.check_recordings(self.options)
        yield from moderation.check(self.options, ask=self.ask_model)
