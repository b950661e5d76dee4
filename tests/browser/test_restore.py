"""What people see while the whole chat is put back from a backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from jupyter_groupchat.storage.backup import backup
from jupyter_groupchat.storage.restoring import restore
from jupyter_groupchat.storage.store import Store
from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen

_TOLD = "The chat was put back from a backup"


@pytest.fixture
def remember(the_office: Office, tmp_path: Path) -> Callable[[], Callable[[], object]]:
    """Makes a backup; what it gives puts it back, while the server runs."""

    def remember() -> Callable[[], object]:
        url = f"sqlite:///{the_office.database}"
        store, copy = Store(url), tmp_path / "copy.sqlite"
        backup(store, copy)
        store.close()
        return lambda: restore(copy, url, by="root")

    return remember


def test_what_waits_is_sent_once_to_a_chat_that_was_put_back(
    ana: Screen, ben: Screen, the_office: Office, remember: Callable[[], Callable[[], object]]
) -> None:
    """Everybody is told, also who was away; what came since the backup is gone from the screen."""
    Caller(the_office, "Ana").thread("Put back", Caller(the_office, "Ben"))
    for screen in (ana, ben):
        screen.open_thread("Put back")
    ana.say("before the backup")
    ben.sees("before the backup")
    put_back = remember()
    ana.say("after the backup")
    ben.sees("after the backup")
    ben.page.context.set_offline(True)
    try:
        expect(ben.panel).to_contain_text("Offline.")
        ben.write("from the tunnel")
        put_back()
        expect(ana.page.get_by_text(_TOLD).last).to_be_visible()
        ana.sees("before the backup")
        expect(ana.message("after the backup")).to_have_count(0)
        ana.say("as if nothing had happened")
        expect(ben.message("from the tunnel")).to_contain_text("sends when back")
    finally:
        ben.page.context.set_offline(False)
    expect(ben.page.get_by_text(_TOLD).last).to_be_visible()
    for screen in (ana, ben):
        screen.sees("from the tunnel")
        screen.sees("as if nothing had happened")
        screen.sees("before the backup")
        expect(screen.message("after the backup")).to_have_count(0)


def test_what_waits_for_a_thread_that_is_gone_is_kept(
    ana: Screen, ben: Screen, the_office: Office, remember: Callable[[], Callable[[], object]]
) -> None:
    """Its writer sees that it was not sent, and can take it elsewhere."""
    put_back = remember()
    Caller(the_office, "Ben").thread("Too late")
    ben.open_thread("Too late")
    ben.say("after the backup")
    # What the server has not acknowledged yet would wait, too.
    ben.page.wait_for_function("() => !Object.values(localStorage).some(kept => kept.includes('after the backup'))")
    ben.page.context.set_offline(True)
    try:
        expect(ben.panel).to_contain_text("Offline.")
        ben.write("to nobody")
        put_back()
        expect(ana.page.get_by_text(_TOLD).last).to_be_visible()
    finally:
        ben.page.context.set_offline(False)
    expect(ben.page.get_by_text(_TOLD).last).to_be_visible()
    expect(ben.panel).to_contain_text("This thread is not here any more")
    lost = ben.panel.get_by_role("region", name="You wrote this, and it was not sent")
    expect(lost).to_contain_text("to nobody")
    expect(lost).not_to_contain_text("after the backup")
    lost.get_by_role("button", name="Discard").click()
    expect(lost).to_have_count(0)
    ben.button("All threads").click()
    expect(ben.row("Too late")).to_have_count(0)
