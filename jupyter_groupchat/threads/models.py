"""The operator's models, as far as members choose among them."""

from __future__ import annotations

from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import AUTO


def require(work: Work, name: str) -> None:
    """Raise InvalidRequest for a model that the operator did not set up."""
    known = work.context.models
    if name not in known:
        there = ", ".join(known) if known else "none"
        raise InvalidRequest(f"There is no such model at this server. There are: {there}.", models=list(known))


def told(name: str | None) -> str:
    """What somebody did who set a thread's model, after their name."""
    if name is None:
        return "let this server's usual model answer"
    return "let the question decide which model answers" if name == AUTO else f"let {name} answer"
