"""What yjs, in Node, makes of updates that pycrdt wrote."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

_SCRIPT = Path(__file__).with_name("read.mjs")


def read(*documents: tuple[str, list[bytes]]) -> list[dict[str, Any]]:
    """For each ``("page" or "thread", updates)`` its roots as JSON, which entries hold a Text, and its state vector."""
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "make installs Node beside Python where the machine has none"
    lines = [
        json.dumps({"of": of, "updates": [base64.b64encode(update).decode() for update in updates]})
        for of, updates in documents
    ]
    ran = subprocess.run([node, _SCRIPT], input="\n".join(lines), capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
