"""Which language models there are, where, and how they are asked."""

from __future__ import annotations

import os

from traitlets import Bool, Dict, Float, HasTraits, Int, List, Unicode, Union, default


class ModelTraits(HasTraits):
    """Which language models answer, at which endpoints, and what each is asked."""

    model = Unicode("gpt-4o-mini", config=True, help="The language model's name, as its endpoint knows it.")
    models = List(
        Dict(),
        config=True,
        help="Several language models for members to choose from, the first unless they do. Each is a dictionary with "
        "name (for members) and model, and where it differs from the options for one model: base_url, api_key or "
        "api_key_env, temperature, context_tokens, images, no_store; strength is 'fast' or 'strong'. Default: "
        "the one model.",
    )
    base_url = Unicode(
        "",
        config=True,
        help="Base URL of an endpoint that speaks OpenAI's Chat Completions, such as http://localhost:11434/v1 for "
        "Ollama. Default: OpenAI's, when there is a key.",
    )
    api_key = Unicode(
        config=True,
        help="The key for the language model's endpoint. Default: the environment variable OPENAI_API_KEY.",
    )
    temperature = Float(
        None,
        allow_none=True,
        min=0.0,
        max=2.0,
        config=True,
        help="How freely the model words its answers, 0 to 2. Default: the endpoint's.",
    )
    context_tokens = Int(
        16_000,
        min=1_000,
        config=True,
        help="How much of a thread goes into one request to the model, in tokens.",
    )
    images = Bool(
        None,
        allow_none=True,
        config=True,
        help="Whether images in files and in shared cells' outputs are sent to the model. "
        "Default: at OpenAI yes, elsewhere no.",
    )
    no_store = Bool(
        None,
        allow_none=True,
        config=True,
        help="Whether requests tell the provider not to keep them: store, which is false then. An endpoint that does "
        "not take that refuses them. Default: at OpenAI yes, elsewhere no.",
    )
    model_timeout = Float(
        120.0, min=1.0, config=True, help="How many seconds the model may stay silent before the reply fails."
    )
    web_search = Bool(
        False,
        config=True,
        help="Whether the endpoint may search the web for an answer, where it offers that. What it looks for is up to "
        "the endpoint, which has the whole request to choose from.",
    )
    image_model = Unicode(
        "",
        config=True,
        help="The model with which the assistant makes pictures when somebody asks for one, at the endpoint of the "
        "model that answers and as its images API knows it. Default: none, it makes no pictures.",
    )
    transcription_model = Union(
        [Dict(), Unicode()],  # in the order in which the command line is read
        default_value="",
        config=True,
        help="The model that writes down what people dictate, as the endpoint of base_url (or OpenAI's) knows it, such "
        "as whisper-1; for an endpoint of its own, a dictionary with model, base_url, and api_key or api_key_env. "
        "Default: none, and nobody can dictate.",
    )
    moderation_model = Unicode(
        "",
        config=True,
        help="What the endpoint's moderations call checks replies with, such as omni-moderation-latest, in threads"
        " that a shielded account is a member of: each paragraph before anybody sees it. Default: nothing is "
        "checked.",
    )

    @default("api_key")
    def _api_key_default(self) -> str:
        return os.environ.get("OPENAI_API_KEY", "")
