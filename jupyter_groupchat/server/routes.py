"""The REST calls: one table that requests are matched against and that ``openapi.json`` is made from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from jupyter_groupchat.server import asides, reports, results, transfers, usage
from jupyter_groupchat.server.host import Host
from jupyter_groupchat.transfer.exporting import Format
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire import commands, fields
from jupyter_groupchat.wire.guest_calls import GuestCall


class Nothing(BaseModel):
    """A call without query parameters."""

    model_config = ConfigDict(extra="forbid")


class MessagesQuery(Nothing):
    """Which messages: those before ``before_seq``, or the newest."""

    before_seq: fields.Count | None = None
    limit: Annotated[int, Field(ge=1, le=256)] = 50


class SearchQuery(Nothing):
    """Words to look for; a message is found when it holds all of them."""

    q: Annotated[str, Field(min_length=1, max_length=500)]
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class MarkedQuery(Nothing):
    """Which mark."""

    mark: Literal["pinned", "agreed"]


class PeopleQuery(Nothing):
    """How a word of somebody's name, or their username, begins."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]


class FileQuery(Nothing):
    """What the file is called. A call with an ``id`` that was carried out before returns the first result."""

    name: Annotated[str, Field(min_length=1, max_length=1_000)]
    id: fields.Identifier | None = None


class CatchUpQuery(Nothing):
    """From where on: after ``since_seq``, or since the caller read the thread last; -1 is from its beginning."""

    since_seq: Annotated[int, Field(ge=-1, le=2**53)] | None = None


class ExportQuery(Nothing):
    """What the thread is to become."""

    format: Format = Format.JSONL


class ImportQuery(Nothing):
    """The new thread's title, where it is not to be the file's own one."""

    title: fields.Title | None = None


class UsageQuery(Nothing):
    """Which time: 30 days until now unless told; ``until`` is not included."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class OlderQuery(Nothing):
    """How old, in days."""

    days: fields.Days


class ReportsQuery(Nothing):
    """How many, from the newest on, and whether those that were closed, too."""

    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    closed: bool = False


class LimitQuery(Nothing):
    """How many, from the newest on."""

    limit: Annotated[int, Field(ge=1, le=1_000)] = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A call. ``{names}`` in ``path`` are fields of the command, or arguments of the reading.

    A call that changes something has ``command``; one that reads has ``read``, and one whose body is a file as it is
    has ``take``; these two have ``query`` for their parameters. One that guests make before they are anybody has
    ``guest`` for its body. Where ``may_wait``, the answer to a guest who waits to be let in says so, with 202.
    """

    method: str
    path: str
    summary: str
    answer: Any
    status: int = 200
    command: type[commands.Command] | None = None
    read: Callable[[Host, Actor, dict[str, str], Any], Awaitable[Any]] | None = None
    query: type[Nothing] = Nothing
    take: Callable[[Host, Actor, dict[str, str], Any, bytes], Awaitable[Any]] | None = None
    until_gone: bool = False
    guest: type[GuestCall] | None = None
    may_wait: bool = False

    @property
    def body(self) -> type[BaseModel] | None:
        """What its body is parsed with, where that is JSON."""
        return self.command or self.guest

    @property
    def segments(self) -> list[str]:
        """The path's parts."""
        return self.path.split("/")

    @property
    def names(self) -> list[str]:
        """The names in the path, in order."""
        return [part[1:-1] for part in self.segments if part.startswith("{")]


def _read(path: str, summary: str, answer: Any, read: Any, query: type[Nothing] = Nothing) -> Route:
    return Route(method="GET", path=path, summary=summary, answer=answer, read=read, query=query)


def _change(method: str, path: str, command: type[commands.Command], answer: Any, status: int = 200) -> Route:
    summary = (command.__doc__ or "").strip().splitlines()[0]
    return Route(method=method, path=path, summary=summary, answer=answer, command=command, status=status)


