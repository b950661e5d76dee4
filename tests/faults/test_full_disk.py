"""A disk that is full while people write, and then is not."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.durability.rounds import every_message
from tests.server.client import Client, Person, Refused
from tests.server.process import ServerProcess

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.usefixtures("anyio_backend"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has both kinds of small disks"),
]

#: Bytes that a disk has left before it is full, and those that it gets then.
LITTLE, MUCH = 1_000_000, 50_000_000


class SmallDisk:
    """A file system of its own, in memory, whose size the test sets."""

    says = "The disk under the chat's database is full. Nothing was changed; try again."

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MUCH}", "tmpfs", folder], check=True, capture_output=True)

    def leave(self, room: int, server: ServerProcess) -> None:
        """Have so many bytes left."""
        size = shutil.disk_usage(self.folder).used + room
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], check=True)

    def remove(self) -> None:
        """Give it back."""
        subprocess.run(["umount", self.folder], check=True)


class SmallFiles:
    """A disk for those who may not mount one: the server's files may grow so far and no further."""

    says = "The disk under the chat's database fails. Nothing was changed; try again."

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def leave(self, room: int, server: ServerProcess) -> None:
        """Have so many bytes left."""
        largest = max(path.stat().st_size for path in self.folder.iterdir())
        _, most = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (largest + room, most))

    def remove(self) -> None:
        """Nothing is left."""


@pytest.fixture(params=[SmallDisk, SmallFiles])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk | SmallFiles]:
    """A disk with plenty of room."""
    try:
        disk = request.param(tmp_path / "disk")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("file systems can be mounted by root only")
    yield disk
    with suppress(subprocess.CalledProcessError):
        disk.remove()


async def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path, disk: SmallDisk | SmallFiles) -> None:
    """Who writes is told why it failed; reading goes on, and writing as soon as there is room."""
    options = {
        "database_url": f"sqlite:///{disk.folder / 'chat.sqlite'}",
        "assistant_enabled": False,
        "commands_per_second": 100_000.0,
    }
    with ServerProcess(tmp_path, options=options) as server:
        ana, ben = Person(server, "Ana"), Person(server, "Ben")
        thread = await ana.new_thread()
        await ana.invite(thread, ben)
        client, watcher = await _looking(ana, thread), await _looking(ben, thread)
        acknowledged: dict[str, str] = {}
        for time in ("first", "second"):
            disk.leave(LITTLE, server)
            refused = await _fill(client, thread, acknowledged)
            assert (refused.code, refused.message) == ("storage_unavailable", disk.says)
            await _compare(ana, watcher, thread, acknowledged)
            disk.leave(MUCH, server)
            acknowledged[time] = "there is room again"
            await client.post(thread, acknowledged[time], id=time)
            await _compare(ben, watcher, thread, acknowledged)
        server.stop()
        server.start()
        await _compare(ana, await _looking(ben, thread), thread, acknowledged)


async def _looking(person: Person, thread: str) -> Client:
    client = await person.connect()
    await client.open(f"thread:{thread}")
    await client.open(f"page:{thread}:0")
    return client


async def _fill(client: Client, thread: str, acknowledged: dict[str, str]) -> Refused:
    """Write until it is refused; the refusal."""
    while True:
        id, body = f"m{len(acknowledged)}", f"{len(acknowledged)} " + "naïve → 🤔 " * 1_000
        try:
            await client.post(thread, body, id=id)
        except Refused as refused:
            return refused
        acknowledged[id] = body


async def _compare(reader: Person, watcher: Client, thread: str, acknowledged: dict[str, str]) -> None:
    """What was acknowledged, and nothing else, by REST and in a replica."""
    listed = [message for message in await every_message(reader, thread) if message["kind"] == "human"]
    assert {message["id"]: message["body"] for message in listed} == acknowledged
    shown = await watcher.until(lambda: _shown(watcher, thread, len(acknowledged)))
    assert shown == acknowledged


def _shown(watcher: Client, thread: str, count: int) -> dict[str, str]:
    """The page's messages by id, once there are as many."""
    messages = [message for message in watcher.page(thread).get() if message["kind"] == "human"]
    return {message["id"]: message["body"] for message in messages} if len(messages) >= count else {}
