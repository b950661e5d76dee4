"""``jupyter groupchat usage``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from traitlets import Bool, Unicode

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.reply_types import UsageLine
from jupyter_groupchat.wire.times import from_wire, to_wire

_DAYS = timedelta(days=30)


class Usage(Command):
    """Show what everybody used of the language model, by person, thread and model; its endpoint counted the tokens.

        jupyter groupchat usage                                       the last 30 days
        jupyter groupchat usage --since=2026-11-01 --until=2026-12-01 November, in UTC
        jupyter groupchat usage --json                                a line of JSON for each

    Under the username `assistant` is what it took to decide whether to speak: it counts for nobody. Servers may run.
    """

    name = "jupyter-groupchat-usage"
    description = __doc__
    aliases = {**Command.aliases, "since": "Usage.since", "until": "Usage.until"}  # noqa: RUF012
    flags = {**Command.flags, "json": ({"Usage": {"as_json": True}}, "Write lines of JSON.")}  # noqa: RUF012

    since = Unicode("", config=True, help="A date or a time, in UTC unless it says otherwise. Default: 30 days before.")
    until = Unicode("", config=True, help="The first date or time that no longer counts. Default: now.")
    as_json = Bool(False, config=True, help="Write lines of JSON.")

    def run(self) -> None:  # type: ignore[override]
        """Read the sums and write them out."""
        until = self._time(self.until) if self.until else datetime.now(UTC)
        since = self._time(self.since) if self.since else until - _DAYS
        if since >= until:
            self.misused("The time that --since names is not before --until.")
        store = self.store()
        store.open()
        try:
            with store.reading() as tx:
                lines = tx.usage.report(since, until)
        finally:
            store.close()
        if self.as_json:
            for line in lines:
                self.say(json.dumps(asdict(line), ensure_ascii=False))
            return
        self.say(f"From {to_wire(since)} until {to_wire(until)}:")
        for text in _table(lines):
            self.say(text)

    def _time(self, text: str) -> datetime:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self.misused(f"This is no date or time, such as 2026-11-01 or 2026-11-01T09:30Z: {text!r}")
        return from_wire(text) if at.tzinfo else at.replace(tzinfo=UTC)


def _table(lines: Sequence[UsageLine]) -> list[str]:
    """Aligned columns, numbers to the right, with the sums at the end."""
    rows = [("PERSON", "THREAD", "MODEL", "REPLIES", "TOKENS IN", "TOKENS OUT")]
    for line in lines:
        rows.append((_plain(line.username), line.thread_id, _plain(line.model), *_numbers([line])))
    rows.append(("all", "", "", *_numbers(lines)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_cells(row, widths)).rstrip() for row in rows]


def _numbers(lines: Sequence[UsageLine]) -> tuple[str, str, str]:
    return (
        f"{sum(line.replies for line in lines):,}",
        f"{sum(line.prompt_tokens for line in lines):,}",
        f"{sum(line.completion_tokens for line in lines):,}",
    )


def _cells(row: tuple[str, ...], widths: list[int]) -> list[str]:
    texts, numbers = zip(row[:3], widths[:3], strict=True), zip(row[3:], widths[3:], strict=True)
    return [*(text.ljust(width) for text, width in texts), *(text.rjust(width) for text, width in numbers)]


def _plain(text: str) -> str:
    """Without what would move the terminal's cursor."""
    return "".join(character if character.isprintable() else "?" for character in text)
