"""What is wrong with an installation, and how to mend it."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from jupyter_groupchat import __version__
from jupyter_groupchat.cli.checks import database as database_check
from jupyter_groupchat.cli.checks import guests, installation
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.storage.versions import HEAD
from tests.browser.model_endpoint import ModelEndpoint
from tests.cli.conftest import Run
from tests.postgres import postgresql_server, postgresql_url
from tests.storage.raw import execute
from tests.storage.things import NOON

__all__ = ["postgresql_server", "postgresql_url"]


@pytest.fixture(autouse=True)
def labextension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where JupyterLab looks for extensions, with ours in it, whether or not this checkout was built."""
    folder = tmp_path / "labextensions" / "jupyter-groupchat"
    (folder / "static").mkdir(parents=True)
    (folder / "static" / "remoteEntry.js").touch()
    package = {"version": __version__, "jupyterlab": {"_build": {"load": "static/remoteEntry.js"}}}
    (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
    monkeypatch.setattr(installation, "jupyter_path", lambda name: [str(tmp_path / name)])
    return folder


def test_a_sound_installation_has_no_problem(run: Run, store: Store, folder: Path) -> None:
    """It says what it looked at, and ends with 0."""
    ran = run("doctor")
    assert (ran.code, ran.complained) == (0, "")
    assert f"fine     jupyter_groupchat {__version__} on Python " in ran.said
    assert "fine     All packages that are needed are there, in versions that fit.\n" in ran.said
    assert "fine     The server extension is enabled.\n" in ran.said
    assert "fine     The JupyterLab extension is in " in ran.said
    assert "fine     Nobody but this account may open the database.\n" in ran.said
    assert "fine     The database is in order: 0 threads, 0 messages, " in ran.said
    assert "fine     The audit log is as it was written.\n" in ran.said
    assert "note     No language model is set up; the notebook reader answers.\n" in ran.said
    assert ran.said.endswith("\nNo problem found.\n")


def test_before_the_first_use_there_is_no_chat(run: Run, folder: Path) -> None:
    """That is no problem, and looking does not change it."""
    ran = run("doctor")
    assert ran.code == 0
    assert f"note     There is no chat yet; the first use makes it: {folder / 'chat.sqlite'}.\n" in ran.said
    assert not (folder / "chat.sqlite").exists()


def found(run: Run, *arguments: str) -> list[str]:
    """The problems, each with what mends it."""
    ran = run("doctor", *arguments)
    lines = ran.said.splitlines()
    problems = [
        line.removeprefix("problem  ") + after.removeprefix("        ")
        for line, after in itertools.pairwise(lines)
        if line.startswith("problem")
    ]
    assert ran.code == (1 if problems else 0)
    return problems


def test_whether_guests_get_in_is_told(run: Run, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they are let in at all: that links are switched off, or that their page is not whole."""
    monkeypatch.setattr(guests, "BUNDLE", folder / "guest")
    options = {"database_url": str(store.url), "guests_allowed": True}
    file = folder / "jupyter_server_config.json"
    file.write_text(json.dumps({"GroupChat": options}))
    assert "The guests' page is not built, or not whole" in found(run)[0]
    (folder / "guest").mkdir()
    (folder / "guest" / "index.html").touch()
    assert "fine     Guests are let in by link, for 30 days at most.\n" in run("doctor").said
    file.write_text(json.dumps({"GroupChat": {**options, "invitation_links": False}}))
    assert "note     GroupChat.guests_allowed is on" in run("doctor").said


def test_an_extension_that_is_not_loaded_is_found(run: Run, store: Store, folder: Path, labextension: Path) -> None:
    """In the server or in JupyterLab; missing, disabled, of another version, or not whole."""
    config = json.loads((folder / "jupyter_server_config.json").read_text())
    config["ServerApp"] = {"jpserver_extensions": {"jupyter_groupchat": False}}
    (folder / "jupyter_server_config.json").write_text(json.dumps(config))
    assert found(run) == [
        "The server extension is not enabled, so Jupyter servers do not load it. "
        "-> jupyter server extension enable jupyter_groupchat"
    ]
    config["ServerApp"]["jpserver_extensions"]["jupyter_groupchat"] = True
    (folder / "jupyter_server_config.json").write_text(json.dumps(config))

    (folder / "labconfig").mkdir()
    off = {"disabledExtensions": {"jupyter-groupchat:panel": True, "jupyter-groupchat": False, "other": True}}
    (folder / "labconfig" / "page_config.json").write_text(json.dumps(off))
    assert found(run) == [
        "JupyterLab is told to leave jupyter-groupchat:panel out. "
        "-> jupyter labextension enable jupyter-groupchat:panel"
    ]
    (folder / "labconfig" / "page_config.json").write_text("not JSON")

    (labextension / "static" / "remoteEntry.js").unlink()
    assert "is not built, or not whole. -> pip install" in found(run)[0]
    (labextension / "package.json").write_text('{"version": "0.0.1"}')
    assert "is of version 0.0.1. -> pip install" in found(run)[0]
    (labextension / "package.json").unlink()
    assert "The JupyterLab extension is not where JupyterLab looks for it. -> pip install" in found(run)[0]


def test_a_package_that_does_not_fit_is_found(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older one, and one that is missing; what belongs to an extra is not needed."""
    needed = ["pydantic>=99", "no-such-package-at-all", "neither-this; extra == 'test'"]
    monkeypatch.setattr(installation, "requires", lambda name: needed)
    older, missing = found(run)
    assert older.startswith("pydantic 2.")
    assert older.endswith(" is installed, and pydantic>=99 is needed. -> pip install 'pydantic>=99'")
    assert missing.startswith("no-such-package-at-all is not installed")


def test_a_database_that_others_can_open_is_found(run: Run, store: Store, folder: Path) -> None:
    """With the command that closes it."""
    chat = folder / "chat.sqlite"
    chat.chmod(0o644)
    folder.chmod(0o777)
    assert found(run) == [
        f"Other accounts on this machine may open {chat}. -> chmod 600 {chat}",
        f"Other accounts may replace files in {folder}. -> chmod go-w {folder}",
    ]


def test_a_damaged_database_is_found(run: Run, store: Store, folder: Path) -> None:
    """Something else, a page that was overwritten, and an audit log that was changed."""
    with store.writing() as tx:
        tx.audit.append(None, "ana", "test", {}, NOON)
    execute(store, "UPDATE audit SET actor = 'eve'")
    assert found(run)[0].startswith("Line 1 of the audit log is not as it was written, or is missing. -> ")
    store.close()
    chat = folder / "chat.sqlite"
    with chat.open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 4096)
    assert found(run)[0].endswith("-> Restore a backup: jupyter groupchat restore FILE")
    chat.write_bytes(b"no database at all" * 100)
    assert found(run)[0].endswith("-> Restore a backup: jupyter groupchat restore FILE")


def test_another_schema_is_found(run: Run, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer one cannot be used; an older one is brought up to date by the next server."""
    store.close()
    with closing(sqlite3.connect(folder / "chat.sqlite")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    (problem,) = found(run)
    assert "was written by a newer version" in problem
    assert problem.endswith("-> pip install --upgrade jupyter_groupchat")
    monkeypatch.setattr("jupyter_groupchat.storage.versions.REVISIONS", ("9999", HEAD))
    ran = run("doctor")
    assert ran.code == 0
    assert f"note     The database has schema 9999; the next start of a server makes it {HEAD}.\n" in ran.said


def test_a_bad_place_is_found(run: Run, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full, and one that is shared over a network."""
    kind = database_check._file_system(folder)
    monkeypatch.setattr(database_check, "_NETWORK", {kind})
    monkeypatch.setattr(database_check, "_LITTLE", 10**18)
    network, disk = found(run)
    assert network.startswith(f"The database is on a network file system ({kind})")
    assert disk.endswith(" MB left. -> Free some space, then: jupyter groupchat compact")
    monkeypatch.setattr(database_check, "_NETWORK", frozenset())
    monkeypatch.setattr(database_check, "_LITTLE", 0)
    monkeypatch.setattr(database_check, "_SOME", 10**18)
    assert "note     The disk has " in run("doctor").said


@pytest.mark.postgresql
def test_a_database_on_postgresql_is_looked_at(run: Run, postgresql_url: str) -> None:
    """While it is empty, when it is in use, and when it is not there."""
    option = f"--GroupChat.database_url={postgresql_url}"
    assert "note     The database can be reached and is empty" in run("doctor", option).said
    store = Store(postgresql_url)
    store.open()
    store.close()
    assert "fine     The database can be reached and holds 0 threads.\n" in run("doctor", option).said
    (problem,) = found(run, "--GroupChat.database_url=postgresql://nobody:secret@127.0.0.1:1/nothing")
    assert problem.startswith("The chat's database is not available.")
    assert "secret" not in problem
    assert problem.endswith("its host, its user and its password.")


class Endpoint(BaseHTTPRequestHandler):
    """A language model that says one thing."""

    says = "Yes."

    def do_POST(self) -> None:
        piece = {"choices": [{"index": 0, "delta": {"content": self.says}, "finish_reason": "stop"}]}
        body = (
            f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', **piece})}\n\ndata: [DONE]\n\n".encode()
        )
        self.send_response(200 if self.path == "/v1/chat/completions" else 404)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not to standard error."""


@contextmanager
def endpoint() -> Iterator[str]:
    """The base URL of one that runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_a_model_is_asked_only_when_told_to(run: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """And then it answers, or not: it is not there, refuses, or says nothing. The key is never shown."""
    nowhere = ("--GroupChat.base_url=http://127.0.0.1:1/v1", "--GroupChat.model=tiny", "--GroupChat.api_key=sk-secret")
    ran = run("doctor", *nowhere)
    assert ran.code == 0
    assert "fine     The model is tiny at http://127.0.0.1:1/v1. Whether it answers, --model finds out.\n" in ran.said
    (problem,) = found(run, "--model", *nowhere)
    assert problem.startswith("The model tiny at http://127.0.0.1:1/v1 does not answer. ")
    assert "-> See that GroupChat.base_url is right" in problem
    assert "sk-secret" not in problem
    assert found(run, "--GroupChat.base_url=localhost")[0].startswith("GroupChat.base_url is no address.")
    with endpoint() as url:
        ran = run("doctor", "--model", f"--GroupChat.base_url={url}", "--GroupChat.model=tiny")
        assert ran.code == 0
        assert f"fine     The model tiny at {url} answers.\n" in ran.said
        (problem,) = found(run, "--model", f"--GroupChat.base_url={url}/wrong")
        assert problem.endswith("-> Check GroupChat.api_key (or OPENAI_API_KEY) and GroupChat.model.")
        monkeypatch.setattr(Endpoint, "says", "")
        assert "-> Choose another GroupChat.model" in found(run, "--model", f"--GroupChat.base_url={url}")[0]


def test_several_models_are_looked_at_one_by_one(run: Run, store: Store, folder: Path) -> None:
    """Each with its address; an entry that is wrong is found before a server starts with it."""
    config = json.loads((folder / "jupyter_server_config.json").read_text())
    quick = {"name": "Quick", "model": "tiny", "base_url": "http://127.0.0.1:1/v1"}
    config.setdefault("GroupChat", {})["models"] = [quick, {**quick, "name": "Careful", "model": "big"}]
    (folder / "jupyter_server_config.json").write_text(json.dumps(config))
    said = run("doctor").said
    for model in ("tiny", "big"):
        assert f"fine     The model is {model} at http://127.0.0.1:1/v1. " in said
    config["GroupChat"]["models"] = [{**quick, "strength": "medium"}]
    (folder / "jupyter_server_config.json").write_text(json.dumps(config))
    assert found(run)[0].startswith("GroupChat.models: entry 1 (“Quick”) has a strength that is neither")


def test_what_the_audit_log_keeps_is_told(run: Run, store: Store) -> None:
    """And for how long; where it keeps nothing, nothing."""
    keeps = "The audit log keeps what people wrote, "
    assert keeps not in run("doctor").said
    on = "--GroupChat.audit_bodies=True"
    assert f"note     {keeps}and for ever, but for threads whose owners chose a time.\n" in run("doctor", on).said
    ran = run("doctor", on, "--GroupChat.retention_days=30")
    assert (ran.code, f"note     {keeps}for 30 days at most.\n" in ran.said) == (0, True)


def test_whether_shielded_accounts_hear_anything_is_found(run: Run, store: Store) -> None:
    """Nothing checks, nothing can be checked, the endpoint does not check, or all is well."""
    shielded = "--GroupChat.shielded_accounts=mila"
    assert "note     There are shielded accounts, and nothing checks" in run("doctor", shielded).said
    checked = (shielded, "--GroupChat.moderation_model=moderation-1")
    assert found(run, *checked)[0].startswith("The notebook reader cannot be checked, so shielded accounts see none")
    with endpoint() as url:
        asked = ("--model", f"--GroupChat.base_url={url}", "--GroupChat.model=tiny", *checked)
        (problem,) = found(run, *asked)
        assert problem.startswith("What tiny says cannot be checked with moderation-1, so shielded accounts")
    with ModelEndpoint().running() as checking:
        asked = ("--model", f"--GroupChat.base_url={checking.base_url}", "--GroupChat.model=tiny", *checked)
        assert "fine     What tiny says can be checked with moderation-1.\n" in run("doctor", *asked).said
    assert checking.checked == ["Hello."]


def test_without_a_model_it_says_who_answers(run: Run, store: Store) -> None:
    """Nobody, where the reader is switched off, or the assistant altogether."""
    said = run("doctor", "--GroupChat.notebook_reader=False").said
    assert "note     There is neither a language model nor the notebook reader, so nobody answers.\n" in said
    said = run("doctor", "--GroupChat.assistant_enabled=False").said
    assert "note     The assistant is switched off (GroupChat.assistant_enabled).\n" in said


def test_what_writes_recordings_down_is_told(run: Run, store: Store, folder: Path) -> None:
    """Where it has an endpoint; an address with a key in it is told without."""
    assert "has no endpoint, so nobody can dictate" in run("doctor", "--GroupChat.transcription_model=whisper-1").said
    config = json.loads((folder / "jupyter_server_config.json").read_text())
    own = {"model": "whisper", "base_url": "http://me:secret@10.0.0.6:8000/v1"}
    config.setdefault("GroupChat", {})["transcription_model"] = own
    (folder / "jupyter_server_config.json").write_text(json.dumps(config))
    said = run("doctor").said
    assert "fine     Recordings are written down by whisper at http://10.0.0.6:8000/v1.\n" in said
    assert "secret" not in said
    own["base_url"] = "here"
    (folder / "jupyter_server_config.json").write_text(json.dumps(config))
    assert found(run)[0].startswith("GroupChat.transcription_model has a base_url that is no address")
