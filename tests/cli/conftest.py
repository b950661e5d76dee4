"""Commands on a chat of their own, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from traitlets.config.application import Application

from jupyter_groupchat.cli import GroupChatCommand
from tests.server.conftest import ana, ben
from tests.threads.conftest import party, service, store
from tests.transfer.conftest import full

__all__ = ["ana", "ben", "full", "party", "service", "store"]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    said: str
    complained: str


Run = Callable[..., Ran]


def _launch(arguments: tuple[str, ...]) -> int:
    if Application.initialized():
        type(Application.instance()).clear_instance()
    try:
        GroupChatCommand.launch_instance(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Jupyter keeps everything; its server's configuration names the chat's database."""
    for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    config = {"GroupChat": {"database_url": f"sqlite:///{tmp_path / 'chat.sqlite'}"}}
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(config), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def database(folder: Path) -> str:
    """The URL of that database."""
    return f"sqlite:///{folder / 'chat.sqlite'}"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as the console script does."""

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        # On a thread of its own, since the test may be on an event loop, of which there is one a thread.
        with ThreadPoolExecutor(1) as executor:
            code = executor.submit(_launch, arguments).result()
        said, complained = capsys.readouterr()
        return Ran(code, said, complained)

    return run
