"""Whether Jupyter servers load the extension."""

from __future__ import annotations

from jupyter_core.paths import jupyter_config_path
from jupyter_server.extension.config import ExtensionConfigManager


def is_enabled() -> bool:
    """Whether a file in one of Jupyter's configuration folders enables it, as installing it does."""
    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    return bool(manager.enabled("jupyter_groupchat"))
