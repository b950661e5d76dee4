"""The bot of docs/programs.md does what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_groupchat.kernel.client import ThreadClient, ThreadHandle
from jupyter_groupchat.types import Message, MessageKind, Mode
from tests.server.process import ServerProcess

PAGE = Path(__file__).parents[2] / "docs" / "programs.md"


@pytest.fixture
def thread(ben: ThreadClient) -> ThreadHandle:
    """Where the bot and Ben are."""
    return ben.create("Rows", mode=Mode.QUIET)


@pytest.fixture
def bot(server: ServerProcess, ana: ThreadClient, thread: ThreadHandle, tmp_path: Path) -> Iterator[None]:
    """The bot as it stands on the page, running under Ana's account beside a table."""
    ana.join(thread.invite().partition("groupchat-join=")[2])
    (tmp_path / "churn.csv").write_text("plan,rate\nteam,0.04\nbasic,0.19\n", encoding="utf-8")
    found = re.search(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    place = {"CHAT_URL": server.url, "CHAT_TOKEN": server.token("Ana"), "CHAT_THREAD": thread.id}
    running = subprocess.Popen([sys.executable, "-c", found.group(1)], cwd=tmp_path, env={**os.environ, **place})
    yield
    running.kill()
    running.wait()


def test_the_bot_counts_rows(thread: ThreadHandle, bot: None) -> None:
    """It says what it does, then answers a file that is there, and one that is not."""
    heard = filter(_of_the_bot, thread.stream(timeout=60))
    seen = list(filter(_of_the_bot, thread.messages()))
    assert "I count rows" in (seen[0] if seen else next(heard)).body
    for name, answer in (("churn.csv", "churn.csv has 2 rows."), ("../secret", "There is no secret here.")):
        asked = thread.post(f"!rows {name}")
        told = next(message for message in heard if message.reply_to == asked.id)
        assert told.body == answer


def _of_the_bot(message: Message) -> bool:
    return message.author == "ana" and message.kind is MessageKind.HUMAN
