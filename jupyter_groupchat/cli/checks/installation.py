"""Are the versions right, and do Jupyter Server and JupyterLab load what belongs to them?"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path, jupyter_path
from packaging.requirements import Requirement

from jupyter_groupchat import __version__
from jupyter_groupchat.cli.checks.findings import Finding, fine, note, problem
from jupyter_groupchat.server.installation import is_enabled

#: What JupyterLab calls the browser's half.
_LABEXTENSION = "jupyter-groupchat"


def check(configured: dict[str, bool]) -> Iterator[Finding]:
    """``configured`` is ``ServerApp.jpserver_extensions`` as far as the configuration sets it."""
    yield from _versions()
    yield from _server(configured)
    yield from _labextension()


def _versions() -> Iterator[Finding]:
    yield fine(f"jupyter_groupchat {__version__} on Python {platform.python_version()}.")
    wrong = False
    for text in requires("jupyter_groupchat") or ():
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        found = _installed(requirement.name)
        if found is None or not requirement.specifier.contains(found, prereleases=True):
            wrong = True
            have = f"{requirement.name} {found} is installed" if found else f"{requirement.name} is not installed"
            needed = f"{requirement.name}{requirement.specifier}"
            yield problem(f"{have}, and {needed} is needed.", f"pip install '{needed}'")
    if not wrong:
        yield fine("All packages that are needed are there, in versions that fit.")
    if _installed("jupyterlab") is None and _installed("notebook") is None:
        yield note(
            "Neither JupyterLab nor Notebook is installed here, so there is nothing to show the panel in.",
            "pip install 'jupyter_groupchat[lab]'",
        )


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _server(configured: dict[str, bool]) -> Iterator[Finding]:
    if configured.get("jupyter_groupchat", is_enabled()):
        yield fine("The server extension is enabled.")
    else:
        yield problem(
            "The server extension is not enabled, so Jupyter servers do not load it.",
            "jupyter server extension enable jupyter_groupchat",
        )


def _labextension() -> Iterator[Finding]:
    folders = [Path(path, _LABEXTENSION) for path in jupyter_path("labextensions")]
    folder = next((folder for folder in folders if (folder / "package.json").exists()), None)
    again = "pip install --force-reinstall --no-deps jupyter_groupchat"
    if folder is None:
        yield problem("The JupyterLab extension is not where JupyterLab looks for it.", again)
        return
    package = _json(folder / "package.json")
    has, bundle = package.get("version"), package.get("jupyterlab", {}).get("_build", {}).get("load")
    if has != __version__:
        yield problem(f"The JupyterLab extension in {folder} is of version {has}.", again)
    elif not bundle or not (folder / bundle).exists():
        yield problem(f"The JupyterLab extension in {folder} is not built, or not whole.", again)
    else:
        yield fine(f"The JupyterLab extension is in {folder}.")
    for path in jupyter_config_path():
        disabled = _json(Path(path, "labconfig", "page_config.json")).get("disabledExtensions", {})
        names = disabled if isinstance(disabled, list) else [name for name, off in disabled.items() if off]
        for name in names:
            if name == _LABEXTENSION or name.startswith(f"{_LABEXTENSION}:"):
                yield problem(f"JupyterLab is told to leave {name} out.", f"jupyter labextension enable {name}")


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
