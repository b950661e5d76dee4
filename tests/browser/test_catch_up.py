"""Somebody was away: a bar at what is new, a card that only they see, links to what it rests on."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen

ANSWER = "- Ben asks which **cutoff** to take. [m1]\n- The rates are new. [m3] [c1]\n- Nothing else."
CELL = {
    "notebook": "01_first_thread.ipynb",
    "cell_id": "c1",
    "cell_type": "code",
    "source": "rates.round(3)",
    "outputs": [{"output_type": "stream", "name": "stdout", "text": "basic 0.187"}],
    "execution_count": 12,
}


def talked(office: Office, title: str, count: int = 30) -> None:
    """A thread in which Ben wrote much that Ana has not read."""
    ana, ben = Caller(office, "Ana"), Caller(office, "Ben")
    thread = ana.thread(title, ben, mode="quiet")
    ben.post(thread, "Which cutoff do we take?")
    ben.call("PUT", f"threads/{thread}/cells/s1", CELL)
    for number in range(count - 2):
        ben.post(thread, f"Remark {number}. " + "It goes on for a while. " * 6)
    ben.post(thread, "That is all for today.", cells=["s1"])


def the_card(screen: Screen) -> Locator:
    """What only its person sees."""
    return screen.panel.get_by_role("region", name="Catch-up")


def test_what_was_missed_is_told_to_one_alone(ana: Screen, ben: Screen, the_office: Office) -> None:
    """The bar at the divider; while it is read it can be stopped; links lead to messages; Ben sees nothing of it."""
    answer = the_office.model.will_answer("Ana was away", ANSWER.partition("\n")[0], "\n" + ANSWER.partition("\n")[2])
    talked(the_office, "While away")
    ben.open_thread("While away")
    ana.open_thread("While away")
    expect(ana.messages).to_contain_text("30 new")
    ana.button("Catch up").click()
    card = the_card(ana)
    expect(card).to_be_focused()
    expect(card).to_have_attribute("aria-busy", "true")
    expect(card).to_contain_text("Only you see this")
    expect(ana.button("Stop", within=card)).to_be_visible()
    answer.go_on.set()
    points = card.get_by_role("listitem")
    expect(points).to_have_count(3)
    expect(card.get_by_role("heading", name="Since you left")).to_be_visible()
    expect(points.first.locator("strong")).to_have_text("cutoff")
    expect(card).to_contain_text("read 30 messages")
    ana.button("Latest").click()
    expect(ana.message("That is all for today")).to_be_in_viewport()
    points.first.get_by_role("button", name=re.compile("^Go to the message of Ben")).click()
    expect(ana.message("Which cutoff do we take?")).to_be_in_viewport()
    expect(card).to_be_visible()
    expect(points.nth(1).get_by_role("button", name="Go to cell 12 of 01_first_thread.ipynb")).to_be_visible()
    expect(points.nth(2).get_by_role("button")).to_have_count(0)
    expect(the_card(ben)).to_have_count(0)
    expect(ben.panel).not_to_contain_text("asks which cutoff")
    card.press("Escape")
    expect(card).to_have_count(0)
    expect(ana.composer).to_be_focused()


def test_a_catch_up_is_stopped_fails_and_is_tried_again(ana: Screen, the_office: Office) -> None:
    """From the menu; Stop hangs up on the model; a failure says why and offers to try again."""
    endless = the_office.model.will_answer("Ana was away", "- It goes", endless=True)
    talked(the_office, "Stop and retry", count=10)
    ana.open_thread("Stop and retry")
    ana.choose("More thread actions", "Catch up")
    card = the_card(ana)
    expect(card).to_have_attribute("aria-busy", "true")
    ana.button("Stop", within=card).click()
    expect(card).to_have_count(0)
    assert endless.hung_up.wait(60), "the model was left writing"

    the_office.model.will_answer("Ana was away", "[m1]")
    ana.choose("More thread actions", "Catch up")
    expect(card.get_by_role("alert")).to_contain_text("No catch-up: The model's answer was empty.")
    the_office.model.will_answer("Ana was away", "- Now it says something. [m1]")
    ana.button("Retry", within=card).click()
    expect(card.get_by_role("listitem")).to_contain_text("Now it says something.")
    ana.button("Dismiss the catch-up", within=card).click()
    expect(card).to_have_count(0)


def test_the_whole_thread_is_summed_up_for_who_has_read_it(ana: Screen, the_office: Office) -> None:
    """With nothing new, the menu's item is about all of it; in a thread without messages there is nothing to tell."""
    the_office.model.will_answer("Ana was away", "- All of it. [m0]")
    caller = Caller(the_office, "Ana")
    thread = caller.thread("All of it", mode="quiet")
    ana.open_thread("All of it")
    ana.choose("More thread actions", "Catch up")
    expect(the_card(ana)).to_contain_text("Nothing was said since then.")
    caller.post(thread, "One message of mine.")
    ana.sees("One message of mine.")
    ana.choose("More thread actions", "Catch up")
    expect(the_card(ana)).to_contain_text("The whole thread")
    expect(the_card(ana).get_by_role("listitem")).to_contain_text("All of it.")
