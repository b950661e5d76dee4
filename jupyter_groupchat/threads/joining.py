"""Coming into a thread, whichever way somebody comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jupyter_groupchat.errors import Conflict, ThreadFull
from jupyter_groupchat.invitation_types import JoinRequest
from jupyter_groupchat.threads import members, messages, replies
from jupyter_groupchat.threads.access import ARCHIVED
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import ASSISTANT, Member, Role, Thread
from jupyter_groupchat.wire.display_names import skeleton
from jupyter_groupchat.wire.events import JoinRequested, ThreadJoined


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Who comes in, as whom, and through whom."""

    username: str
    name: str
    avatar: str | None
    role: Role
    invited_by: str | None
    guest_until: datetime | None = None


def check(work: Work, thread: Thread, username: str, *, themselves: bool = True) -> None:
    """Raise when the person cannot be in the thread: it is archived or full, not for them, or they are in too many.

    ``themselves`` says whether the words go to them.
    """
    if thread.archived:
        raise Conflict(ARCHIVED, reason="archived")
    work.policy.require_company(work.members(thread.id), username, themselves=themselves)
    limit = work.limits.members
    if len(work.members(thread.id)) >= limit:
        raise ThreadFull(f"This thread is full: it has {limit} members.", limit=limit)
    if len(work.rows.members.threads_of(username)) >= work.limits.threads_per_person:
        if themselves:
            raise Conflict("You are in as many threads as one person can be in. Leave or delete one first.")
        raise Conflict("This person is in as many threads as one person can be in.")


def is_known_as(work: Work, thread: Thread, name: str) -> bool:
    """Whether somebody in the thread is known by a name, or could be called by it, as far as one tells at a glance."""
    known: set[str] = set()
    for member in work.members(thread.id).values():
        known |= {skeleton(member.username), skeleton(member.name), *map(skeleton, member.name.split()[:1])}
    return skeleton(name) in known


def words(newcomer: Newcomer) -> str:
    """The thread's line about somebody who came by a link."""
    return f"{newcomer.name} joined." if newcomer.guest_until is None else f"{newcomer.name} joined as a guest."


def come_in(work: Work, thread: Thread, newcomer: Newcomer, words: str, by: Member | None = None) -> Member:
    """Make somebody a member. ``words`` is the thread's line about it, told as by ``by``, else by themselves."""
    asked = work.rows.requests.get(thread.id, newcomer.username)
    member = Member(
        username=newcomer.username,
        name=newcomer.name,
        role=newcomer.role,
        joined_at=work.now,
        invited_by=newcomer.invited_by,
        colour=members.free_colour(list(work.members(thread.id).values())),
        avatar=newcomer.avatar,
        read_seq=thread.last_seq,
        guest_until=newcomer.guest_until,
    )
    if member.username in work.policy.shielded:
        _stop_replies(work, thread)
    work.put_member(thread.id, member)
    if asked is not None:
        work.tx.requests.delete(thread.id, member.username)
        if asked.asked_at is not None:
            tell_owner(work, thread)
    messages.say(work, thread.id, by or member, words)
    joined = ThreadJoined(thread=thread.id, title=thread.title, role=member.role)
    work.delivery.events.append((member.username, joined))
    return member


def _stop_replies(work: Work, thread: Thread) -> None:
    """What is being written was not written for somebody who is looked after."""
    for job in work.rows.replies.unfinished():
        row = work.message(thread.id, job.id) if job.thread_id == thread.id else None
        if row is not None:
            replies.ask_to_stop(work, row, ASSISTANT)


def tell_owner(work: Work, thread: Thread, began: JoinRequest | None = None) -> None:
    """Tell who decides how many wait, and who began to."""
    waiting = work.rows.requests.count(thread.id)
    for member in work.members(thread.id).values():
        if member.role is Role.OWNER:
            event = JoinRequested(
                thread=thread.id,
                title=thread.title,
                waiting=waiting,
                username=began.username if began else None,
                name=began.name if began else None,
            )
            work.delivery.events.append((member.username, event))
