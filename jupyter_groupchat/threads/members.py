"""Roles and removal. How people come in is in ``invitations``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jupyter_groupchat.errors import Conflict, NotFound
from jupyter_groupchat.invitation_types import Ended
from jupyter_groupchat.threads import messages, permissions
from jupyter_groupchat.threads.access import enter, enter_to_write
from jupyter_groupchat.threads.delivery import Close
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Member, Role, Thread
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import member_json
from jupyter_groupchat.wire.events import RoleChanged, ThreadGone

#: Cursor colours that members are told apart by.
COLOURS = 12


def patch(work: Work, actor: Actor, command: commands.MemberPatch) -> dict[str, Any]:
    """Give a member another role. ``owner`` hands the thread over, and makes the owner until now a member."""
    thread, me = enter_to_write(work, actor, command.thread, Act.ROLES)
    member = existing(work, thread.id, command.username)
    refuse_guest(member)
    if member.role is command.role:
        return {"member": member_json(member)}
    if member.username == me.username:
        raise Conflict("You are the owner. To be something else, hand the thread over to another member.")
    if command.role is Role.OWNER:
        set_role(work, thread.id, me, Role.MEMBER)
    changed = set_role(work, thread.id, member, command.role)
    details = {"username": member.username, "from": member.role, "to": command.role}
    work.tx.audit.append(thread.id, actor.username, "member.patch", details, work.now)
    return {"member": member_json(changed)}


def delete(work: Work, actor: Actor, command: commands.MemberDelete) -> dict[str, Any]:
    """Remove a member. Their channels close before anything else is told, and links that they made die."""
    thread, me = enter(work, actor, command.thread, Act.READ)
    if command.username == me.username:
        raise Conflict("To go yourself, leave the thread.")
    member = existing(work, thread.id, command.username)
    permissions.require(permissions.may_remove(me.role, member.role))
    enter(work, actor, command.thread, Act.REMOVE)
    messages.say(work, thread.id, me, f"{me.name} removed {member.name}.")
    take_out(work, thread, member)
    work.tx.audit.append(thread.id, actor.username, "member.delete", {"username": member.username}, work.now)
    return {}


def take_out(work: Work, thread: Thread, member: Member, why: Ended = Ended.REMOVED) -> None:
    """Remove a member, with the links that they made. A guest's pass opens nothing from now on."""
    work.delete_member(thread.id, member.username)
    if member.guest_until is not None:
        work.tx.guests.end(member.username, why)
    for invitation in work.rows.invitations.list(thread.id):
        if invitation.created_by == member.username and invitation.open_at(work.now):
            work.tx.invitations.revoke(invitation.id, work.now)
    work.delivery.closes.append(Close(thread.id, member.username, "removed"))
    gone = ThreadGone(thread=thread.id, title=thread.title, why="removed")
    work.delivery.events.append((member.username, gone))


def free_colour(members: list[Member]) -> int:
    """The smallest colour that nobody has, or else that the fewest have."""
    taken = [member.colour for member in members]
    return min(range(COLOURS), key=lambda colour: (taken.count(colour), colour))


def existing(work: Work, thread_id: str, username: str) -> Member:
    """The member. Raises NotFound."""
    member = work.members(thread_id).get(username)
    if member is None:
        raise NotFound("There is no such member in this thread.")
    return member


def refuse_guest(member: Member) -> None:
    """Raise Conflict for a guest, who is to have another role."""
    if member.guest_until is not None:
        raise Conflict("A guest is a reviewer, and nothing else. Invite them with an account of their own.")


def set_role(work: Work, thread_id: str, member: Member, role: Role) -> Member:
    """Give a member a role and tell them."""
    changed = replace(member, role=role)
    work.put_member(thread_id, changed)
    work.delivery.events.append((member.username, RoleChanged(thread=thread_id, role=role)))
    return changed


def admit_kernel(work: Work, actor: Actor, command: commands.TicketCreate) -> dict[str, Any]:
    """Let the caller's kernel take part. The server then issues the ticket; nothing of it is kept."""
    thread, _ = enter_to_write(work, actor, command.thread, Act.POST)
    if actor.via is None:  # a renewal is no news
        work.tx.audit.append(thread.id, actor.username, "ticket.create", {"via": command.via}, work.now)
    return {}
