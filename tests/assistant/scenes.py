"""Values for tests of what is pure: short ways to say who wrote what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from jupyter_groupchat.assistant.manners import Scene
from jupyter_groupchat.cells import render
from jupyter_groupchat.types import ASSISTANT, Member, MessageKind, MessageRow, Mode, Role, SharedCell, Thread

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAMES = {"ana": "Ana Ruiz", "ben": "Ben", "mei": "Mei Tanaka", "jonas": "Jonas Weber", ASSISTANT: "Assistant"}


def a_thread(mode: Mode = Mode.AUTO, archived: bool = False, instructions: str = "") -> Thread:
    """A thread of these settings."""
    return Thread(
        id="t",
        title="Churn review",
        mode=mode,
        instructions=instructions,
        notebook=None,
        archived_at=NOON if archived else None,
        created_at=NOON,
        created_by="ana",
        last_seq=9,
        updated_at=NOON,
    )


def members(*usernames: str) -> tuple[Member, ...]:
    """Members by username."""
    return tuple(
        Member(
            username=name, name=NAMES.get(name, name), role=Role.MEMBER, joined_at=NOON, invited_by=None, colour=place
        )
        for place, name in enumerate(usernames)
    )


def wrote(author: str, body: str, *, seq: int = 0, ago: float = 0, **fields: Any) -> MessageRow:
    """A message that was written ``ago`` seconds before noon. Its id is ``m<seq>``."""
    values: dict[str, Any] = {
        "id": f"m{seq}",
        "thread_id": "t",
        "seq": seq,
        "author": author,
        "author_name": NAMES.get(author, author),
        "kind": MessageKind.ASSISTANT if author == ASSISTANT else MessageKind.HUMAN,
        "body": body,
        "created_at": NOON - timedelta(seconds=ago),
        **fields,
    }
    return MessageRow(**values)


def a_cell(
    share_id: str = "s",
    source: str = "",
    *outputs: Mapping[str, Any],
    number: int | None = 12,
    notebook: str = "churn_model.ipynb",
    ago: float = 0,
    cell_type: str = "code",
) -> SharedCell:
    """A shared cell; outputs are cleaned as on the way into a thread."""
    cleaned = render.clean(outputs)
    return SharedCell(
        id=share_id,
        notebook=notebook,
        cell_id=f"cell-{share_id}",
        cell_type=cell_type,
        source=source,
        outputs=cleaned.outputs,
        execution_count=number,
        content_hash=render.content_hash(source, cleaned.outputs),
        shared_by="mei",
        updated_at=NOON - timedelta(seconds=ago),
        live=True,
    )


def printed(text: str) -> dict[str, Any]:
    """Text on standard output."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def html(text: str) -> dict[str, Any]:
    """A result in HTML."""
    return {"output_type": "execute_result", "execution_count": 12, "data": {"text/html": text}, "metadata": {}}


def raised(name: str, value: str, *traceback: str) -> dict[str, Any]:
    """An error."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": list(traceback)}


def a_scene(*usernames: str, mode: Mode = Mode.AUTO, archived: bool = False, after: float = 5, **fields: Any) -> Scene:
    """A thread of these people, ``after`` seconds past noon."""
    values: dict[str, Any] = {
        "thread": a_thread(mode, archived),
        "members": members(*(usernames or ("ana", "ben", "mei"))),
        "now": NOON + timedelta(seconds=after),
        **fields,
    }
    return Scene(**values)


RATES = html(
    '<table class="dataframe"><thead><tr><th></th><th>customers</th><th>rate</th></tr>'
    "<tr><th>plan</th><th></th><th></th></tr></thead><tbody>"
    "<tr><th>team</th><td>611</td><td>0.041</td></tr><tr><th>plus</th><td>2745</td><td>0.094</td></tr>"
    "<tr><th>family</th><td>1968</td><td>0.121</td></tr><tr><th>basic</th><td>4212</td><td>0.187</td></tr></tbody></table>"
)
