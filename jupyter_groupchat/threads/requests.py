"""Asking to be let into a thread with approval, and what its owner makes of it.

A request is the owner's to decide, whatever became of the link meanwhile: who is let in is in, also when the link
expired, was revoked or is used up by then. A link's use is counted when somebody is let in by it, not when they ask.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from jupyter_groupchat.errors import Conflict, NotAllowed, NotFound
from jupyter_groupchat.invitation_types import Ended, Guest, Invitation, JoinRequest
from jupyter_groupchat.threads import joining, profiles
from jupyter_groupchat.threads.access import enter, enter_to_write
from jupyter_groupchat.threads.joining import Newcomer
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import GUEST, Actor, Role, Thread
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import member_json, waiting_json
from jupyter_groupchat.wire.events import RequestEnded

#: How often one person may ask to be let into one thread until they are.
TIMES = 3

_NOBODY = "Nobody of that name asks to be let into this thread."


def ask(work: Work, actor: Actor, thread: Thread, invitation: Invitation) -> dict[str, Any]:
    """Begin to wait for the owner's word."""
    asked = work.rows.requests.get(thread.id, actor.username)
    me = profiles.shown(work.rows, actor)
    times = 0 if asked is None else asked.times
    if times >= TIMES:
        raise NotAllowed("You asked to join this thread as often as one can. Talk to its owner.")
    limit = work.limits.requests_per_thread
    if work.rows.requests.count(thread.id) >= limit:
        raise Conflict(f"{limit} people wait to be let in, and more are not possible. Try again later.", limit=limit)
    request = JoinRequest(
        thread_id=thread.id,
        username=actor.username,
        name=me.name,
        avatar=me.avatar,
        role=invitation.role,
        invitation=invitation.id,
        asked_at=work.now,
        times=times + 1,
    )
    work.tx.requests.put(request)
    details = {"invitation": invitation.id, "role": invitation.role, "invited_by": invitation.created_by}
    details |= {"name": request.name} if invitation.guest else {}
    work.tx.audit.append(thread.id, actor.username, "request.create", details, work.now)
    joining.tell_owner(work, thread, request)
    return _answer(work, thread, work.now)


def of(work: Work, actor: Actor, thread: Thread) -> dict[str, Any] | None:
    """The same for somebody who waits already; None for anybody else."""
    asked = work.rows.requests.get(thread.id, actor.username)
    return None if asked is None or asked.asked_at is None else _answer(work, thread, asked.asked_at)


def admit(work: Work, actor: Actor, command: commands.RequestAdmit) -> dict[str, Any]:
    """Let somebody in, with the role of the link by which they came."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.ADMIT)
    work.lock(thread.id)
    thread = work.thread(thread.id)
    request = _waiting(work, thread.id, command.username)
    joining.check(work, thread, request.username, themselves=False)
    guest = _guest(work, thread, request)
    invitation = work.rows.invitations.get(request.invitation)
    newcomer = Newcomer(
        username=request.username,
        name=request.name,
        avatar=request.avatar,
        role=request.role,
        invited_by=None if invitation is None else invitation.created_by,
        guest_until=None if guest is None else guest.ends_at,
    )
    work.tx.invitations.use(request.invitation, work.now)
    member = joining.come_in(work, thread, newcomer, joining.words(newcomer))
    details = {
        "username": member.username,
        "invitation": request.invitation,
        "role": member.role,
        "invited_by": member.invited_by,
    }
    details |= {"name": member.name} if guest else {}
    work.tx.audit.append(thread.id, actor.username, "request.admit", details, work.now)
    return {"member": member_json(member)}


def decline(work: Work, actor: Actor, command: commands.RequestDecline) -> dict[str, Any]:
    """Do not let somebody in. They hear of it, and may ask again as often as ``TIMES`` says."""
    thread, _ = enter(work, actor, command.thread, Act.ADMIT)
    work.lock(thread.id)
    _waiting(work, thread.id, command.username)
    end(work, thread, command.username, Ended.DENIED)
    _tell(work, thread, command.username, "declined")
    details = {"username": command.username}
    work.tx.audit.append(thread.id, actor.username, "request.decline", details, work.now)
    return {}


def withdraw(work: Work, actor: Actor, command: commands.RequestWithdraw) -> dict[str, Any]:
    """No longer ask. A thread where one does not wait is none of one's business."""
    if actor.via == "kernel":
        raise NotAllowed("A kernel's ticket does not let you do that.")
    work.lock(command.thread)
    request = work.rows.requests.get(command.thread, actor.username)
    if request is None or request.asked_at is None:
        raise NotFound("You do not wait to be let into such a thread.")
    thread = work.thread(command.thread)
    end(work, thread, actor.username, Ended.LEFT)
    _tell(work, thread, actor.username, "withdrawn")
    work.tx.audit.append(thread.id, actor.username, "request.withdraw", {}, work.now)
    return {}


def tell_deleted(work: Work, thread: Thread) -> None:
    """Those who wait for a thread hear that there will be none."""
    for request in work.rows.requests.waiting(thread.id):
        _tell(work, thread, request.username, "deleted")


def _answer(work: Work, thread: Thread, asked_at: datetime) -> dict[str, Any]:
    members = work.members(thread.id).values()
    owner = next((member.name for member in members if member.role is Role.OWNER), "")
    return {"waiting": waiting_json(thread, owner, asked_at)}


def end(work: Work, thread: Thread, username: str, why: Ended) -> None:
    """Somebody no longer waits; a guest's pass opens nothing from now on."""
    work.tx.requests.end(thread.id, username)
    if username.startswith(GUEST):
        work.tx.guests.end(username, why)
    joining.tell_owner(work, thread)


def _tell(work: Work, thread: Thread, username: str, why: Literal["declined", "withdrawn", "deleted"]) -> None:
    event = RequestEnded(thread=thread.id, title=thread.title, why=why)
    work.delivery.events.append((username, event))


def _guest(work: Work, thread: Thread, request: JoinRequest) -> Guest | None:
    """Who asks, where it is a guest. Raises NotAllowed where there are none.

    Raises Conflict when their time is over, or when by now somebody in the thread is called as they are.
    """
    if not request.username.startswith(GUEST):
        return None
    work.policy.require_guests()
    guest = work.rows.guests.get(request.username)
    if guest is None or guest.ended is not None or guest.ends_at <= work.now:
        raise Conflict("This guest's time is over: their link has expired. Send them a new one.")
    if joining.is_known_as(work, thread, request.name):
        raise Conflict(
            f"Somebody in this thread is called “{request.name}” already, and people could not tell them apart. "
            "Deny this request, and ask the guest to follow the link again under another name.",
            reason="name",
        )
    return guest


def _waiting(work: Work, thread_id: str, username: str) -> JoinRequest:
    request = work.rows.requests.get(thread_id, username)
    if request is None or request.asked_at is None or username in work.members(thread_id):
        raise NotFound(_NOBODY)
    return request
