"""Dictation with the browser's own recorder, a stand-in for the microphone, and an endpoint on the loopback."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen

#: At least a second was recorded.
A_SECOND = re.compile(r"[0-4]:(0[1-9]|[1-5]\d) / 5:00")
#: Browsers say that a person refused.
REFUSE = """() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
}"""


def the_bar(screen: Screen) -> Locator:
    """What becomes of what was said."""
    return screen.panel.get_by_role("group", name="Dictation")


def record(screen: Screen) -> None:
    """Speak for a second."""
    screen.button("Dictate").click()
    expect(the_bar(screen).get_by_role("timer")).to_contain_text(A_SECOND)
    screen.button("Stop", within=the_bar(screen)).click()


def test_what_is_said_becomes_text_in_the_composer(ana: Screen, the_office: Office) -> None:
    """At the caret, where it can be edited before it is sent; the endpoint got what the browser recorded."""
    go_on = the_office.model.will_write_down("about the basic plan", wait=True)
    Caller(the_office, "Ana").thread("Dictation", mode="quiet")
    ana.open_thread("Dictation")
    ana.composer.fill("Tell me please")
    ana.composer.evaluate("field => field.setSelectionRange(7, 7)")
    ana.button("Dictate").click()
    expect(the_bar(ana)).to_contain_text("Recording")
    expect(ana.button("Stop", within=the_bar(ana))).to_be_focused()
    expect(the_bar(ana).get_by_role("timer")).to_contain_text(A_SECOND)
    ana.button("Stop", within=the_bar(ana)).press("Enter")
    expect(the_bar(ana)).to_contain_text("Writing down what you said")
    go_on.set()
    expect(ana.composer).to_have_value("Tell me about the basic plan please")
    expect(ana.composer).to_be_focused()
    expect(the_bar(ana)).to_have_count(0)
    assert b"webm" in the_office.model.recordings[-1]
    assert len(the_office.model.recordings[-1]) > 1_000
    ana.composer.press("End")
    ana.composer.press_sequentially(", Ben")
    ana.composer.press("Enter")
    ana.sees("Tell me about the basic plan please, Ben")


def test_a_recording_is_kept_until_it_is_written_down_or_discarded(ana: Screen, the_office: Office) -> None:
    """Over a failure and over leaving the thread; Escape while recording throws it away."""
    Caller(the_office, "Ana").thread("Kept", mode="quiet")
    ana.open_thread("Kept")
    sent = len(the_office.model.recordings)
    ana.button("Dictate").click()
    expect(ana.button("Stop", within=the_bar(ana))).to_be_focused()
    ana.page.keyboard.press("Escape")
    expect(the_bar(ana)).to_have_count(0)
    expect(ana.composer).to_be_focused()
    assert len(the_office.model.recordings) == sent

    the_office.model.will_answer_recordings(500, {"error": {"message": "down"}})
    record(ana)
    failed = the_bar(ana).get_by_role("alert")
    expect(failed).to_contain_text("failed (status 500). The recording is kept.")
    ana.button("All threads").click()
    ana.open_thread("Kept")
    expect(failed).to_contain_text("The recording is kept.")
    the_office.model.will_write_down("Heard at last.")
    ana.button("Send again", within=the_bar(ana)).click()
    expect(ana.composer).to_have_value("Heard at last.")
    first, second = the_office.model.recordings[-2:]
    assert first[200:-200] == second[200:-200], "it was not the same recording"

    the_office.model.will_answer_recordings(200, {"text": " "})
    record(ana)
    expect(failed).to_contain_text("Nothing was understood in this recording.")
    ana.button("Discard", within=the_bar(ana)).click()
    expect(the_bar(ana)).to_have_count(0)
    ana.composer.fill("")


def test_without_a_microphone_it_says_so_or_is_not_there(ana: Screen, the_office: Office) -> None:
    """A refused permission is told with what to do; a browser that cannot record has no button."""
    Caller(the_office, "Ana").thread("No microphone", mode="quiet")
    ana.open_thread("No microphone")
    ana.page.evaluate(REFUSE)
    ana.button("Dictate").click()
    refused = the_bar(ana).get_by_role("alert")
    expect(refused).to_contain_text("does not let this page use the microphone. Allow it beside the address")
    ana.button("Dismiss", within=the_bar(ana)).click()
    expect(refused).to_have_count(0)
    ana.page.evaluate("() => { delete window.MediaRecorder; }")
    ana.button("All threads").click()
    ana.open_thread("No microphone")
    expect(ana.button("Attach files")).to_be_visible()
    expect(ana.button("Dictate")).to_have_count(0)
    ana.start_over()
