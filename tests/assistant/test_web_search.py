"""Web search where the endpoint offers it, over HTTP at an endpoint that does what the test says."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from jupyter_groupchat.assistant.moderation import Shield
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from tests.assistant.endpoints import Endpoint, answer, chunk
from tests.assistant.stage import ANA, BEN, a_stage
from tests.assistant.test_tools import manifest_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

END = chunk(finish="stop")


def cited(*pages: tuple[Any, Any]) -> bytes:
    """A chunk that cites pages, as addresses and titles."""
    annotations = [
        {"type": "url_citation", "url_citation": {"url": url, "title": title, "start_index": 0, "end_index": 1}}
        for url, title in pages
    ]
    return chunk(delta={"annotations": annotations})


async def test_what_an_answer_cites_is_shown_with_it(tmp_path: Path, endpoint: Endpoint) -> None:
    """Each page once, with its host where it has no title; nothing that is no address of the web."""
    good = [("https://example.org/a", "  A\n page "), ("https://example.org/a", "again"), ("http://example.net", None)]
    bad = ["javascript:alert(1)", "http://[bad", "https://", 7, "https://a/" + "b" * 3_000]
    endpoint.stream(
        chunk("It is known."),
        cited(*good),
        cited(*((url, "x") for url in bad)),
        chunk(delta={"annotations": ["nonsense", {"type": "file_citation"}, None]}),
        END,
    )
    async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url), model="tiny", web_search=True) as stage:
        room = await stage.party(BEN)
        await room.post(ANA, "@assistant what is known?")
        reply = await room.replied()
        assert (reply.status, reply.body) == ("complete", "It is known.")
        assert reply.reply["links"] == [
            {"url": "https://example.org/a", "title": "A page"},
            {"url": "http://example.net", "title": "example.net"},
        ]
        assert endpoint.requests[0]["web_search_options"] == {}
        assert (await manifest_of(room, reply.id))["tools"] == ["web_search"]


async def test_an_endpoint_that_cannot_search_answers_without(
    tmp_path: Path, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    """It is asked once, and the log says so once; the manifest says nothing of a search."""
    endpoint.say(answer(400, {"error": {"message": "Unrecognized request argument supplied: web_search_options"}}))
    endpoint.stream(chunk("I do not know."), END)
    with caplog.at_level(logging.WARNING):
        async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url), model="tiny", web_search=True) as stage:
            room = await stage.party(BEN)
            for number in (1, 2):
                await room.post(ANA, "@assistant what is known?")
                reply = await room.replied(number)
                assert (reply.status, reply.body) == ("complete", "I do not know.")
                assert "links" not in reply.reply
                assert (await manifest_of(room, reply.id))["tools"] == []
    assert ["web_search_options" in body for body in endpoint.requests] == [True, False, False]
    assert caplog.text.count("does not take web_search_options") == 1


@pytest.mark.parametrize(
    "settings", [{}, {"web_search": True, "shield": Shield(accounts=frozenset({"ben"}), model="moderation-1")}]
)
async def test_nothing_is_searched_unless_the_operator_says_so(
    tmp_path: Path, endpoint: Endpoint, settings: dict[str, Any]
) -> None:
    """Nor where somebody is shielded: nothing could check the titles of other people's pages."""
    endpoint.stream(chunk("Hello."), cited(("https://example.org/", "A page")), END)
    if settings:
        endpoint.say(answer(200, {"id": "m", "model": "m", "results": [{"flagged": False}]}))
    async with a_stage(tmp_path, OpenAIModel(base_url=endpoint.url), model="tiny", **settings) as stage:
        room = await stage.party(BEN)
        await room.post(ANA, "@assistant hello")
        reply = await room.replied()
        assert reply.body == "Hello."
        assert "links" not in reply.reply
    assert "web_search_options" not in endpoint.requests[0]
