"""``jupyter groupchat reports``."""

from __future__ import annotations

import asyncio
import json
import secrets

from traitlets import Bool, Unicode

from jupyter_groupchat.cli.command import Command
from jupyter_groupchat.types import Report
from jupyter_groupchat.wire.answers import report_json
from jupyter_groupchat.wire.commands import ReportClose
from jupyter_groupchat.wire.times import to_wire

#: Reports that are shown at most, from the newest on.
_MOST = 10_000


class Reports(Command):
    """Show what members reported, with what was said, by whom and why; the newest comes last.

        jupyter groupchat reports                  those that are open
        jupyter groupchat reports --all            those that were closed, too
        jupyter groupchat reports --json           a line of JSON for each
        jupyter groupchat reports --close=ID       one was looked at: what the message said is no longer kept

    Servers may run.
    """

    name = "jupyter-groupchat-reports"
    description = __doc__
    aliases = {**Command.aliases, "close": "Reports.closing"}  # noqa: RUF012
    flags = {  # noqa: RUF012
        **Command.flags,
        "all": ({"Reports": {"everything": True}}, "Show closed reports, too."),
        "json": ({"Reports": {"as_json": True}}, "Write lines of JSON."),
    }

    closing = Unicode("", config=True, help="The id of a report that was looked at.")
    everything = Bool(False, config=True, help="Show closed reports, too.")
    as_json = Bool(False, config=True, help="Write lines of JSON.")

    def run(self) -> None:  # type: ignore[override]
        """Close one, or write them out."""
        if self.closing:
            asyncio.run(self._close(self.closing))
            return
        store = self.store()
        store.open()
        try:
            with store.reading() as tx:
                found = tx.reports.list(_MOST, closed=self.everything)
                titles = {report.thread_id: tx.threads.get(report.thread_id) for report in found}
        finally:
            store.close()
        if not found and not self.as_json:
            self.say("Nothing was reported." if self.everything else "No report is open.")
        for report in reversed(found):
            thread = titles[report.thread_id]
            title = thread.title if thread else None
            if self.as_json:
                self.say(json.dumps(report_json(report, title), ensure_ascii=False))
            else:
                self._show(report, title)

    def _show(self, report: Report, title: str | None) -> None:
        where = f"“{title}”" if title else "a thread that is gone"
        self.say(f"{report.id}  {to_wire(report.at)}  {report.reported_by} reported {report.author} in {where}")
        self.say(f"    why: {_indented(report.reason)}")
        if report.closed_at is None:
            self.say(f"    what: {_indented(report.body) or '(no text)'}")
        else:
            self.say(f"    closed by {report.closed_by} {to_wire(report.closed_at)}")

    async def _close(self, id: str) -> None:
        async with self.service() as service:
            await service.execute(self.as_operator, ReportClose(id=secrets.token_urlsafe(12), report=id))
        self.say(f"{id} is closed.")


def _indented(text: str) -> str:
    return text.replace("\n", "\n        ")
