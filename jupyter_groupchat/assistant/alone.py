"""What is done for one person alone, once at a time: of several windows, at whatever servers, the first has it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

from jupyter_groupchat.assistant.decisions import new_id
from jupyter_groupchat.errors import GroupChatError
from jupyter_groupchat.threads.internal import AsideBegin, AsideEnd
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT

log = logging.getLogger(__name__)


@asynccontextmanager
async def alone(service: ThreadService, username: str, what: Literal["catch_up", "dictation"]) -> AsyncGenerator[None]:
    """While it lasts, nobody begins the same for this person. Raises Conflict where somebody has."""
    await service.execute(THE_ASSISTANT, AsideBegin(id=new_id(), asked_by=username, what=what))
    try:
        yield
    finally:
        # Whoever is cancelled here still lets the next one begin.
        await asyncio.shield(_end(service, username, what))


async def _end(service: ThreadService, username: str, what: Literal["catch_up", "dictation"]) -> None:
    try:
        await service.execute(THE_ASSISTANT, AsideEnd(id=new_id(), asked_by=username, what=what))
    except GroupChatError as error:
        log.warning("It was not kept that something for one person ended; its lease will: %s", error)
