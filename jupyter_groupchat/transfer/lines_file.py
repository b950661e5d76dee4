"""Reading our own JSON Lines files. They may have been changed on the way, so every line is checked."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from jupyter_groupchat.cells import filetypes, render
from jupyter_groupchat.errors import InvalidRequest
from jupyter_groupchat.threads.imports import Imported, ImportedCell, ImportedFile
from jupyter_groupchat.transfer import parsing
from jupyter_groupchat.transfer.records import (
    RECORDS,
    VERSION,
    CellRecord,
    End,
    FileRecord,
    Header,
    MemberRecord,
    MessageRecord,
    Record,
)
from jupyter_groupchat.types import Message, MessageKind, MessageStatus, SharedCell, StoredFile


def is_ours(first_line: bytes) -> bool:
    """Whether a file with this first line means to be one of ours."""
    try:
        return {"type", "format"} & parsing.json_object(first_line, "").keys() != set()
    except InvalidRequest:
        return False


def read(lines: Iterable[bytes], origin: dict[str, Any]) -> Imported:
    """The thread that the lines hold. Raises InvalidRequest, which names the line.

    Left out is what was about that place and not said there: who the members were, that somebody joined, and that a
    message was deleted.
    """
    reading = _Reading()
    number = 0
    for number, line in enumerate(lines, 1):
        if line.strip():
            reading.take(number, line)
    return reading.end(number, origin)


class _Reading:
    """What came so far."""

    def __init__(self) -> None:
        self._header: Header | None = None
        self._end: End | None = None
        self._members = 0
        self._cells: dict[str, ImportedCell] = {}
        self._files: dict[str, ImportedFile] = {}
        self._seen: set[str] = set()
        self._messages: dict[str, Message] = {}

    def take(self, number: int, line: bytes) -> None:
        where = f"Line {number}"
        value = parsing.json_object(line, where)
        if self._header is None:
            self._header = _header(value, line, where)
            return
        if self._end is not None:
            raise InvalidRequest(f"{where}: something follows the end.", line=number)
        record = _record(value, line, where)
        match record:
            case MemberRecord():
                self._members += 1
            case CellRecord():
                self._cell(record, where)
            case FileRecord():
                self._file(record, where)
            case MessageRecord():
                self._message(record, where)
            case End():
                self._check(record, where)
                self._end = record

    def end(self, number: int, origin: dict[str, Any]) -> Imported:
        if self._header is None:
            raise InvalidRequest("The file is empty.")
        if self._end is None:
            raise InvalidRequest(f"Line {number}: the file breaks off here, its last lines are missing.", line=number)
        return Imported(
            title=self._header.title,
            mode=self._header.mode,
            instructions=self._header.instructions,
            model=self._header.model,
            messages=tuple(self._messages.values()),
            cells=tuple(self._cells.values()),
            files=tuple(self._files.values()),
            origin=origin,
        )

    def _cell(self, record: CellRecord, where: str) -> None:
        if record.id in self._cells:
            raise InvalidRequest(f"{where}: another cell has this id.")
        try:
            cleaned = render.clean(record.outputs)
        except InvalidRequest as error:
            raise InvalidRequest(f"{where}: {error.message}") from None
        cell = SharedCell(
            id=record.id,
            notebook=record.notebook,
            cell_id=record.cell_id,
            cell_type=record.cell_type,
            source=record.source,
            outputs=cleaned.outputs,
            execution_count=record.execution_count,
            content_hash=render.content_hash(record.source, cleaned.outputs),
            shared_by=record.shared_by,
            updated_at=record.updated_at,
            live=False,
        )
        self._cells[record.id] = ImportedCell(cell=cell, images=cleaned.images)

    def _file(self, record: FileRecord, where: str) -> None:
        if record.id in self._files:
            raise InvalidRequest(f"{where}: another file has this id.")
        try:
            data = base64.b64decode(record.data, validate=True)
            name = filetypes.clean_name(record.name)
            media_type = filetypes.media_type(name, data, filetypes.WORDS)
        except binascii.Error:
            raise InvalidRequest(f"{where}: data: this is no base64.") from None
        except InvalidRequest as error:
            raise InvalidRequest(f"{where}: {error.message}") from None
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 != record.sha256:
            raise InvalidRequest(f"{where}: these are not the file's bytes: its hash is another.")
        file = StoredFile(
            # Not the file's own id: that could be the hash of a cell's image.
            id=secrets.token_urlsafe(12),
            thread_id="",
            name=name,
            media_type=media_type,
            size=len(data),
            sha256=sha256,
            uploaded_by=record.uploaded_by,
            created_at=record.created_at,
        )
        self._files[record.id] = ImportedFile(file=file, data=data)

    def _message(self, record: MessageRecord, where: str) -> None:
        if record.id in self._seen:
            raise InvalidRequest(f"{where}: another message has this id.")
        if record.reply_to is not None and record.reply_to not in self._seen:
            raise InvalidRequest(f"{where}: this replies to a message that is not in the lines before.")
        self._seen.add(record.id)
        if record.deleted or record.kind is MessageKind.SYSTEM:
            return
        marks = {"pinned": record.marks.pinned, "agreed": record.marks.agreed}
        interrupted = record.status is MessageStatus.STREAMING
        self._messages[record.id] = Message(
            id=record.id,
            thread_id="",
            seq=record.seq,
            author=record.author,
            author_name=" ".join(record.author_name.split()) or record.author,
            kind=record.kind,
            via=None,
            body=record.body,
            created_at=record.created_at,
            edited_at=record.edited_at,
            deleted=False,
            reply_to=record.reply_to if record.reply_to in self._messages else None,
            mentions=(),
            reactions={emoji: tuple(dict.fromkeys(usernames)) for emoji, usernames in record.reactions.items()},
            status=MessageStatus.INTERRUPTED if interrupted else record.status,
            files=tuple(self._files[id].file.id for id in record.files if id in self._files),
            cells=tuple(share for share in record.cells if share in self._cells),
            credits=tuple(dict.fromkeys(record.credits)),
            marks={mark: username for mark, username in marks.items() if username is not None},
        )

    def _check(self, end: End, where: str) -> None:
        """Whole lines may have been lost on the way."""
        for what, told, found in (
            ("members", end.members, self._members),
            ("cells", end.cells, len(self._cells)),
            ("files", end.files, len(self._files)),
            ("messages", end.messages, len(self._seen)),
        ):
            if told != found:
                raise InvalidRequest(f"{where}: {told} {what} were exported, and the file holds {found}.")


def _header(value: dict[str, Any], line: bytes, where: str) -> Header:
    if value.get("type") != "thread":
        raise InvalidRequest(f"{where}: the first line of an export is of the type thread.")
    version = value.get("version")
    if isinstance(version, int) and version > VERSION:
        raise InvalidRequest(f"{where}: the file is of version {version}; this server reads up to version {VERSION}.")
    return parsing.validated(Header, line, where)


def _record(value: dict[str, Any], line: bytes, where: str) -> Record:
    kind = value.get("type")
    model = RECORDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise InvalidRequest(f"{where}: a line is of one of the types {', '.join(RECORDS)}.")
    if model is Header:
        raise InvalidRequest(f"{where}: a second thread begins here; one file holds one.")
    return parsing.validated(model, line, where)
