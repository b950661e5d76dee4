"""Invitations by link. Only a hash of each code is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from jupyter_groupchat.invitation_types import Invitation
from jupyter_groupchat.storage.session import Noun
from jupyter_groupchat.storage.statement import Statement, param, params
from jupyter_groupchat.storage.tables.invitations import invitations
from jupyter_groupchat.storage.tables.threads import threads
from jupyter_groupchat.storage.values import micros, micros_or_none, time, time_or_none
from jupyter_groupchat.types import Role

_FIELDS = ("id", "role", "created_by", "created_at", "expires_at", "max_uses", "uses", "revoked_at", "guest")
_select = select(threads.c.id, *(invitations.c[name] for name in _FIELDS)).join(
    threads, threads.c.key == invitations.c.thread
)

_ADD = Statement(insert(invitations).values(params("thread", "code_hash", *_FIELDS)).inline())
_GET = Statement(_select.where(invitations.c.id == param("id")))
_BY_CODE_HASH = Statement(_select.where(invitations.c.code_hash == param("code_hash")))
_LIST = Statement(
    _select.where(invitations.c.thread == param("thread")).order_by(invitations.c.created_at.desc(), invitations.c.id)
)
_REVOKE = Statement(
    update(invitations)
    .where(invitations.c.id == param("id_"), invitations.c.revoked_at.is_(None))
    .values(revoked_at=param("at"))
)
_USE = Statement(
    update(invitations)
    .where(
        invitations.c.id == param("id_"),
        invitations.c.revoked_at.is_(None),
        or_(invitations.c.expires_at.is_(None), invitations.c.expires_at > param("now")),
        or_(invitations.c.max_uses.is_(None), invitations.c.uses < invitations.c.max_uses),
    )
    .values(uses=invitations.c.uses + 1)
)


def _invitation(row: tuple[Any, ...]) -> Invitation:
    thread_id, id, role, created_by, created_at, expires_at, max_uses, uses, revoked_at, guest = row
    return Invitation(
        id=id,
        thread_id=thread_id,
        role=Role(role),
        created_by=created_by,
        created_at=time(created_at),
        expires_at=time_or_none(expires_at),
        max_uses=max_uses,
        uses=uses,
        revoked_at=time_or_none(revoked_at),
        guest=bool(guest),
    )


class Invitations(Noun):
    """Rows of ``invitations``."""

    def add(self, invitation: Invitation, code_hash: str) -> None:
        """Add an invitation. Raises NotFound when there is no such thread."""
        self._run(
            _ADD,
            thread=self._session.key_of(invitation.thread_id),
            code_hash=code_hash,
            id=invitation.id,
            role=invitation.role,
            created_by=invitation.created_by,
            created_at=micros(invitation.created_at),
            expires_at=micros_or_none(invitation.expires_at),
            max_uses=invitation.max_uses,
            uses=invitation.uses,
            revoked_at=micros_or_none(invitation.revoked_at),
            guest=invitation.guest,
        )

    def get(self, id: str) -> Invitation | None:
        """The invitation, None when there is none."""
        row = self._run(_GET, id=id).fetchone()
        return None if row is None else _invitation(row)

    def by_code_hash(self, code_hash: str) -> Invitation | None:
        """The invitation whose code has this hash, whether or not it still opens anything."""
        row = self._run(_BY_CODE_HASH, code_hash=code_hash).fetchone()
        return None if row is None else _invitation(row)

    def list(self, thread_id: str) -> list[Invitation]:
        """The thread's invitations, newest first, dead ones among them."""
        thread = self._session.key(thread_id)
        return [] if thread is None else [_invitation(row) for row in self._run(_LIST, thread=thread)]

    def revoke(self, id: str, at: datetime) -> bool:
        """Revoke it; false when there is none or it was revoked before."""
        return bool(self._run(_REVOKE, id_=id, at=micros(at)).rowcount)

    def use(self, id: str, now: datetime) -> bool:
        """Count one who joins by it; false when it expired, was revoked or is used up, even by others just now."""
        return bool(self._run(_USE, id_=id, now=micros(now)).rowcount)
