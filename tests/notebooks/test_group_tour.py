"""The second tour runs: without a thread up to where it says what to press, and with one to its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast
from urllib.request import Request, urlopen

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.notebooks.test_tours import NOTEBOOKS, outputs, read
from tests.server.process import PATIENCE, ServerProcess

pytestmark = pytest.mark.notebooks

TOUR = NOTEBOOKS / "02_group.ipynb"
#: The cells that write in the thread, or read it.
ASKING = {"share-task", "share-disputed", "question", "agreed"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with Ana and Ben and the notebook reader."""
    with ServerProcess(tmp_path_factory.mktemp("tour")) as server:
        yield server


def call(server: ServerProcess, person: str, method: str, path: str, body: Any = None) -> Any:
    """The JSON of an answer."""
    headers = {"Authorization": f"token {server.token(person)}", "Content-Type": "application/json"}
    data = json.dumps(body or {}).encode() if method != "GET" else None
    with urlopen(Request(f"{server.api}{path}", method=method, data=data, headers=headers), timeout=PATIENCE) as answer:
        return json.load(answer)


def run(notebook: NotebookNode) -> NotebookNode:
    """Run it in its own folder."""
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    return notebook


def errors(notebook: NotebookNode) -> dict[str, str]:
    """The cells that failed, and what they said."""
    return {
        cell.id: output.evalue
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    }


def test_without_a_thread_the_tour_says_what_to_press() -> None:
    """every cell that would write says so; the others, with the data and the labels, run"""
    notebook = run(read(TOUR))
    failed = errors(notebook)
    assert set(failed) == ASKING
    assert all("Press “Let this notebook write here”" in said for said in failed.values())
    (agreement,) = [output.text for output in outputs(notebook, "agreement") if output.output_type == "stream"]
    assert agreement.startswith("kappa 0.")


def test_in_a_thread_the_tour_runs_to_its_end(server: ServerProcess) -> None:
    """its person lets it write: it shares, posts, asks and is answered, reads what was agreed; then Ben catches up"""
    thread = call(server, "Ana", "POST", "threads", {"title": "Labels"})["thread"]["id"]
    made = call(server, "Ana", "POST", f"threads/{thread}/invitations", {"role": "annotator"})
    call(server, "Ben", "POST", "invitations/accept", {"code": made["invitation"]["code"]})
    rule = call(server, "Ben", "POST", f"threads/{thread}/messages", {"body": "Called twice, within two years."})
    path = f"threads/{thread}/messages/{rule['message']['id']}/marks"
    call(server, "Ben", "PUT", path, {"agreed": True})
    read_so_far = call(server, "Ben", "GET", f"threads/{thread}")["thread"]["last_seq"]
    ticket = call(server, "Ana", "POST", f"threads/{thread}/tickets")["ticket"]
    given = {"ticket": ticket, "name": "Ana"}
    click = f"""
from jupyter_groupchat import GroupChatPanel
GroupChatPanel(thread="Labels")._handle_custom_msg({given!r}, [])
"""
    notebook = read(TOUR)
    notebook.cells.insert(0, cast(NotebookNode, nbformat.v4.new_code_cell(click)))
    assert errors(run(notebook)) == {}
    (answer,) = outputs(notebook, "question")
    assert "highest `support_calls`" in answer.data["text/markdown"]
    (agreed,) = outputs(notebook, "agreed")
    assert agreed.data["text/plain"] == "['Called twice, within two years.']"

    told = call(server, "Ben", "POST", f"threads/{thread}/catch-up?since_seq={read_so_far}")["catch_up"]
    assert {cell["notebook"] for point in told["points"] for cell in point["cells"]} == {"kernel"}
    assert any("Who of these could still have been kept?" in point["text"] for point in told["points"])
