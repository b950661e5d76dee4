"""Pictures that the assistant has made: the tool, and what an endpoint answers to it."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from jupyter_groupchat.assistant.budget import Counter
from jupyter_groupchat.assistant.language_model import Drawn, LanguageModel
from jupyter_groupchat.assistant.toolbox import Result
from jupyter_groupchat.assistant.tools import MAKE_IMAGE
from jupyter_groupchat.errors import ModelBroke

#: Seconds that a picture may take: longer than anything else that a reply waits for.
PATIENCE = 180.0
#: Pictures of one reply.
MOST = 4

_FRAME = 64 * 1024


class MakeImage:
    """Has the endpoint's images ``model`` make a picture. ``attach`` puts it into the thread, with the reply."""

    tool = MAKE_IMAGE
    timeout: float | None = PATIENCE

    def __init__(
        self, endpoint: LanguageModel, model: str, limit: int, attach: Callable[[str, bytes], Awaitable[str]]
    ) -> None:
        self._endpoint = endpoint
        self._model = model
        self._limit = limit
        self._attach = attach
        self._made = 0

    def label(self, arguments: Mapping[str, Any]) -> str:
        """What it is to show."""
        return str(arguments["prompt"])

    async def use(self, arguments: Mapping[str, Any], limit: int, count: Counter) -> Result:
        """Tells the model that people see it; the model does not."""
        if self._made >= MOST:
            return Result(f"Not made: one reply has at most {MOST} pictures.")
        prompt = str(arguments["prompt"])
        drawn = await self._endpoint.draw(self._model, prompt, self._limit)
        name = await self._attach(name_of(prompt), drawn.data)
        self._made += 1
        said = f"Made, and shown below your reply as {name}. Do not link to it."
        return Result(said, tokens=(drawn.prompt_tokens, drawn.completion_tokens))


def name_of(prompt: str) -> str:
    """A file's name, without an ending, that says what a picture is of."""
    return re.sub(r"\W+", "-", prompt.lower())[:60].strip("-") or "picture"


def encoded(limit: int) -> int:
    """The bytes that an answer with a picture of so many bytes may have."""
    return limit * 4 // 3 + _FRAME


def drawn(body: bytes, limit: int) -> Drawn:
    """The picture in an answer of an images API. Raises ModelBroke."""
    try:
        answer = json.loads(body)
        data = base64.b64decode(answer["data"][0]["b64_json"], validate=True)
        used = answer.get("usage") or {}
        tokens = [used.get(name) for name in ("input_tokens", "output_tokens")]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, binascii.Error):
        raise ModelBroke("The endpoint sent no picture that can be read.") from None
    if len(data) > limit:
        raise ModelBroke("The picture was larger than a file may be here.")
    return Drawn(data, *(count if isinstance(count, int) and count > 0 else 0 for count in tokens))
