"""Reviewers without an account, on the page that a link opens, and how those with one see them."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen
from tests.browser.test_hostile import HOSTILE, TOUCH
from tests.browser.visitor import visitor


def guest_link(office: Office, thread: str) -> str:
    """A link for guests to Ana's thread."""
    wanted = {"role": "reviewer", "guest": True, "expires_in": 3600, "max_uses": 5}
    url: str = Caller(office, "Ana").call("POST", f"threads/{thread}/invitations", wanted)["invitation"]["url"]
    return url


def test_a_guest_reviews_what_is_shared(ana: Screen, browser: Browser, the_office: Office) -> None:
    """a link opens one thread to who has no account: they see cells live, comment and ask, until they are removed"""
    Caller(the_office, "Ana").thread("For review", mode="mention")
    ana.open_thread("For review")
    ana.insert_cell("rate = 0.42")
    ana.share_cell("rate = 0.42")
    ana.say("please have a look")
    link = ana.invite_guests()
    with visitor(browser, link) as hana:
        expect(hana.panel).to_contain_text("Ana invites you to review")
        hana.enter("Hana Sato")
        hana.sees("please have a look")
        cell = hana.shared("rate = 0.42")
        expect(cell).to_contain_text("Live")
        expect(cell.locator(".gc-Code span").first).to_be_visible()  # in colours

        cell.get_by_role("button", name="Comment on this cell").click()
        expect(hana.panel.locator(".gc-Composer-chip")).to_contain_text("On cell")
        hana.say("why 0.42?")
        ana.sees("why 0.42?")
        expect(ana.message("why 0.42?")).to_contain_text("guest")
        expect(ana.message("why 0.42?").locator(".gc-Avatar.gc-mod-guest")).to_have_count(1)
        expect(ana.message("why 0.42?").get_by_role("region", name=re.compile("^Shared cell"))).to_be_visible()
        ana.cell("rate = 0.42").locator(".cm-content").fill("rate = 0.45")
        expect(hana.shared("rate = 0.45")).to_be_visible()
        hana.shared("rate = 0.45").get_by_role("button", name=re.compile("^1 comment")).click()
        expect(hana.panel.locator(".gc-MessageItem.gc-mod-marked")).to_contain_text("why 0.42?")

        answer = the_office.model.will_answer("is 0.45 better", "Recall drops", "to 0.76.")
        hana.write("@Assistant is 0.45 better?")
        for screen in (hana, ana):
            expect(screen.reply).to_contain_text("Recall drops")
        answer.go_on.set()
        for screen in (hana, ana):
            expect(screen.reply).to_contain_text("Recall drops to 0.76.")

        hana.page.reload()
        hana.sees("why 0.42?")
        assert "#" not in hana.page.url, "the code is still in the address"
        ana.button("2 members, 2 here. Open members").click()
        expect(ana.dialog).to_contain_text("by link of Ana, until")
        ana.button("Remove Hana Sato", within=ana.dialog).click()
        ana.button("Remove", within=ana.dialog).click()
        hana.is_told("You were removed from the thread")
        ana.button("Done", within=ana.dialog).click()
        hana.page.reload()
        hana.is_told("You were removed from the thread")
        assert hana.stopped == []
    expect(ana.message("why 0.42?")).to_contain_text("guest")


def test_the_owner_lets_guests_in(ana: Screen, browser: Browser, the_office: Office) -> None:
    """where the owner decides, a guest waits, also after a reload, and then is in, or is told that they are not"""
    caller = Caller(the_office, "Ana")
    thread = caller.thread("By approval, guests", mode="quiet")
    caller.call("PATCH", f"threads/{thread}", {"approval": True})
    caller.post(thread, "for who is let in")
    link = guest_link(the_office, thread)
    ana.open_thread("By approval, guests")
    with visitor(browser, link) as hana, visitor(browser, link, "Kim") as kim:
        for guest in (hana, kim):
            guest.enter(guest.name)
            guest.is_told("Waiting to be let in")
        hana.page.reload()
        expect(hana.panel).to_contain_text("The owner of “By approval, guests” was told.")
        ana.button("1 member, 1 here, 2 ask to join. Open members").click()
        expect(ana.dialog.get_by_role("region", name="Waiting")).to_contain_text("guest, by link")
        ana.button("Let Hana in", within=ana.dialog).click()
        hana.sees("for who is let in")
        ana.button("Decline Kim", within=ana.dialog).click()
        kim.is_told("You were not let in")
        ana.button("Done", within=ana.dialog).click()


