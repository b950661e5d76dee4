"""What lines of the audit log vouch for by a hash, and whether it still is what it was then."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import and_, select

from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param
from jupyter_groupchat.storage.tables import audit, manifests, messages, replies
from jupyter_groupchat.storage.values import packed

_SEALS = Statement(
    select(audit.c.id, audit.c.details)
    .where(audit.c.action == "reply.seal", audit.c.id > param("after"))
    .order_by(audit.c.id)
    .limit(param("limit"))
)
_MANIFEST = Statement(
    select(messages.c.deleted, manifests.c.data)
    .select_from(replies)
    .outerjoin(manifests, manifests.c.reply == replies.c.id)
    .outerjoin(messages, and_(messages.c.thread == replies.c.thread, messages.c.id == param("message")))
    .where(replies.c.id == param("reply"))
)
_AT_ONCE = 1_000


class Evidence(Noun):
    """What is kept beside the rows of ``audit``."""

    def altered(self) -> Iterator[tuple[int, str]]:
        """The lines for which it is not what it was, or is missing: their ids, and what is wrong."""
        last = 0
        while rows := self._run(_SEALS, after=last, limit=_AT_ONCE).fetchall():
            for id, details in rows:
                sealed = json.loads(details)
                if "manifest" in sealed and not self._is_as_sealed(sealed["reply"], sealed["manifest"]):
                    yield id, f"The manifest of the reply {sealed['reply']} is not the one that it ended with."
            last = rows[-1][0]

    def _is_as_sealed(self, reply: str, expected: str) -> bool:
        row = self._run(_MANIFEST, reply=reply, message=packed(reply)).fetchone()
        if row is None:  # it went with its thread
            return True
        deleted, data = row
        if data is None:  # it goes with a message that became too old
            return bool(deleted)
        try:
            return sha256(zlib.decompress(data)).hexdigest() == expected
        except zlib.error:
            return False
