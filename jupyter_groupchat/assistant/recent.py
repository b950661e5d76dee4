"""What was said lately in one thread, as far as deciding looks back: remembered, so that a burst costs no reads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from jupyter_groupchat.assistant.manners import Evidence
from jupyter_groupchat.threads.service import ThreadService
from jupyter_groupchat.types import MessageRow

#: Messages that a decision looks back on.
LOOK_BACK = 12
#: How long what shared cells say is remembered.
EVIDENCE_FOR = timedelta(seconds=10)


class Recent:
    """Filled by what is posted, and by a read where something is missing."""

    def __init__(self, service: ThreadService, thread_id: str) -> None:
        self.unasked: frozenset[str] = frozenset()
        self._service = service
        self._thread_id = thread_id
        self._rows: dict[int, MessageRow] = {}
        self._evidence: Evidence | None = None
        self._evidence_until = datetime.min.replace(tzinfo=UTC)
        self._cells_version = 0
        self._reading = asyncio.Lock()

    def add(self, row: MessageRow) -> None:
        """Remember a message, or how it reads now."""
        self._rows[row.seq] = row
        if len(self._rows) > 8 * LOOK_BACK:
            for seq in sorted(self._rows)[: -4 * LOOK_BACK]:
                del self._rows[seq]

    def before(self, row: MessageRow) -> tuple[MessageRow, ...]:
        """The messages before one, as far as they are known, oldest first."""
        return tuple(known for seq in range(row.seq - LOOK_BACK, row.seq) if (known := self._rows.get(seq)))

    def later(self, row: MessageRow) -> tuple[MessageRow, ...]:
        """The messages since."""
        return tuple(self._rows[seq] for seq in sorted(self._rows) if seq > row.seq)

    async def complete(self, row: MessageRow) -> None:
        """Make sure that ``before(row)`` is complete. Those who come while it reads wait for the same read."""
        async with self._reading:
            if all(seq in self._rows for seq in range(max(row.seq - LOOK_BACK, 0), row.seq)):
                return
            conversation = await self._service.conversation(self._thread_id, limit=4 * LOOK_BACK, cells=False)
            self.unasked = conversation.unasked
            for known in conversation.messages:
                self.add(known)

    async def evidence(self, now: datetime) -> Evidence:
        """What the shared cells say, as of some seconds ago at most."""
        async with self._reading:
            if self._evidence is not None and now < self._evidence_until:
                return self._evidence
            version = self._cells_version
            conversation = await self._service.conversation(self._thread_id, limit=1)
            evidence = await asyncio.to_thread(Evidence.of, conversation.cells)
            # What changed while it was read is not known yet.
            self._evidence = evidence if version == self._cells_version else None
            self._evidence_until = now + EVIDENCE_FOR
            return evidence

    def forget_evidence(self) -> None:
        """A cell was shared or changed."""
        self._evidence = None
        self._cells_version += 1
