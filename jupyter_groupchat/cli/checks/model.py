"""Are there language models, and do they answer?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

from jupyter_groupchat.assistant.language_model import Request, Turn
from jupyter_groupchat.assistant.models import NamedModel
from jupyter_groupchat.cli.checks.findings import Finding, fine, note, problem
from jupyter_groupchat.errors import ModelBroke, ModelError, ModelRateLimited, ModelRefused
from jupyter_groupchat.server.assistant import language_model
from jupyter_groupchat.server.model_options import ModelOption, configured, transcription
from jupyter_groupchat.server.options import Options

_MEND = {
    ModelRefused: "Check GroupChat.api_key (or OPENAI_API_KEY) and GroupChat.model.",
    ModelRateLimited: "Wait, or raise the limits of the account at the endpoint.",
    ModelBroke: "Choose another GroupChat.model, or another endpoint that speaks Chat Completions.",
}


def check(options: Options, *, ask: bool) -> Iterator[Finding]:
    """With ``ask``, each model is asked one short question."""
    if not options.assistant_enabled:
        yield note("The assistant is switched off (GroupChat.assistant_enabled).")
        return
    try:
        models = configured(options)
    except ValueError as error:
        yield problem(str(error), "Mend it where GroupChat.models is set; docs/configuration.md has an example.")
        return
    if not models:
        yield note(
            "No language model is set up; the notebook reader answers."
            if options.notebook_reader
            else "There is neither a language model nor the notebook reader, so nobody answers.",
            "Set GroupChat.base_url, or GroupChat.api_key (or OPENAI_API_KEY).",
        )
    for model in models:
        yield _one(model, options.model_timeout, ask=ask)


def check_recordings(options: Options) -> Iterator[Finding]:
    """What writes recordings down, if anything. Nothing is asked of it: there is nothing to write down."""
    if not options.transcription_model:
        return
    try:
        found = transcription(options)
    except ValueError as error:
        yield problem(str(error), "Mend it where it is set; docs/configuration.md has an example.")
        return
    if found is None:
        yield problem(
            "GroupChat.transcription_model has no endpoint, so nobody can dictate.",
            "Set GroupChat.base_url or api_key, or give the model a base_url of its own.",
        )
    else:
        yield fine(f"Recordings are written down by {found.model} at {_where(found.base_url)}.")


def _one(option: ModelOption, timeout: float, *, ask: bool) -> Finding:
    place = urlsplit(option.base_url)
    if place.scheme not in ("http", "https") or not place.hostname:
        return problem("GroupChat.base_url is no address.", "It looks like http://localhost:11434/v1.")
    where = _where(option.base_url)
    if not ask:
        return fine(f"The model is {option.model} at {where}. Whether it answers, --model finds out.")
    try:
        asyncio.run(_ask(language_model(option, timeout)))
    except ModelError as error:
        mend = _MEND.get(type(error), f"See that GroupChat.base_url is right ({where}), and that the endpoint runs.")
        return problem(f"The model {option.model} at {where} does not answer. {error.message}", mend)
    return fine(f"The model {option.model} at {where} answers.")


def _where(base_url: str) -> str:
    """An address without what might be secret in it."""
    place = urlsplit(base_url)
    return f"{place.scheme}://{place.hostname}{f':{place.port}' if place.port else ''}{place.path}"


async def _ask(model: NamedModel) -> None:
    """Hear an answer to its end. Raises ModelError."""
    question = Turn("user", "Are you there? Answer with one word.")
    try:
        async for _ in model.endpoint.stream(Request(model=model.model, turns=(question,))):
            pass
    finally:
        await model.endpoint.close()
