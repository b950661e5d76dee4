"""What the server answers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from jupyter_groupchat.invitation_types import Invitation
from jupyter_groupchat.reply_types import Act, Decision, Manifest, SeenCell, SeenFile
from jupyter_groupchat.types import MessageKind, MessageRow, Role, StoredFile, ThreadSummary
from jupyter_groupchat.wire import answers, reply_shapes, shapes
from jupyter_groupchat.wire.times import from_wire, to_wire
from tests.documents.things import NOON, a_cell, a_member, a_message, a_thread

ROW = MessageRow(
    id="m1",
    thread_id="t1",
    seq=0,
    author="ana",
    author_name="Ana",
    kind=MessageKind.HUMAN,
    body="x" * 500,
    created_at=NOON,
)
INVITATION = Invitation(
    id="i1",
    thread_id="t1",
    role=Role.REVIEWER,
    created_by="ana",
    created_at=NOON,
    expires_at=None,
    max_uses=1,
    uses=0,
    revoked_at=None,
)
SUMMARY = ThreadSummary(
    thread=a_thread(archived_at=NOON, last_seq=0),
    role=Role.OWNER,
    muted=True,
    unread=3,
    mentions=1,
    members=(a_member(muted=True, read_seq=9),),
    last_message=ROW,
)
MANIFEST = Manifest(
    model="tiny",
    instructions="Be brief.",
    messages=("m1",),
    messages_cut=(),
    cells=(SeenCell(id="s1", notebook="n", cell_id="a", execution_count=1, content_hash="0", cut=False),),
    files=(SeenFile(id="f1", name="a.csv", cut=True),),
    tools=("stay_out",),
    prompt_tokens=10,
    completion_tokens=2,
    counted_by="endpoint",
)
FILE = StoredFile(
    id="f1",
    thread_id="t1",
    name="a.png",
    media_type="image/png",
    size=3,
    sha256="0",
    uploaded_by="ana",
    created_at=NOON,
)
DECISION = Decision(act=Act.STAY_OUT, reason="Ana was asked", by="rule")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (shapes.MessageJson, answers.message_json(a_message(edited_at=NOON, reactions={"👍": ("ben",)}))),
        (shapes.MemberJson, answers.member_json(a_member())),
        (shapes.ThreadJson, answers.thread_json(SUMMARY, 9)),
        (shapes.ThreadJson, answers.thread_json(replace(SUMMARY, last_message=None), 9)),
        (shapes.InvitationJson, answers.invitation_json(INVITATION, NOON)),
        (shapes.InvitationJson, answers.invitation_json(INVITATION, NOON, "secret")),
        (shapes.CellJson, answers.cell_json(a_cell())),
        (reply_shapes.ManifestJson, answers.manifest_json(MANIFEST)),
        (reply_shapes.DecisionJson, answers.decision_json("m1", DECISION)),
        (shapes.HitJson, answers.hit_json(ROW, "Churn")),
        (shapes.FileJson, answers.file_json(FILE)),
        (shapes.AuditJson, answers.audit_json(1, NOON, "ana", "thread.create", {"title": "x"}, "0")),
        (reply_shapes.UsageJson, answers.usage_json(1, 2, NOON)),
    ],
)
def test_an_answer_is_what_its_type_says(kind: Any, value: Any) -> None:
    """Every key that is declared is there, none that is not, each of its type and fit for JSON."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    assert adapter.validate_json(json.dumps(value), strict=True) == value


def test_private_marks_are_not_told() -> None:
    """What others see of a member says nothing of how far they read or whether they muted the thread."""
    assert set(answers.member_json(a_member(muted=True))) & {"muted", "read_seq"} == set()


def test_a_code_is_only_in_the_answer_that_made_it() -> None:
    """A list of invitations holds no codes."""
    assert "code" not in answers.invitation_json(INVITATION, NOON)
    assert answers.invitation_json(INVITATION, NOON, "secret")["code"] == "secret"


def test_a_preview_is_short() -> None:
    """A thread's list shows the start of the newest message."""
    assert len(answers.last_message_json(ROW)["body"]) == 120


def test_times_are_utc_to_the_millisecond() -> None:
    """A time on the wire is read back as it was."""
    assert to_wire(NOON) == "2026-11-24T12:00:00.125Z"
    assert from_wire(to_wire(NOON)) == NOON
    assert from_wire("2026-11-24T13:00:00.125+01:00") == NOON
    with pytest.raises(ValueError, match="Invalid"):
        from_wire("yesterday")
