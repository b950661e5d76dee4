"""Who may do what. Pure: a table, and the questions that it answers.

========================================  ========  ========  =========  ========
what                                      owner     member    annotator  reviewer
========================================  ========  ========  =========  ========
read, post, react, ask, stop, own marks,  yes       yes       yes        yes
write drafts together, report messages
edit and delete own messages and files,   yes       yes       yes        yes
what own messages said before
share cells, pin, mark as agreed          yes       yes       yes        no
invite (up to member), title, mode,       yes       yes       no         no
instructions, remove others, copy
roles, archive, delete, audit, let in,    yes       no        no         no
how long messages are kept,
others' messages (also what they said
before), cells, files, drafts,
invitations
========================================  ========  ========  =========  ========

The owner cannot be removed. The assistant reads, reacts and replies, and nothing else. A guest is a reviewer who
writes no drafts and asks the assistant by mentioning it; see ``guests.ALLOWED``.
"""

from __future__ import annotations

from enum import StrEnum

from jupyter_groupchat.errors import NotAllowed
from jupyter_groupchat.types import ASSISTANT, GUEST, IMPORTED, Actor, Role


class Act(StrEnum):
    """What somebody may do in a thread; the value says it to people."""

    READ = "read this thread"
    POST = "write here"
    DRAFT = "write drafts together"
    EDIT = "change this message"
    DELETE = "delete this message"
    VERSIONS = "read what this message said before"
    REACT = "react to messages"
    MARK = "pin messages or mark them as agreed"
    SHARE = "share cells"
    WITHDRAW = "withdraw this cell"
    DELETE_FILE = "delete this file"
    DISCARD = "discard this draft"
    ASK = "ask the assistant"
    STOP = "stop a reply"
    INVITE = "invite people"
    REVOKE = "revoke this invitation"
    ADMIT = "decide who is let in"
    SETTINGS = "change the thread's settings"
    COPY = "copy this thread"
    REMOVE = "remove members"
    ROLES = "change roles"
    ARCHIVE = "archive the thread"
    DELETE_THREAD = "delete the thread"
    AUDIT = "read the audit log"
    REPORT = "report messages"
    KEEP = "decide how long messages are kept"


_REVIEWER = {Act.READ, Act.POST, Act.DRAFT, Act.REACT, Act.ASK, Act.STOP, Act.REPORT}
_ANNOTATOR = _REVIEWER | {Act.SHARE, Act.MARK}
_MEMBER = _ANNOTATOR | {Act.INVITE, Act.SETTINGS, Act.COPY, Act.REMOVE}

_ALLOWED: dict[Role, frozenset[Act]] = {
    Role.REVIEWER: frozenset(_REVIEWER),
    Role.ANNOTATOR: frozenset(_ANNOTATOR),
    Role.MEMBER: frozenset(_MEMBER),
    Role.OWNER: frozenset(Act),
}
#: What may be done to one's own: messages, cells, files, invitations. Sharing and inviting are asked for besides.
_OWN = frozenset({Act.EDIT, Act.DELETE, Act.VERSIONS, Act.WITHDRAW, Act.DELETE_FILE, Act.DISCARD, Act.REVOKE})
#: Nobody changes what another wrote, the owner neither.
_ONLY_OWN = frozenset({Act.EDIT})
_ASSISTANT = frozenset({Act.READ, Act.REACT})
#: What a kernel may do in its person's name with a ticket.
_KERNEL = frozenset({Act.READ, Act.POST, Act.EDIT, Act.DELETE, Act.REACT, Act.SHARE, Act.WITHDRAW, Act.ASK, Act.STOP})


#: What a guest may do.
_GUEST = frozenset({Act.READ, Act.POST, Act.EDIT, Act.DELETE, Act.VERSIONS, Act.REACT, Act.STOP, Act.REPORT})


def may(role: Role, act: Act, *, own: bool = False, via: str | None = None) -> str | None:
    """None when it is allowed, else why not. ``own`` says that the thing in question is the person's own."""
    if via == "kernel" and act not in _KERNEL:
        return f"A kernel's ticket does not let you {act.value}."
    if via == "guest" and act not in _GUEST:
        return f"As a guest you may not {act.value}."
    if act in _ONLY_OWN:
        return None if own else "Only its author may change a message."
    if act in _OWN and own:
        return None
    if act in _ALLOWED[role]:
        return None
    return f"As {_article(role)} you may not {act.value}."


def assistant_may(act: Act) -> str | None:
    """The same for the assistant."""
    return None if act in _ASSISTANT else f"The assistant may not {act.value}."


def may_give(giver: Role, role: Role) -> str | None:
    """Whether an invitation may carry a role."""
    if role is Role.OWNER:
        return "A thread has one owner. Ownership is handed over to a member, not given by an invitation."
    return may(giver, Act.INVITE)


def may_remove(remover: Role, target: Role) -> str | None:
    """Whether somebody may remove somebody else."""
    if target is Role.OWNER:
        return "The owner cannot be removed."
    return may(remover, Act.REMOVE)


def require(reason: str | None) -> None:
    """Raise NotAllowed with the reason, if there is one."""
    if reason is not None:
        raise NotAllowed(reason)


def is_impostor(actor: Actor) -> bool:
    """A person who signed in under the assistant's username, or under one as imported authors or guests have them."""
    return (
        actor.username.startswith(IMPORTED)
        or actor.username.startswith(GUEST) != actor.is_guest
        or (actor.username == ASSISTANT and not actor.is_assistant)
    )


def _article(role: Role) -> str:
    return f"an {role.value}" if role.value[0] in "ao" else f"a {role.value}"
