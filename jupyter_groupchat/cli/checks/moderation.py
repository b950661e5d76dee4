"""Is what shielded accounts are told checked, and can it be?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from jupyter_groupchat.assistant.models import NamedModel
from jupyter_groupchat.cli.checks.findings import Finding, fine, note, problem
from jupyter_groupchat.errors import ModelError
from jupyter_groupchat.server.assistant import language_model
from jupyter_groupchat.server.model_options import configured
from jupyter_groupchat.server.options import Options


def check(options: Options, *, ask: bool) -> Iterator[Finding]:
    """With ``ask``, each model's endpoint is asked to check one word."""
    if not options.shielded_accounts or not options.assistant_enabled:
        return
    checker = options.moderation_model
    if not checker:
        yield note(
            "There are shielded accounts, and nothing checks what the assistant tells them.",
            "Set GroupChat.moderation_model.",
        )
        return
    try:
        models = configured(options)
    except ValueError:
        return  # it was said already
    if not models:
        yield problem(
            "The notebook reader cannot be checked, so shielded accounts see none of its replies.",
            "Set up a language model whose endpoint has the moderations call.",
        )
    for model in models if ask else []:
        try:
            asyncio.run(_ask(language_model(model, options.model_timeout), checker))
        except ModelError as error:
            yield problem(
                f"What {model.name} says cannot be checked with {checker}, so shielded accounts do not see it. "
                f"{error.message}",
                "Choose a model whose endpoint has the moderations call, and the name that it has there.",
            )
        else:
            yield fine(f"What {model.name} says can be checked with {checker}.")


async def _ask(model: NamedModel, checker: str) -> None:
    """Have a word checked. Raises ModelError."""
    try:
        await model.endpoint.flagged(checker, "Hello.")
    finally:
        await model.endpoint.close()
