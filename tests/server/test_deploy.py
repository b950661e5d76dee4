"""What ``docs/deploy`` sets up: its files fit together, and servers with its configuration share their threads."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from jupyter_groupchat.server.host import join_url
from tests.postgres import postgresql_server, postgresql_url
from tests.server.client import Person
from tests.server.process import ServerProcess

__all__ = ["postgresql_server", "postgresql_url"]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"


@pytest.fixture
def compose() -> Any:
    """The compose file."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_the_compose_file_fits_the_files_beside_it(compose: Any) -> None:
    """What is mounted is there, or made from an example; what the configuration reads is set; the proxy knows all."""
    services = compose["services"]
    servers = {name: service for name, service in services.items() if "build" in service}
    asked = set(re.findall(r'os\.environ\["(\w+)"\]', (DEPLOY / "jupyter_server_config.py").read_text()))
    assert asked == {"BASE_URL", "DATABASE_URL"}
    proxy = (DEPLOY / "Caddyfile").read_text()
    for name, service in servers.items():
        assert asked <= service["environment"].keys()
        assert f"reverse_proxy {service['environment']['BASE_URL']}* {name}:8888" in proxy
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    assert len({service["environment"]["BASE_URL"] for service in servers.values()}) == len(servers) == 2
    assert len({service["environment"]["DATABASE_URL"] for service in servers.values()}) == 1
    for service in services.values():
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            if source.startswith("./"):
                file = DEPLOY / source
                assert file.is_file() or file.with_suffix(".example.json").is_file()
            else:
                assert source in compose["volumes"]
        for other in service.get("depends_on", {}):
            assert "healthcheck" in services[other]


class Deployed(ServerProcess):
    """A server with the configuration of ``docs/deploy``, on a port of the test's own."""

    def __init__(self, folder: Path, database_url: str, base_url: str) -> None:
        people = folder / "people.json"
        people.write_text(json.dumps({self.token(name): name for name in ("Ana", "Ben")}))
        (folder / "deploy").mkdir()
        shutil.copy(DEPLOY / "jupyter_server_config.py", folder / "deploy")
        environment = {
            "BASE_URL": base_url,
            "DATABASE_URL": database_url,
            "PEOPLE": str(people),
            "JUPYTER_CONFIG_DIR": str(folder / "deploy"),
            "JUPYTER_CONFIG_PATH": str(folder / "config"),
        }
        super().__init__(folder, environment=environment)
        self._base_url = base_url
        # What is left here goes before the deployment's configuration: no more than where it listens.
        file = folder / "config" / "jupyter_server_config.json"
        config = json.loads(file.read_text())
        kept = ("allow_root", "ip", "port", "port_retries", "root_dir", "jpserver_extensions")
        file.write_text(json.dumps({"ServerApp": {name: config["ServerApp"][name] for name in kept}}))


@pytest.fixture
def servers(tmp_path: Path, postgresql_url: str) -> Iterator[list[Deployed]]:
    """The two of the compose file."""
    servers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        servers.append(Deployed(tmp_path / name, postgresql_url, f"/{name}/"))
    try:
        with ThreadPoolExecutor() as starting:
            list(starting.map(ServerProcess.start, servers))
        yield servers
    finally:
        for server in servers:
            server.kill()


@pytest.mark.anyio
@pytest.mark.postgresql
async def test_two_servers_behind_a_proxy_share_a_thread(servers: list[Deployed]) -> None:
    """Links are what people see of them: with the proxy's protocol and name, and the server's own place below."""
    ana, ben, stranger = Person(servers[0], "Ana"), Person(servers[1], "Ben"), Person(servers[1], "Eve")
    thread = await ana.new_thread()
    proxied = {**ana.headers, "X-Forwarded-Proto": "https", "Host": "chat.example.org"}
    status, made = await ana.call("POST", f"threads/{thread}/invitations", {}, headers=proxied)
    assert status == 201
    url, _, code = made["invitation"]["url"].partition("?groupchat-join=")
    assert url == "https://chat.example.org/one/lab"
    await ben.ask("POST", "invitations/accept", {"code": code})
    client = await ben.connect()
    await client.open(f"thread:{thread}")
    page = f"page:{thread}:0"
    await client.open(page)
    await ana.ask("POST", f"threads/{thread}/messages", {"body": "from the one to the other"})
    await client.until(lambda: client.page(thread).get()[-1]["body"] == "from the one to the other")
    assert (await stranger.call("GET", "me"))[0] == 403


def test_behind_jupyterhub_a_link_leads_everybody_to_their_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gets into another person's server; elsewhere a link is the server's own."""
    assert join_url("https://lab.example.org/", "abc") == "https://lab.example.org/lab?groupchat-join=abc"
    monkeypatch.setenv("JUPYTERHUB_BASE_URL", "/jupyter/")
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/jupyter/user/ana/")
    joined = join_url("https://lab.example.org/jupyter/user/ana/", "abc")
    assert joined == "https://lab.example.org/jupyter/hub/user-redirect/lab?groupchat-join=abc"
    assert join_url("https://other.example.org/", "abc") == "https://other.example.org/lab?groupchat-join=abc"
