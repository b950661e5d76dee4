"""What a message said before it was edited."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def shown(screen: Screen) -> Locator:
    """The texts in the open dialog, from the top."""
    return screen.dialog.get_by_role("article").locator("blockquote")


def test_the_author_and_the_owner_see_earlier_versions(ana: Screen, ben: Screen, the_office: Office) -> None:
    """by the word “edited”, also by keys; it follows what is edited and deleted meanwhile, and others see the word"""
    anas, bens = Caller(the_office, "Ana"), Caller(the_office, "Ben")
    thread = anas.thread("Edited", bens, mode="quiet")
    hers, his = anas.post(thread, "from Ana, at frist"), bens.post(thread, "chrun is up")
    anas.call("PATCH", f"threads/{thread}/messages/{hers}", {"body": "from Ana, at first"})
    for body in ("churn is up", "churn is up since May"):
        bens.call("PATCH", f"threads/{thread}/messages/{his}", {"body": body})
    ben.open_thread("Edited")
    expect(ben.message("from Ana, at first")).to_contain_text("edited")
    expect(ben.button("edited", within=ben.message("from Ana, at first"))).to_have_count(0)
    ben.button("edited", within=ben.message("since May")).click()
    expect(shown(ben)).to_have_text(["churn is up since May", "churn is up", "chrun is up"])
    bens.call("PATCH", f"threads/{thread}/messages/{his}", {"body": "churn is up since June"})
    expect(shown(ben)).to_have_text(["churn is up since June", "churn is up since May", "churn is up", "chrun is up"])
    ben.page.keyboard.press("Escape")
    expect(ben.dialog).to_have_count(0)

    ana.open_thread("Edited")
    message = ana.message("since June")
    expect(message).to_be_visible()
    ana.composer.focus()
    ana.page.keyboard.press("Shift+Tab")
    ana.page.keyboard.press("End")
    expect(message).to_be_focused()
    edited = ana.button("edited", within=message)
    expect(edited).to_have_attribute("tabindex", "0")
    edited.focus()
    ana.page.keyboard.press("Enter")
    expect(shown(ana)).to_have_count(4)
    bens.call("DELETE", f"threads/{thread}/messages/{his}")
    expect(ana.dialog.get_by_role("alert")).to_contain_text("This message was deleted.")
    expect(shown(ana)).to_have_count(0)
    ana.page.keyboard.press("Escape")
    expect(ana.dialog).to_have_count(0)