def test_a_guest_goes_and_comes(browser: Browser, the_office: Office) -> None:
    """a wrong link opens nothing; a lost connection costs nothing; who leaves is out; markup from a guest is text"""
    caller = Caller(the_office, "Ana")
    thread = caller.thread("Come and go", mode="quiet")
    for body in ("that is the first", *HOSTILE[:-1]):
        caller.post(thread, body)
    link = guest_link(the_office, thread)
    with visitor(browser, link[:-4]) as hana:
        hana.is_told("This link does not work")
        hana.follow(link)
        hana.page.evaluate("() => { window.hurt = []; window.pwned = n => window.hurt.push(n); }")
        hana.enter("Ana")
        expect(hana.panel.get_by_role("alert")).to_contain_text("Ana")
        hana.enter("Hana <img src=x onerror=pwned(99)>")
        hana.write(HOSTILE[1])
        hana.say("that was mine")
        hana.messages.evaluate(TOUCH)
        expect(hana.panel.locator(".gc-Review-me")).to_contain_text("Hana <img src=x onerror=pwned(99)>")
        expect(hana.panel).to_contain_text("No cells are shared yet")
        assert hana.page.evaluate("() => window.hurt") == []
        expect(hana.messages.locator("[onerror], script, iframe")).to_have_count(0)

        hana.page.context.set_offline(True)
        expect(hana.panel).to_contain_text("Offline.")
        hana.write("from the tunnel")
        expect(hana.message("from the tunnel")).to_contain_text("sends when back")
        hana.page.context.set_offline(False)
        expect(hana.messages).not_to_contain_text("sends when back")
        hana.sees("from the tunnel")

        hana.button("Leave").click()
        hana.button("Leave", within=hana.dialog).click()
        hana.is_told("You have left")
    assert [each["username"] for each in caller.call("GET", f"threads/{thread}/members")["members"]] == ["ana"]


def test_a_guest_goes_by_keys_and_on_a_phone(browser: Browser, the_office: Office) -> None:
    """on a phone's screen and by keys alone one joins, comments, finds the cell again, and goes on in another thread"""
    caller = Caller(the_office, "Ana")
    thread, other = caller.thread("By keys", mode="quiet"), caller.thread("Another one", mode="quiet")
    cell = {"notebook": "churn.ipynb", "cell_id": "c", "cell_type": "code", "source": f"wide = '{'x' * 200}'"}
    caller.call("PUT", f"threads/{thread}/cells/share", cell)
    caller.post(thread, "look here", cells=["share"])
    caller.post(other, "and here")
    with visitor(browser, guest_link(the_office, thread), viewport={"width": 390, "height": 844}) as hana:
        expect(hana.panel.get_by_role("textbox", name="Your name")).to_be_focused()
        hana.page.keyboard.type("Hana")
        hana.page.keyboard.press("Enter")
        hana.sees("look here")
        shared = hana.shared("wide =")
        shared.get_by_role("button", name="Comment on this cell").press("Enter")
        expect(hana.composer).to_be_focused()
        hana.page.keyboard.type("noted")
        hana.page.keyboard.press("Enter")
        hana.has_sent("noted")
        hana.composer.press("ArrowUp")
        expect(hana.composer).to_have_value("noted")
        hana.page.keyboard.type(" well")
        hana.page.keyboard.press("Enter")
        hana.sees("noted well")
        assert hana.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"

        hana.button("Hide").press("Enter")
        expect(shared).to_be_hidden()
        hana.message("noted well").get_by_role("button", name=re.compile("^On cell")).press("Enter")
        expect(shared).to_be_focused()
        hana.composer.fill("half a thought")
        hana.page.reload()
        expect(hana.composer).to_have_value("half a thought")

        hana.follow(guest_link(the_office, other))
        expect(hana.panel).to_contain_text("You are reviewing another thread in this browser.")
        hana.button("Back to the other thread").click()
        hana.sees("noted well")
        hana.follow(guest_link(the_office, other))
        hana.enter("Hana")
        hana.sees("and here")
    assert len(caller.call("GET", f"threads/{thread}/members")["members"]) == 1
