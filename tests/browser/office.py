"""The demo in a folder of its own, as a newcomer starts it, with a model that tests write for."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.model_endpoint import PATIENCE, ModelEndpoint
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
#: Nothing of a desktop that talks to the internet, or that covers what is being looked at.
QUIET = {"@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"}}


@dataclass(frozen=True)
class Office:
    """A running demo: ``links`` sign each person in, ``folder`` is what JupyterLab shows."""

    links: Mapping[str, str]
    folder: Path
    log: Path
    model: ModelEndpoint

    @property
    def database(self) -> Path:
        """The chat's."""
        return self.log.parent / "data" / "groupchat" / "demo.sqlite"

    @property
    def url(self) -> str:
        """The server's, with a slash at the end."""
        return next(iter(self.links.values())).partition("lab/")[0]

    def token(self, name: str) -> str:
        """What says who a person is."""
        return self.links[name].partition("token=")[2]


@contextmanager
def office(folder: Path, *options: str, asks_model: bool = True, disabled: Sequence[str] = ()) -> Iterator[Office]:
    """Start the demo in ``folder`` and wait until it says that it runs. ``options`` are those of the demo.

    Without ``asks_model`` the assistant is what a newcomer meets: the notebook reader. ``disabled`` are extensions of
    JupyterLab that its operator switched off.
    """
    notebooks = folder / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    overrides = folder / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(json.dumps(QUIET), encoding="utf-8")
    switched_off = {"disabledExtensions": dict.fromkeys(disabled, True)}
    (overrides.parent / "page_config.json").write_text(json.dumps(switched_off), encoding="utf-8")
    log = folder / "demo.log"
    with ModelEndpoint().running() as model, log.open("wb") as errors:
        command = [
            *[sys.executable, "-m", "jupyter_groupchat.cli", "demo", "--no-browser"],
            *[f"--port={free_port()}", f"--root-dir={notebooks}"],
            *([f"--GroupChat.base_url={model.base_url}", "--GroupChat.model=loopback"] if asks_model else []),
            *["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"],
            *options,
        ]
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(folder), stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            yield Office(_links(process, log), notebooks, log, model)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _links(process: subprocess.Popen[str], log: Path) -> dict[str, str]:
    """What the demo printed for each person."""
    links: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.match(r"  (\S.*?) +(http://.*)$", line):
            links[found.group(1)] = found.group(2)
        if "Stop it with" in line:
            return links
    raise RuntimeError(f"the demo did not start:\n{log.read_text(encoding='utf-8')[-4_000:]}")


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "OPENAI", "IPYTHON"))}
    return {
        **kept,
        "HOME": str(folder),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
