"""Writing down what somebody says. Nobody else hears of it, and nothing is kept of the recording or the text."""

from __future__ import annotations

import asyncio
from typing import Protocol

from jupyter_groupchat.assistant.alone import alone
from jupyter_groupchat.assistant.decisions import new_id
from jupyter_groupchat.assistant.recording import Recording, recording
from jupyter_groupchat.errors import InvalidRequest, ModelBroke, NotAllowed, TooLarge
from jupyter_groupchat.threads.access import refuse_impostors
from jupyter_groupchat.threads.internal import DictationSeal, Ended
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import THE_ASSISTANT, Actor, MessageStatus

#: Seconds and bytes of the longest recording.
LONGEST, LARGEST = 300, 10 * 1024 * 1024
#: Seconds by which a recorder may be late to stop.
_LATE = 10
#: Characters that are kept of a text.
_MOST = 20_000


class Transcriber(Protocol):
    """What turns speech into text behind an endpoint."""

    async def transcribe(self, model: str, recording: Recording) -> str:
        """What is said. Raises ModelError, with words fit to show to members."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class Dictation:
    """Writes recordings down; of each person one at a time, whatever server they use, and ``max_parallel`` of all."""

    def __init__(
        self, service: ThreadService, transcriber: Transcriber, model: str, *, max_bytes: int, max_parallel: int
    ) -> None:
        self.max_bytes = min(max_bytes, LARGEST)
        self._service = service
        self._transcriber = transcriber
        self._model = model
        self._places = asyncio.Semaphore(max_parallel)

    async def transcribe(self, actor: Actor, data: bytes) -> str:
        """What the recording says. Raises InvalidRequest, TooLarge, Conflict while another is under way, ModelError."""
        refuse_impostors(actor)
        if actor.via is not None:
            raise NotAllowed("A kernel's ticket does not let you dictate.")
        sound = self._examined(data)
        async with alone(self._service, actor.username, "dictation"):
            try:
                async with self._places:
                    text = await self._transcriber.transcribe(self._model, sound)
                text = " ".join(text.replace("\0", "").split())[:_MOST]
                if not text:
                    raise ModelBroke("Nothing was understood in this recording.")
            except BaseException as error:
                stopped = isinstance(error, asyncio.CancelledError)
                # Shielded: that it was stopped is to be kept, too.
                status: Ended = MessageStatus.CANCELLED if stopped else MessageStatus.FAILED
                await asyncio.shield(self._seal(actor, sound, status))
                raise
            await self._seal(actor, sound, MessageStatus.COMPLETE)
        return text

    async def close(self) -> None:
        """Give back connections."""
        await self._transcriber.close()

    def _examined(self, data: bytes) -> Recording:
        if len(data) > self.max_bytes:
            raise TooLarge(f"A recording holds at most {self.max_bytes:,} bytes.", limit=self.max_bytes)
        sound = recording(data)
        if sound is None:
            raise InvalidRequest("This is no recording that can be written down; WebM, Ogg, MP4 and WAV are.")
        if sound.seconds is not None and sound.seconds > LONGEST + _LATE:
            raise TooLarge(f"A recording is at most {LONGEST // 60} minutes long.", seconds=LONGEST)
        return sound

    async def _seal(self, actor: Actor, sound: Recording, status: Ended) -> None:
        seal = DictationSeal(
            id=new_id(),
            asked_by=actor.username,
            bytes=len(sound.data),
            seconds=None if sound.seconds is None else round(sound.seconds, 1),
            media_type=sound.media_type,
            model=self._model,
            status=status,
        )
        await self._service.execute(THE_ASSISTANT, seal)
