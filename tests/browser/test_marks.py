"""Messages that somebody pinned or marked as agreed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_marked_messages_have_a_list(ben: Screen, the_office: Office) -> None:
    """what somebody marks is in everybody's list at once, also when it is far above what is loaded, and leads there"""
    caller = Caller(the_office, "Ana")
    thread = caller.thread("Marks", Caller(the_office, "Ben"), mode="quiet")
    first = caller.post(thread, "we keep the column")
    for number in range(300):
        caller.post(thread, f"filling {number}")
    ben.open_thread("Marks")
    ben.choose("More thread actions", "Agreed messages")
    finder = ben.panel.get_by_role("region", name="Agreed messages")
    expect(finder).to_contain_text("Nothing agreed on.")
    caller.call("PUT", f"threads/{thread}/messages/{first}/marks", {"agreed": True})
    expect(finder).to_contain_text("we keep the column")
    finder.get_by_role("button").filter(has_text="we keep the column").click()
    ben.sees("we keep the column")
    expect(ben.message("we keep the column")).to_contain_text("Agreed")
