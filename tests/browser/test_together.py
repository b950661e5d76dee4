"""A message that two people write at the same time."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta

from playwright.sync_api import Locator, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def text(screen: Screen) -> Locator:
    """The text that is written together."""
    return screen.panel.get_by_role("combobox", name="Message that you write together")


def begin(ana: Screen, ben: Screen, the_office: Office, title: str) -> None:
    """Ana begins with what she had typed, and Ben joins."""
    Caller(the_office, "Ana").thread(title, Caller(the_office, "Ben"))
    ana.open_thread(title)
    ben.open_thread(title)
    ana.composer.fill("Why does churn rise")
    ana.button("Write together").click()
    expect(text(ana)).to_have_value("Why does churn rise")
    expect(text(ana)).to_be_focused()
    expect(ben.panel.get_by_text("Ana writes a message together with others")).to_be_visible()
    ben.button("Join").click()
    expect(text(ben)).to_have_value("Why does churn rise")
    expect(text(ben)).to_be_focused()


def test_two_write_at_once_and_one_sends(ana: Screen, ben: Screen, the_office: Office) -> None:
    """each sees the other's text and caret while they write, and one message has both names"""
    begin(ana, ben, the_office, "Together")
    for number in range(5):
        text(ana).press_sequentially(f" a{number}")
        text(ben).press_sequentially(f" b{number}")
    for screen in (ana, ben):
        expect(text(screen)).to_have_value(re.compile(r"^(?=.* a4)(?=.* b4)Why does churn rise[ ab0-4]{30}$"))
    expect(text(ben)).to_have_value(text(ana).input_value())
    for screen, other in ((ana, "Ben"), (ben, "Ana")):
        expect(screen.panel.locator(".gc-OtherCaret")).to_have_text(other)
        expect(screen.panel.get_by_text(f"Together with {other}")).to_be_visible()

    # Ben writes at the beginning; Ana's caret stays where she was.
    text(ben).press("Control+Home")
    text(ben).press_sequentially("Ben: ")
    expect(text(ana)).to_have_value(re.compile("^Ben: Why"))
    before = text(ana).input_value()
    text(ana).press_sequentially("?")
    expect(text(ana)).to_have_value(re.compile(r"a4\?"))
    expect(text(ben)).to_have_value(text(ana).input_value())
    text(ana).press("Control+z")
    expect(text(ana)).not_to_have_value(re.compile(r"\?"))
    expect(text(ben)).to_have_value(text(ana).input_value())
    expect(text(ben)).to_have_value(re.compile("^Ben: Why"))
    assert len(text(ana).input_value()) <= len(before)

    said = text(ben).input_value()
    text(ben).press("Control+Enter")
    for screen in (ana, ben):
        screen.sees(said)
        expect(screen.message(said).get_by_text("with Ana")).to_be_visible()
        expect(text(screen)).to_have_count(0)
        expect(screen.button("Join")).to_have_count(0)
        expect(screen.composer).to_have_value("")
    expect(ben.composer).to_be_focused()


def test_what_goes_along_is_everybodys(ana: Screen, ben: Screen, the_office: Office) -> None:
    """what it replies to, a mention that one picks, and a file of the other's are seen by both and sent along"""
    asks, answers = Caller(the_office, "Ben"), Caller(the_office, "Ana")
    thread = answers.thread("Along", asks)
    asks.post(thread, "Where is churn concentrated?")
    for screen in (ana, ben):
        screen.open_thread("Along")
    question = ana.message("Where is churn concentrated?")
    question.hover()
    ana.button("Reply", within=question).click()
    ana.composer.fill("In basic")
    ana.button("Write together").click()
    ben.button("Join").click()
    chips = [screen.panel.locator(".gc-Composer-chip") for screen in (ana, ben)]
    for chip in chips:
        expect(chip).to_have_text(re.compile("Ben Where is churn concentrated"))

    expect(text(ben)).to_have_value("In basic")
    expect(text(ben)).to_be_focused()
    text(ben).press_sequentially(", says @An")
    expect(ben.panel.get_by_role("option")).to_have_text([re.compile("Ana")])
    text(ben).press("Enter")
    expect(text(ana)).to_have_value("In basic, says @Ana ")
    files = [{"name": name, "mimeType": "text/csv", "buffer": b"plan,rate"} for name in ("rates.csv", "wrong.csv")]
    ben.panel.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    for chip in chips:
        expect(chip).to_have_count(3)
    ana.button("Leave wrong.csv out").click()
    for chip in chips:
        expect(chip).to_have_count(2)
    ana.panel.get_by_role("button", name="Send for all").click()
    for screen in (ana, ben):
        said = screen.message("In basic, says")
        expect(said.get_by_text("with Ben")).to_be_visible()
        expect(said.locator(".gc-ReplyQuote")).to_contain_text("Where is churn concentrated?")
        expect(said.get_by_text("rates.csv")).to_be_visible()
        expect(said.locator(".gc-Mention")).to_have_text("@Ana")
    expect(ana.composer).to_be_focused()


