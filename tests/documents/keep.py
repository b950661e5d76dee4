"""Keeps an example of the newest document schemas in ``fixtures``, once, when a schema is released.

``python -m tests.documents.keep``
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.documents.ythread import YThread
from jupyter_groupchat.types import Attachments, MessageKind, MessageStatus
from tests.documents.things import NOON, a_cell, a_draft, a_file, a_member, a_message, a_thread

FIXTURES = Path(__file__).parent / "fixtures"


def main() -> None:
    """Write what is not there yet: of what is there, documents like it exist."""
    FIXTURES.mkdir(exist_ok=True)
    for name, document in (("thread", _thread()), ("page", _page())):
        file = FIXTURES / f"{name}-{document.version}.bin"
        if not file.exists():
            file.write_bytes(document.ydoc.get_update())


def _thread() -> YThread:
    thread = YThread()
    thread.set_settings(replace(a_thread(), model="auto", approval=True, keep_days=30))
    thread.put_member(a_member("ana"))
    thread.put_member(a_member("ben"))
    thread.put_cell(a_cell())
    thread.put_file(a_file())
    thread.set_marks("m1", 0, ["agreed"])
    thread.put_draft(a_draft(), ["ben", "ana"])
    thread.set_attachments("d1", Attachments(reply_to="m1", cells=("s1",), files=("f1",)))
    thread.set_last_seq(3)
    return thread


def _page() -> YPage:
    page = YPage()
    page.post(a_message("m1", 0, mentions=("ben",), cells=("s1",), files=("f1",), credits=("ben",)))
    page.post(a_message("m2", 1, kind=MessageKind.ASSISTANT, status=MessageStatus.STREAMING, body="", reply_to="m1"))
    page.append("m2", "42")
    chosen = {"model": "tiny", "model_name": "Quick", "model_why": "fast: a short question"}
    page.seal("m2", MessageStatus.COMPLETE, {"asked_by": "ana", "about": "m1", "tokens": 42, **chosen}, ())
    page.post(a_message("m3", 2, body="secret"))
    page.expire("m3", 30)
    page.post(a_message("m4", 3, via="kernel", kind=MessageKind.KERNEL, body="1"))
    page.set_body("m4", "2", NOON, ())
    page.set_reaction("m1", "👍", "ben", True)
    page.set_mark("m1", "agreed", "ana")
    page.set_decision("m4", {"act": "stay_out", "reason": "Ben was asked", "by": "rule"})
    return page


if __name__ == "__main__":
    main()
