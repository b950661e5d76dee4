"""What whoever keeps the server may do to who is in a thread, being no member of it."""

from __future__ import annotations

from typing import Any

from jupyter_groupchat.errors import Conflict, ThreadFull
from jupyter_groupchat.threads import joining, members, messages, permissions
from jupyter_groupchat.threads.access import as_operator
from jupyter_groupchat.threads.internal import MemberPut, MemberRemove
from jupyter_groupchat.threads.joining import Newcomer
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor, Role
from jupyter_groupchat.wire.answers import member_json

_ROLES = {role: f"an {role}" if role[0] in "ao" else f"a {role}" for role in Role} | {Role.OWNER: "the owner"}


def put(work: Work, actor: Actor, command: MemberPut) -> dict[str, Any]:
    """Add a member, or give one another role. A thread keeps exactly one owner."""
    thread = as_operator(work, actor, command.thread)
    work.lock(thread.id)
    present = work.members(thread.id)
    member = present.get(command.username)
    owners = [other for other in present.values() if other.role is Role.OWNER]
    if member is None:
        _refuse(work, command, len(present))
        work.policy.require_company(present, command.username, themselves=False)
    elif member.guest_until is not None:
        members.refuse_guest(member)
    elif member.role is command.role and owners in ([], [member]):
        return {"member": member_json(member)}
    elif owners == [member]:
        raise Conflict("A thread needs its owner. Make another person the owner first.")

    if command.role is Role.OWNER:
        for owner in owners:
            if owner.username != command.username:
                members.set_role(work, thread.id, owner, Role.MEMBER)
    if member is None:
        before = None
        name = command.name or command.username
        newcomer = Newcomer(username=command.username, name=name, avatar=None, role=command.role, invited_by=None)
        member = joining.come_in(work, thread, newcomer, f"{name} was added by the server's operator.")
    else:
        before, member = member.role, members.set_role(work, thread.id, member, command.role)
        words = f"The server's operator made {member.name} {_ROLES[command.role]}."
        messages.say(work, thread.id, member, words)
    details = {"username": member.username, "from": before, "to": command.role, "by": command.by}
    work.tx.audit.append(thread.id, actor.username, "member.put", details, work.now)
    return {"member": member_json(member)}


def remove(work: Work, actor: Actor, command: MemberRemove) -> dict[str, Any]:
    """Remove a member, but not the owner."""
    thread = as_operator(work, actor, command.thread)
    member = members.existing(work, thread.id, command.username)
    if member.role is Role.OWNER:
        raise Conflict("A thread needs its owner. Make another person the owner first.")
    messages.say(work, thread.id, member, f"{member.name} was removed by the server's operator.")
    members.take_out(work, thread, member)
    details = {"username": member.username, "by": command.by}
    work.tx.audit.append(thread.id, actor.username, "member.delete", details, work.now)
    return {}


def _refuse(work: Work, command: MemberPut, present: int) -> None:
    if permissions.is_impostor(Actor(username=command.username, name="")):
        raise Conflict(f"Nobody can be called “{command.username}” here.")
    if present >= work.limits.members:
        raise ThreadFull(f"This thread is full: it has {work.limits.members} members.", limit=work.limits.members)
