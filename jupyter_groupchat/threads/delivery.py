"""What one transaction has to tell, collected on the core thread and handed to the loop after the commit."""

from __future__ import annotations

from asyncio import Future
from dataclasses import dataclass, field
from typing import Any

from jupyter_groupchat.rooms.audience import Why
from jupyter_groupchat.threads.happenings import Happening
from jupyter_groupchat.wire.events import Event


@dataclass(frozen=True, slots=True)
class Close:
    """The channels of one person (None: of everybody) to a thread's documents, or to ``doc`` alone, end."""

    thread_id: str
    username: str | None
    why: Why
    doc: str | None = None


@dataclass(frozen=True, slots=True)
class Tidings:
    """A row of people's thread lists changed. ``seq`` names the message that is news, ``username`` the only person
    whom it concerns; ``members`` says that it is those who changed."""

    thread_id: str
    seq: int | None = None
    username: str | None = None
    members: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """A reply that another server writes is to be stopped."""

    thread_id: str
    message: str
    by: str


@dataclass(slots=True)
class Delivery:
    """In the order in which the loop goes through it. ``updates`` are plain updates of documents."""

    closes: list[Close] = field(default_factory=list)
    updates: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[tuple[Future[Any], Any, BaseException | None]] = field(default_factory=list)
    events: list[tuple[str, Event]] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    tidings: list[Tidings] = field(default_factory=list)
    posted: list[tuple[str, str]] = field(default_factory=list)  #: thread and author: who posts no longer types
    folds: list[str] = field(default_factory=list)  #: documents whose log has grown long
    expires: bool = False  #: messages may have become too old
    #: For other servers, in this order: how far documents are, and replies to be stopped there.
    heads: dict[str, int] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)