_THREAD = "threads/{thread}"
_MESSAGE = "threads/{thread}/messages/{message}"

ROUTES: tuple[Route, ...] = (
    _read("me", "Who the caller is, and what is possible here.", results.Me, results.me),
    _read("me/profile", "How the caller is shown.", results.Profile, results.profile),
    _change("PATCH", "me/profile", commands.ProfilePatch, results.Profile),
    Route(
        method="PUT",
        path="me/picture",
        summary="Make a picture the caller's own; the body is the picture.",
        answer=results.Profile,
        take=results.put_picture,
    ),
    _change("DELETE", "me/picture", commands.PictureDelete, results.Profile),
    _read("pictures/{sha256}", "Somebody's picture.", bytes, results.picture),
    _read("threads", "The caller's threads, the most recently updated first.", results.Threads, results.threads),
    _change("POST", "threads", commands.ThreadCreate, results.Thread, 201),
    _read(_THREAD, "A thread as the caller sees it.", results.Thread, results.thread),
    _change("PATCH", _THREAD, commands.ThreadPatch, results.Thread),
    _change("DELETE", _THREAD, commands.ThreadDelete, results.Empty),
    _read(
        f"{_THREAD}/export",
        "A thread as JSON Lines, Markdown or notebook.",
        bytes,
        transfers.export_thread,
        ExportQuery,
    ),
    Route(
        method="POST",
        path="threads/import",
        summary="Start a thread with what a file holds: an export as JSON Lines, or a .chat file.",
        answer=results.Thread,
        status=201,
        query=ImportQuery,
        take=transfers.import_thread,
    ),
    _change("POST", f"{_THREAD}/copy", commands.ThreadCopy, results.Thread, 201),
    _change("POST", f"{_THREAD}/leave", commands.ThreadLeave, results.Empty),
    _read(f"{_THREAD}/members", "Who is in a thread, by when they joined.", results.Members, results.members),
    _change("POST", f"{_THREAD}/members", commands.MemberPut, results.Member, 201),
    _read(f"{_THREAD}/people", "Who can be added to a thread by name.", results.People, results.people, PeopleQuery),
    _change("PATCH", f"{_THREAD}/members/{{username}}", commands.MemberPatch, results.Member),
    _change("DELETE", f"{_THREAD}/members/{{username}}", commands.MemberDelete, results.Empty),
    _read(f"{_THREAD}/invitations", "Invitations, without their codes.", results.Invitations, results.invitations),
    _change("POST", f"{_THREAD}/invitations", commands.InvitationCreate, results.Invitation, 201),
    _change("DELETE", f"{_THREAD}/invitations/{{invitation}}", commands.InvitationDelete, results.Empty),
    _change("POST", "invitations/accept", commands.InvitationAccept, results.Entered),
    _read(f"{_THREAD}/requests", "Who asks to be let in; the owner's only.", results.Requests, results.requests),
    _change("POST", f"{_THREAD}/requests/{{username}}", commands.RequestAdmit, results.Member),
    _change("DELETE", f"{_THREAD}/requests/{{username}}", commands.RequestDecline, results.Empty),
    _read("me/requests", "Where the caller asks to be let in.", results.Waiting, results.waiting),
    _change("DELETE", "me/requests/{thread}", commands.RequestWithdraw, results.Empty),
    _read(f"{_THREAD}/messages", "Messages, the newest first.", results.Messages, results.messages, MessagesQuery),
    _change("POST", f"{_THREAD}/messages", commands.MessagePost, results.Message, 201),
    _read(_MESSAGE, "One message.", results.Message, results.message),
    _change("PATCH", _MESSAGE, commands.MessageEdit, results.Message),
    _change("DELETE", _MESSAGE, commands.MessageDelete, results.Empty),
    _change("POST", f"{_MESSAGE}/reports", commands.MessageReport, results.Empty, 201),
    _change("PUT", f"{_MESSAGE}/marks", commands.MessageMark, results.Message),
    _change("PUT", f"{_MESSAGE}/reactions/{{emoji}}", commands.ReactionPut, results.Empty),
    _change("DELETE", f"{_MESSAGE}/reactions/{{emoji}}", commands.ReactionDelete, results.Empty),
    _read(
        f"{_MESSAGE}/versions",
        "What a message said before it was edited; its author's and the owner's only.",
        results.Versions,
        results.versions,
    ),
    _read(f"{_MESSAGE}/manifest", "What the assistant saw for a reply.", results.Manifest, results.manifest),
    _change("POST", f"{_THREAD}/drafts", commands.DraftOpen, results.Draft, 201),
    _change("PATCH", f"{_THREAD}/drafts/{{draft}}", commands.DraftPatch, results.Draft),
    _change("DELETE", f"{_THREAD}/drafts/{{draft}}", commands.DraftClose, results.Empty),
    _change("POST", f"{_THREAD}/drafts/{{draft}}/messages", commands.DraftSend, results.Message, 201),
    _change("POST", f"{_THREAD}/tickets", commands.TicketCreate, results.Ticket, 201),
    _change("POST", f"{_THREAD}/replies", commands.ReplyAsk, results.Empty, 202),
    _change("DELETE", f"{_THREAD}/replies/{{message}}", commands.ReplyStop, results.Empty),
    _read(
        f"{_THREAD}/decisions", "What the assistant decided, and why.", results.Decisions, results.decisions, LimitQuery
    ),
    _change("PUT", f"{_THREAD}/cells/{{share}}", commands.CellPut, results.Cell),
    _change("DELETE", f"{_THREAD}/cells/{{share}}", commands.CellDelete, results.Empty),
    Route(
        method="POST",
        path=f"{_THREAD}/files",
        summary="Put a file into a thread; the body is the file.",
        answer=results.File,
        status=201,
        query=FileQuery,
        take=results.put_file,
    ),
    _change("DELETE", f"{_THREAD}/files/{{file}}", commands.FileDelete, results.Empty),
    _read(f"{_THREAD}/files/{{file}}", "A file, or an image of a shared cell, as it is.", bytes, results.file),
    _read(
        f"{_THREAD}/search", "Messages of a thread that hold all the words.", results.Hits, results.search, SearchQuery
    ),
    _read(
        "search", "Messages of the caller's threads that hold all the words.", results.Hits, results.search, SearchQuery
    ),
    Route(
        method="POST",
        path=f"{_THREAD}/catch-up",
        summary="Have the assistant tell the caller, and nobody else, what was said since.",
        answer=asides.CatchUp,
        query=CatchUpQuery,
        take=asides.catch_up,
        until_gone=True,
    ),
    _read(
        f"{_THREAD}/marked",
        "Messages that are pinned, or agreed on, the newest first.",
        results.Hits,
        results.marked,
        MarkedQuery,
    ),
    _change("PUT", f"{_THREAD}/read", commands.ReadPut, results.Read),
    _change("PUT", f"{_THREAD}/mute", commands.MutePut, results.Empty),
    _read(f"{_THREAD}/audit", "A thread's audit log; its owner's only.", results.Audit, results.audit, LimitQuery),
    _read(
        f"{_THREAD}/older",
        "How many messages would go if they were kept for so many days; its owner's only.",
        results.Older,
        results.older,
        OlderQuery,
    ),
    _read("reports", "What members reported; operators' only.", reports.Reports, reports.reports, ReportsQuery),
    _change("POST", "reports/{report}/close", commands.ReportClose, results.Empty),
    Route(
        method="POST",
        path="transcriptions",
        summary="Have a recording written down; the body is the recording.",
        answer=asides.Transcription,
        take=asides.transcribe,
        until_gone=True,
    ),
    _read("usage", "What everybody used; operators' only.", usage.UsageReport, usage.report, UsageQuery),
)
