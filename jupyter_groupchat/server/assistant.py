"""The assistant that an operator's options make, if any."""

from __future__ import annotations

from urllib.parse import urlsplit

from jupyter_groupchat.assistant import notebook_reader
from jupyter_groupchat.assistant.language_model import LanguageModel
from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.assistant.openai_model import OPENAI_HOST, OpenAIModel
from jupyter_groupchat.assistant.quota import Quota
from jupyter_groupchat.assistant.runner import Assistant, Settings
from jupyter_groupchat.server.options import Options
from jupyter_groupchat.threads.service import ThreadService


def assistant(options: Options, service: ThreadService) -> Assistant | None:
    """The assistant, not started; None when it is switched off, or when there is nothing that could answer."""
    chosen = language_model(options) if options.assistant_enabled else None
    if chosen is None:
        return None
    endpoint, name = chosen
    at_openai = urlsplit(base_url(options)).hostname == OPENAI_HOST
    model = NamedModel(
        name=name,
        model=name,
        endpoint=endpoint,
        context_tokens=options.context_tokens,
        temperature=options.temperature,
        images=at_openai if options.images is None else options.images,
    )
    settings = Settings(
        name=options.assistant_name,
        instructions=options.instructions,
        max_parallel=options.max_parallel_replies,
        quota=Quota(
            replies_per_hour=options.replies_per_hour,
            replies_per_day=options.replies_per_day,
            tokens_per_day=options.tokens_per_day,
        ),
    )
    return Assistant(service, Models([model]), settings)


def language_model(options: Options) -> tuple[LanguageModel, str] | None:
    """What answers, and its name; None when there is nothing that could."""
    if options.api_key or options.base_url:
        key = options.api_key or None
        return OpenAIModel(base_url=base_url(options), api_key=key, idle_timeout=options.model_timeout), options.model
    if options.notebook_reader:
        return notebook_reader.notebook_reader(), notebook_reader.NAME
    return None


def base_url(options: Options) -> str:
    """Where the model's endpoint is."""
    return options.base_url or f"https://{OPENAI_HOST}/v1"
