"""Files in messages: chosen, pasted and dropped, seen by the others and by the assistant."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen

TABLE = "plan,customers,rate\nbasic,4212,0.187\nteam,611,0.041\n"
#: Gives files to an element as the clipboard, or a folder's window, would.
GIVE = """(element, [kind, files]) => {
    const data = new DataTransfer();
    for (const [name, type, base64] of files) {
        const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
    }
    const options = { bubbles: true, cancelable: true };
    element.dispatchEvent(kind === 'paste'
        ? new ClipboardEvent(kind, { ...options, clipboardData: data })
        : new DragEvent(kind, { ...options, dataTransfer: data }));
}"""


def picture() -> bytes:
    """A small PNG."""
    data = io.BytesIO()
    Image.new("RGB", (320, 200), "seagreen").save(data, "PNG")
    return data.getvalue()


def give(kind: str, to: Locator, name: str, media_type: str, data: bytes) -> None:
    """Paste or drop a file."""
    to.evaluate(GIVE, [kind, [[name, media_type, base64.b64encode(data).decode()]]])


def chip(screen: Screen, text: str) -> Locator:
    """A chip in the composer."""
    return screen.panel.locator(".gc-Composer-chip").filter(has_text=text)


def test_a_table_is_attached_and_asked_about(ana: Screen, ben: Screen, the_office: Office, tmp_path: Path) -> None:
    """Ana chooses a CSV; Ben sees and saves it; the assistant is sent its rows, and what it saw lists it."""
    the_office.model.will_answer("worst in rates.csv", "In rates.csv the basic plan has the highest rate, 0.187.")
    Caller(the_office, "Ana").thread("A table", Caller(the_office, "Ben"))
    ana.open_thread("A table")
    ben.open_thread("A table")
    table = tmp_path / "rates.csv"
    table.write_text(TABLE, encoding="utf-8")
    with ana.page.expect_file_chooser() as chooser:
        ana.button("Attach files").click()
    chooser.value.set_files(table)
    expect(ana.button("Leave rates.csv out")).to_be_visible()
    expect(chip(ana, "rates.csv")).to_contain_text(f"{len(TABLE)} bytes")
    ana.say("@assistant which plan is worst in rates.csv?")
    expect(chip(ana, "rates.csv")).to_have_count(0)

    link = ben.message("which plan is worst").get_by_role("link", name="rates.csv")
    with ben.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "rates.csv"
    assert download.value.path().read_text(encoding="utf-8") == TABLE
    for screen in (ana, ben):
        expect(screen.reply).to_contain_text("the basic plan has the highest rate, 0.187")
    assert "| basic | 4212 | 0.187 |" in the_office.model.sent()
    ben.reply.get_by_role("button", name="saw", exact=False).click()
    expect(ben.dialog).to_contain_text("rates.csv")
    ben.button("Close", within=ben.dialog).last.click()


def test_a_picture_is_pasted_and_another_dropped(ana: Screen, ben: Screen, the_office: Office) -> None:
    """Both show as pictures on the other's screen, without any words beside them."""
    Caller(the_office, "Ana").thread("Pictures", Caller(the_office, "Ben"))
    ana.open_thread("Pictures")
    ben.open_thread("Pictures")
    give("paste", ana.composer, "image.png", "image/png", picture())
    expect(ana.button("Leave image.png out")).to_be_visible()
    give("drop", ana.panel.locator(".gc-Composer"), "plot.png", "image/png", picture())
    expect(ana.button("Leave plot.png out")).to_be_visible()
    ana.button("Send").click()
    for name in ("image.png", "plot.png"):
        shown = ben.messages.get_by_role("img", name=name)
        expect(shown).to_be_visible()
        expect(shown).to_have_js_property("naturalWidth", 320)


def test_what_is_refused_says_so_at_its_chip(ana: Screen, the_office: Office) -> None:
    """A file of a false type is named with the reason; the message goes without it, and what was left out is gone."""
    Caller(the_office, "Ana").thread("Refusals")
    ana.open_thread("Refusals")
    give("paste", ana.composer, "plot.png", "image/png", b"<svg onload=alert(1)>")
    refused = ana.panel.get_by_role("alert").filter(has_text="plot.png")
    expect(refused).to_contain_text("HTML and SVG files can run programs")
    give("paste", ana.composer, "notes.txt", "text/plain", b"Some words.")
    ana.button("Leave notes.txt out").click()
    expect(chip(ana, "notes.txt")).to_have_count(0)
    ana.say("without it")
    expect(refused).to_have_count(0)
    expect(ana.message("without it").get_by_role("list", name="Files")).to_have_count(0)


def test_files_wait_in_the_draft(ana: Screen, the_office: Office) -> None:
    """What was attached and not sent is there after a reload."""
    Caller(the_office, "Ana").thread("Draft with a file")
    ana.open_thread("Draft with a file")
    give("paste", ana.composer, "notes.txt", "text/plain", b"Some words.")
    expect(ana.button("Leave notes.txt out")).to_be_visible()
    ana.start_over()
    ana.open_thread("Draft with a file")
    expect(ana.button("Leave notes.txt out")).to_be_visible()
    ana.button("Send").click()
    expect(ana.messages.get_by_role("link", name="notes.txt")).to_be_visible()
