"""Guests: who comes by a link without an account, is in one thread as a reviewer, and goes when their time is over.

What a guest may ask for is listed here; whatever is not, they may not. See docs/decisions/0009-guests.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jupyter_groupchat.errors import Conflict, InvitationGone, NotAllowed
from jupyter_groupchat.invitation_types import Ended, Guest, Invitation
from jupyter_groupchat.threads import invitations, joining, members, messages, profiles, requests
from jupyter_groupchat.threads.access import as_operator
from jupyter_groupchat.threads.internal import GuestEnd, GuestEnter
from jupyter_groupchat.threads.joining import Newcomer
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Thread
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.times import to_wire

#: All that a guest may ask for.
ALLOWED = (
    commands.MessagePost,
    commands.MessageEdit,
    commands.MessageDelete,
    commands.MessageReport,
    commands.ReactionPut,
    commands.ReactionDelete,
    commands.ReplyStop,
    commands.ReadPut,
    commands.Typing,
    commands.ThreadLeave,
    commands.RequestWithdraw,
    GuestEnter,
)
NOT_FOR_GUESTS = "This is not for guests: they read one thread and write in it."


def require_allowed(guest: Actor, command: object, now: datetime) -> None:
    """Raise NotAllowed when a guest asks for what is not for guests, or when their time is over."""
    if type(command) not in ALLOWED:
        raise NotAllowed(NOT_FOR_GUESTS)
    if guest.until is not None and guest.until <= now:
        raise NotAllowed("Your access as a guest has ended.", reason=Ended.ENDED.value)


def enter(work: Work, actor: Actor, command: GuestEnter) -> dict[str, Any]:
    """Come in by a guest link, or ask to be let in, where the thread is set so. The pass is the caller's then."""
    invitation = _open_link(work, command.code)
    thread = work.thread(invitation.thread_id)
    joining.check(work, thread, actor.username)
    _refuse_taken(work, thread, actor.name)
    if invitation.expires_at is None:
        raise InvitationGone(invitations.UNKNOWN, reason="unknown")
    guest = Guest(
        username=actor.username,
        thread_id=thread.id,
        name=actor.name,
        invitation=invitation.id,
        came_at=work.now,
        ends_at=invitation.expires_at,
    )
    if thread.approval:
        requests.ask(work, actor, thread, invitation)
        work.tx.guests.add(guest, command.pass_hash)
        return {}
    invitations.use(work, invitation)
    work.tx.guests.add(guest, command.pass_hash)
    details = {
        "name": guest.name,
        "invitation": invitation.id,
        "invited_by": invitation.created_by,
        "ends_at": to_wire(guest.ends_at),
    }
    work.tx.audit.append(thread.id, guest.username, "guest.enter", details, work.now)
    newcomer = Newcomer(
        username=guest.username,
        name=guest.name,
        avatar=None,
        role=invitation.role,
        invited_by=invitation.created_by,
        guest_until=guest.ends_at,
    )
    joining.come_in(work, thread, newcomer, joining.words(newcomer))
    return {}


def _open_link(work: Work, code: str) -> Invitation:
    """The invitation for guests that a code opens, its thread locked. Raises InvitationGone and NotAllowed."""
    work.policy.require_guests()
    invitation = work.rows.invitations.by_code_hash(invitations.hash_of(code))
    if invitation is None or not invitation.guest:
        raise InvitationGone(invitations.UNKNOWN, reason="unknown")
    work.lock(invitation.thread_id)
    invitations.refuse_dead(invitation, work.now)
    return invitation


def end(work: Work, actor: Actor, command: GuestEnd) -> dict[str, Any]:
    """Take out a guest whose time is over. What they wrote stays. Nobody who is gone already is taken out twice."""
    thread = as_operator(work, actor, command.thread)
    work.lock(thread.id)
    guest = work.rows.guests.get(command.username)
    if guest is None or guest.ended is not None:
        return {}
    if guest.ends_at > work.now:
        raise Conflict("This guest's time is not over yet.")
    member = work.members(thread.id).get(guest.username)
    if member is not None:
        messages.say(work, thread.id, member, f"{member.name}’s access as a guest ended.")
        members.take_out(work, thread, member, Ended.ENDED)
    else:
        requests.end(work, thread, guest.username, Ended.ENDED)
    details = {"username": guest.username, "name": guest.name}
    work.tx.audit.append(thread.id, actor.username, "guest.end", details, work.now)
    return {}


def _refuse_taken(work: Work, thread: Thread, name: str) -> None:
    """Raise NotAllowed for a name by which somebody else in the thread is known, or could be called."""
    profiles.refuse_taken(work, name)
    if joining.is_known_as(work, thread, name):
        raise NotAllowed(f"Somebody in this thread is called “{name}” already. Add your surname.", reason="name")
