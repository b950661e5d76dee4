"""What yjs, in Node, makes of updates that pycrdt wrote, and what it writes itself."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def read(*documents: tuple[str, list[bytes]]) -> list[dict[str, Any]]:
    """For each ``("page" or "thread", updates)`` its roots as JSON, which entries hold a Text, and its state vector."""
    lines = [
        json.dumps({"of": of, "updates": [base64.b64encode(update).decode() for update in updates]})
        for of, updates in documents
    ]
    return _run("read.mjs", lines)


def write(edits: list[list[list[Any]]], *, together: bool) -> tuple[list[bytes], str]:
    """The updates that yjs makes of edits of a draft, and the text that they lead to.

    Each list of ``[position, letters deleted, text inserted]`` is one person's, who knows nothing of the others; their
    edits are one update where they are ``together``.
    """
    (drafted,) = _run("write.mjs", [json.dumps({"edits": edits, "together": together})])
    return [base64.b64decode(update) for update in drafted["updates"]], drafted["text"]


def texts(drafts: list[list[bytes]]) -> list[str]:
    """The text of each draft, from its updates."""
    lines = [json.dumps([base64.b64encode(update).decode() for update in updates]) for updates in drafts]
    return _run("text.mjs", lines)


def _run(script: str, lines: list[str]) -> list[Any]:
    node = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
    assert node, "make installs Node beside Python where the machine has none"
    ran = subprocess.run([node, _FOLDER / script], input="\n".join(lines), capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
