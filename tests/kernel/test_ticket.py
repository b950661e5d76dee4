"""A notebook that writes in a thread with the ticket of the person who looks at it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pandas as pd
import pytest
from IPython.core.error import UsageError

from jupyter_groupchat import GroupChatPanel
from jupyter_groupchat.errors import NotAllowed, NotFound
from jupyter_groupchat.kernel import magic
from jupyter_groupchat.kernel.client import ThreadClient, ThreadHandle
from jupyter_groupchat.types import MessageKind, MessageStatus, Mode
from tests.server.process import PATIENCE, ServerProcess


class Sent(GroupChatPanel):
    """A panel that keeps what it tells its view."""

    def __init__(self, thread: str) -> None:
        self.told: list[dict[str, Any]] = []
        super().__init__(thread)

    def send(self, content: dict[str, Any], buffers: object = None) -> None:
        self.told.append(content)


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test is a kernel of its own, which was given nothing yet, and waits for a busy machine."""
    monkeypatch.setattr("jupyter_groupchat.kernel.ticket._REACH", PATIENCE)
    yield
    for holder, _ in GroupChatPanel._held.values():
        holder.close()
    GroupChatPanel._held.clear()


def ticket(server: ServerProcess, person: str, thread: str) -> dict[str, Any]:
    """A ticket that a person's browser asked for."""
    headers = {"Authorization": f"token {server.token(person)}"}
    request = Request(f"{server.api}threads/{thread}/tickets", data=b"{}", headers=headers, method="POST")
    with urlopen(request, timeout=PATIENCE) as response:
        made: dict[str, Any] = json.load(response)["ticket"]
    return made


def let_write(panel: GroupChatPanel, server: ServerProcess, thread: ThreadHandle, person: str = "Ana") -> None:
    """What the view does when the person presses the button."""
    panel._handle_custom_msg({"ticket": ticket(server, person, thread.id), "name": person}, [])


def test_a_notebook_asks_posts_and_shares_once_it_is_let(ana: ThreadClient, server: ServerProcess) -> None:
    """Before the click nothing works and the words say what to press; then all does, marked as the kernel's."""
    thread = ana.create("Let in", mode=Mode.MENTION)
    panel = GroupChatPanel("Let in")
    for attempt in (lambda: panel.post("x"), lambda: panel.ask("x"), lambda: panel.share(1), lambda: panel.messages):
        with pytest.raises(NotAllowed, match="Let this notebook write here"):
            attempt()
    let_write(panel, server, thread)
    assert panel.writer == "Ana"
    assert panel.post("Trained in 2 h.").kind is MessageKind.KERNEL
    panel.share(pd.DataFrame({"plan": ["team", "basic"], "rate": [0.041, 0.187]}), "rates")
    answer = panel.ask("Which plan has the highest rate?")
    assert (answer.status, "basic" in answer.body) == (MessageStatus.COMPLETE, True)
    kinds = [message.kind for message in thread.messages() if message.author == "ana"]
    assert set(kinds[-2:]) == {MessageKind.KERNEL}
    assert [message.id for message in panel.messages] == [message.id for message in thread.messages()]


def test_a_ticket_is_not_saved_and_not_asked_for_twice(ana: ThreadClient, server: ServerProcess) -> None:
    """What notebooks save of a panel holds no ticket, and a cell that runs again has a panel that may write."""
    thread = ana.create("Twice")
    panel = GroupChatPanel("Twice")
    let_write(panel, server, thread)
    value = GroupChatPanel._held["Twice"][0]._ticket.value
    assert value not in json.dumps(panel.get_state(), default=repr)
    again = GroupChatPanel("Twice")
    assert again.writer == "Ana"
    assert again.post("from the second").kind is MessageKind.KERNEL
    assert GroupChatPanel("Another").writer == ""


def test_what_is_no_ticket_is_told_to_the_view(ana: ThreadClient, server: ServerProcess) -> None:
    """A forged ticket, one without addresses and nonsense leave the kernel as it was, and the view hears why."""
    thread = ana.create("Forged")
    good = ticket(server, "Ana", thread.id)
    for content, code in (
        ({"ticket": {**good, "value": good["value"][:-4] + "AAA="}}, "not_allowed"),
        ({"ticket": {**good, "urls": []}}, "storage_unavailable"),
        ({"ticket": {**good, "urls": ["http://127.0.0.1:9/"]}}, "storage_unavailable"),
        ({"ticket": {}}, "invalid_request"),
        ({}, "invalid_request"),
    ):
        panel = Sent("Forged")
        panel._handle_custom_msg(content, [])
        assert [told["error"]["code"] for told in panel.told] == [code]
        assert panel.writer == ""


def test_the_first_address_that_answers_is_taken(ana: ThreadClient, server: ServerProcess) -> None:
    """An address that a kernel cannot reach does not keep it from the next one."""
    thread = ana.create("Addresses")
    good = ticket(server, "Ana", thread.id)
    panel = GroupChatPanel("Addresses")
    panel._handle_custom_msg({"ticket": {**good, "urls": ["http://127.0.0.1:9/", *good["urls"]]}, "name": "Ana"}, [])
    assert panel.post("reached").kind is MessageKind.KERNEL


def test_a_ticket_is_renewed_before_it_ends(ana: ThreadClient, server: ServerProcess) -> None:
    """A kernel that was given a ticket that ends soon has a later one at once."""
    thread = ana.create("Renewed")
    given = ticket(server, "Ana", thread.id)
    panel = GroupChatPanel("Renewed")
    panel._handle_custom_msg({"ticket": {**given, "expires_at": "2000-01-01T00:00:00.000Z"}, "name": "Ana"}, [])
    holder, _ = GroupChatPanel._held["Renewed"]
    deadline = time.monotonic() + PATIENCE
    while holder._ticket.expires_at < time.time():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert panel.writer == "Ana"
    assert panel.post("still here").kind is MessageKind.KERNEL


def test_the_kernel_of_who_was_removed_writes_nothing(
    ana: ThreadClient, ben: ThreadClient, server: ServerProcess
) -> None:
    """A member who leaves takes the kernel along, whatever its ticket says."""
    thread = ana.create("Removed")
    ben.join(thread.invite().partition("groupchat-join=")[2])
    panel = GroupChatPanel("Removed")
    let_write(panel, server, thread, "Ben")
    panel.post("while a member")
    headers = {"Authorization": f"token {server.token('Ana')}"}
    urlopen(
        Request(f"{server.api}threads/{thread.id}/members/ben", headers=headers, method="DELETE"), timeout=PATIENCE
    ).close()
    with pytest.raises(NotFound):
        panel.post("no longer")


def test_a_cell_of_text_goes_to_the_panels_thread(ana: ThreadClient, server: ServerProcess) -> None:
    """``%%groupchat`` asks and shows the answer, ``%%groupchat post`` writes, anything else says what is possible."""
    thread = ana.create("Magic", mode=Mode.MENTION)
    panel = GroupChatPanel("Magic")
    let_write(panel, server, thread)
    assert magic.groupchat("post", "Pelicans: eleven.\n") is None
    shown = magic.groupchat("", "how many pelicans?\n")
    bodies = [message.body for message in panel.messages]
    assert "Pelicans: eleven." in bodies
    assert shown.data == bodies[-1]
    for line, cell in (("ask", "x"), ("", " \n")):
        with pytest.raises(UsageError, match="called as"):
            magic.groupchat(line, cell)
