"""Group chat with an AI member, inside Jupyter."""

from importlib.metadata import version

__version__ = version("jupyter_groupchat")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-groupchat"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    from jupyter_groupchat.server.extension import GroupChat

    return [{"module": "jupyter_groupchat.server.extension", "app": GroupChat}]
