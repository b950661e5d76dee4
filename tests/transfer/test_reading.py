"""What may be imported, and what is said of what may not."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_groupchat.errors import GroupChatError, InvalidRequest, TooLarge
from jupyter_groupchat.storage.store import Store
from jupyter_groupchat.threads.imports import Imported
from jupyter_groupchat.transfer.exporting import Format, export
from jupyter_groupchat.transfer.reading import read
from jupyter_groupchat.transfer.source import Source
from jupyter_groupchat.types import MessageStatus
from tests.doubles import ANA, CLEO, Party
from tests.transfer.conftest import CSV, NOW

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]

Change = Callable[[list[dict[str, Any]]], object]

HEAD = {
    "type": "thread",
    "format": "jupyter_groupchat",
    "version": 1,
    "exported_at": "2026-11-24T09:30:00.000Z",
    "id": "t1",
    "title": "Churn review",
    "mode": "auto",
    "instructions": "",
    "notebook": None,
    "created_at": "2026-11-24T09:00:00.000Z",
    "created_by": "ana",
    "archived_at": None,
}
CELL: dict[str, Any] = {
    "type": "cell",
    "id": "s1",
    "notebook": "churn.ipynb",
    "cell_id": "c1",
    "cell_type": "code",
    "source": "1",
    "outputs": [],
    "execution_count": None,
    "content_hash": "",
    "shared_by": "ana",
    "updated_at": "2026-11-24T09:00:00.000Z",
    "live": False,
}
FILE = {
    "type": "file",
    "id": "f1",
    "name": "rates.csv",
    "media_type": "text/csv",
    "size": 4,
    "sha256": hashlib.sha256(b"a,b\n").hexdigest(),
    "uploaded_by": "ana",
    "created_at": "2026-11-24T09:00:00.000Z",
    "data": base64.b64encode(b"a,b\n").decode(),
}
MESSAGE = {
    "type": "message",
    "id": "m1",
    "seq": 0,
    "author": "ana",
    "author_name": "Ana",
    "kind": "human",
    "via": None,
    "body": "Hello",
    "created_at": "2026-11-24T09:10:00.000Z",
    "edited_at": None,
    "deleted": False,
    "reply_to": None,
    "mentions": [],
    "reactions": {},
    "status": "complete",
    "files": ["f1"],
    "cells": ["s1"],
    "reply": {},
    "decision": {},
    "marks": {},
}
END = {"type": "end", "members": 0, "cells": 1, "files": 1, "messages": 1}


def lines(*values: dict[str, Any]) -> bytes:
    """An export with these lines."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def taken(data: bytes, **options: Any) -> Imported:
    """What is read from these bytes."""
    return read(io.BytesIO(data), **{"limit": 10_000_000, **options})


def test_a_threads_model_is_read_where_the_file_names_one() -> None:
    """Files of version 1 do not."""
    for head, model in ((HEAD, None), ({**HEAD, "version": 2, "model": "tiny"}, "tiny")):
        assert taken(lines(head, {**END, "cells": 0, "files": 0, "messages": 0})).model == model


