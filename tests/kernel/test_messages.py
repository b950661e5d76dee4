"""A message as a kernel reads it, from a page and from an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Doc, Map

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.kernel.feed import message_from, message_of
from jupyter_groupchat.types import MessageKind, MessageStatus
from jupyter_groupchat.wire.answers import message_json
from tests.documents.things import NOON, a_message


def whole(page: YPage) -> None:
    page.post(a_message(reply_to="m0", mentions=("ben",), files=("f1",), cells=("s1",), credits=("ben",)))
    page.set_body("m1", "another text", NOON, ("ben", "cleo"))
    for username in ("ben", "ana"):
        page.set_reaction("m1", "👍", username, True)
    page.set_mark("m1", "agreed", "ben")
    page.set_decision("m1", {"act": "stay_out", "reason": "Ben was asked", "by": "rules"})


def reply(page: YPage) -> None:
    assistant: dict[str, Any] = {"author": "assistant", "author_name": "Assistant", "kind": MessageKind.ASSISTANT}
    page.post(a_message(status=MessageStatus.STREAMING, reply={"asked_by": "ana", "about": "m0"}, **assistant))
    page.seal("m1", MessageStatus.CANCELLED, {"asked_by": "ana", "about": "m0", "prompt_tokens": 12}, ())


def expired(page: YPage) -> None:
    page.post(a_message())
    page.expire("m1", 90)


@pytest.mark.parametrize("write", [whole, reply, expired])
def test_a_kernel_reads_what_the_server_reads(write: Callable[[YPage], None]) -> None:
    """all of a message, from its page and from the answer to a call"""
    doc: Doc[Any] = Doc()
    page = YPage(doc)
    write(page)
    message = page.message("t1", "m1")
    assert message_of("t1", "m1", doc.get("messages", type=Map)["m1"].to_py()) == message
    assert message_from(message_json(message)) == message
