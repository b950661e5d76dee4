"""Is anything that people wrote kept longer than somebody may have meant?"""

from __future__ import annotations

from collections.abc import Iterator

from jupyter_groupchat.cli.checks.findings import Finding, note
from jupyter_groupchat.server.options import Options


def check(options: Options) -> Iterator[Finding]:
    """What the audit log keeps, and whether it ever goes."""
    if options.audit_bodies and options.retention_days is None:
        yield note(
            "The audit log keeps what people wrote, and for ever, but for threads whose owners chose a time.",
            "Set GroupChat.retention_days, if it is to go.",
        )
    elif options.audit_bodies:
        yield note(f"The audit log keeps what people wrote, for {options.retention_days} days at most.")
