"""How much of the assistant there is for a person, for a thread and for guests."""

from __future__ import annotations

from traitlets import HasTraits, Int


class UsageTraits(HasTraits):
    """How many replies and tokens people, threads and guests get."""

    replies_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that one person gets within an hour. Default: any number.",
    )
    replies_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that one person gets within a day. Default: any number.",
    )
    tokens_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that one person's replies take in a day. Default: any number.",
    )
    tokens_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that one person's replies take in an hour. Default: any number.",
    )
    thread_replies_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that the people of one thread get there within an hour, together. Default: any number.",
    )
    thread_replies_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Replies that the people of one thread get there within a day, together. Default: any number.",
    )
    thread_tokens_per_hour = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that the replies in one thread take in an hour. Default: any number.",
    )
    thread_tokens_per_day = Int(
        None,
        allow_none=True,
        min=0,
        config=True,
        help="Tokens that the replies in one thread take in a day. Default: any number.",
    )
    guest_replies_per_day = Int(
        20,
        min=0,
        config=True,
        help="Replies that the guests of one thread get there within a day, together; with 0 guests cannot ask the "
        "assistant.",
    )
