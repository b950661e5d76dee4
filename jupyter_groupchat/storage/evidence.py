"""What lines of the audit log vouch for by a hash: manifests of replies, and texts where the operator keeps them.

These are not in the lines themselves, so that they can go while the chain of lines stays whole.
"""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, and_, delete, insert, literal_column, or_, select

from jupyter_groupchat.storage.session import Noun, Session
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.assistant import manifests, replies
from jupyter_groupchat.storage.tables.audit import audit, audit_bodies
from jupyter_groupchat.storage.tables.messages import messages
from jupyter_groupchat.storage.tables.threads import thread_options, threads
from jupyter_groupchat.storage.values import micros, packed
from jupyter_groupchat.types import AuditBody

#: Bytes of one text that are kept.
MOST_KEPT = 64 * 1024

_DAY: Any = literal_column(str(timedelta(days=1) // timedelta(microseconds=1)), BigInteger)
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
_KEEP = Statement(insert(audit_bodies).values(params("line", "thread_id", "since", "salt", "body")).inline())
_BODIES = Statement(
    select(audit_bodies.c.line, audit_bodies.c.salt, audit_bodies.c.body, audit.c.details)
    .outerjoin(audit, audit.c.id == audit_bodies.c.line)
    .where(audit_bodies.c.line > param("after"))
    .order_by(audit_bodies.c.line)
    .limit(param("limit"))
)
_BODY = Statement(select(audit_bodies.c.body).where(audit_bodies.c.line == param("line")))
_DUE = Statement(
    select(audit_bodies.c.line)
    .outerjoin(threads, threads.c.id == audit_bodies.c.thread_id)
    .outerjoin(thread_options, thread_options.c.thread == threads.c.key)
    .where(
        or_(
            audit_bodies.c.since < param("everywhere"),
            audit_bodies.c.since < param("now") - thread_options.c.keep_days * _DAY,
        )
    )
    .order_by(audit_bodies.c.line)
)
_FORGET = Statement(delete(audit_bodies).where(audit_bodies.c.line == param("line")))
_LONG_AGO = -(1 << 62)
_AT_ONCE = 1_000


def keep(session: Session, line: int, thread_id: str, body: AuditBody) -> dict[str, Any]:
    """Keep a text beside a line, cut where it is long; what the line says of it: ``body``, its hash, and its size."""
    whole = body.text.replace("\0", "\ufffd").encode("utf-8", "replace")
    text = whole[:MOST_KEPT].decode("utf-8", "ignore")
    salt = secrets.token_hex(16)
    session.run(_KEEP, line=line, thread_id=thread_id, since=micros(body.since), salt=salt, body=text)
    return {"body": _hash(salt, text), "body_bytes": len(whole)}


def _hash(salt: str, text: str) -> str:
    return sha256((salt + text).encode()).hexdigest()


class Evidence(Noun):
    """What is kept beside the rows of ``audit``."""

    def body(self, line: int) -> str | None:
        """The text beside a line, None where none is kept, or no longer."""
        row = self._run(_BODY, line=line).fetchone()
        return None if row is None else str(row[0])

    def due(self, now: datetime, keep_days: int | None) -> Sequence[int]:
        """The lines whose texts are older than their threads, or with ``keep_days`` all threads, keep messages."""
        everywhere = _LONG_AGO if keep_days is None else micros(now - timedelta(days=keep_days))
        return [row[0] for row in self._run(_DUE, now=micros(now), everywhere=everywhere)]

    def forget(self, lines: Sequence[int]) -> None:
        """Keep the texts beside these lines no longer."""
        self._session.run_many(_FORGET, ({"line": line} for line in lines))

    def altered(self) -> Iterator[tuple[int, str]]:
        """The lines for which it is not what it was, or is missing: their ids, and what is wrong."""
        for id, sealed in self._seals():
            if "manifest" in sealed and not self._is_as_sealed(sealed["reply"], sealed["manifest"]):
                yield id, f"The manifest of the reply {sealed['reply']} is not the one that it ended with."
        for id, salt, text, details in self._bodies():
            if details is None or json.loads(details).get("body") != _hash(salt, text):
                yield id, "The text that is kept with it is not the one that was written."

    def _seals(self) -> Iterator[tuple[int, dict[str, Any]]]:
        last = 0
        while rows := self._run(_SEALS, after=last, limit=_AT_ONCE).fetchall():
            yield from ((id, json.loads(details)) for id, details in rows)
            last = rows[-1][0]

    def _bodies(self) -> Iterator[tuple[int, str, str, str | None]]:
        last = 0
        while rows := self._run(_BODIES, after=last, limit=_AT_ONCE).fetchall():
            yield from rows
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
