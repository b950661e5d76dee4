"""What the REST calls answer, and how each reading gets it from the service."""

from __future__ import annotations

import uuid
from typing import Any, NotRequired

from typing_extensions import TypedDict  # pydantic reads these; before Python 3.12 it needs this one

from jupyter_groupchat import __version__
from jupyter_groupchat.assistant.dictation import LONGEST
from jupyter_groupchat.assistant.quota import Left
from jupyter_groupchat.server import parsing
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.threads.internal import PicturePut
from jupyter_groupchat.threads.profiles import portrait_file
from jupyter_groupchat.types import Actor, StoredFile
from jupyter_groupchat.wire import reply_shapes, shapes
from jupyter_groupchat.wire.times import to_wire


class Capacity(TypedDict):
    """Limits that a client does well to know. Sizes in bytes of UTF-8."""

    body_bytes: int
    frame_bytes: int
    members: int
    subscriptions: int
    commands_per_second: float
    file_bytes: int
    file_types: list[str]


class Quota(TypedDict):
    """Replies that the caller may still ask for, out of ``limit``; when none, ``until`` says when there are some again.

    ``limit`` is null where only tokens are limited, and those are used up.
    """

    left: int
    limit: int | None
    until: str | None


class Allowed(TypedDict):
    """What the operator lets the caller do, apart from roles: start threads, invite by link, add by name, read reports.

    ``guests_allowed`` says whether links for guests can be made, who are in for ``guest_days`` at most. ``keep_days``
    is after how many days messages are deleted in every thread, null for never, and ``audit_bodies`` whether the audit
    log keeps what people wrote.
    """

    threads: bool
    invitation_links: bool
    reports: bool
    add_people: bool
    guests_allowed: bool
    guest_days: int
    keep_days: int | None
    audit_bodies: bool


class Dictation(TypedDict):
    """How long and how large a recording may be."""

    seconds: int
    bytes: int


class Me(TypedDict):
    """Who the caller is, and what is possible here. ``replies`` is null where they are not limited.

    ``models`` are the names of those that can answer, the default first; ``auto_model`` says whether one can be chosen
    by the question. ``dictation`` is null where nobody writes recordings down, ``guest`` for who has an account.
    """

    username: str
    name: str
    avatar: str | None
    assistant_name: str
    assistant_enabled: bool
    models: list[str]
    auto_model: bool
    replies: Quota | None
    dictation: Dictation | None
    limits: Capacity
    allowed: Allowed
    guest: shapes.GuestJson | None
    version: str


class Profile(TypedDict):
    """How the caller is shown."""

    profile: shapes.ProfileJson


class Empty(TypedDict):
    """It was done."""


class Thread(TypedDict):
    """One thread."""

    thread: shapes.ThreadJson


class Threads(TypedDict):
    """Threads, the most recently updated first."""

    threads: list[shapes.ThreadJson]


class Member(TypedDict):
    """One member."""

    member: shapes.MemberJson


class Members(TypedDict):
    """Members, by when they joined."""

    members: list[shapes.MemberJson]


class People(TypedDict):
    """People who can be added, the most recently seen first."""

    people: list[shapes.PersonJson]


class Invitation(TypedDict):
    """A new invitation, with the ``code`` and ``url`` that are shown this once."""

    invitation: shapes.InvitationJson


class Invitations(TypedDict):
    """Invitations, without their codes."""

    invitations: list[shapes.InvitationJson]


class Entered(TypedDict):
    """The thread that the caller is in now, or the one that they wait to be let into."""

    thread: NotRequired[shapes.ThreadJson]
    waiting: NotRequired[shapes.WaitingJson]


class GuestWaiting(TypedDict):
    """The owner of the thread has not let the caller in yet. ``invited_by`` is the name of who made the link."""

    waiting: bool
    title: str
    invited_by: str


class Requests(TypedDict):
    """Who asks to be let in, the longest first."""

    requests: list[shapes.JoinRequestJson]


class Waiting(TypedDict):
    """Where the caller asks to be let in."""

    waiting: list[shapes.WaitingJson]


class Message(TypedDict):
    """One message."""

    message: shapes.MessageJson


class Draft(TypedDict):
    """A message that members write together."""

    draft: shapes.DraftJson


class Messages(TypedDict):
    """Messages, the newest first."""

    messages: list[shapes.MessageJson]


class Versions(TypedDict):
    """What a message said before, the oldest first."""

    versions: list[shapes.VersionJson]


class Manifest(TypedDict):
    """What the assistant saw."""

    manifest: reply_shapes.ManifestJson


class Decisions(TypedDict):
    """Decisions, the newest first."""

    decisions: list[reply_shapes.DecisionJson]


class Cell(TypedDict):
    """What became of a shared cell."""

    cell: shapes.CellReceiptJson


class File(TypedDict):
    """A file that messages may name."""

    file: shapes.FileJson


class Ticket(TypedDict):
    """What lets a kernel take part in one thread."""

    ticket: shapes.TicketJson


class Hits(TypedDict):
    """Found messages, the best first."""

    hits: list[shapes.HitJson]


class Read(TypedDict):
    """How far the caller has read."""

    read_seq: int


class Audit(TypedDict):
    """Lines of the audit log, the newest first."""

    audit: list[shapes.AuditJson]


class Older(TypedDict):
    """How many messages are older than that."""

    messages: int


