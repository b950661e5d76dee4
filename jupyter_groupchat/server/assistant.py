"""The assistant that an operator's options make, if any."""

from __future__ import annotations

from jupyter_groupchat.assistant import notebook_reader, own_tools
from jupyter_groupchat.assistant.dictation import Dictation
from jupyter_groupchat.assistant.models import Models, NamedModel
from jupyter_groupchat.assistant.moderation import Shield
from jupyter_groupchat.assistant.openai_model import OpenAIModel
from jupyter_groupchat.assistant.quota import Quota
from jupyter_groupchat.assistant.runner import Assistant, Settings
from jupyter_groupchat.assistant.tools import BUILT_IN
from jupyter_groupchat.server.model_options import ModelOption, configured, transcription
from jupyter_groupchat.server.options import Options
from jupyter_groupchat.threads.service import ThreadService


def assistant(options: Options, models: Models, service: ThreadService) -> Assistant | None:
    """The assistant, not started; None when there is nothing that could answer."""
    if not models.names:
        return None
    settings = Settings(
        name=options.assistant_name,
        instructions=options.instructions,
        max_parallel=options.max_parallel_replies,
        shield=Shield(
            accounts=frozenset(options.shielded_accounts),
            instructions=options.shielded_instructions,
            model=options.moderation_model,
        ),
        tools=BUILT_IN if own_tools.ANY in options.tools else frozenset(options.tools),
        own_tools=own_tools.load(options.tools),
        tool_rounds=options.tool_rounds,
        tool_timeout=options.tool_timeout,
        web_search=options.web_search,
        # Where there are no files, there is no place for pictures.
        image_model=options.image_model if options.files_per_thread and options.file_types else "",
        quota=Quota(
            replies_per_hour=options.replies_per_hour,
            replies_per_day=options.replies_per_day,
            tokens_per_hour=options.tokens_per_hour,
            tokens_per_day=options.tokens_per_day,
        ),
        thread_quota=Quota(
            replies_per_hour=options.thread_replies_per_hour,
            replies_per_day=options.thread_replies_per_day,
            tokens_per_hour=options.thread_tokens_per_hour,
            tokens_per_day=options.thread_tokens_per_day,
        ),
        guest_quota=Quota(replies_per_day=options.guest_replies_per_day),
    )
    return Assistant(service, models, settings)


def dictation(options: Options, service: ThreadService) -> Dictation | None:
    """What writes recordings down; None where nothing does. Raises ValueError, see ``transcription``."""
    chosen = transcription(options)
    if chosen is None:
        return None
    endpoint = OpenAIModel(base_url=chosen.base_url, api_key=chosen.api_key or None, idle_timeout=options.model_timeout)
    return Dictation(
        service,
        endpoint,
        chosen.model,
        max_bytes=options.file_bytes,
        max_parallel=options.max_parallel_replies,
    )


def language_models(options: Options) -> list[NamedModel]:
    """What answers; nothing when there is nothing that could. Raises ValueError, see ``configured``."""
    if found := configured(options):
        return [language_model(model, options.model_timeout) for model in found]
    if not options.notebook_reader:
        return []
    reader = notebook_reader.NAME
    return [
        NamedModel(
            name=reader,
            model=reader,
            endpoint=notebook_reader.notebook_reader(),
            context_tokens=options.context_tokens,
            images=bool(options.images),
        )
    ]


def language_model(option: ModelOption, idle_timeout: float) -> NamedModel:
    """A model with the connection to its endpoint."""
    endpoint = OpenAIModel(
        base_url=option.base_url,
        api_key=option.api_key or None,
        idle_timeout=idle_timeout,
        no_store=option.no_store,
    )
    return NamedModel(
        name=option.name,
        model=option.model,
        endpoint=endpoint,
        context_tokens=option.context_tokens,
        temperature=option.temperature,
        images=option.images,
        strength=option.strength,
    )
