"""The wire to a model: usual endpoints, odd ones, broken ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import pytest

from jupyter_groupchat.assistant.language_model import Finished, Image, Request, TextDelta, ToolCall, Turn
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.assistant.tools import OF_THREAD, UNASKED
from jupyter_groupchat.errors import ModelBroke, ModelError, ModelRateLimited, ModelRefused, ModelUnavailable
from tests.assistant.endpoints import DONE, PATIENCE, STREAM, Aimock, Endpoint, answer, chunk
from tests.no_paid_models import PaidModelRequested

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

ModelAt = Callable[..., OpenAIModel]
END = chunk(finish="stop")
#: The head of a stream that promises more than it will send.
LONGER = STREAM.replace(b"close\r\n", b"close\r\ncontent-length: 999\r\n")


def asking(text: str = "hi", **fields: Any) -> Request:
    """A request of one question."""
    return Request(model="m", turns=(Turn("system", "Be brief."), Turn("user", text)), **fields)


async def all_of(model: OpenAIModel, request: Request) -> list[TextDelta | ToolCall | Finished]:
    """The whole answer."""
    async with aclosing(model.stream(request)) as stream:
        return [event async for event in stream]


@contextmanager
def failing(kind: type[ModelError], *words: str) -> Iterator[list[str]]:
    """The model fails with this error, whose message says these words. Yields a list for what came before."""
    came: list[str] = []
    with pytest.raises(kind) as caught:
        yield came
    for word in words:
        assert word in caught.value.message


async def text_into(came: list[str], model: OpenAIModel, text: str = "hi") -> None:
    """Collects the text of an answer that may fail."""
    async with aclosing(model.stream(asking(text))) as stream:
        async for event in stream:
            if isinstance(event, TextDelta):
                came.append(event.text)


# -- aimock


async def test_an_answer_streams_in_pieces_and_ends_with_the_endpoints_counts(
    model_at: ModelAt, aimock: Aimock
) -> None:
    """Text first, ``Finished`` last."""
    events = await all_of(model_at(aimock.url), asking("say hello"))
    texts = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(texts) > 1
    assert "".join(texts) == "Hello. The rate of basic is 0.187 in churn_model.ipynb [12]."
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "stop"
    counted = await all_of(model_at(aimock.url), asking("count tokens"))
    assert counted[-1] == Finished("stop", 321, 7)


async def test_a_tool_call_arrives_whole(model_at: ModelAt, aimock: Aimock, endpoint: Endpoint) -> None:
    """With its arguments read; arguments that are no JSON object are None."""
    model = model_at(aimock.url)
    call, end = await all_of(model, asking("nobody needs you", tools=UNASKED))
    assert isinstance(call, ToolCall)
    assert (call.name, call.arguments) == ("stay_out", {"reason": "they are settling it themselves"})
    assert isinstance(end, Finished)
    assert end.reason == "tool_calls"
    endpoint.stream(
        chunk(delta={"tool_calls": [{"index": 0, "id": "1", "function": {"name": "x", "arguments": "{br"}}]}), END
    )
    assert (await all_of(model_at(endpoint.url), asking()))[0] == ToolCall("1", "x", None)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("too busy", ModelRateLimited, ["busy", "1 seconds"]),
        ("wrong key", ModelRefused, ["key"]),
        ("no such model", ModelRefused, ["“m”"]),
        ("fall over", ModelUnavailable, ["500"]),
    ],
)
async def test_a_refusal_is_told_in_words(
    model_at: ModelAt, aimock: Aimock, text: str, kind: type[ModelError], words: list[str]
) -> None:
    """And what the endpoint echoed, which may be half a key, is not."""
    with failing(kind, *words) as came:
        await text_into(came, model_at(aimock.url), text)
    assert came == []


async def test_a_cut_stream_fails_after_what_came(model_at: ModelAt, aimock: Aimock) -> None:
    """It never passes for a whole answer."""
    with failing(ModelBroke, "broke off") as came:
        await text_into(came, model_at(aimock.url), "break off")
    assert "".join(came).startswith("This starts well")


async def test_the_endpoint_receives_the_request_and_nothing_else(model_at: ModelAt, aimock: Aimock) -> None:
    """``store`` is for OpenAI's own endpoint only; elsewhere it is an unknown field."""
    request = asking("say hello, request of one test", temperature=0.25, tools=UNASKED)
    await all_of(model_at(aimock.url), request)
    (body,) = aimock.requests("request of one test")
    body.pop("_endpointType", None)
    assert body.pop("tools")[0]["function"]["name"] == "stay_out"
    assert body == {
        "model": "m",
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.25,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": request.turns[1].text}],
    }


