"""Group chat with an AI member, inside Jupyter."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_groupchat.kernel.client import ThreadClient
    from jupyter_groupchat.kernel.panel import GroupChatPanel

__version__ = version("jupyter_groupchat")
__all__ = ["GroupChatPanel", "ThreadClient", "__version__"]

_LAZY = {"GroupChatPanel": "panel", "ThreadClient": "client"}


def __getattr__(name: str) -> Any:
    """Import what a notebook uses when it is used: a server that starts needs none of it."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"jupyter_groupchat.kernel.{_LAZY[name]}"), name)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-groupchat"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    from jupyter_groupchat.server.extension import GroupChat

    return [{"module": "jupyter_groupchat.server.extension", "app": GroupChat}]
