"""The assistant on a running server: with the embedded reader, and with a model that is reached over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread

from tests.assistant.test_own_tools import installed
from tests.browser.model_endpoint import ModelEndpoint
from tests.server.client import Client, Person, Refused
from tests.server.process import ServerProcess

pytestmark = pytest.mark.anyio

CELL: dict[str, Any] = {
    "notebook": "churn.ipynb",
    "cell_id": "c1",
    "cell_type": "code",
    "source": "churn.groupby('plan').mean()",
    "outputs": [{"output_type": "stream", "name": "stdout", "text": "plan  churn\nbasic 0.31\npro   0.12\n"}],
    "execution_count": 7,
}


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory, model: ModelEndpoint) -> Iterator[ServerProcess]:
    """A server whose assistant has that endpoint as its model, and two replies an hour for each person."""
    options = {"base_url": model.base_url, "model": "stand-in", "replies_per_hour": 2, "assistant_name": "Ada"}
    folder = tmp_path_factory.mktemp("modelled")
    with ServerProcess(folder, people=("Ana", "Ben", "Cleo"), options=options) as server:
        yield server


def replies(client: Client, thread: str) -> list[dict[str, Any]]:
    """The assistant's messages, as the replica of the first page has them."""
    return [message for message in client.page(thread).get() if message["kind"] == "assistant"]


def ended(client: Client, thread: str) -> dict[str, Any] | None:
    """The newest reply, once it is no longer being written."""
    found = replies(client, thread)
    return found[-1] if found and found[-1]["status"] != "streaming" else None


def says(client: Client, thread: str, text: str) -> bool:
    """Whether the newest reply holds a text so far."""
    found = replies(client, thread)
    return bool(found) and text in found[-1]["body"]


async def with_thread(*people: Person) -> tuple[str, list[Client]]:
    """A thread of the first person's, which all have open."""
    thread = await people[0].new_thread()
    for other in people[1:]:
        await people[0].invite(thread, other)
    clients = [await person.connect() for person in people]
    for client in clients:
        await client.open(f"page:{thread}:0")
    return thread, clients


async def test_without_a_model_the_reader_answers_from_the_shared_cell(tmp_path: Path) -> None:
    """with no option set both see an answer, it quotes the cell, and its manifest names what it saw."""
    with ServerProcess(tmp_path) as server:
        await ask_the_reader(Person(server, "Ana"), Person(server, "Ben"))


async def ask_the_reader(ana: Person, ben: Person) -> None:
    """Share a cell, ask about it, and read the answer and what it came from."""
    thread, (anas, bens) = await with_thread(ana, ben)
    await anas.command("cell.put", thread=thread, share="s1", **CELL)
    question = await anas.post(thread, "@assistant what is the churn of the pro plan?", cells=["s1"])
    reply = await bens.until(lambda: ended(bens, thread))
    assert reply["status"] == "complete"
    assert "0.12" in reply["body"]
    await anas.until(lambda: ended(anas, thread))
    assert replies(anas, thread) == replies(bens, thread)
    manifest = (await ben.ask("GET", f"threads/{thread}/messages/{reply['id']}/manifest"))["manifest"]
    assert question["id"] in manifest["messages"]
    assert [(cell["id"], cell["execution_count"]) for cell in manifest["cells"]] == [("s1", 7)]
    decisions = (await ben.ask("GET", f"threads/{thread}/decisions"))["decisions"]
    assert (decisions[0]["message_id"], decisions[0]["act"]) == (question["id"], "reply")


async def test_a_reply_streams_to_everybody_and_anybody_stops_it(modelled: ServerProcess, model: ModelEndpoint) -> None:
    """while the model writes both see the text grow; a stop by the other person ends it and keeps what came."""
    ana, ben = Person(modelled, "Ana"), Person(modelled, "Ben")
    thread, (anas, bens) = await with_thread(ana, ben)
    answer = model.will_answer("Why did churn rise", "It rose because", endless=True)
    await anas.post(thread, "@Ada Why did churn rise in June?")
    for client in (anas, bens):
        await client.until(partial(says, client, thread, "word3"))
        assert replies(client, thread)[0]["status"] == "streaming"
    await bens.command("reply.stop", thread=thread, message=replies(bens, thread)[0]["id"])
    reply = await anas.until(lambda: ended(anas, thread))
    assert reply["status"] == "cancelled"
    assert reply["body"].startswith("It rose because word1")
    assert await to_thread.run_sync(answer.hung_up.wait, 60)


async def test_an_operators_tool_is_used_and_audited(tmp_path: Path, model: ModelEndpoint) -> None:
    """the package's tool that the option names is called; everybody sees that, and the owner's audit log has a line."""
    packages = installed(tmp_path / "packages")
    options = {"base_url": model.base_url, "model": "stand-in", "tools": ["exchange_rate", "broken"]}
    server = ServerProcess(
        tmp_path / "server", options=options, environment={"PYTHONPATH": str(packages), "PYTHONWARNINGS": "ignore"}
    )
    with server:
        ana, ben = Person(server, "Ana"), Person(server, "Ben")
        thread, (anas, bens) = await with_thread(ana, ben)
        model.will_call("What is a euro worth", "exchange_rate", currency="CHF")
        model.will_answer("buys 0.93 CHF", "0.93 francs.")
        await anas.post(thread, "@assistant What is a euro worth?")
        for client in (anas, bens):
            reply = await client.until(partial(ended, client, thread))
            assert reply["body"] == "0.93 francs."
            assert [(use["name"], use["status"]) for use in reply["reply"]["tools"]] == [("exchange_rate", "done")]
        lines = (await ana.ask("GET", f"threads/{thread}/audit"))["audit"]
        (line,) = (line for line in lines if line["action"] == "tool.use")
        assert (line["details"]["tool"], line["details"]["status"]) == ("exchange_rate", "done")
        assert "CHF" not in str(line)
        assert "The tool broken" in server.log.read_text(encoding="utf-8")


async def test_the_reply_is_used_up_and_people_go_on(modelled: ServerProcess, model: ModelEndpoint) -> None:
    """``me`` counts down, the third question gets a notice that says until when, and people can still write."""
    cleo = Person(modelled, "Cleo")
    assert (await cleo.ask("GET", "me"))["replies"] == {"left": 2, "limit": 2, "until": None}
    thread, (socket,) = await with_thread(cleo)
    for number in (1, 2):
        model.will_answer(f"Question {number}", f"Answer {number}")
        await socket.post(thread, f"@Ada Question {number}")
        await socket.until(partial(says, socket, thread, f"Answer {number}"))
        await socket.until(partial(ended, socket, thread))
    left = (await cleo.ask("GET", "me"))["replies"]
    assert left["left"] == 0
    assert left["until"] is not None
    await socket.post(thread, "@Ada Question 3")
    notice = await socket.event("assistant.notice", thread=thread)
    assert notice["until"] == left["until"]
    assert (await socket.post(thread, "Never mind"))["kind"] == "human"
    assert len(replies(socket, thread)) == 2


async def test_without_an_assistant_people_are_told_so(ana: Person) -> None:
    """an operator can switch it off: asking for a reply says so, and a mention is only a word."""
    assert not (await ana.ask("GET", "me"))["assistant_enabled"]
    thread, (socket,) = await with_thread(ana)
    message = await socket.post(thread, "@assistant are you there?")
    with pytest.raises(Refused, match="switched on") as refused:
        await socket.command("reply.ask", thread=thread, message=message["id"])
    assert refused.value.code == "conflict"
