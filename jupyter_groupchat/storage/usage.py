"""What each person used of the assistant: the base of quotas and of the operator's report. Outlives its thread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.sql.functions import coalesce

from jupyter_groupchat.reply_types import UsageLine
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.assistant import usage
from jupyter_groupchat.storage.values import micros, time
from jupyter_groupchat.types import ASSISTANT, GUEST

_ADD = Statement(
    insert(usage)
    .values(params("thread_id", "username", "model", "prompt_tokens", "completion_tokens", "asked", "at"))
    .inline()
)
_tokens = func.sum(usage.c.prompt_tokens + usage.c.completion_tokens)
_since = (usage.c.username == param("username"), usage.c.at >= param("since"))
_COUNT = Statement(select(func.count(), coalesce(_tokens, 0)).where(*_since))
_COUNT_IN = Statement(
    select(func.count(), coalesce(_tokens, 0)).where(*_since, usage.c.thread_id == param("thread_id"))
)
_OLDEST = Statement(select(func.min(usage.c.at)).where(*_since))
_IN_THREAD = Statement(
    select(func.count(), coalesce(_tokens, 0), func.min(usage.c.at)).where(
        usage.c.at >= param("since"), usage.c.thread_id == param("thread_id"), usage.c.username != ASSISTANT
    )
)
# Their usernames are one after the other in the index.
_OF_GUESTS_IN_THREAD = Statement(
    select(func.count(), coalesce(_tokens, 0), func.min(usage.c.at)).where(
        usage.c.at >= param("since"),
        usage.c.thread_id == param("thread_id"),
        usage.c.username >= GUEST,
        usage.c.username < GUEST[:-1] + chr(ord(GUEST[-1]) + 1),
    )
)
_REPORT = Statement(
    select(
        usage.c.username,
        usage.c.thread_id,
        usage.c.model,
        func.count(),
        func.sum(usage.c.prompt_tokens),
        func.sum(usage.c.completion_tokens),
    )
    .where(usage.c.at >= param("since"), usage.c.at < param("until"))
    .group_by(usage.c.username, usage.c.thread_id, usage.c.model)
    .order_by(usage.c.username, usage.c.thread_id, usage.c.model)
)


class Usage(Noun):
    """Rows of ``usage``: one for each request to the model."""

    def add(
        self,
        thread_id: str,
        username: str,
        model: str,
        prompt_tokens: int,
        completion_tokens: int,
        at: datetime,
        asked: bool,
    ) -> None:
        """Count one request for ``username``; under the assistant's own name what is free for people."""
        self._run(
            _ADD,
            thread_id=thread_id,
            username=username,
            model=model,
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            asked=asked,
            at=micros(at),
        )

    def count_since(self, username: str, since: datetime, thread_id: str | None = None) -> tuple[int, int]:
        """Replies and tokens that count for the person since then, in all threads or in one."""
        if thread_id is None:
            row = self._run(_COUNT, username=username, since=micros(since)).fetchone()
        else:
            row = self._run(_COUNT_IN, username=username, since=micros(since), thread_id=thread_id).fetchone()
        return int(row[0]), int(row[1])

    def oldest_since(self, username: str, since: datetime) -> datetime | None:
        """When the first of those was: a window of time then says when one becomes free again."""
        (at,) = self._run(_OLDEST, username=username, since=micros(since)).fetchone()
        return None if at is None else time(at)

    def count_in(self, thread_id: str, since: datetime, *, guests: bool = False) -> tuple[int, int, datetime | None]:
        """Replies and tokens that people asked for in a thread since then, and when the first of those was.

        With ``guests``, those that its guests asked for.
        """
        statement = _OF_GUESTS_IN_THREAD if guests else _IN_THREAD
        replies, tokens, at = self._run(statement, since=micros(since), thread_id=thread_id).fetchone()
        return int(replies), int(tokens), None if at is None else time(at)

    def report(self, since: datetime, until: datetime) -> list[UsageLine]:
        """Sums by person, thread and model, ``until`` not included."""
        return [
            UsageLine(
                username=username,
                thread_id=thread_id,
                model=model,
                replies=replies,
                prompt_tokens=int(prompt_tokens),
                completion_tokens=int(completion_tokens),
            )
            for username, thread_id, model, replies, prompt_tokens, completion_tokens in self._run(
                _REPORT, since=micros(since), until=micros(until)
            )
        ]
