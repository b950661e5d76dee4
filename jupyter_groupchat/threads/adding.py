"""Adding people by name, where the server knows who they are and its operator lets them be added."""

from __future__ import annotations

from typing import Any

from jupyter_groupchat.errors import NotAllowed, NotFound
from jupyter_groupchat.threads import joining, permissions
from jupyter_groupchat.threads.access import enter_to_write, is_owner
from jupyter_groupchat.threads.joining import Newcomer
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import member_json


def put(work: Work, actor: Actor, command: commands.MemberPut) -> dict[str, Any]:
    """Add somebody. One who is a member already stays what they are."""
    thread, me = enter_to_write(work, actor, command.thread, Act.INVITE)
    work.policy.require_adding()
    permissions.require(permissions.may_give(me.role, command.role))
    if thread.approval and not is_owner(me):
        raise NotAllowed("Who comes into this thread is its owner's to decide. Send an invitation link.")
    work.lock(thread.id)
    thread = work.thread(thread.id)
    member = work.members(thread.id).get(command.username)
    if member is not None:
        return {"member": member_json(member)}
    person = work.rows.people.get(command.username)
    if person is None:
        raise NotFound("Nobody of that username has used Group Chat at this server. Send them an invitation link.")
    joining.check(work, thread, person.username, themselves=False)

    newcomer = Newcomer(
        username=person.username,
        name=person.shown_name,
        avatar=person.shown_avatar,
        role=command.role,
        invited_by=me.username,
    )
    member = joining.come_in(work, thread, newcomer, f"{me.name} added {newcomer.name}.", by=me)
    details = {"username": member.username, "role": member.role}
    work.tx.audit.append(thread.id, actor.username, "member.put", details, work.now)
    return {"member": member_json(member)}
