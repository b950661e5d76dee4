"""What people are called and how they look: their own word before the identity provider's.

The username stays what it is, whatever somebody calls themselves. Threads hold copies of names and faces: a change
reaches those that go on at once, and the others soon, also when the server stops in between.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jupyter_groupchat.cells import portraits, render
from jupyter_groupchat.errors import NotAllowed, TooLarge
from jupyter_groupchat.storage.transaction import Transaction
from jupyter_groupchat.threads.internal import PersonSeen, PicturePut
from jupyter_groupchat.threads.limits import Limits
from jupyter_groupchat.threads.mentions import EVERYONE
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import ASSISTANT, Actor, Person, StoredFile
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import profile_json
from jupyter_groupchat.wire.display_names import skeleton
from jupyter_groupchat.wire.events import ProfileChanged

#: Threads that one command brings up to date.
AT_ONCE = 50
#: How far off the time at which somebody was last seen may be.
SELDOM = timedelta(days=1)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture as it is kept."""

    data: bytes
    sha256: str


def of(rows: Transaction, actor: Actor) -> Person | None:
    """Somebody who is remembered, under what the identity provider says of them now."""
    person = rows.people.get(actor.username)
    return None if person is None else replace(person, name=actor.name, avatar=actor.avatar)


def shown(rows: Transaction, actor: Actor) -> Actor:
    """The actor under the name and with the face that others see."""
    person = of(rows, actor)
    return actor if person is None else replace(actor, name=person.shown_name, avatar=person.shown_avatar)


def prepare(command: PicturePut, limits: Limits) -> Portrait:
    """A picture as it is to be kept. It takes its time: done before the core thread is asked."""
    if len(command.data) > limits.file_bytes:
        raise TooLarge(f"A picture has at most {render.size(limits.file_bytes)}.", limit=limits.file_bytes)
    data = portraits.portrait(command.data)
    return Portrait(data, hashlib.sha256(data).hexdigest())


def portrait_file(sha256: str, data: bytes) -> StoredFile:
    """A picture as a file that belongs to no thread."""
    kind = portraits.type_of(data)
    return StoredFile(
        id=sha256,
        thread_id="",
        name=f"picture.{kind.partition('/')[2]}",
        media_type=kind,
        size=len(data),
        sha256=sha256,
        uploaded_by="",
        created_at=NEVER,
    )


def seen(work: Work, actor: Actor, command: PersonSeen) -> dict[str, Any]:
    """See that threads show somebody as they are. ``more`` says that some are left.

    Who chose neither name nor picture is remembered only where people are found by name: elsewhere nobody needs it,
    and where Jupyter makes names up there would be no end of them.
    """
    _refuse_kernels(actor)
    person = work.rows.people.get(actor.username)
    if person is None:
        if work.policy.people_can_be_added:
            _remember(work, actor)
    elif (person.name, person.avatar) != (actor.name, actor.avatar) or work.now - person.seen_at > SELDOM:
        _remember(work, actor)
    return {"more": _bring_up_to_date(work, actor)}


def patch(work: Work, actor: Actor, command: commands.ProfilePatch) -> dict[str, Any]:
    """Change what somebody is called."""
    _refuse_kernels(actor)
    if "name" in command.model_fields_set:
        person = of(work.rows, actor)
        if command.name != (person and person.display_name):
            refuse_taken(work, command.name)
            work.context.changes.take(actor.username)
            _remember(work, actor)
            work.tx.people.set_name(actor.username, command.name)
            work.tx.audit.append(None, actor.username, "profile.patch", {"name": command.name}, work.now)
            _tell(work, actor)
    return _answer(work, actor)


def put_picture(work: Work, actor: Actor, command: PicturePut, portrait: Portrait) -> dict[str, Any]:
    """Make a picture somebody's own, in place of the one before."""
    _refuse_kernels(actor)
    work.context.changes.take(actor.username)
    _remember(work, actor)
    work.tx.people.set_picture(actor.username, portrait.sha256, portrait.data)
    work.tx.audit.append(None, actor.username, "picture.put", {"sha256": portrait.sha256}, work.now)
    _tell(work, actor)
    return _answer(work, actor)


def delete_picture(work: Work, actor: Actor, command: commands.PictureDelete) -> dict[str, Any]:
    """Take somebody's picture away."""
    _refuse_kernels(actor)
    person = work.rows.people.get(actor.username)
    if person is not None and person.picture is not None:
        work.tx.people.set_picture(actor.username, None)
        work.tx.audit.append(None, actor.username, "picture.delete", {"sha256": person.picture}, work.now)
        _tell(work, actor)
    return _answer(work, actor)


def _answer(work: Work, actor: Actor) -> dict[str, Any]:
    person = of(work.rows, actor)
    unknown = Person(username=actor.username, name=actor.name, avatar=actor.avatar, seen_at=work.now)
    return {"profile": profile_json(person or unknown)}


def _remember(work: Work, actor: Actor) -> None:
    work.tx.people.seen(actor.username, actor.name, actor.avatar, work.now)


def _tell(work: Work, actor: Actor) -> None:
    _bring_up_to_date(work, actor)
    work.delivery.events.append((actor.username, ProfileChanged()))


def _bring_up_to_date(work: Work, actor: Actor) -> bool:
    """Show somebody as they are in the threads that go on; whether some are left."""
    now = shown(work.rows, actor)
    stale = work.rows.people.stale(actor.username, now.name, now.avatar, AT_ONCE)
    for thread_id in sorted(stale):
        member = work.members(thread_id).get(actor.username)
        if member is not None:
            work.put_member(thread_id, replace(member, name=now.name, avatar=now.avatar))
    return len(stale) == AT_ONCE


def _refuse_kernels(actor: Actor) -> None:
    if actor.via is not None:
        raise NotAllowed("A kernel's ticket does not let you change who you are.")


def refuse_taken(work: Work, name: str | None) -> None:
    """Raise NotAllowed for a name that the assistant could be taken by, or everybody."""
    taken = {skeleton(other) for other in (ASSISTANT, work.context.assistant_name, EVERYONE)}
    words = (name or "").split()
    # Also at the beginning: of what follows an @, the longest name that fits counts.
    if not taken.isdisjoint(skeleton(" ".join(words[:end])) for end in range(1, len(words) + 1)):
        raise NotAllowed(f"Nobody can be called “{name}” here: it would be taken for somebody else.", reason="name")
