"""What commands answered, so that a command that is sent again gets the same answer and is not carried out twice."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.commands import commands
from jupyter_groupchat.storage.values import micros, to_json

_RESULT = Statement(
    select(commands.c.result).where(commands.c.username == param("username"), commands.c.id == param("id"))
)
_REMEMBER = Statement(insert(commands).values(params("username", "id", "at", "result")).inline())
_PRUNE = Statement(delete(commands).where(commands.c.at < param("before")))


class Commands(Noun):
    """Rows of ``commands``."""

    def result(self, username: str, command_id: str) -> dict[str, Any] | None:
        """What the command answered, None when it was not carried out or was pruned since."""
        row = self._run(_RESULT, username=username, id=command_id).fetchone()
        return None if row is None else json.loads(row[0])

    def remember(self, username: str, command_id: str, result: dict[str, Any], at: datetime) -> None:
        """Keep the answer. An id that the person used before fails the transaction."""
        self._run(_REMEMBER, username=username, id=command_id, at=micros(at), result=to_json(result))

    def prune(self, before: datetime) -> int:
        """Forget what was answered before; how many answers that were."""
        return int(self._run(_PRUNE, before=micros(before)).rowcount)
