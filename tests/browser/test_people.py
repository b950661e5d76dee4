"""Members, and what they may still see."""

from __future__ import annotations

import re

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


def test_text_goes_the_way_its_letters_go(ana: Screen, the_office: Office) -> None:
    """each paragraph by its first letter, a list and a quotation as one, and the composer while one types"""
    Caller(the_office, "Ana").thread("Both ways", mode="quiet")
    ana.open_thread("Both ways")
    hebrew, english = "שלום לכולם", "and in English"
    ana.composer.fill(hebrew)
    expect(ana.composer).to_have_css("direction", "rtl")
    ana.write(f"{hebrew}\n\n{english}\n\n- {hebrew}\n\n> {hebrew}")
    message = ana.message(english)
    expect(message.locator("p").first).to_have_css("direction", "rtl")
    expect(message.get_by_text(english)).to_have_css("direction", "ltr")
    for part in ("ul", "li", "blockquote", "blockquote p"):
        expect(message.locator(part)).to_have_css("direction", "rtl")


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


def test_a_reset_link_lets_nobody_in(ana: Screen, ben: Screen, the_office: Office) -> None:
    """the new one does, and the page says what became of the old one"""
    Caller(the_office, "Ana").thread("Anew")
    ana.open_thread("Anew")
    ana.button("Invite people").click()
    ana.button("Create link", within=ana.dialog).click()
    link = ana.dialog.get_by_role("textbox", name="Invitation link")
    expect(link).to_have_value(re.compile("groupchat-join="))
    old = link.input_value()
    ana.button("Reset", within=ana.dialog).click()
    expect(link).not_to_have_value(old)
    expect(link).to_have_value(re.compile("groupchat-join="))
    new = link.input_value()
    ana.button("Done", within=ana.dialog).click()
    ben.page.goto(old)
    expect(ben.dialog).to_contain_text("This invitation was revoked")
    ben.dialog.get_by_role("button").last.click()
    ben.join(new, "Anew")


def test_who_writes_to_everyone_is_asked_first(ana: Screen, ben: Screen, the_office: Office) -> None:
    """without a yes nothing is sent and nothing lost; where there is only one other, nobody is asked"""
    callers = [Caller(the_office, name) for name in ("Ana", "Ben", "Eve")]
    callers[0].thread("Two", callers[1], mode="quiet")
    callers[0].thread("Three", *callers[1:], mode="quiet")
    ana.open_thread("Two")
    ana.say("@everyone lunch")
    ana.home()
    ana.open_thread("Three")
    ana.composer.fill("@everyone stand up")
    ana.composer.press("Enter")
    expect(ana.dialog).to_contain_text("Notify 2 people?")
    ana.button("Cancel", within=ana.dialog).click()
    expect(ana.dialog).to_have_count(0)
    expect(ana.composer).to_have_value("@everyone stand up")
    expect(ana.composer).to_be_focused()
    expect(ana.messages.get_by_role("article")).to_have_count(0)
    ana.composer.press("Enter")
    ana.button("Send", within=ana.dialog).click()
    ana.sees("@everyone stand up")
    expect(ana.composer).to_be_focused()