class Error(TypedDict):
    """Why a call was refused."""

    error: shapes.ErrorJson


Path = dict[str, str]


async def me(host: Host, actor: Actor, path: Path, query: Any) -> Me:
    options = host.options
    left = await host.replies_left(actor)
    shown = await host.service.acquaintances.profile(actor)
    return {
        "username": actor.username,
        "name": shown["name"],
        "avatar": shown["avatar"],
        "assistant_name": options.assistant_name,
        "assistant_enabled": host.has_assistant,
        "models": host.models.names,
        "auto_model": host.models.can_choose,
        "replies": quota(left) if left is not None else None,
        "dictation": {"seconds": LONGEST, "bytes": host.dictation.max_bytes} if host.dictation else None,
        "limits": {
            "body_bytes": options.body_bytes,
            "frame_bytes": options.frame_bytes,
            "members": options.members_per_thread,
            "subscriptions": options.subscriptions,
            "commands_per_second": options.commands_per_second,
            "file_bytes": options.file_bytes,
            "file_types": options.file_types,
        },
        "allowed": {
            "threads": host.service.policy.may_create(actor.username),
            "invitation_links": options.invitation_links,
            "reports": actor.via is None and actor.username in options.operators,
            "add_people": options.people_can_be_added,
            "guests_allowed": host.service.policy.has_guests,
            "guest_days": options.guest_days,
            "keep_days": options.retention_days,
            "audit_bodies": options.audit_bodies,
        },
        "guest": None,
        "version": __version__,
    }


def quota(left: Left) -> Quota | None:
    """What is left of the caller's replies, where that is limited."""
    if left.left is None and left.until is None:
        return None
    return {"left": left.left or 0, "limit": left.limit, "until": to_wire(left.until) if left.until else None}


async def threads(host: Host, actor: Actor, path: Path, query: Any) -> Threads:
    return {"threads": await host.service.threads(actor)}


async def thread(host: Host, actor: Actor, path: Path, query: Any) -> Thread:
    return {"thread": await host.service.thread(actor, path["thread"])}


async def members(host: Host, actor: Actor, path: Path, query: Any) -> Members:
    return {"members": await host.service.members(actor, path["thread"])}


async def people(host: Host, actor: Actor, path: Path, query: Any) -> People:
    return {"people": await host.service.acquaintances.find(actor, path["thread"], query.q)}


async def invitations(host: Host, actor: Actor, path: Path, query: Any) -> Invitations:
    return {"invitations": await host.service.invitations(actor, path["thread"])}


async def requests(host: Host, actor: Actor, path: Path, query: Any) -> Requests:
    return {"requests": await host.service.requests(actor, path["thread"])}


async def waiting(host: Host, actor: Actor, path: Path, query: Any) -> Waiting:
    return {"waiting": await host.service.waiting(actor)}


async def messages(host: Host, actor: Actor, path: Path, query: Any) -> Messages:
    found = await host.service.messages(actor, path["thread"], query.before_seq, query.limit)
    return {"messages": found}


async def message(host: Host, actor: Actor, path: Path, query: Any) -> Message:
    return {"message": await host.service.message(actor, path["thread"], path["message"])}


async def versions(host: Host, actor: Actor, path: Path, query: Any) -> Versions:
    return {"versions": await host.service.versions(actor, path["thread"], path["message"])}


async def manifest(host: Host, actor: Actor, path: Path, query: Any) -> Manifest:
    return {"manifest": await host.service.manifest(actor, path["thread"], path["message"])}


async def decisions(host: Host, actor: Actor, path: Path, query: Any) -> Decisions:
    return {"decisions": await host.service.decisions(actor, path["thread"], query.limit)}


async def search(host: Host, actor: Actor, path: Path, query: Any) -> Hits:
    return {"hits": await host.service.search(actor, query.q, path.get("thread"), query.limit)}


async def marked(host: Host, actor: Actor, path: Path, query: Any) -> Hits:
    return {"hits": await host.service.marked(actor, path["thread"], query.mark)}


async def audit(host: Host, actor: Actor, path: Path, query: Any) -> Audit:
    return {"audit": await host.service.audit(actor, path["thread"], query.limit)}


async def older(host: Host, actor: Actor, path: Path, query: Any) -> Older:
    return {"messages": await host.service.older(actor, path["thread"], query.days)}


async def file(host: Host, actor: Actor, path: Path, query: Any) -> tuple[StoredFile, bytes]:
    return await host.service.file(actor, path["thread"], path["file"])


async def profile(host: Host, actor: Actor, path: Path, query: Any) -> Profile:
    return {"profile": await host.service.acquaintances.profile(actor)}


async def put_picture(host: Host, actor: Actor, path: Path, query: Any, data: bytes) -> Profile:
    return {"profile": (await host.execute(actor, PicturePut(id=uuid.uuid4().hex, data=data), ""))["profile"]}


async def picture(host: Host, actor: Actor, path: Path, query: Any) -> tuple[StoredFile, bytes]:
    """As a file that is nobody's attachment."""
    data = await host.service.acquaintances.picture(actor, path["sha256"])
    return portrait_file(path["sha256"], data), data


async def put_file(host: Host, actor: Actor, path: Path, query: Any, data: bytes) -> File:
    put = parsing.file_put(query.model_dump(), path, data, uuid.uuid4().hex)
    return {"file": (await host.execute(actor, put, ""))["file"]}
