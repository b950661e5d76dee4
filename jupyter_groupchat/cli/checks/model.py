"""Is there a language model, and does it answer?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

from jupyter_groupchat.assistant.language_model import LanguageModel, Request, Turn
from jupyter_groupchat.cli.checks.findings import Finding, fine, note, problem
from jupyter_groupchat.errors import ModelBroke, ModelError, ModelRateLimited, ModelRefused
from jupyter_groupchat.server.assistant import base_url, language_model
from jupyter_groupchat.server.options import Options

_MEND = {
    ModelRefused: "Check GroupChat.api_key (or OPENAI_API_KEY) and GroupChat.model.",
    ModelRateLimited: "Wait, or raise the limits of the account at the endpoint.",
    ModelBroke: "Choose another GroupChat.model, or another endpoint that speaks Chat Completions.",
}


def check(options: Options, *, ask: bool) -> Iterator[Finding]:
    """With ``ask``, the model is asked one short question."""
    if not options.assistant_enabled:
        yield note("The assistant is switched off (GroupChat.assistant_enabled).")
        return
    chosen = language_model(options)
    if chosen is None:
        yield note(
            "There is neither a language model nor the notebook reader, so nobody answers.",
            "Set GroupChat.base_url, or GroupChat.api_key (or OPENAI_API_KEY).",
        )
        return
    if not (options.api_key or options.base_url):
        yield note(
            "No language model is set up; the notebook reader answers.",
            "Set GroupChat.base_url, or GroupChat.api_key (or OPENAI_API_KEY).",
        )
        return
    model, name = chosen
    place = urlsplit(base_url(options))
    if place.scheme not in ("http", "https") or not place.hostname:
        yield problem("GroupChat.base_url is no address.", "It looks like http://localhost:11434/v1.")
        return
    where = f"{place.scheme}://{place.hostname}{f':{place.port}' if place.port else ''}{place.path}"
    if not ask:
        yield fine(f"The model is {name} at {where}. Whether it answers, --model finds out.")
        return
    try:
        asyncio.run(_ask(model, name))
    except ModelError as error:
        mend = _MEND.get(type(error), f"See that GroupChat.base_url is right ({where}), and that the endpoint runs.")
        yield problem(f"The model {name} at {where} does not answer. {error.message}", mend)
    else:
        yield fine(f"The model {name} at {where} answers.")


async def _ask(model: LanguageModel, name: str) -> None:
    """Hear an answer to its end. Raises ModelError."""
    question = Turn("user", "Are you there? Answer with one word.")
    try:
        async for _ in model.stream(Request(model=name, turns=(question,))):
            pass
    finally:
        await model.close()
