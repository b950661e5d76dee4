"""What an owner does with a thread as a whole."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_old_messages_go_and_everybody_knows(ana: Screen, ben: Screen, the_office: Office, tmp_path: Path) -> None:
    """the owner reads how many would go before they do; then a mark is in their place, and the header says how long"""
    anas, bens = Caller(the_office, "Ana"), Caller(the_office, "Ben")
    old = tmp_path / "old.chat"
    said = {"body": "from long ago", "time": 1_600_000_000.0, "id": "m1", "sender": "x", "type": "msg"}
    people = {"x": {"username": "x", "name": "Xenia"}}
    old.write_text(json.dumps({"messages": [said], "users": people}), encoding="utf-8")
    ana.panel.get_by_label("File to import").set_input_files(old)
    ana.sees_thread("Imported chat")
    ana.say("and this is new")
    thread = next(row for row in anas.call("GET", "threads")["threads"] if row["title"] == "Imported chat")["id"]
    code = anas.call("POST", f"threads/{thread}/invitations", {})["invitation"]["code"]
    bens.call("POST", "invitations/accept", {"code": code})
    ben.open_thread("Imported chat")
    ben.sees("from long ago")

    ana.choose("More thread actions", "How long messages are kept")
    ana.button("Keep messages: For ever", within=ana.dialog).click()
    ana.page.get_by_role("menuitemradio", name="For 90 days").click()
    expect(ana.dialog).to_contain_text("1 message is older than that.")
    ana.button("Delete 1 message", within=ana.dialog).click()
    for screen in (ana, ben):
        expect(screen.messages).to_contain_text("Deleted after 90 days")
        expect(screen.message("from long ago")).to_have_count(0)
        screen.sees("and this is new")
        expect(screen.panel.get_by_role("note", name="Messages are deleted after 90 days")).to_be_visible()
        expect(screen.messages).to_contain_text("Ana has messages deleted after 90 days.")
    ana.button("Done", within=ana.dialog).click()
    ben.button("More thread actions").click()
    expect(ben.page.get_by_role("menuitem", name="How long messages are kept")).to_have_count(0)
    ben.page.keyboard.press("Escape")
