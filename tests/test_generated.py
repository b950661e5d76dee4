"""What is generated from the wire's models, and checked in."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scripts" / "generate_commands.py"


def test_typescript_is_what_the_models_say() -> None:
    """the TypeScript commands, events and answers are those of the Python modules."""
    ran = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
