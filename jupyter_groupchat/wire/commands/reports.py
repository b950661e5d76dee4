"""Commands about messages that the operator should look at."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from jupyter_groupchat.wire.commands.command import Command, ThreadCommand
from jupyter_groupchat.wire.fields import Identifier


class MessageReport(ThreadCommand):
    """Show a message to the people who run the server, with a reason. Nobody in the thread learns of it."""

    do: Literal["message.report"] = "message.report"
    message: Identifier
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]


class ReportClose(Command):
    """Close a report that was looked at; operators only. The copy of the message is deleted."""

    do: Literal["report.close"] = "report.close"
    report: Identifier
