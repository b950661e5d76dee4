"""A real Jupyter server in a process of its own, for tests, fault runs and benchmarks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from tests.ports import free_port

#: An upper bound for a machine that is very busy, in seconds.
PATIENCE = 60.0
#: Extensions that have nothing to do with the chat and make a server slower to start.
_OTHERS = ("jupyter_lsp", "jupyter_server_terminals", "jupyterlab", "notebook", "notebook_shim")
#: What ``python -m jupyter_server`` does, without a check of addresses in other people's schemas: to import what it
#: checks with takes longer than all the rest of a start, and where that is not installed nobody misses it.
_START = """
import sys
sys.modules["rfc3987_syntax"] = None
from jupyter_server.serverapp import main
main()
"""


class ServerProcess:
    """A Jupyter server with the extension, everything of it in ``folder``.

    ``people`` are display names: each has the token ``token("Ana")``. ``options`` are those of ``GroupChat``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        people: Iterable[str] = ("Ana", "Ben"),
        options: Mapping[str, object] | None = None,
        config: Mapping[str, Mapping[str, object]] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.database = folder / "chat.sqlite"
        self._port = free_port()
        self._environment = environment or {}
        self._base_url = str((config or {}).get("ServerApp", {}).get("base_url", "/"))
        self._process: subprocess.Popen[bytes] | None = None
        merged: dict[str, dict[str, object]] = {
            "GroupChat": {"database_url": f"sqlite:///{self.database}", "log_level": "DEBUG", **(options or {})},
            "ServerApp": {
                "allow_root": True,
                "identity_provider_class": "jupyter_groupchat.server.demo.TokenPerPerson",
                "ip": "127.0.0.1",
                "jpserver_extensions": dict.fromkeys(_OTHERS, False),
                "log_level": "DEBUG",
                "open_browser": False,
                "port": self._port,
                "port_retries": 0,
                "root_dir": str(folder),
            },
            "TokenPerPerson": {"people": {self.token(name): name for name in people}},
        }
        for section, values in (config or {}).items():
            merged.setdefault(section, {}).update(values)
        (folder / "config").mkdir(parents=True, exist_ok=True)
        (folder / "config" / "jupyter_server_config.json").write_text(json.dumps(merged), encoding="utf-8")

    def __enter__(self) -> ServerProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @staticmethod
    def token(name: str) -> str:
        """A person's token."""
        return f"{name.lower()}-0123456789abcdef"

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    @property
    def url(self) -> str:
        """The server's address, with a slash at the end. It stays the same when it is started again."""
        return f"http://127.0.0.1:{self._port}{self._base_url}"

    @property
    def api(self) -> str:
        """Where the REST calls are, with a slash at the end."""
        return f"{self.url}groupchat/api/"

    @property
    def socket(self) -> str:
        """Where the WebSocket is."""
        return f"ws{self.api.removeprefix('http')}socket"

    def start(self) -> None:
        """Start, and wait until it listens. Raises RuntimeError, with the log's end, when it ends instead."""
        assert self._process is None or self._process.poll() is not None, "it runs already"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "OPENAI"))},
            "HOME": str(self.folder),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            **self._environment,
        }
        with self.log.open("ab") as log:
            command = [sys.executable, "-c", _START]
            self._process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        # It writes this once it has found its port free: before, somebody else may listen there.
        found = self.folder / "runtime" / f"jpserver-{self._process.pid}.json"
        deadline = time.monotonic() + PATIENCE
        while not (found.exists() and _listens(self._port)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"The server did not start:\n{self.text()[-4_000:]}")
            time.sleep(0.02)

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal and wait for the end; how long that took, in seconds."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(number)
        self._process.wait(PATIENCE)
        return time.monotonic() - began

    def kill(self) -> None:
        """``kill -9``, when it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)

    def text(self) -> str:
        """What it logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
