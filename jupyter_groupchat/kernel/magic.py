"""``%%groupchat``: the text of a cell goes to the thread of a panel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.getipython import get_ipython
from IPython.display import Markdown

if TYPE_CHECKING:
    from jupyter_groupchat.kernel.panel import GroupChatPanel

_USAGE = "It is called as %%groupchat or %%groupchat post, with the text on the lines below."
_panel: GroupChatPanel | None = None


def register(panel: GroupChatPanel) -> None:
    """Let ``%%groupchat`` write to this panel's thread, in a kernel of IPython's."""
    global _panel
    _panel = panel
    shell = get_ipython()
    if shell is not None:
        shell.magics_manager.register_function(groupchat, "cell", "groupchat")


def groupchat(line: str, cell: str) -> Any:
    """Ask the assistant what the cell says and show its answer; with ``post``, only write it in the thread.

    The thread is that of the panel that was made last.
    """
    if line.strip() not in ("", "post") or not cell.strip():
        raise UsageError(_USAGE)
    if _panel is None:
        raise UsageError("Make a panel first: GroupChatPanel(thread=...).")
    if line.strip():
        _panel.post(cell.strip())
        return None
    return Markdown(_panel.ask(cell.strip()).body)
