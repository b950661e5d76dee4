"""What an owner does with a thread as a whole."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_a_thread_is_handed_over(ana: Screen, ben: Screen, the_office: Office) -> None:
    """after a question, the other person is the owner, and who was it is a member"""
    Caller(the_office, "Ana").thread("Handing over", Caller(the_office, "Ben"))
    ben.open_thread("Handing over")
    ana.open_thread("Handing over")
    ana.choose("More thread actions", "Members")
    ana.button("Role of Ben: Member", within=ana.dialog).click()
    ana.page.get_by_role("menuitemradio", name="Owner").click()
    expect(ana.dialog).to_contain_text("Make Ben the owner?")
    ana.button("Transfer", within=ana.dialog).click()
    expect(ana.dialog).not_to_contain_text("Make Ben the owner?")
    ana.button("Done", within=ana.dialog).click()
    ben.button("More thread actions").click()
    expect(ben.page.get_by_role("menuitem", name="Delete thread")).to_be_visible()
    ben.page.keyboard.press("Escape")
    ana.button("More thread actions").click()
    expect(ana.page.get_by_role("menuitem", name="Leave thread")).to_be_visible()
    ana.page.keyboard.press("Escape")


def test_a_thread_is_saved_as_a_file(ana: Screen, the_office: Office) -> None:
    """the export of the open thread is a file with what was said in it"""
    Caller(the_office, "Ana").thread("To be kept")
    ana.open_thread("To be kept")
    ana.say("the threshold stays at 0.42")
    ana.choose("More thread actions", "Export")
    with ana.page.expect_download() as saving:
        ana.dialog.get_by_role("link", name="Markdown").click()
    assert saving.value.suggested_filename.endswith(".md")
    assert "the threshold stays at 0.42" in saving.value.path().read_text()
    ana.button("Done", within=ana.dialog).click()
