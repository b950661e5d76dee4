"""The operator's report of usage, against what the model's endpoint reported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread

from tests.assistant.endpoints import DONE, Endpoint, chunk
from tests.server.client import Person
from tests.server.process import ServerProcess

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

MODEL = "stand-in"


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    """A model's endpoint that reports another usage for each of three requests."""
    async with Endpoint() as endpoint:
        for tokens in (101, 202, 303):
            endpoint.stream(chunk("So it is."), chunk(finish="stop"), counted(tokens, tokens // 10), DONE)
        yield endpoint


@pytest.fixture
async def server(tmp_path: Path, endpoint: Endpoint) -> AsyncIterator[ServerProcess]:
    """A server with that model, which Olga keeps."""
    options = {"base_url": endpoint.url, "model": MODEL, "operators": ["olga"]}
    running = ServerProcess(tmp_path, people=("Ana", "Ben", "Olga"), options=options)
    await to_thread.run_sync(running.start)
    try:
        yield running
    finally:
        running.kill()


def counted(prompt: int, completion: int) -> bytes:
    """The chunk in which an endpoint says what a request took."""
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return chunk(usage=usage)


def line(username: str, thread: str, replies: int, prompt_tokens: int, completion_tokens: int) -> dict[str, Any]:
    """A line of the report."""
    return {
        "username": username,
        "thread": thread,
        "model": MODEL,
        "replies": replies,
        "prompt_tokens": prompt_tokens,
        "completion_tokens": completion_tokens,
    }


async def ask(person: Person, thread: str) -> None:
    """Ask the assistant and wait for the end of its reply."""
    client = await person.connect()
    await client.open(f"page:{thread}:0")
    question = await client.post(thread, "@assistant is it so?")

    def ended() -> bool:
        messages = client.page(thread).get()
        return any(m.get("reply", {}).get("about") == question["id"] and m["status"] == "complete" for m in messages)

    await client.until(ended)
    client.close()


async def test_the_report_is_what_the_endpoint_counted(server: ServerProcess) -> None:
    """by person, thread and model the operator reads the endpoint's own sums, and nobody else may."""
    ana, ben, olga = (Person(server, name) for name in ("Ana", "Ben", "Olga"))
    first, second = await ana.new_thread("One"), await ana.new_thread("Two")
    await ana.invite(first, ben)
    await ask(ana, first)
    await ask(ana, first)
    await ask(ben, first)
    await ana.ask("DELETE", f"threads/{second}")

    report = await olga.ask("GET", "usage")
    assert report["usage"] == [line("ana", first, 2, 101 + 202, 10 + 20), line("ben", first, 1, 303, 30)]
    assert (await olga.ask("GET", "usage", until=report["since"]))["usage"] == []
    again = await olga.ask("GET", "usage", since=report["since"], until=report["until"])
    assert again == report

    status, answer = await ana.call("GET", "usage")
    assert (status, answer["error"]["code"]) == (403, "not_allowed")
    for query in (
        {"since": "yesterday"},
        {"since": "2026-11-24T00:00:00"},
        {"since": report["until"], "until": "1970-01-01T00:00Z"},
    ):
        status, answer = await olga.call("GET", "usage", **query)
        assert (status, answer["error"]["code"]) == (400, "invalid_request")
