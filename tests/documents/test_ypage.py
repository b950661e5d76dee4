"""A page, as pycrdt writes and reads it and as yjs reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pycrdt import Doc

from jupyter_groupchat.documents.ypage import YPage
from jupyter_groupchat.types import MessageKind, MessageStatus
from tests.documents import yjs
from tests.documents.things import NOON, a_message

REPLY = {"asked_by": "ana", "about": "m1", "model": "tiny", "tokens": 42}


@pytest.fixture
def page() -> YPage:
    """An empty page."""
    return YPage()


def updates_of(page: YPage) -> list[bytes]:
    """Collects the page's updates from now on."""
    found: list[bytes] = []
    page.kept = page.ydoc.observe(lambda event: found.append(event.update))  # type: ignore[attr-defined]
    return found


def test_a_message_comes_back_as_it_was_posted(page: YPage) -> None:
    """Every field survives the document."""
    message = a_message(
        via="kernel",
        kind=MessageKind.KERNEL,
        reply_to="m0",
        mentions=("ben", "assistant"),
        cells=("s1",),
        files=("f1",),
        status=MessageStatus.STREAMING,
        reply=REPLY,
    )
    page.post(message)
    assert page.message("t1", "m1") == message
    assert isinstance(page.message("t1", "m1").reply["tokens"], int)


def test_messages_are_ordered_by_their_place(page: YPage) -> None:
    """The order in which entries come to the document does not matter."""
    for seq in (2, 0, 1):
        page.post(a_message(f"m{seq}", seq))
    assert [message.id for message in page.messages("t1")] == ["m0", "m1", "m2"]


def test_absent_keys_stay_absent(page: YPage) -> None:
    """A plain message has only the keys that it needs: most messages are plain."""
    page.post(a_message())
    (value,) = page.get()
    assert set(value) == {"id", "seq", "author", "author_name", "kind", "at", "body", "status"}


def test_an_append_costs_little_beside_its_text(page: YPage) -> None:
    """A streamed piece is an append, and adds to what is there whatever the letters."""
    page.post(a_message(body="", status=MessageStatus.STREAMING))
    found = updates_of(page)
    for piece in ("Gr", "üß", "e 👋", ", " + "x" * 20):
        page.append("m1", piece)
    assert page.body("m1") == "Grüße 👋, " + "x" * 20
    assert all(len(update) <= 50 for update in found)


def test_an_edit_replaces_text_and_mentions(page: YPage) -> None:
    """The new text carries the time of the edit."""
    page.post(a_message(mentions=("ben",)))
    page.set_body("m1", "better", NOON, ("cleo",))
    message = page.message("t1", "m1")
    assert (message.body, message.edited_at, message.mentions) == ("better", NOON, ("cleo",))


def test_deleting_leaves_a_mark_and_nothing_else(page: YPage) -> None:
    """Text, reactions, marks and what was attached are gone."""
    page.post(a_message(cells=("s1",), mentions=("ben",)))
    page.set_reaction("m1", "👍", "ben", True)
    page.set_mark("m1", "pinned", "ben")
    page.delete("m1")
    message = page.message("t1", "m1")
    assert message == replace(a_message(body=""), deleted=True)


def test_reactions_of_several_people_stand_side_by_side(page: YPage) -> None:
    """Each is one key; setting one twice or taking back what is not there changes nothing."""
    page.post(a_message())
    assert page.set_reaction("m1", "👍", "ben", True)
    assert page.set_reaction("m1", "👍", "ana/x", True)
    assert page.set_reaction("m1", "🎉", "ben", True)
    assert not page.set_reaction("m1", "🎉", "ben", True)
    assert page.reaction_count("m1") == 3
    assert page.set_reaction("m1", "🎉", "ben", False)
    assert not page.set_reaction("m1", "🎉", "ben", False)
    assert page.message("t1", "m1").reactions == {"👍": ("ana/x", "ben")}


