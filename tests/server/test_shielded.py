"""Several models and shielded accounts on a running server, with endpoints that are reached over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.model_endpoint import ModelEndpoint
from tests.server.client import Client, Person
from tests.server.process import ServerProcess
from tests.server.test_assistant import ended, replies, with_thread

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def quick() -> Iterator[ModelEndpoint]:
    """Where the first model is."""
    with ModelEndpoint().running() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def careful() -> Iterator[ModelEndpoint]:
    """Where the second model is."""
    with ModelEndpoint().running() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def looked_after(
    tmp_path_factory: pytest.TempPathFactory, quick: ModelEndpoint, careful: ModelEndpoint
) -> Iterator[ServerProcess]:
    """A server with both models, where Ben is shielded."""
    options = {
        "models": [
            {"name": "Quick", "model": "q", "base_url": quick.base_url, "strength": "fast"},
            {"name": "Careful", "model": "c", "base_url": careful.base_url, "strength": "strong"},
        ],
        "shielded_accounts": ["ben"],
        "shielded_instructions": "Keep to school subjects.",
        "moderation_model": "moderation",
    }
    with ServerProcess(tmp_path_factory.mktemp("shielded"), people=("Ana", "Ben"), options=options) as server:
        yield server


async def answered(client: Client, thread: str, count: int) -> dict[str, Any]:
    """The newest of so many replies, once it has ended."""
    await client.until(lambda: len(replies(client, thread)) == count and ended(client, thread))
    return replies(client, thread)[-1]


async def test_each_model_is_asked_at_its_own_endpoint(
    looked_after: ServerProcess, quick: ModelEndpoint, careful: ModelEndpoint
) -> None:
    """the question decides which, and the other endpoint hears nothing of it; nor is anything checked here"""
    ana = Person(looked_after, "Ana")
    thread, (anas,) = await with_thread(ana)
    await anas.command("thread.patch", thread=thread, model="auto")
    quick.will_answer("is it done", "Done.")
    careful.will_answer("why is it so", "Because.")
    await anas.post(thread, "@assistant is it done?")
    assert (await answered(anas, thread, 1))["body"] == "Done."
    assert (len(quick.requests), len(careful.requests)) == (1, 0)
    await anas.post(thread, "@assistant why is it so?")
    reply = await answered(anas, thread, 2)
    assert (reply["body"], reply["reply"]["model_why"]) == ("Because.", "strong: something to think through")
    assert (len(quick.requests), len(careful.requests)) == (1, 1)
    assert (quick.checked, careful.checked) == ([], [])
    assert "school subjects" not in quick.sent() + careful.sent()


async def test_what_a_shielded_account_would_see_is_checked_first(
    looked_after: ServerProcess, quick: ModelEndpoint, careful: ModelEndpoint
) -> None:
    """where the answer was written, and what is flagged there reaches neither of them"""
    ana, ben = Person(looked_after, "Ana"), Person(looked_after, "Ben")
    thread, (anas, bens) = await with_thread(ana, ben)
    quick.unfit.append("terrible")
    quick.will_answer("Tell me", "All is well.")
    await bens.post(thread, "@assistant Tell me")
    assert (await answered(bens, thread, 1))["body"] == "All is well."
    quick.will_answer("Tell me", "Well.\n\nIt was terrible.")
    await bens.post(thread, "@assistant Tell me more")
    for client in (anas, bens):
        reply = await answered(client, thread, 2)
        assert (reply["body"], reply["status"]) == ("", "failed")
        assert reply["reply"]["error"] == "What the assistant wrote was flagged for violence, so nobody sees it."
    assert quick.checked[0] == "All is well."
    assert careful.checked == []
    assert "school subjects" in quick.sent()
    assert b"terrible" not in looked_after.database.read_bytes()
