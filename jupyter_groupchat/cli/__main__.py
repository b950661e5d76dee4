"""``python -m jupyter_groupchat.cli`` is ``jupyter groupchat``."""

from __future__ import annotations

from jupyter_groupchat.cli import main

main()
