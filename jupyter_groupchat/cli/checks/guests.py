"""Do guests get in, where the operator lets them?"""

from __future__ import annotations

from collections.abc import Iterator

from jupyter_groupchat.cli.checks.findings import Finding, fine, note, problem
from jupyter_groupchat.server.guest_handlers import BUNDLE
from jupyter_groupchat.server.options import Options


def check(options: Options) -> Iterator[Finding]:
    """Nothing is found where guests are not let in."""
    if not options.guests_allowed:
        return
    if not options.invitation_links:
        yield note(
            "GroupChat.guests_allowed is on, and guests come by links, which are switched off: none gets in.",
            "Switch GroupChat.invitation_links on, or guests_allowed off.",
        )
    elif not (BUNDLE / "index.html").exists():
        yield problem(
            f"The guests' page is not built, or not whole: {BUNDLE / 'index.html'} is not there.",
            "pip install --force-reinstall --no-deps jupyter_groupchat",
        )
    else:
        yield fine(f"Guests are let in by link, for {options.guest_days} days at most.")
