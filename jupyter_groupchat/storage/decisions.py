"""What the assistant decided about people's messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from jupyter_groupchat.reply_types import Act, Decision, DecisionRecord
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.assistant import decisions
from jupyter_groupchat.storage.values import micros, time

_FIELDS = ("message", "act", "reason", "by", "emoji", "model", "tokens", "at")

_ADD = Statement(insert(decisions).values(params("thread", *_FIELDS)).inline())
_LIST = Statement(
    select(*(decisions.c[name] for name in _FIELDS))
    .where(decisions.c.thread == param("thread"))
    .order_by(decisions.c.key.desc())
    .limit(param("limit"))
)
_OLDEST = select(decisions.c.key).where(decisions.c.thread == param("thread")).order_by(decisions.c.key)
_EXPIRE = Statement(
    delete(decisions).where(decisions.c.key.in_(_OLDEST.limit(param("limit"))), decisions.c.at < param("before"))
)


class Decisions(Noun):
    """Rows of ``decisions``."""

    def add(self, thread_id: str, message_id: str, decision: Decision, at: datetime) -> None:
        """Keep a decision. Raises NotFound when there is no such thread."""
        self._run(
            _ADD,
            thread=self._session.key_of(thread_id),
            message=message_id,
            act=decision.act,
            reason=decision.reason,
            by=decision.by,
            emoji=decision.emoji,
            model=decision.model,
            tokens=decision.tokens,
            at=micros(at),
        )

    def list(self, thread_id: str, limit: int) -> list[DecisionRecord]:
        """The thread's newest decisions, newest first."""
        thread = self._session.key(thread_id)
        if thread is None:
            return []
        return [
            DecisionRecord(
                message=message,
                decision=Decision(act=Act(act), reason=reason, by=by, emoji=emoji, model=model, tokens=tokens),
                at=time(at),
            )
            for message, act, reason, by, emoji, model, tokens, at in self._run(_LIST, thread=thread, limit=limit)
        ]

    def expire(self, thread_id: str, before: datetime, limit: int) -> int:
        """Delete those before a moment, looking at ``limit`` of a thread at most; how many went."""
        thread = self._session.key(thread_id)
        if thread is None:
            return 0
        return int(self._run(_EXPIRE, thread=thread, before=micros(before), limit=limit).rowcount)
