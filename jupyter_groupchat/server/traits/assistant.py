"""What the assistant is called, is told and may do."""

from __future__ import annotations

from traitlets import Bool, Float, HasTraits, Int, List, Unicode


class AssistantTraits(HasTraits):
    """The assistant: what it is called, is told, and may use."""

    assistant_enabled = Bool(
        True, config=True, help="Whether an assistant is a member of threads. Without it, people chat among themselves."
    )
    assistant_name = Unicode(
        "Assistant",
        config=True,
        help="What the assistant is called. @assistant and this name both address it.",
    )
    instructions = Unicode(
        "", config=True, help="What the model is told in every thread, before the thread's own instructions."
    )
    max_parallel_replies = Int(
        8, min=1, config=True, help="Replies that the assistant writes at the same time, in different threads."
    )
    notebook_reader = Bool(
        True,
        config=True,
        help="Whether, with neither a key nor a base_url, a program that quotes from shared cells answers in the "
        "model's place. It is no language model and says so.",
    )
    tools = List(
        Unicode(),
        default_value=["search_thread", "read_cell"],
        config=True,
        help="Names of the tools that the assistant may use: its own, and those of installed packages; * stands for "
        "all of them. An empty list switches tools off.",
    )
    tool_rounds = Int(
        5,
        min=0,
        config=True,
        help="How many times the model may call tools for one reply before it has to answer without them.",
    )
    tool_timeout = Float(
        30.0, min=0.1, config=True, help="How many seconds a tool may take before the reply goes on without its result."
    )
