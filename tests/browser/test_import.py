"""Threads out of files."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


def test_a_file_becomes_a_thread(ana: Screen, ben: Screen, the_office: Office, tmp_path: Path) -> None:
    """an export that somebody brings in opens as a thread of theirs, with its authors' names, who have no account"""
    bens = Caller(the_office, "Ben")
    thread = bens.thread("Ben's notes", Caller(the_office, "Ana"))
    first = bens.post(thread, "we keep the threshold")
    bens.call("PUT", f"threads/{thread}/messages/{first}/reactions/👍", {})
    ben.open_thread("Ben's notes")
    ben.choose("More thread actions", "Export")
    with ben.page.expect_download() as saving:
        ben.dialog.get_by_role("link", name="JSON Lines").click()
    ben.button("Done", within=ben.dialog).click()
    saved = tmp_path / "notes.jsonl"
    saving.value.save_as(saved)

    ana.panel.get_by_label("File to import").set_input_files(saved)
    ana.sees_thread("Ben's notes")
    message = ana.message("we keep the threshold")
    expect(message).to_contain_text("Ben")
    expect(message).to_contain_text("imported")
    expect(message.get_by_role("button", name="Thumbs up, 1: ben")).to_be_visible()
    expect(ana.messages).to_contain_text("Ana brought 1 message in from a file.")
    expect(ana.panel).not_to_contain_text("import:")
    ana.home()
    expect(ana.row("Ben's notes")).to_have_count(2)


def test_a_file_that_is_no_thread_says_so(ana: Screen, the_office: Office, tmp_path: Path) -> None:
    """what cannot be imported is named with the reason, in words, and nothing is started"""
    threads = [thread["id"] for thread in Caller(the_office, "Ana").call("GET", "threads")["threads"]]
    wrong = tmp_path / "numbers.jsonl"
    wrong.write_text(json.dumps([1, 2, 3]), encoding="utf-8")
    ana.panel.get_by_label("File to import").set_input_files(wrong)
    problem = ana.panel.get_by_role("alert")
    expect(problem).to_contain_text("“numbers.jsonl” was not imported.")
    assert [thread["id"] for thread in Caller(the_office, "Ana").call("GET", "threads")["threads"]] == threads
    ana.button("Dismiss").click()
    expect(problem).to_have_count(0)
