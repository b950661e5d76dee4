"""Catching up on a running server: the call, who hears of it, and what hanging up does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from anyio import to_thread

from tests.browser.model_endpoint import ModelEndpoint
from tests.server.client import Person, Refused
from tests.server.process import PATIENCE, ServerProcess
from tests.server.test_assistant import CELL

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def modelled(tmp_path_factory: pytest.TempPathFactory, model: ModelEndpoint) -> Iterator[ServerProcess]:
    """A server whose assistant has that endpoint as its model, and three replies an hour for each person."""
    options = {"base_url": model.base_url, "model": "stand-in", "replies_per_hour": 3}
    folder = tmp_path_factory.mktemp("modelled")
    with ServerProcess(folder, people=("Ana", "Ben", "Eve"), options=options) as server:
        yield server


async def talked(ana: Person, ben: Person) -> str:
    """A thread in which Ben wrote two messages that Ana has not read, and shared a cell."""
    thread = await ana.new_thread()
    await ana.invite(thread, ben)
    await ben.ask("PUT", f"threads/{thread}/cells/s1", CELL)
    await ben.ask("POST", f"threads/{thread}/messages", {"body": "The new rates are there.", "cells": ["s1"]})
    await ben.ask("POST", f"threads/{thread}/messages", {"body": "Do we take 30 days?"})
    return thread


async def test_the_asker_alone_hears_what_they_missed(modelled: ServerProcess, model: ModelEndpoint) -> None:
    """the points refer to messages and cells; Ben's socket and page stay silent; a reply is counted for Ana."""
    ana, ben, eve = (Person(modelled, name) for name in ("Ana", "Ben", "Eve"))
    thread = await talked(ana, ben)
    client = await ben.connect()
    await client.open(f"page:{thread}:0")
    page = client.page(thread).get()
    model.will_answer("Ana was away", "- Ben asks for 30 days. [m2]\n- Rates are new. [m1] [c1]")
    told = (await ana.ask("POST", f"threads/{thread}/catch-up"))["catch_up"]
    assert [point["text"] for point in told["points"]] == ["Ben asks for 30 days.", "Rates are new."]
    assert [reference["seq"] for point in told["points"] for reference in point["messages"]] == [2, 1]
    reference = told["points"][0]["messages"][0]
    assert (reference["author"], reference["author_name"]) == ("ben", "Ben")
    assert (await ana.ask("GET", f"threads/{thread}/messages/{reference['id']}"))["message"]["seq"] == 2
    assert told["points"][1]["cells"] == [
        {"id": "s1", "notebook": "churn.ipynb", "cell_id": "c1", "execution_count": 7}
    ]
    assert (told["messages"], told["left_out"], told["model"]) == (2, 0, "stand-in")
    assert (await ana.ask("GET", "me"))["replies"]["left"] == 2
    assert (await ben.ask("GET", "me"))["replies"]["left"] == 3
    await client.command("typing", thread=thread, typing=False)
    assert "UPDATE" not in [what for what, _ in client.received]
    assert client.page(thread).get() == page
    client.close()
    for person, path in ((eve, thread), (ana, "nowhere")):
        status, answer = await person.call("POST", f"threads/{path}/catch-up")
        assert (status, answer["error"]["code"]) == (404, "not_found")
    for query in ({"since_seq": "-2"}, {"since_seq": "x"}, {"since": "1"}):
        status, answer = await ana.call("POST", f"threads/{thread}/catch-up", **query)
        assert (status, answer["error"]["code"]) == (400, "invalid_request")


async def test_hanging_up_stops_the_model(modelled: ServerProcess, model: ModelEndpoint) -> None:
    """nobody would hear of the answer; what the model said until then is counted, and the next one can begin."""
    ana, ben = Person(modelled, "Ana"), Person(modelled, "Ben")
    thread = await talked(ana, ben)
    answer = model.will_answer("Ben was away", "- It goes on", endless=True)
    place = urlsplit(f"{modelled.api}threads/{thread}/catch-up?since_seq=-1")
    asked = len(model.requests)
    _, connection = await asyncio.open_connection(place.hostname, place.port)
    lines = [f"POST {place.path}?{place.query} HTTP/1.1", f"Host: {place.netloc}", "Content-Length: 0"]
    lines += [f"{name}: {value}" for name, value in ben.headers.items()]
    connection.write("\r\n".join([*lines, "", ""]).encode())
    async with asyncio.timeout(PATIENCE):
        while len(model.requests) == asked:  # noqa: ASYNC110 - the endpoint is in another thread
            await asyncio.sleep(0.01)
    status, refused = await ben.call("POST", f"threads/{thread}/catch-up", since_seq=-1)
    assert (status, refused["error"]["code"]) == (409, "conflict")
    connection.close()
    assert await to_thread.run_sync(answer.hung_up.wait, PATIENCE)
    model.will_answer("Ben was away", "- All of it. [m2]")
    status = 409
    async with asyncio.timeout(PATIENCE):
        while status == 409:  # the first one may still be about to end
            status, told = await ben.call("POST", f"threads/{thread}/catch-up", since_seq=-1)
    assert told["catch_up"]["points"][0]["text"] == "All of it."
    ended: list[str] = []
    async with asyncio.timeout(PATIENCE):
        while len(ended) < 2:  # that it was given up may be kept a moment later
            audit = (await ana.ask("GET", f"threads/{thread}/audit"))["audit"]
            ended = [line["details"]["status"] for line in audit if line["action"] == "catch_up"]
    assert sorted(ended) == ["cancelled", "complete"]
    assert "It goes on" not in json.dumps(audit)


async def test_without_a_model_the_reader_lists(tmp_path: Path) -> None:
    """with no option set the points say what is there, and that they are no summary."""
    with ServerProcess(tmp_path) as server:
        ana, ben = Person(server, "Ana"), Person(server, "Ben")
        thread = await talked(ana, ben)
        told = (await ana.ask("POST", f"threads/{thread}/catch-up"))["catch_up"]
        texts = [point["text"] for point in told["points"]]
        assert texts[0] == "Ben asked, and nobody replied to it: “Do we take 30 days?”"
        assert "New or changed: churn.ipynb [7]." in texts
        assert "no language model" in texts[-1]
        assert told["model"] == "notebook-reader"


async def test_without_an_assistant_there_is_nobody_to_ask(ana: Person, eve: Person) -> None:
    """who is a member is told so; to others the thread does not exist."""
    thread = await ana.new_thread()
    with pytest.raises(Refused, match="switched on") as refused:
        await ana.ask("POST", f"threads/{thread}/catch-up")
    assert refused.value.code == "conflict"
    with pytest.raises(Refused) as refused:
        await eve.ask("POST", f"threads/{thread}/catch-up")
    assert refused.value.code == "not_found"
