"""The embedded default: an OpenAI-compatible endpoint inside the process, for servers that have no language model.

It stands in the network's place behind the openai client, so that streaming, tools and usage take the same way as with
any other endpoint. It is no language model and says so.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2

from jupyter_groupchat.assistant import request_text
from jupyter_groupchat.assistant.budget import estimate
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.assistant.reader import answering
from jupyter_groupchat.assistant.reader.answering import Answer

#: What it is called as a model.
NAME = "notebook-reader"

#: Characters of a piece, and seconds between two: as fast as people read along.
_PIECE, _PAUSE = 24, 0.02


def notebook_reader(pause: float = _PAUSE) -> OpenAIModel:
    """The reader behind the client through which every model is reached."""
    return OpenAIModel(base_url="http://notebook-reader.invalid/v1", transport=NotebookReader(pause))


class NotebookReader(httpx2.AsyncBaseTransport):
    """Answers ``POST /chat/completions`` from what the request holds, streamed or whole. ``pause`` is in seconds."""

    def __init__(self, pause: float = _PAUSE) -> None:
        self._pause = pause

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer of the endpoint."""
        if request.method != "POST" or not request.url.path.endswith("/chat/completions"):
            return _refusal(404, f"There is no {request.method} {request.url.path} here.", request)
        try:
            asked = json.loads(await request.aread())
            seen = request_text.read(asked)
        except (ValueError, TypeError, KeyError, AttributeError):
            return _refusal(400, "This is no request for a chat completion.", request)
        # Searching long outputs is work; the event loop has other people to serve.
        answer = await asyncio.to_thread(answering.answer, seen)
        usage = {
            "prompt_tokens": estimate(json.dumps(asked.get("messages"), ensure_ascii=False)),
            "completion_tokens": estimate(answer.text or json.dumps(answer.arguments)),
        }
        usage["total_tokens"] = sum(usage.values())
        head = {"id": f"reader-{time.time_ns()}", "created": int(time.time()), "model": asked.get("model", NAME)}
        if asked.get("stream"):
            stream = _Stream(answer, head, usage, self._pause)
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=stream, request=request)
        message = {"role": "assistant", "content": answer.text or None, **_calls(answer)}
        choice = {"index": 0, "message": message, "finish_reason": _reason(answer)}
        whole = {**head, "object": "chat.completion", "choices": [choice], "usage": usage}
        return httpx2.Response(200, json=whole, request=request)


class _Stream(httpx2.AsyncByteStream):
    """The events of a streamed answer."""

    def __init__(self, answer: Answer, head: Mapping[str, Any], usage: Mapping[str, int], pause: float) -> None:
        self._pause = pause
        self._answer = answer
        self._head = {**head, "object": "chat.completion.chunk"}
        self._usage = usage

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._event({"role": "assistant", "content": ""})
        for start in range(0, len(self._answer.text), _PIECE):
            if start:
                await asyncio.sleep(self._pause)
            yield self._event({"content": self._answer.text[start : start + _PIECE]})
        if self._answer.tool:
            yield self._event(_calls(self._answer))
        yield self._event({}, _reason(self._answer))
        yield _as_event({**self._head, "choices": [], "usage": self._usage})
        yield b"data: [DONE]\n\n"

    def _event(self, delta: Mapping[str, Any], reason: str | None = None) -> bytes:
        return _as_event({**self._head, "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})


def _calls(answer: Answer) -> dict[str, Any]:
    if not answer.tool:
        return {}
    function = {"name": answer.tool, "arguments": json.dumps(answer.arguments, ensure_ascii=False)}
    return {"tool_calls": [{"index": 0, "id": "call_0", "type": "function", "function": function}]}


def _reason(answer: Answer) -> str:
    return "tool_calls" if answer.tool else "stop"


def _as_event(value: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def _refusal(status: int, message: str, request: httpx2.Request) -> httpx2.Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return httpx2.Response(status, json={"error": error}, request=request)
