"""Which handler carries out which command, and which commands are carried out only once."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from jupyter_groupchat.errors import InvalidRequest, NotFound
from jupyter_groupchat.threads import (
    adding,
    asides,
    cells,
    copying,
    drafts,
    files,
    filling,
    guests,
    imports,
    internal,
    invitations,
    lifecycle,
    members,
    messages,
    operating,
    profiles,
    replies,
    reports,
    requests,
    retention,
)
from jupyter_groupchat.threads.access import NO_MESSAGE, enter, in_reach, refuse_impostors
from jupyter_groupchat.threads.permissions import Act
from jupyter_groupchat.threads.work import Work
from jupyter_groupchat.types import Actor
from jupyter_groupchat.wire import commands
from jupyter_groupchat.wire.answers import message_json

_HANDLERS: dict[type, Callable[[Work, Actor, Any], dict[str, Any]]] = {
    commands.ThreadCreate: lifecycle.create,
    commands.ThreadPatch: lifecycle.patch,
    commands.ThreadDelete: lifecycle.delete,
    commands.ThreadLeave: lifecycle.leave,
    commands.ReadPut: lifecycle.read,
    commands.MutePut: lifecycle.mute,
    commands.MemberPut: adding.put,
    commands.MemberPatch: members.patch,
    commands.MemberDelete: members.delete,
    commands.InvitationCreate: invitations.create,
    commands.InvitationDelete: invitations.delete,
    commands.InvitationAccept: invitations.accept,
    commands.RequestAdmit: requests.admit,
    commands.RequestDecline: requests.decline,
    commands.RequestWithdraw: requests.withdraw,
    commands.ProfilePatch: profiles.patch,
    commands.PictureDelete: profiles.delete_picture,
    commands.MessagePost: messages.post,
    commands.MessageEdit: messages.edit,
    commands.MessageDelete: messages.delete,
    commands.MessageMark: messages.mark,
    commands.MessageReport: reports.report,
    commands.ReportClose: reports.close,
    commands.ReactionPut: messages.react,
    commands.ReactionDelete: messages.unreact,
    commands.CellDelete: cells.delete,
    commands.FileDelete: files.delete,
    commands.DraftOpen: drafts.begin,
    commands.DraftPatch: drafts.patch,
    commands.DraftClose: drafts.discard,
    commands.DraftSend: drafts.send,
    commands.TicketCreate: members.admit_kernel,
    commands.ReplyAsk: replies.ask,
    commands.ReplyStop: replies.stop,
    internal.ReplyBegin: replies.begin,
    internal.ReplyAppend: replies.append,
    internal.ReplyTools: replies.show_tools,
    internal.ToolUsed: replies.tool_used,
    internal.ReplySeal: replies.seal,
    internal.DecisionPut: replies.decide,
    internal.AsideBegin: asides.begin,
    internal.AsideEnd: asides.end,
    internal.CatchUpSeal: asides.seal_catch_up,
    internal.DictationSeal: asides.seal_dictation,
    internal.MessagesExpire: retention.expire,
    internal.DraftExpire: drafts.expire,
    internal.PersonSeen: profiles.seen,
    internal.DraftWrite: drafts.write,
    internal.MemberPut: operating.put,
    internal.ThreadDiscard: filling.discard,
    internal.MemberRemove: operating.remove,
    internal.GuestEnter: guests.enter,
    internal.GuestEnd: guests.end,
}
#: Those that need something worked out before.
_PREPARED: dict[type, Callable[[Work, Actor, Any, Any], dict[str, Any]]] = {
    commands.ThreadCopy: copying.copy,
    commands.CellPut: cells.put,
    internal.FilePut: files.put,
    internal.ReplyPicture: replies.show_picture,
    internal.PicturePut: profiles.put_picture,
    internal.ThreadBegin: lifecycle.begin,
    internal.ThreadFill: filling.carry_on,
    internal.ThreadImport: imports.bring_in,
}
#: A post is known by its message's id, and a mark set twice is the same mark; nothing of these is kept by command id.
_NOT_REMEMBERED = (
    *(internal.ThreadBegin, internal.ThreadFill, internal.ThreadDiscard),
    commands.MessagePost,
    commands.ReadPut,
    commands.MutePut,
    commands.CellPut,
    *(internal.MessagesExpire, internal.DraftExpire),
    *(internal.ReplyBegin, internal.ReplyAppend, internal.ReplyTools, internal.ReplySeal, internal.DecisionPut),
    *(internal.AsideBegin, internal.AsideEnd, internal.CatchUpSeal, internal.DictationSeal, internal.PersonSeen),
    internal.DraftWrite,
    *(internal.GuestEnter, internal.GuestEnd),
)


def carry_out(work: Work, actor: Actor, command: Any, prepared: Any) -> dict[str, Any]:
    """Carry out a command and return its answer. A command that was carried out before only gets its answer again."""
    refuse_impostors(actor)
    if actor.thread is not None:
        in_reach(actor, getattr(command, "thread", actor.thread))
    if isinstance(command, _NOT_REMEMBERED):
        return _handle(work, actor, command, prepared)
    name = remembered_as(command)
    known = work.rows.commands.result(actor.username, name)
    if known is not None:
        return _again(work, actor, known)
    answer = _handle(work, actor, command, prepared)
    work.tx.commands.remember(actor.username, name, _kept(answer), work.now)
    return answer


def remembered_as(command: Any) -> str:
    """A command's id with what it asks for. An id that comes again with something else is another command: the answer
    of the first would be none to it."""
    told = command.model_dump_json(exclude={"id", "data"})
    return f"{command.id}/{sha256(told.encode()).hexdigest()[:16]}"


def _handle(work: Work, actor: Actor, command: Any, prepared: Any) -> dict[str, Any]:
    kind = type(command)
    if kind in _PREPARED:
        return _PREPARED[kind](work, actor, command, prepared)
    if kind in _HANDLERS:
        return _HANDLERS[kind](work, actor, command)
    raise InvalidRequest("This is no command for the service.", do=getattr(command, "do", None))


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    """What is kept of an answer: no code of an invitation, and no text of a message, which may be deleted meanwhile."""
    if "message" in answer:
        return {"message": {key: answer["message"][key] for key in ("thread_id", "id")}}
    if "thread" in answer:
        return {"thread": {"id": answer["thread"]["id"]}}
    if "code" in answer.get("invitation", {}):
        return {"invitation": {key: value for key, value in answer["invitation"].items() if key != "code"}}
    return answer


def _again(work: Work, actor: Actor, kept: dict[str, Any]) -> dict[str, Any]:
    """The answer to a repeated command: a message and a thread as they are now, where the caller may still see them."""
    if "message" in kept:
        thread_id, message_id = kept["message"]["thread_id"], kept["message"]["id"]
        enter(work, actor, thread_id, Act.READ)
        row = work.message(thread_id, message_id)
        if row is None:
            raise NotFound(NO_MESSAGE)
        return {"message": message_json(work.view(row).message(thread_id, message_id))}
    if "thread" in kept:
        enter(work, actor, kept["thread"]["id"], Act.READ)
        return lifecycle.answer(work, actor, kept["thread"]["id"])
    return kept
