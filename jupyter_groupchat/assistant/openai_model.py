"""A language model behind any endpoint that speaks OpenAI's Chat Completions."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from jupyter_groupchat.assistant import pictures
from jupyter_groupchat.assistant.completion import CUT_OFF, Reading
from jupyter_groupchat.assistant.language_model import Drawn, Finished, Request, TextDelta, ToolCall, Turn
from jupyter_groupchat.assistant.recording import Recording
from jupyter_groupchat.errors import (
    ModelBroke,
    ModelError,
    ModelRateLimited,
    ModelRefused,
    ModelUnavailable,
)
from jupyter_groupchat.types import OPENAI_HOST

if TYPE_CHECKING:
    import httpx2
    import openai

log = logging.getLogger(__name__)

#: Words of a refusal that mean a field, where they are not its name.
_MENTIONS = {"tools": "tool", "web_search_options": "web_search"}


class OpenAIModel:
    """``base_url`` is the endpoint's, up to and including ``/v1``. Timeouts are in seconds: ``connect_timeout`` until
    there is a connection, ``idle_timeout`` between two pieces of the answer, the first included. With ``no_store``
    requests say that the provider is not to keep them. ``transport`` takes the network's place."""

    def __init__(
        self,
        *,
        base_url: str = f"https://{OPENAI_HOST}/v1",
        api_key: str | None = None,
        connect_timeout: float = 10,
        idle_timeout: float = 120,
        no_store: bool = False,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._connect_timeout = connect_timeout
        self._idle_timeout = idle_timeout
        self._kept_nowhere: dict[str, Any] = {"store": False} if no_store else {}
        self._transport = transport
        self._client: openai.AsyncOpenAI | None = None
        # What this endpoint turned out not to take; asked for once.
        self._unwanted: set[str] = set()

    @property
    def takes_tools(self) -> bool:
        """See ``LanguageModel.takes_tools``."""
        return "tools" not in self._unwanted

    @property
    def searches_web(self) -> bool:
        """See ``LanguageModel.searches_web``."""
        return "web_search_options" not in self._unwanted

    async def stream(self, request: Request) -> AsyncGenerator[TextDelta | ToolCall | Finished]:
        """See ``LanguageModel.stream``."""
        client = await self._ready()
        import openai

        begun = False
        try:
            stream = await self._begin(client, request)
            async with stream:
                reading = Reading()
                async for chunk in stream:
                    begun = True
                    for piece in reading.take(chunk):
                        yield piece
                for end in reading.end():
                    yield end
        except openai.APIError as error:
            raise self._translated(error, request.model, begun) from error
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise ModelBroke("The model's answer made no sense: the endpoint does not keep to the protocol.") from error

    async def flagged(self, model: str, text: str) -> tuple[str, ...]:
        """See ``LanguageModel.flagged``."""
        client = await self._ready()
        import openai

        try:
            answer = await client.moderations.create(model=model, input=text)
            return _flagged(answer.results)
        except openai.APIError as error:
            raise self._translated(error, model, begun=False) from error
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise ModelBroke("The endpoint's moderation gave no answer that can be read.") from error

    async def draw(self, model: str, prompt: str, limit: int) -> Drawn:
        """See ``LanguageModel.draw``."""
        client = await self._ready()
        import openai

        try:
            return pictures.drawn(await self._picture(client, model, prompt, pictures.encoded(limit)), limit)
        except openai.APIError as error:
            raise self._translated(error, model, begun=False) from error

    async def _picture(self, client: openai.AsyncOpenAI, model: str, prompt: str, most: int) -> bytes:
        """The body of the answer. It is read piece by piece, since the client would read whatever comes."""
        import openai

        asking = client.images.with_streaming_response
        while True:
            # Some models send nothing else and refuse to be asked for it.
            form: dict[str, Any] = {"response_format": "b64_json"}
            form = {name: value for name, value in form.items() if name not in self._unwanted}
            try:
                async with asking.generate(model=model, prompt=prompt, n=1, **form) as response:
                    body = bytearray()
                    async for piece in response.iter_bytes():
                        body += piece
                        if len(body) > most:
                            raise ModelBroke("The picture was larger than a file may be here.")
                    return bytes(body)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not form or "response_format" not in _words_of(error):
                    raise
                self._unwanted |= form.keys()

    async def transcribe(self, model: str, recording: Recording) -> str:
        """See ``Transcriber.transcribe``."""
        client = await self._ready()
        import openai

        file = (recording.name, recording.data, recording.media_type)
        try:
            answer: Any = await client.audio.transcriptions.create(model=model, file=file)
        except openai.APIError as error:
            raise self._translated(error, model, begun=False) from error
        # Some servers answer with the bare text.
        text = answer if isinstance(answer, str) else getattr(answer, "text", None)
        if not isinstance(text, str) or text.lstrip()[:1] == "<":
            raise ModelBroke("The endpoint's answer was no transcription. It may not be able to write down recordings.")
        return text

    async def close(self) -> None:
        """Close the connections that are kept open."""
        if self._client is not None:
            await self._client.close()

    async def _ready(self) -> openai.AsyncOpenAI:
        if self._client is None:
            # Half a second of imports: not in the event loop, and not before somebody asks something.
            self._client = await asyncio.to_thread(self._connected)
        return self._client

    def _connected(self) -> openai.AsyncOpenAI:
        import httpx2
        import openai

        timeout = httpx2.Timeout(self._idle_timeout, connect=self._connect_timeout)
        return openai.AsyncOpenAI(
            base_url=self._base_url,
            # Local servers want none, but the client insists.
            api_key=self._api_key or "none",
            timeout=timeout,
            # A person waits: better a word now, and Try again, than a silent minute.
            max_retries=0,
            # An endpoint that moved is told to its operator: what people wrote goes where they said, and nowhere else.
            http_client=openai.DefaultAsyncHttpxClient(
                transport=self._transport, timeout=timeout, follow_redirects=False
            ),
        )

    async def _begin(self, client: openai.AsyncOpenAI, request: Request) -> openai.AsyncStream[Any]:
        import openai

        while True:
            optional = self._optional(request)
            try:
                stream: openai.AsyncStream[Any] = await client.chat.completions.create(
                    model=request.model,
                    messages=[_message(turn) for turn in request.turns],
                    stream=True,
                    **self._kept_nowhere,  # no field to leave out where the endpoint does not take it
                    **optional,
                )
                return stream
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                # Some endpoints refuse fields that they do not know, some models a temperature, and many any tools.
                said = _words_of(error)
                unwanted = {field for field in optional if _MENTIONS.get(field, field) in said}
                if request.needs_tools or _is_too_long(said):
                    unwanted.discard("tools")
                if not unwanted:
                    raise
                log.warning("A model's endpoint does not take %s; it is asked without.", " or ".join(sorted(unwanted)))
                self._unwanted |= unwanted

    def _optional(self, request: Request) -> dict[str, Any]:
        fields: dict[str, Any] = {"stream_options": {"include_usage": True}}
        if request.temperature is not None:
            fields["temperature"] = request.temperature
        if request.web:
            fields["web_search_options"] = {}
        if request.tools:
            fields["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": dict(tool.parameters),
                    },
                }
                for tool in request.tools
            ]
        return {name: value for name, value in fields.items() if name not in self._unwanted}

    def _translated(self, error: openai.APIError, model: str, begun: bool) -> ModelError:
        """An error of the client as one of ours: in words that members understand, without what it may echo."""
        import openai

        operator = "The operator of this server can check it."
        match error:
            case openai.APITimeoutError():
                return ModelUnavailable(f"The model fell silent: nothing came for {self._idle_timeout:g} seconds.")
            case openai.APIConnectionError():
                return ModelBroke(CUT_OFF) if begun else ModelUnavailable("The model could not be reached.")
            case openai.AuthenticationError():
                return ModelRefused(f"The model's endpoint does not accept this server's key. {operator}")
            case openai.PermissionDeniedError():
                return ModelRefused(f"The model's endpoint does not allow this server to use “{model}”. {operator}")
            case openai.NotFoundError():
                return ModelRefused(f"The model's endpoint does not know the model “{model}”. {operator}")
            case openai.RateLimitError():
                return _too_many(error)
            case openai.APIStatusError() if error.status_code >= 500:
                return ModelUnavailable(f"The model's endpoint failed (status {error.status_code}).")
            case openai.APIStatusError() if _is_too_long(_words_of(error)):
                return ModelRefused(
                    "The request was too long for the model. The operator can lower the context budget."
                )
            case openai.APIStatusError() if error.status_code < 400:
                return ModelRefused(
                    f"The model's endpoint has another address now (status {error.status_code}). {operator}"
                )
            case openai.APIStatusError():
                return ModelRefused(f"The model's endpoint refused the request (status {error.status_code}).")
            case _:
                return ModelBroke("The model's endpoint reported an error in the middle of its answer.")