def test_a_discarded_message_leaves_no_cell_behind(ana: Screen, ben: Screen, the_office: Office) -> None:
    """what its writer shared for it only is shared no longer"""
    begin(ana, ben, the_office, "Not to be")
    ana.share_cell("pd.read_csv")
    expect(ben.panel.locator(".gc-Composer-chip.gc-mod-cell")).to_have_count(1)
    mark = ana.cell("pd.read_csv").get_by_text("Not to be")
    expect(mark).to_be_visible()
    ana.button("Discard for everybody").click()
    expect(ben.composer).to_be_visible()
    expect(mark).to_have_count(0)


def test_names_at_carets_stay_inside(ana: Screen, ben: Screen, the_office: Office) -> None:
    """wherever the other one writes in a narrow panel, at the edges, too"""
    begin(ana, ben, the_office, "At the edge")
    ana.set_width(280)
    inside = """length => {
        const places = ['.gc-OtherCaret > b', '.gc-Composer-scroll', 'textarea'];
        const [flag, box, text] = places.map(place => document.querySelector(`#groupchat-panel .gc-Together ${place}`));
        const [inner, outer] = [flag, box].map(element => element?.getBoundingClientRect());
        return text.value.length === length && inner.width > 0 && inner.left >= outer.left && inner.top >= outer.top
            && inner.right <= outer.right && inner.bottom <= outer.bottom;
    }"""
    for length in range(len("Why does churn rise"), 200, 20):
        text(ben).press_sequentially(" wide")
        ana.page.wait_for_function(inside, arg=length + 5)
        text(ben).fill(text(ben).input_value() + "w" * 15)
    text(ben).press("Control+Home")
    ana.page.wait_for_function(inside, arg=length + 20)
    ana.button("Discard for everybody").click()
    ana.set_width(360)


def test_what_was_written_before_a_lost_connection_arrives(ana: Screen, ben: Screen, the_office: Office) -> None:
    """while it is lost nobody can write there, and afterwards both have the same text"""
    begin(ana, ben, the_office, "Lost in the middle")
    text(ben).press_sequentially(" in June")
    expect(text(ana)).to_have_value("Why does churn rise in June")
    ben.page.context.set_offline(True)
    ben.page.evaluate("() => window.dispatchEvent(new Event('offline'))")
    expect(text(ben)).not_to_be_editable()
    expect(ben.panel.get_by_text("What you wrote is kept and arrives later")).to_be_visible()
    text(ana).press_sequentially("?")
    ben.page.context.set_offline(False)
    ben.page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(text(ben)).to_have_value(text(ana).input_value())
    expect(text(ben)).to_be_editable()
    text(ben).press_sequentially("!")
    expect(text(ana)).to_have_value(re.compile("!"))
    text(ben).press("Escape")
    expect(ben.composer).to_be_focused()
    ana.button("Discard for everybody").click()
    for screen in (ana, ben):
        expect(text(screen)).to_have_count(0)
        expect(screen.button("Join")).to_have_count(0)


def test_a_draft_that_is_too_old_says_why_it_is_gone(ana: Screen, ben: Screen, the_office: Office) -> None:
    """to who has it open; they are back at a message of their own"""
    begin(ana, ben, the_office, "Long ago")
    caller = Caller(the_office, "Ana")
    (thread,) = (row["id"] for row in caller.call("GET", "threads")["threads"] if row["title"] == "Long ago")
    month = timedelta(days=30) // timedelta(microseconds=1)
    with closing(sqlite3.connect(the_office.database, timeout=60)) as connection, connection:
        connection.execute(
            "UPDATE drafts SET opened_at = opened_at - ? WHERE thread = (SELECT key FROM threads WHERE id = ?)",
            (month, thread),
        )
    caller.call("PATCH", f"threads/{thread}", {"keep_days": 20})
    for screen in (ana, ben):
        expect(screen.panel.get_by_role("alert")).to_contain_text("nobody had changed it for as long as messages")
        expect(text(screen)).to_have_count(0)
        expect(screen.composer).to_be_visible()
