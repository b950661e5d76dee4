"""Jupyter servers as processes of their own, in directories of their own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from benchmarks.identity import token

ROOT = Path(__file__).parents[1]
#: What the harness keeps between runs: the peer's environment, and directories of servers while they run.
CACHE = ROOT / ".bench"
_PATIENCE = 120.0


@dataclass(frozen=True)
class Server:
    """A running server. ``home`` is its only place for files; chats of the peer are in ``home / "root"``."""

    url: str
    process: psutil.Popen
    home: Path
    started_in: float  #: seconds from the start of the process to the first answer

    def rest(self, method: str, path: str, body: Any = None, user: str = "owner") -> Any:
        """One call of the REST API, as JSON."""
        request = urllib.request.Request(f"{self.url}{path}", method=method)
        request.add_header("Authorization", f"token {token(user)}")
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=_PATIENCE) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode(errors='replace')}") from error

    def memory(self) -> int:
        """Memory that would be given back if the process ended, in bytes."""
        return int(psutil.Process(self.process.pid).memory_full_info().uss)

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def log(self) -> str:
        """What the server wrote."""
        return (self.home / "server.log").read_text()


def scratch() -> Path:
    """A new directory on the disk that the project is on: a file system in memory would flatter everybody."""
    ignored = CACHE / ".gitignore"
    if not ignored.exists():
        CACHE.mkdir(exist_ok=True)
        ignored.write_text("*\n")
    return Path(tempfile.mkdtemp(prefix="run-", dir=CACHE))


@asynccontextmanager
async def serve(
    python: Path | str, extensions: Sequence[str], options: Mapping[str, object], home: Path | None = None
) -> AsyncIterator[Server]:
    """Run ``jupyter server`` with these extensions and no others; its files go with it, unless ``home`` is given."""
    place = home or scratch()
    try:
        server = await start(python, extensions, options, place)
        try:
            yield server
        finally:
            await stop(server)
    finally:
        if home is None:
            shutil.rmtree(place, ignore_errors=True)


async def start(python: Path | str, extensions: Sequence[str], options: Mapping[str, object], home: Path) -> Server:
    """Start a server and wait until it answers."""
    port = _free_port()
    root = home / "root"
    for place in (root, home / "data"):
        place.mkdir(parents=True, exist_ok=True)
    config = home / "config.json"
    unwanted = dict.fromkeys(_installed(Path(python)), False)
    wanted = {**unwanted, **dict.fromkeys(extensions, True)}
    config.write_text(json.dumps(_config(port, root, wanted, options)))
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "OPENAI"))},
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "PYTHONPATH": str(ROOT),
    }
    command = [str(python), "-m", "jupyter_server", f"--config={config}", "--no-browser"]
    started = perf_counter()
    with (home / "server.log").open("ab") as log:
        process = psutil.Popen(command, env=environment, cwd=root, stdout=log, stderr=subprocess.STDOUT)
    try:
        await _until_it_answers(port, process, started + _PATIENCE)
    except BaseException:
        process.kill()
        raise
    return Server(f"http://127.0.0.1:{port}/", process, home, perf_counter() - started)


async def stop(server: Server) -> None:
    """Stop a server; one that does not within ten seconds is killed."""
    server.process.terminate()
    try:
        await asyncio.to_thread(server.process.wait, 10)
    except psutil.TimeoutExpired:
        server.process.kill()
        await asyncio.to_thread(server.process.wait)


def _installed(python: Path) -> set[str]:
    """The server extensions that packages of an environment switch on."""
    found: set[str] = set()
    for file in (python.parents[1] / "etc/jupyter/jupyter_server_config.d").glob("*.json"):
        found |= set(json.loads(file.read_text()).get("ServerApp", {}).get("jpserver_extensions", {}))
    return found


def _config(port: int, root: Path, extensions: dict[str, bool], options: Mapping[str, object]) -> dict[str, Any]:
    config: dict[str, dict[str, Any]] = {
        "ServerApp": {
            "allow_root": True,
            "disable_check_xsrf": True,
            "identity_provider_class": "benchmarks.identity.Named",
            "ip": "127.0.0.1",
            "jpserver_extensions": extensions,
            "port": port,
            "port_retries": 0,
            "root_dir": str(root),
        }
    }
    for name, value in options.items():
        section, _, option = name.partition(".")
        config.setdefault(section, {})[option] = value
    return config


async def _until_it_answers(port: int, process: psutil.Popen, deadline: float) -> None:
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"The server ended with {process.returncode}; see its log.") from None
            if perf_counter() > deadline:
                raise
            await asyncio.sleep(0.002)
            continue
        writer.write(b"GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