def _message(turn: Turn) -> Any:
    if turn.role == "tool":
        return {"role": "tool", "tool_call_id": turn.answers, "content": turn.text}
    if turn.calls:
        return {"role": "assistant", "content": turn.text or None, "tool_calls": [_call(call) for call in turn.calls]}
    if not turn.images:
        return {"role": turn.role, "content": turn.text}
    pictures = [
        {
            "type": "image_url",
            "image_url": {"url": f"data:{image.media_type};base64,{base64.b64encode(image.data).decode()}"},
        }
        for image in turn.images
    ]
    return {"role": turn.role, "content": [{"type": "text", "text": turn.text}, *pictures]}


def _flagged(results: Any) -> tuple[str, ...]:
    """What the results of a check found. Only a clear no counts as one."""
    if not results or not all(isinstance(result.flagged, bool) for result in results):
        raise ValueError("no verdict")
    found: list[str] = []
    for result in results:
        if result.flagged:
            categories = getattr(result, "categories", None)
            kinds = categories.model_dump(by_alias=True) if categories is not None else {}
            found += [name for name, yes in kinds.items() if yes] or ["something"]
    return tuple(found)


def _call(call: ToolCall) -> dict[str, Any]:
    arguments = json.dumps(call.arguments or {}, ensure_ascii=False)
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}}


def _too_many(error: openai.RateLimitError) -> ModelError:
    if "insufficient_quota" in _words_of(error):
        return ModelRefused("The account at the model's endpoint has no credit left. The operator can add some.")
    said = error.response.headers.get("retry-after", "")
    if re.fullmatch(r"\d{1,6}(\.\d+)?", said):
        seconds = float(said)
        return ModelRateLimited(
            f"The model's endpoint is busy: it asks to wait {max(seconds, 1):.0f} seconds.", retry_after=seconds
        )
    return ModelRateLimited("The model's endpoint is busy: it asks to wait a little.")


def _is_too_long(said: str) -> bool:
    return "context" in said and "token" in said


def _words_of(error: openai.APIStatusError) -> str:
    return f"{error.code} {error.param} {error.message} {error.body}".lower()
