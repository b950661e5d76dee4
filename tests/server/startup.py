"""What the extension adds to the start of a Jupyter server: ``python -m tests.server.startup`` prints time and memory.

Servers are set up with and without it, in turn, each in a process of its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import Any

ROUNDS = 15
_CODE = """
import json, sys, time
began = time.perf_counter()
from jupyter_server.serverapp import ServerApp
app = ServerApp.instance()
app.initialize(argv=["--no-browser", "--allow-root", "--port=0", "--ip=127.0.0.1"], new_httpserver=False)
seconds, cpu_seconds = time.perf_counter() - began, time.process_time()
pages = int(open("/proc/self/statm").read().split()[1])
modules = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds, "megabytes": pages * 4096 / 1e6, "modules": modules}))
"""


def measure(*, enabled: bool, alone: bool = False) -> dict[str, Any]:
    """Set a server up once: its ``seconds``, ``cpu_seconds``, resident ``megabytes``, and the ``modules`` it imported.

    With ``alone``, no other extension is loaded.
    """
    with tempfile.TemporaryDirectory() as folder:
        others = ("jupyter_lsp", "jupyter_server_terminals", "jupyterlab", "notebook", "notebook_shim") if alone else ()
        extensions = {"jupyter_groupchat": enabled, **dict.fromkeys(others, False)}
        with open(os.path.join(folder, "jupyter_server_config.json"), "w", encoding="utf-8") as file:
            json.dump({"ServerApp": {"jpserver_extensions": extensions}}, file)
        places = dict.fromkeys(("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"), folder)
        ran = subprocess.run(
            [sys.executable, "-c", _CODE], env={**os.environ, **places}, cwd=folder, capture_output=True, check=True
        )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Print the medians and what the extension adds."""
    pairs = [(measure(enabled=False), measure(enabled=True)) for _ in range(ROUNDS)]
    for what, unit, digits in (("seconds", "s", 3), ("cpu_seconds", "s of CPU", 3), ("megabytes", "MB", 1)):
        without, using = (statistics.median(pair[i][what] for pair in pairs) for i in (0, 1))
        added = statistics.median(pair[1][what] - pair[0][what] for pair in pairs)
        text = (
            f"without {without:.{digits}f} {unit}, with {using:.{digits}f} {unit}, added {added:+.{digits}f} {unit}\n"
        )
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