# -- endpoints with habits of their own


async def test_what_endpoints_leave_out_is_tolerated(model_at: ModelAt, endpoint: Endpoint) -> None:
    """No usage, no tool-call id, no index, finish reason "stop" next to a call, a null delta, an empty choice."""
    call = {"type": "function", "function": {"name": "react", "arguments": '{"emoji"'}}
    rest = {"function": {"arguments": ': "x"}'}}
    endpoint.stream(
        chunk(choices=[]),
        chunk(choices=[{"index": 0, "delta": None, "finish_reason": None}]),
        chunk(delta={"role": "assistant", "content": None}),
        chunk(delta={"tool_calls": [call]}),
        chunk(delta={"tool_calls": [rest]}),
        END,
    )
    found = await all_of(model_at(endpoint.url), asking(tools=UNASKED))
    assert found == [ToolCall("call_0", "react", {"emoji": "x"}), Finished("tool_calls")]


async def test_an_emoji_that_was_cut_in_two_is_put_together(endpoint: Endpoint, model_at: ModelAt) -> None:
    """And half of one, which no document could hold, is replaced."""
    endpoint.stream(chunk("a\ud83d"), chunk("\ude00b"), chunk("\ude00c"), chunk("é"), END)
    found = await all_of(model_at(endpoint.url), asking())
    assert [event.text for event in found if isinstance(event, TextDelta)] == ["a", "😀b", "\ufffdc", "é"]


