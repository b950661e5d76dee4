"""``jupyter groupchat``."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tornado.httpclient import AsyncHTTPClient

from jupyter_groupchat.server.extension import GroupChat
from tests.ports import free_port
from tests.server.process import PATIENCE

pytestmark = pytest.mark.anyio


def test_help_shows_every_option() -> None:
    """``jupyter groupchat --help-all`` lists the subcommands and the extension's options."""
    command = [sys.executable, "-m", "jupyter_groupchat.cli", "--help-all"]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    assert "\ndemo\n" in text
    for name in GroupChat.class_own_traits(config=True):
        assert f"--GroupChat.{name}=" in text


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The sign-in links that a running demo printed."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "tours").mkdir()
    shutil.copy(next((Path(__file__).parents[2] / "notebooks").glob("*.ipynb")), folder / "tours" / "01_tour.ipynb")
    output = folder / "output.txt"
    places = {name: str(folder) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    command = [
        sys.executable,
        "-m",
        "jupyter_groupchat.cli",
        "demo",
        "--no-browser",
        f"--port={free_port()}",
        "--root-dir=tours",
    ]
    with output.open("wb") as file:
        demo = subprocess.Popen(command, cwd=folder, env={**os.environ, **places}, stdout=file, stderr=file)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (found := dict(re.findall(r"^  (\w+) +(http://\S+)$", output.read_text(), re.MULTILINE))):
            assert demo.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.05)
        yield found
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(PATIENCE) == 0
    finally:
        demo.kill()


async def test_the_demo_gives_two_people_a_link_each(links: dict[str, str]) -> None:
    """each link opens JupyterLab as another person, on the loopback interface, and nobody gets in without one."""
    assert list(links) == ["Ana", "Ben"]
    client = AsyncHTTPClient(force_instance=True, defaults={"request_timeout": PATIENCE})
    for name, link in links.items():
        parts = urlsplit(link)
        assert parts.hostname == "127.0.0.1"
        assert parts.path.endswith("/tree/01_tour.ipynb")
        me = await client.fetch(f"http://{parts.netloc}/groupchat/api/me?{parts.query}")
        assert f'"name": "{name}"' in me.body.decode()
        page = await client.fetch(link)
        assert "<title>JupyterLab</title>" in page.body.decode()
        assert parts.query.removeprefix("token=") not in page.body.decode()
    response = await client.fetch(f"http://{parts.netloc}/api/contents", raise_error=False)
    assert response.code == 403
