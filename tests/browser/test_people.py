"""Members, and what they may still see."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_removal_closes_the_others_view(ana: Screen, ben: Screen, the_office: Office) -> None:
    """who is removed sees that at once, without the thread's messages, and has it no longer in the list"""
    Caller(the_office, "Ana").thread("Farewell", Caller(the_office, "Ben"))
    ana.open_thread("Farewell")
    ben.open_thread("Farewell")
    ana.say("a secret of the thread")
    ben.sees("a secret of the thread")
    ana.choose("More thread actions", "Members")
    ana.button("Remove Ben", within=ana.dialog).click()
    ana.button("Remove", within=ana.dialog).click()
    expect(ben.panel).to_contain_text("This thread is not here any more")
    expect(ben.panel).not_to_contain_text("a secret of the thread")
    ana.button("Done", within=ana.dialog).click()
    ben.home()
    expect(ben.row("Farewell")).to_have_count(0)
    ana.say("among ourselves")
    expect(ben.panel).not_to_contain_text("among ourselves")


def test_an_archived_thread_is_read_only(ana: Screen, ben: Screen, the_office: Office) -> None:
    """archiving puts a notice in the composer's place for everybody, and reopening takes it away"""
    Caller(the_office, "Ana").thread("Archive", Caller(the_office, "Ben"))
    ana.open_thread("Archive")
    ben.open_thread("Archive")
    ana.say("all merged")
    ana.choose("More thread actions", "Archive")
    for screen in (ana, ben):
        expect(screen.panel).to_contain_text("You can read, not write.")
        expect(screen.composer).to_have_count(0)
        screen.sees("all merged")
    ana.button("Reopen").click()
    for screen in (ana, ben):
        expect(screen.composer).to_be_visible()


def test_people_see_who_is_here_and_who_types(ana: Screen, ben: Screen, the_office: Office) -> None:
    """a person who types is named to the others, and the header counts who is here"""
    Caller(the_office, "Ana").thread("Presence", Caller(the_office, "Ben"))
    ana.open_thread("Presence")
    ben.open_thread("Presence")
    expect(ana.button("2 members, 2 here. Open members")).to_be_visible()
    ben.composer.press_sequentially("hm")
    expect(ana.panel).to_contain_text("Ben is typing")
    ben.composer.fill("")
    ben.home()
    expect(ana.button("2 members, 1 here. Open members")).to_be_visible()


def test_a_link_that_was_used_up_says_so(ana: Screen, ben: Screen, the_office: Office) -> None:
    """a link for one person does not let a second one in, and the page says why"""
    anas, bens = Caller(the_office, "Ana"), Caller(the_office, "Ben")
    thread = anas.thread("For one person")
    made = anas.call("POST", f"threads/{thread}/invitations", {"max_uses": 1})["invitation"]
    Caller(the_office, "Eve").call("POST", "invitations/accept", {"code": made["code"]})
    ben.page.goto(made["url"])
    expect(ben.dialog).to_contain_text("This invitation is used up. Ask for a new one.")
    ben.dialog.get_by_role("button").last.click()
    ben.show()
    expect(ben.row("For one person")).to_have_count(0)
    assert "For one person" not in [row["title"] for row in bens.call("GET", "threads")["threads"]]