async def test_an_endpoint_that_refuses_a_field_is_asked_without_it(model_at: ModelAt, endpoint: Endpoint) -> None:
    """Once; from then on the field is left out."""
    endpoint.say(answer(400, {"error": {"message": "Unsupported value: 'temperature'", "param": "temperature"}}))
    endpoint.say(answer(422, {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs"}]}))
    endpoint.stream(chunk("fine"), END, DONE)
    model = model_at(endpoint.url)
    for _ in range(2):
        assert (await all_of(model, asking(temperature=0.5)))[0] == TextDelta("fine")
    assert ["temperature" in body for body in endpoint.requests] == [True, False, False, False]
    assert ["stream_options" in body for body in endpoint.requests] == [True, True, False, False]


async def test_that_nothing_is_to_be_kept_is_said_or_nothing_is(model_at: ModelAt, endpoint: Endpoint) -> None:
    """Every request says it; an endpoint that does not take it gets none that says less, whatever else it refuses."""
    endpoint.say(answer(400, {"error": {"message": "Unrecognized: store, temperature", "param": "store"}}))
    model = model_at(endpoint.url, no_store=True)
    with failing(ModelRefused, "status 400"):
        await all_of(model, asking("In store?", temperature=0.5))
    assert [body["store"] for body in endpoint.requests] == [False, False]
    assert ["temperature" in body for body in endpoint.requests] == [True, False]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_an_endpoint_that_points_elsewhere_is_not_followed(
    model_at: ModelAt, endpoint: Endpoint, status: int
) -> None:
    """Neither for a reply nor for a check or a picture: the operator named the place, and it is told."""
    async with Endpoint() as elsewhere:
        elsewhere.stream(chunk("I have it all"), END)
        endpoint.say(answer(status, {}, f"location: {elsewhere.url}/chat/completions"))
        model = model_at(endpoint.url)
        words = ("another address", f"status {status}")
        with failing(ModelRefused, *words):
            await all_of(model, asking())
        with failing(ModelRefused, *words):
            await model.flagged("m", "text")
        with failing(ModelRefused, *words):
            await model.draw("m", "a cat", 1_000)
        assert elsewhere.requests == []
        assert len(endpoint.requests) == 3


async def test_calls_and_results_travel_as_such(model_at: ModelAt, endpoint: Endpoint) -> None:
    """With the id of the call; an answer that is nothing but calls has no text."""
    endpoint.stream(chunk("It is warm."), END)
    call = ToolCall("c1", "weather", {"city": "Zürich"})
    turns = (
        Turn("user", "And?"),
        Turn("assistant", "", calls=(call,)),
        Turn("tool", "12 °C", answers="c1"),
        Turn("assistant", "Let me see again.", calls=(ToolCall("c2", "weather", None),)),
        Turn("tool", "no", answers="c2"),
    )
    await all_of(model_at(endpoint.url), Request(model="m", turns=turns))
    function = {"name": "weather", "arguments": '{"city": "Zürich"}'}
    assert endpoint.requests[0]["messages"][1:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "12 °C"},
        {
            "role": "assistant",
            "content": "Let me see again.",
            "tool_calls": [{"id": "c2", "type": "function", "function": {"name": "weather", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c2", "content": "no"},
    ]


async def test_an_endpoint_that_takes_no_tools_is_asked_without_them(model_at: ModelAt, endpoint: Endpoint) -> None:
    """Once; unless the request makes no sense without. A request that is too long says nothing about tools."""
    too_long = "maximum context length is 8192 tokens, of which 500 in the tools"
    endpoint.say(answer(400, {"error": {"message": too_long}}))
    endpoint.say(answer(400, {"error": {"message": "registry.ollama.ai/tiny does not support tools"}}))
    endpoint.say(answer(400, {"error": {"message": "registry.ollama.ai/tiny does not support tools"}}))
    endpoint.stream(chunk("fine"), END, DONE)
    model = model_at(endpoint.url)
    with pytest.raises(ModelRefused, match="too long"):
        await all_of(model, asking(tools=OF_THREAD))
    with pytest.raises(ModelRefused):
        await all_of(model, asking(tools=UNASKED, needs_tools=True))
    took = [model.takes_tools]
    for _ in range(2):
        assert (await all_of(model, asking(tools=OF_THREAD)))[0] == TextDelta("fine")
        took.append(model.takes_tools)
    assert took == [True, False, False]
    assert ["tools" in body for body in endpoint.requests] == [True, True, True, False, False]


async def test_arguments_without_end_are_no_arguments(model_at: ModelAt, endpoint: Endpoint) -> None:
    """Nobody keeps or validates a megabyte of them."""
    function = {"name": "x", "arguments": '{"a": "' + "x" * 40_000 + '"}'}
    endpoint.stream(chunk(delta={"tool_calls": [{"index": 0, "id": "1", "function": function}]}), END)
    assert (await all_of(model_at(endpoint.url), asking()))[0] == ToolCall("1", "x", None)


async def test_pictures_travel_as_data_urls(model_at: ModelAt, endpoint: Endpoint) -> None:
    """Beside the text of their turn."""
    endpoint.stream(chunk("a plot"), END)
    turns = (Turn("user", "see", (Image("image/png", b"\x89PNG"),)),)
    await all_of(model_at(endpoint.url), Request(model="m", turns=turns))
    assert endpoint.requests[0]["messages"][0]["content"] == [
        {"type": "text", "text": "see"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
    ]


async def test_the_key_is_sent_where_there_is_one(model_at: ModelAt, endpoint: Endpoint) -> None:
    """And only in its header."""
    endpoint.stream(chunk("x"), END)
    await all_of(model_at(endpoint.url, api_key="sk-test"), asking())
    assert "authorization: bearer sk-test" in endpoint.headers[0].lower()


# -- broken endpoints


@pytest.mark.parametrize(
    ("script", "kind", "words", "came"),
    [
        ([STREAM, chunk("half"), DONE], ModelBroke, "broke off", "half"),
        ([STREAM, chunk("half")], ModelBroke, "broke off", "half"),
        ([LONGER, chunk("half")], ModelBroke, "broke off", "half"),
        ([STREAM, chunk("half"), b"data: {not json}\n\n"], ModelBroke, "made no sense", "half"),
        ([STREAM, chunk("half"), b'data: {"error": {"message": "sk-x"}}\n\n'], ModelBroke, "in the middle", "half"),
        ([STREAM, chunk("half"), chunk(finish="content_filter")], ModelRefused, "filter", "half"),
        ([STREAM, END, DONE], ModelBroke, "empty", ""),
        ([STREAM, DONE], ModelBroke, "base_url", ""),
        ([answer(200, b"<html>Welcome</html>")], ModelBroke, "base_url", ""),
        ([answer(400, {"error": {"message": "maximum context length is 8192 tokens"}})], ModelRefused, "too long", ""),
        ([answer(418, {"error": "teapot"})], ModelRefused, "418", ""),
        ([answer(429, {"error": {"code": "insufficient_quota"}})], ModelRefused, "credit", ""),
        ([answer(429, {}, "retry-after: 90")], ModelRateLimited, "90 seconds", ""),
        ([answer(429, {}, "retry-after: soon")], ModelRateLimited, "a little", ""),
        ([b""], ModelUnavailable, "could not be reached", ""),
        ([b"SSH-2.0-OpenSSH\r\n\r\n"], ModelUnavailable, "could not be reached", ""),
    ],
)  # fmt: skip
async def test_a_broken_answer_is_an_error_in_words(
    model_at: ModelAt, endpoint: Endpoint, script: list[bytes], kind: type[ModelError], words: str, came: str
) -> None:
    """Whatever the endpoint does; what came before is kept."""
    endpoint.say(*script)
    with failing(kind, words) as texts:
        await text_into(texts, model_at(endpoint.url))
    assert "".join(texts) == came


async def test_an_endpoint_that_is_not_there_is_said_to_be_unreachable(model_at: ModelAt) -> None:
    """Connection refused."""
    async with Endpoint() as gone:
        pass
    with failing(ModelUnavailable, "could not be reached"):
        await text_into([], model_at(gone.url))


@pytest.mark.parametrize("script", [[], [STREAM], [STREAM, chunk("half")]])
async def test_an_endpoint_that_falls_silent_is_given_up(
    model_at: ModelAt, endpoint: Endpoint, script: list[bytes]
) -> None:
    """Before the headers, before the first piece, and between two pieces."""
    endpoint.say(*script, asyncio.Event())
    with failing(ModelUnavailable, "silent", "0.2 seconds"):
        await text_into([], model_at(endpoint.url, idle_timeout=0.2))
    await asyncio.wait_for(endpoint.hung_up.wait(), PATIENCE)


async def test_leaving_closes_the_connection(model_at: ModelAt, endpoint: Endpoint) -> None:
    """By cancelling the reading task and by closing the stream, so that the endpoint stops to generate."""
    model = model_at(endpoint.url)
    endpoint.stream(chunk("begin"), asyncio.Event())
    reading = asyncio.ensure_future(all_of(model, asking()))
    await asyncio.wait_for(endpoint.waiting.wait(), PATIENCE)
    reading.cancel()
    await asyncio.wait_for(endpoint.hung_up.wait(), PATIENCE)
    with pytest.raises(asyncio.CancelledError):
        await reading

    endpoint.hung_up.clear()
    async with aclosing(model.stream(asking())) as stream:
        assert await anext(stream) == TextDelta("begin")
    await asyncio.wait_for(endpoint.hung_up.wait(), PATIENCE)
    await model.close()


async def test_no_test_can_reach_a_paid_model(model_at: ModelAt) -> None:
    """The guard of the suite."""
    with pytest.raises(PaidModelRequested):
        await all_of(model_at("https://api.openai.com/v1", api_key="sk-test"), asking())
