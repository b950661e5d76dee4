"""Adding people by name."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_somebody_is_added_by_name(ana: Screen, ben: Screen, the_office: Office) -> None:
    """two letters find them, Enter adds them, and the thread is in their list at once"""
    Caller(the_office, "Eve").call("PATCH", "me/profile", {})  # whoever asks for something is known from then on
    Caller(the_office, "Ana").thread("By name")
    ana.open_thread("By name")
    ana.say("welcome")
    ana.button("Invite people").click()
    field = ana.dialog.get_by_role("combobox", name="Someone on this server")
    field.press_sequentially("zz")
    expect(ana.dialog).to_contain_text("Nobody of that name has used Group Chat here.")
    field.fill("be")
    expect(ana.dialog.get_by_role("option", name="Ben")).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value("")
    expect(ana.messages).to_contain_text("Ana added Ben.")
    ben.open_thread("By name")
    ben.sees("welcome")
    ana.button("Role of who is added: Member", within=ana.dialog).click()
    ana.page.get_by_role("menuitemradio", name="Reviewer").click()
    field.fill("ev")
    expect(ana.dialog.get_by_role("option", name="Eve")).to_be_visible()
    field.press_sequentially("zz")
    field.press("Enter")  # who was found before is not who is meant
    expect(ana.dialog).to_contain_text("Nobody of that name")
    field.fill("ev")
    ana.dialog.get_by_role("option", name="Eve").click()
    expect(field).to_have_value("")
    expect(ana.messages).to_contain_text("Ana added Eve.")
    field.fill("be")
    expect(ana.dialog).to_contain_text("Nobody of that name")
    ana.button("Done", within=ana.dialog).click()
    ana.button("3 members, 2 here. Open members").click()
    expect(ana.dialog).to_contain_text("Here now, invited by Ana")
    ana.button("Done", within=ana.dialog).click()