async def test_an_export_comes_back(full: Party, store: Store) -> None:
    """What was said, by the names of those who said it; of what happened, nothing."""
    exported = b"".join(export(Source(store, full.thread), Format.JSONL, NOW))
    imported = taken(exported)
    assert (imported.title, imported.instructions) == ("Churn review", "Be brief.\n# Always.")
    assert imported.origin["format"] == "jsonl"
    assert [(came.file.name, came.file.media_type) for came in imported.files] == [
        ("rates.csv", "text/csv"),
        ("plot.png", "image/png"),
    ]
    before = (await full.service.messages(ANA, full.thread, limit=256))[::-1]
    kept = [message for message in before if message["kind"] != "system" and not message["deleted"]]
    assert [message.id for message in imported.messages] == [message["id"] for message in kept]
    assert imported.messages[-4].status is MessageStatus.INTERRUPTED  # it was being written

    thread = (await full.service.bring_in(CLEO, imported))["thread"]
    after = (await full.service.messages(CLEO, thread["id"], limit=256))[:0:-1]
    same = ("id", "author_name", "body", "created_at", "edited_at", "reply_to", "cells")
    assert [[message[key] for key in same] for message in after] == [[message[key] for key in same] for message in kept]  # type: ignore[literal-required]
    cells = (await full.service.conversation(thread["id"])).cells
    originals = (await full.service.conversation(full.thread)).cells
    assert {(cell.id, cell.content_hash) for cell in cells} == {(cell.id, cell.content_hash) for cell in originals}
    (new, _) = after[-1]["files"]
    stored, data = await full.service.file(CLEO, thread["id"], new)
    assert (data, stored.uploaded_by) == (CSV, "import:ana")
    assert new not in before[-1]["files"]
    again = b"".join(export(Source(store, thread["id"]), Format.JSONL, NOW))
    assert len(taken(again).messages) == len(kept)
    assert [message["credits"] for message in after if message["credits"]] == [["import:ana"]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda v: v.clear(), "The file is empty."),
        (lambda v: v.pop(), "Line 4: the file breaks off here, its last lines are missing."),
        (lambda v: v.pop(3), "Line 4: 1 messages were exported, and the file holds 0."),
        (lambda v: v.insert(1, HEAD), "Line 2: a second thread begins here"),
        (lambda v: v.append(MESSAGE), "Line 6: something follows the end."),
        (lambda v: v.insert(4, MESSAGE), "Line 5: another message has this id."),
        (lambda v: v.insert(2, CELL), "Line 3: another cell has this id."),
        (lambda v: v[0].update(version=3), "Line 1: the file is of version 3; this server reads up to version 2."),
        (lambda v: v[0].update(format="other"), "Line 1: format: "),
        (lambda v: v[0].update(type="message"), "Line 1: the first line of an export is of the type thread."),
        (lambda v: v[0].update(title=" "), "Line 1: title: "),
        (lambda v: v[3].update(type="poll"), "Line 4: a line is of one of the types thread, member, cell"),
        (lambda v: v[3].update(type=["x"]), "Line 4: a line is of one of the types"),
        (lambda v: v[3].update(mood="good"), "Line 4: mood: Extra inputs are not permitted."),
        (lambda v: v[3].pop("author"), "Line 4: author: Field required."),
        (lambda v: v[3].update(body=7), "Line 4: body: "),
        (lambda v: v[3].update(body="a\0b"), "Line 4: a text holds a NUL character."),
        (lambda v: v[3].update(body="x" * 1_000_001), "Line 4: body: "),
        (lambda v: v[3].update(id="../etc"), "Line 4: id: "),
        (lambda v: v[3].update(author=""), "Line 4: author: "),
        (lambda v: v[3].update(kind="bot"), "Line 4: kind: "),
        (lambda v: v[3].update(created_at="yesterday"), "Line 4: created_at: "),
        (lambda v: v[3].update(created_at="2026-11-24T09:10:00"), "Line 4: created_at: "),
        (lambda v: v[3].update(created_at="0001-01-01T00:00:00+23:59"), "Line 4: created_at: a year from 1971"),
        (lambda v: v[3].update(reply_to="m9"), "Line 4: this replies to a message that is not in the lines before."),
        (lambda v: v[3].update(reactions={"<b>": ["ana"]}), "Line 4: reactions.<b>.[key]: a reaction is an emoji"),
        (lambda v: v[3].update(marks={"starred": "ana"}), "Line 4: marks.starred: Extra inputs are not permitted."),
        (lambda v: v[1].update(outputs=[{"output_type": "?"}]), "Line 2: Output 0 of the cell is of no known kind"),
        (lambda v: v[1].update(cell_type="sql"), "Line 2: cell_type: "),
        (lambda v: v.insert(3, FILE), "Line 4: another file has this id."),
        (lambda v: v.pop(2), "Line 4: 1 files were exported, and the file holds 0."),
        (lambda v: v[2].update(data="%"), "Line 3: data: this is no base64."),
        (lambda v: v[2].update(data="YQ=="), "Line 3: these are not the file's bytes: its hash is another."),
        (lambda v: v[2].update(data=""), "Line 3: This file is empty."),
        (lambda v: v[2].update(name="a.png"), "Line 3: This file's name ends in .png, but that is not what is in it."),
        (lambda v: v[4].update(cells=2), "Line 5: 2 cells were exported, and the file holds 1."),
    ],
)
def test_a_broken_line_is_named(change: Change, words: str) -> None:
    """With what is wrong about it, and never with what it says."""
    values: list[dict[str, Any]] = [dict(value) for value in (HEAD, CELL, FILE, MESSAGE, END)]
    assert len(taken(lines(*values)).messages) == 1
    change(values)
    with pytest.raises(InvalidRequest) as refused:
        taken(lines(*values))
    assert refused.value.message.startswith(words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file: this is not JSON"),
        (b"hello\n", "The file: this is not JSON"),
        (b"[1, 2]", "The file: a JSON object is needed here."),
        (b"{}", "The file is neither an export of this project as JSON Lines nor a .chat file"),
        (b'{"cells": [], "nbformat": 4}', "The file is neither"),
        (lines(HEAD) + b"{\n", "Line 2: this is not JSON"),
        (lines(HEAD) + b"7\n", "Line 2: a JSON object is needed here."),
        (lines(HEAD) + b'{"type": "message", "body": "\xff"}\n', "Line 2: this is not JSON"),
        (lines(HEAD) + b'{"a": ' + b"[" * 100_000 + b"\n", "Line 2: this is not JSON"),
        (lines(HEAD) + b'{"type": "message", "seq": NaN}\n', "Line 2: this is not JSON"),
        (lines(HEAD) + b'{"type": "message", "body": "\\ud800"}\n', "Line 2: this is not JSON"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(data: bytes, words: str) -> None:
    """Binary, nested without end, or of another kind."""
    with pytest.raises(InvalidRequest) as refused:
        taken(data)
    assert refused.value.message.startswith(words)


def test_a_file_is_not_read_beyond_its_limit() -> None:
    """However long its lines are."""
    for data in (b"x" * 2_000, lines(HEAD) + b"\n" * 2_000):
        file = io.BytesIO(data)
        with pytest.raises(TooLarge):
            read(file, limit=1_000)
        assert file.tell() <= 1_002


def test_a_title_can_be_chosen() -> None:
    """The file's own one is used otherwise; a byte order mark and empty lines do no harm."""
    data = b"\xef\xbb\xbf" + lines(HEAD) + b"\n" + lines(CELL, FILE, MESSAGE, END)
    assert taken(data).title == "Churn review"
    assert taken(data, title="  Mine ").title == "Mine"
    for title in (" ", "x" * 201):
        with pytest.raises(InvalidRequest):
            taken(data, title=title)


@given(st.integers(0, 4), st.integers(0, 400), st.binary(max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_was_damaged_is_read_or_refused(which: int, at: int, damage: bytes) -> None:
    """It never breaks anything else."""
    values = [bytearray(lines(value)) for value in (HEAD, CELL, FILE, MESSAGE, END)]
    at %= len(values[which])
    values[which][at : at + len(damage)] = damage
    with suppress(GroupChatError):
        taken(b"".join(values))


# -- the files of jupyterlab-chat

CHAT = {
    "messages": [
        {
            "id": "0f7c8d2e-1111-4a4b-9c9c-000000000001",
            "type": "msg",
            "body": "Look at **this**, @Ben",
            "sender": "ana",
            "time": 1_732_440_600.25,
            "raw_time": False,
            "mentions": ["ben"],
            "attachments": ["a1", "a2", "a9"],
        },
        {"id": "not an id!", "type": "msg", "body": "", "sender": "bot", "time": 1_732_440_601, "mentions": [],
         "mime_model": {"data": {"application/x": {}, "text/plain": "a plot"}, "metadata": None}},
        {"id": "x3", "type": "msg", "body": "", "sender": "ben", "time": 1_732_440_602.0, "deleted": True},
        {"id": "x4", "type": "msg", "body": "ok", "sender": "gone", "time": 1_732_440_603.0, "edited": True, "new": 1},
    ],
    "users": {
        "ana": {"username": "ana", "name": "Ana", "display_name": "Ana  López", "initials": "AL", "color": None,
                "avatar_url": None, "mention_name": "Ana-López", "bot": False},
        "bot": {"username": "bot", "name": "Jupyternaut", "display_name": "", "bot": True},
    },
    "attachments": {
        "a1": {"value": "data/churn.csv", "type": "file", "mimetype": "text/csv", "selection": None},
        "a2": {"value": "a `b`.ipynb", "type": "notebook", "cells": [{"id": "c", "input_type": "code"}]},
    },
    "metadata": {"id": "0f7c8d2e-1111-4a4b-9c9c-000000000000"},
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2])
def test_a_chat_file_is_read(indent: int | None) -> None:
    """Names, times and texts; what was attached is named; deleted messages are left out; what is new is passed over."""
    imported = taken(json.dumps(CHAT, indent=indent).encode(), fallback="team")
    assert (imported.title, imported.origin["format"]) == ("team", "chat")
    first, second, third = imported.messages
    assert (first.id, first.author, first.author_name) == ("0f7c8d2e-1111-4a4b-9c9c-000000000001", "ana", "Ana López")
    assert first.body == "Look at **this**, @Ben\n\n- `data/churn.csv`\n- `a 'b'.ipynb`"
    assert first.created_at.isoformat() == "2024-11-24T09:30:00.250000+00:00"
    assert (first.mentions, first.edited_at) == ((), None)
    assert (second.author_name, second.body, len(second.id)) == ("Jupyternaut", "a plot", 16)
    assert (third.author, third.author_name, third.body) == ("gone", "gone", "ok")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda v: v[0].update(time="now"), "The file: messages.0.time: "),
        (lambda v: v[0].update(time=1e300), "The file: messages.0.time: "),
        (lambda v: v[1].pop("sender"), "The file: messages.1.sender: Field required."),
        (lambda v: v[1].update(body=None), "The file: messages.1.body: "),
        (lambda v: v[1].update(body="\0"), "The file: a text holds a NUL character."),
        (lambda v: v[3].update(id=v[0]["id"]), "The file: messages.3.id: another message has this id."),
        (lambda v: v.append(7), "The file: messages.4: "),
    ],
)
def test_a_broken_chat_file_is_refused(change: Change, words: str) -> None:
    """With the place that is wrong."""
    chat = json.loads(json.dumps(CHAT))
    change(chat["messages"])
    with pytest.raises(InvalidRequest) as refused:
        taken(json.dumps(chat).encode())
    assert refused.value.message.startswith(words)


async def test_a_chat_file_becomes_a_thread(party: Party) -> None:
    """Whose people are nobody's accounts."""
    thread = (await party.service.bring_in(ANA, taken(json.dumps(CHAT).encode())))["thread"]
    messages = await party.service.messages(ANA, thread["id"])
    assert [(message["author"], message["kind"]) for message in messages[:0:-1]] == [
        ("import:ana", "import"),
        ("import:bot", "import"),
        ("import:gone", "import"),
    ]
    assert messages[-1]["mentions"] == []
    assert thread["unread"] == 0
