"""The whole chat without a mouse."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_lists_and_messages_by_keys(ana: Screen, the_office: Office) -> None:
    """from the notebook into a thread, to a message, a reply and a reaction, and out again, by keys alone"""
    thread = Caller(the_office, "Ana").thread("Keys", mode="mention")
    for number in range(3):
        Caller(the_office, "Ana").post(thread, f"line {number}")
    keys = ana.page.keyboard
    expect(ana.row("Keys")).to_be_visible()
    ana.cell("pd.read_csv").locator(".jp-InputArea-prompt").click()
    keys.press("Alt+Shift+G")
    expect(ana.panel.locator(":focus")).to_have_count(1)
    ana.button("New thread").press("Enter")
    expect(ana.panel.get_by_role("textbox", name="Title")).to_be_focused()
    keys.press("Escape")
    expect(ana.button("New thread")).to_be_focused()
    keys.press("/")
    expect(ana.panel.get_by_role("searchbox")).to_be_focused()
    keys.type("Keys")
    keys.press("ArrowDown")
    expect(ana.row("Keys").get_by_role("button")).to_be_focused()
    keys.press("Enter")
    ana.sees_thread("Keys")
    ana.sees("line 2")

    ana.composer.focus()
    keys.press("Shift+Tab")
    keys.press("ArrowUp")
    expect(ana.message("line 2")).to_be_focused()
    keys.press("ArrowUp")
    expect(ana.message("line 1")).to_be_focused()
    keys.press("r")
    expect(ana.composer).to_be_focused()
    keys.type("a reply")
    keys.press("Shift+Enter")
    keys.type("in two lines")
    keys.press("Enter")
    ana.has_sent("in two lines")
    expect(ana.message("in two lines")).to_contain_text("line 1")

    keys.press("Shift+Tab")
    keys.press("End")
    expect(ana.message("in two lines")).to_be_focused()
    keys.press("+")
    expect(ana.page.get_by_role("toolbar", name="Reactions").locator("button").first).to_be_focused()
    keys.press("Enter")
    expect(ana.message("in two lines").locator(".gc-Reaction[aria-pressed=true]")).to_be_visible()
    expect(ana.page.get_by_role("toolbar", name="Reactions")).to_have_count(0)
    keys.press("Escape")
    expect(ana.composer).to_be_focused()

    keys.press("ArrowUp")
    expect(ana.composer).to_have_value("a reply\nin two lines")
    keys.type(", edited")
    keys.press("Enter")
    expect(ana.message("in two lines, edited")).to_contain_text("edited")
    keys.press("Alt+Shift+G")
    expect(ana.page.locator(".jp-Notebook :focus, .jp-Notebook:focus")).to_have_count(1)


def test_mentions_and_stop_by_keys(ana: Screen, the_office: Office) -> None:
    """@ offers who can be mentioned, Enter takes one, and Escape on a reply that is being written stops it"""
    the_office.model.will_answer("without an end", "On and on", endless=True)
    Caller(the_office, "Ana").thread("Mention", Caller(the_office, "Ben"))
    ana.open_thread("Mention")
    keys = ana.page.keyboard
    ana.composer.focus()
    keys.type("@as")
    expect(ana.panel.get_by_role("option", name="Assistant")).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    keys.type("without an end")
    keys.press("Enter")
    expect(ana.reply).to_contain_text("On and on word1")
    keys.press("Shift+Tab")
    keys.press("End")
    expect(ana.reply).to_be_focused()
    keys.press("Escape")
    expect(ana.reply).to_contain_text("Stopped")
