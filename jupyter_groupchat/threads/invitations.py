"""Invitations by link: making, revoking and accepting them.

A code is 24 random bytes. Only its SHA-256 is kept and looked up, so neither the table nor the time that a look-up
takes tells anything about a code. Who guesses has ten tries, and then one every half minute.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from jupyter_groupchat.errors import Conflict, InvalidRequest, InvitationGone, NotAllowed, NotFound
from jupyter_groupchat.invitation_types import Invitation
from jupyter_groupchat.threads import joining, lifecycle, permissions, profiles, requests
from jupyter_groupchat.threads.access import enter, enter_to_write
from jupyter_groupchat.threads.joining import Newcomer
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.policy import FOR_ONE
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import invitation_json
from jupyter_groupchat.wire.times import to_wire

CODE_BYTES = 24
UNKNOWN = "There is no such invitation. Check that the link is complete."
_USED_UP = "This invitation is used up. Ask for a new one."


def create(work: Work, actor: Actor, command: commands.InvitationCreate) -> dict[str, Any]:
    """Make a link. The answer is the only place that ever shows its code."""
    thread, member = enter_to_write(work, actor, command.thread, Act.INVITE)
    permissions.require(permissions.may_give(member.role, command.role))
    work.policy.require_links()
    lasts = _for_guest(work, command) if command.guest else command.expires_in
    if work.policy.is_for_one(work.members(thread.id)):
        raise NotAllowed(FOR_ONE)
    limit = work.limits.invitations_per_thread
    if sum(invitation.open_at(work.now) for invitation in work.rows.invitations.list(thread.id)) >= limit:
        raise Conflict(f"The thread has {limit} invitations that are still open. Revoke some first.", limit=limit)
    code = secrets.token_urlsafe(CODE_BYTES)
    invitation = Invitation(
        id=secrets.token_urlsafe(12),
        thread_id=thread.id,
        role=command.role,
        created_by=actor.username,
        created_at=work.now,
        expires_at=None if lasts is None else work.now + timedelta(seconds=lasts),
        max_uses=command.max_uses,
        uses=0,
        revoked_at=None,
        guest=command.guest,
    )
    work.tx.invitations.add(invitation, hash_of(code))
    details: dict[str, Any] = {"invitation": invitation.id, "role": invitation.role, "max_uses": invitation.max_uses}
    if invitation.guest and invitation.expires_at is not None:
        details |= {"guest": True, "ends_at": to_wire(invitation.expires_at)}
    work.tx.audit.append(thread.id, actor.username, "invitation.create", details, work.now)
    return {"invitation": invitation_json(invitation, work.now, code)}


def delete(work: Work, actor: Actor, command: commands.InvitationDelete) -> dict[str, Any]:
    """Revoke a link."""
    thread, _ = enter(work, actor, command.thread, Act.INVITE)
    invitation = work.rows.invitations.get(command.invitation)
    if invitation is None or invitation.thread_id != thread.id:
        raise NotFound("There is no such invitation in this thread.")
    enter(work, actor, command.thread, Act.REVOKE, own=invitation.created_by == actor.username)
    if invitation.revoked_at is None:
        work.tx.invitations.revoke(invitation.id, work.now)
        work.tx.audit.append(thread.id, actor.username, "invitation.delete", {"invitation": invitation.id}, work.now)
    return {}


def accept(work: Work, actor: Actor, command: commands.InvitationAccept) -> dict[str, Any]:
    """Join by a code, or ask to be let in. Somebody who is a member already uses nothing up."""
    if actor.via is not None:
        raise NotAllowed("A kernel's ticket does not let you join a thread.")
    work.policy.require_links()
    work.context.guesses.check(actor.username)
    invitation = work.rows.invitations.by_code_hash(hash_of(command.code))
    if invitation is None:
        work.context.guesses.wrong(actor.username)
        raise InvitationGone(UNKNOWN, reason="unknown")
    if invitation.guest:
        raise NotAllowed("This link is for a guest, who needs no account. Open it as it is.")
    thread_id = invitation.thread_id
    work.lock(thread_id)
    thread, present = work.thread(thread_id), work.members(thread_id)
    if actor.username in present:
        return lifecycle.answer(work, actor, thread_id)
    waiting = requests.of(work, actor, thread) if thread.approval else None
    if waiting is not None:
        return waiting
    refuse_dead(invitation, work.now)
    joining.check(work, thread, actor.username)
    if thread.approval:
        return requests.ask(work, actor, thread, invitation)
    use(work, invitation)
    me = profiles.shown(work.rows, actor)
    newcomer = Newcomer(
        username=actor.username,
        name=me.name,
        avatar=me.avatar,
        role=invitation.role,
        invited_by=invitation.created_by,
    )
    details = {"invitation": invitation.id, "role": invitation.role, "invited_by": invitation.created_by}
    work.tx.audit.append(thread_id, actor.username, "invitation.accept", details, work.now)
    joining.come_in(work, thread, newcomer, f"{newcomer.name} joined.")
    return lifecycle.answer(work, actor, thread_id)


def _for_guest(work: Work, command: commands.InvitationCreate) -> int:
    """How many seconds a link for guests lasts: no longer than the operator lets them stay.

    Raises NotAllowed and InvalidRequest, such as when it would let guests do more than they may.
    """
    work.policy.require_guests()
    if command.role is not Role.REVIEWER:
        raise InvalidRequest("A guest is a reviewer: give the link that role.", field="role")
    if command.expires_in is None:
        raise InvalidRequest("A guest's access ends: say when the link expires.", field="expires_in")
    return min(command.expires_in, work.policy.guest_days * 86_400)


def hash_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def use(work: Work, invitation: Invitation) -> None:
    """Count one who joins by a link. Raises InvitationGone.

    It counts in the database, where another server may have used it up or revoked it a moment ago.
    """
    if not work.rows.invitations.use(invitation.id, work.now):
        raise InvitationGone(_USED_UP, reason="used_up")


def refuse_dead(invitation: Invitation, now: datetime) -> None:
    """Raise InvitationGone for a link by which nobody can join any more."""
    if invitation.revoked_at is not None:
        raise InvitationGone("This invitation was revoked. Ask for a new one.", reason="revoked")
    if invitation.expires_at is not None and now >= invitation.expires_at:
        raise InvitationGone("This invitation has expired. Ask for a new one.", reason="expired")
    if not invitation.open_at(now):
        raise InvitationGone(_USED_UP, reason="used_up")
