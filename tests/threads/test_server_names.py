"""Whether a server that left replies behind still runs."""

from __future__ import annotations

import subprocess
import sys

from jupyter_groupchat.threads import servers

_NAME = "from jupyter_groupchat.threads import servers; print(servers.new_id(), flush=True); input()"


def test_a_running_server_is_not_dead() -> None:
    """This process runs."""
    assert not servers.is_dead(servers.new_id())


def test_a_server_whose_process_ended_is_dead() -> None:
    """Its replies need not wait for the end of a lease."""
    with subprocess.Popen(
        [sys.executable, "-c", _NAME], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert not servers.is_dead(name)
        process.kill()
    assert servers.is_dead(name)


def test_nothing_is_said_of_servers_elsewhere() -> None:
    """A process number means nothing on another machine, and other names mean nothing at all."""
    _, _, number = servers.new_id().partition(".")
    assert not any(
        servers.is_dead(name) for name in ("", "first", f"elsewhere.{number}", ".1.x", "..", servers.new_id()[:12])
    )
