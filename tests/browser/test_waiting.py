"""Asking to be let in, in three windows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen
from tests.browser.window import sign_in


@pytest.fixture
def eve(browser: Browser, the_office: Office) -> Iterator[Screen]:
    """Eve, in an empty JupyterLab."""
    screen = sign_in(browser, the_office, "Eve", f"{the_office.url}lab/workspaces/eve")
    screen.show()
    yield screen
    screen.page.context.close()


def test_the_owner_lets_one_in_and_not_the_other(ana: Screen, ben: Screen, eve: Screen, the_office: Office) -> None:
    """who opens the link waits and sees nothing; the owner's click opens the thread for one, and tells the other"""
    thread = Caller(the_office, "Ana").thread("By approval")
    ana.open_thread("By approval")
    ana.say("for members only")
    ana.button("Invite people").click()
    ana.dialog.get_by_role("checkbox", name="Let me approve who joins").check()
    expect(ana.dialog).to_contain_text("They see nothing until you let them in.")
    ana.button("Done", within=ana.dialog).click()
    link = ana.invite(uses="5")

    for screen in (ben, eve):
        screen.page.goto(link)
        screen.restored()
        expect(screen.panel).to_contain_text("Waiting for Ana to let you in")
        expect(screen.panel).not_to_contain_text("for members only")
        expect(screen.composer).to_have_count(0)
    ana.button("1 member, 1 here, 2 ask to join. Open members").click()
    expect(ana.dialog.get_by_role("region", name="Waiting")).to_contain_text("Waiting 2")
    ana.button("Let Ben in", within=ana.dialog).click()
    ben.sees_thread("By approval")
    ben.sees("for members only")
    expect(ana.button("Remove Ben", within=ana.dialog)).to_be_visible()
    ana.button("Decline Eve", within=ana.dialog).click()
    expect(eve.panel).to_contain_text("Ana did not let you in")
    expect(ana.dialog.get_by_role("region", name="Waiting")).to_have_count(0)
    ana.button("Done", within=ana.dialog).click()
    expect(ana.button("2 members, 2 here. Open members")).to_be_visible()
    eve.button("Dismiss").click()
    expect(eve.panel.get_by_role("heading", name="Group Chat")).to_be_visible()
    expect(eve.row("By approval")).to_have_count(0)
    assert Caller(the_office, "Eve").call("GET", "me/requests") == {"waiting": []}
    assert [
        row["username"] for row in Caller(the_office, "Ana").call("GET", f"threads/{thread}/members")["members"]
    ] == [
        "ana",
        "ben",
    ]


def test_who_waits_finds_that_again(ana: Screen, ben: Screen, the_office: Office) -> None:
    """after a reload the list shows what one waits for; one may stop, and the owner then sees nobody"""
    anas = Caller(the_office, "Ana")
    thread = anas.thread("Patience")
    anas.call("PATCH", f"threads/{thread}", {"approval": True})
    code = anas.call("POST", f"threads/{thread}/invitations", {})["invitation"]["code"]
    Caller(the_office, "Ben").call("POST", "invitations/accept", {"code": code})
    expect(ana.row("Patience").get_by_role("img", name="1 asks to join")).to_be_visible()
    ben.start_over()
    ben.row("Patience").get_by_role("button").click()
    expect(ben.panel).to_contain_text("Waiting for Ana to let you in")
    ben.button("Stop waiting").click()
    expect(ben.panel.get_by_role("heading", name="Group Chat")).to_be_visible()
    expect(ben.row("Patience")).to_have_count(0)
    expect(ana.row("Patience").get_by_role("img", name="1 asks to join")).to_have_count(0)