def test_marks_say_who_set_them(page: YPage) -> None:
    """A mark that is set stays its setter's until it is cleared."""
    page.post(a_message())
    assert page.set_mark("m1", "agreed", "ana")
    assert not page.set_mark("m1", "agreed", "ben")
    assert page.message("t1", "m1").marks == {"agreed": "ana"}
    assert page.set_mark("m1", "agreed", None)
    assert page.message("t1", "m1").marks == {}


def test_a_sealed_reply_is_no_longer_streaming(page: YPage) -> None:
    """Status, what is said of it and whom it mentions are set together."""
    page.post(a_message(status=MessageStatus.STREAMING, reply=REPLY))
    assert page.is_streaming("m1")
    page.seal("m1", MessageStatus.FAILED, {**REPLY, "error": "The model timed out."}, ("ben",))
    message = page.message("t1", "m1")
    assert not page.is_streaming("m1")
    assert (message.status, message.mentions) == (MessageStatus.FAILED, ("ben",))
    assert message.reply == {**REPLY, "error": "The model timed out."}


def test_a_decision_is_kept_with_its_message(page: YPage) -> None:
    """What the assistant decided is shown where it was about."""
    page.post(a_message())
    page.set_decision("m1", {"act": "stay_out", "reason": "Ana was asked", "by": "rule"})
    assert page.message("t1", "m1").decision == {"act": "stay_out", "reason": "Ana was asked", "by": "rule"}


def test_observers_hear_of_changes(page: YPage) -> None:
    """A page is a document like others of jupyter_ydoc."""
    heard: list[str] = []
    page.observe(lambda root, _: heard.append(root))
    page.post(a_message())
    page.unobserve()
    page.post(a_message("m2", 1))
    assert heard == ["messages"]
    assert page.version == "1.1.0"
    with pytest.raises(NotImplementedError):
        page.set({})


def test_two_writers_meet_without_loss() -> None:
    """Two servers post and react at the same moment; both replicas then show all of it."""
    one, two = YPage(), YPage()
    one.post(a_message())
    two.ydoc.apply_update(one.ydoc.get_update())
    one.post(a_message("m2", 1))
    two.post(a_message("m3", 2))
    one.set_reaction("m1", "👍", "ana", True)
    two.set_reaction("m1", "👍", "ben", True)
    mine, theirs = one.ydoc.get_update(), two.ydoc.get_update()
    one.ydoc.apply_update(theirs)
    two.ydoc.apply_update(mine)
    assert one.get() == two.get()
    assert [message.id for message in one.messages("t1")] == ["m1", "m2", "m3"]
    assert one.message("t1", "m1").reactions == {"👍": ("ana", "ben")}


def test_yjs_reads_what_pycrdt_writes() -> None:
    """A browser sees the same values, bodies as texts that grow, and knows how far it is."""
    page = YPage(Doc())
    updates = updates_of(page)
    page.post(a_message())
    page.post(a_message("r1", 1, body="", kind=MessageKind.ASSISTANT, status=MessageStatus.STREAMING, reply=REPLY))
    for piece in ("Es ", "gibt ", "7 Zeilen 👋"):
        page.append("r1", piece)
    page.set_reaction("m1", "👍", "ben", True)
    page.seal("r1", MessageStatus.COMPLETE, REPLY, ())
    page.set_body("m1", "edited", NOON, ("ben",))
    incremental, whole = yjs.read(("page", updates), ("page", [page.ydoc.get_update()]))
    assert incremental["messages"] == whole["messages"] == expected(page)
    assert incremental["texts"] == {"m1": True, "r1": True}
    assert incremental["messages"]["r1"]["body"] == "Es gibt 7 Zeilen 👋"
    assert incremental["messages"]["m1"]["reaction/👍/ben"] is True


def expected(page: YPage) -> dict[str, Any]:
    """What the page holds, by message id."""
    return {value.pop("id"): value for value in page.get()}
