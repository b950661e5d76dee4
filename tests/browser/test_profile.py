"""What somebody is called, and how they look."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen


@pytest.fixture
def a_passing_profile(the_office: Office) -> Iterator[None]:
    """Ben is again who he was, whatever a test made of him."""
    yield
    Caller(the_office, "Ben").call("PATCH", "me/profile", {"name": None})
    Caller(the_office, "Ben").call("DELETE", "me/picture")


def a_picture() -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    return out.getvalue()


@pytest.mark.usefixtures("a_passing_profile")
def test_a_name_and_a_picture_of_ones_own(ana: Screen, ben: Screen, the_office: Office) -> None:
    """others see both at once in the open thread and in the list; the username shows where two have the same name"""
    Caller(the_office, "Ana").thread("Faces", Caller(the_office, "Ben"))
    ana.open_thread("Faces")
    ben.open_thread("Faces")
    ben.say("who am I")
    ben.home()
    ben.button("Your profile: Ben").click()
    name = ben.dialog.get_by_role("textbox", name="Name")
    expect(name).to_have_value("Ben")
    name.fill("Benedict B.")
    name.press("Enter")
    expect(ana.message("who am I")).to_contain_text("Benedict B.")
    expect(ana.message("who am I").locator("img")).to_have_count(0)
    with ben.page.expect_file_chooser() as choosing:
        ben.button("Choose a picture", within=ben.dialog).click()
    choosing.value.set_files({"name": "me.png", "mimeType": "image/png", "buffer": a_picture()})
    face = ana.message("who am I").locator(".gc-Avatar img")
    expect(face).to_be_visible()
    expect(face).to_have_js_property("naturalWidth", 256)
    expect(ben.button("Your profile: Benedict B.")).to_be_visible()

    ana.home()
    expect(ana.row("Faces").locator(".gc-Avatar img")).to_be_visible()
    ana.open_thread("Faces")

    name.fill("Assistant")
    ben.button("Save name", within=ben.dialog).click()
    expect(ben.dialog.get_by_role("alert")).to_contain_text("Nobody can be called “Assistant” here")
    name.fill("ana")
    ben.button("Save name", within=ben.dialog).click()
    expect(ana.message("who am I").locator(".gc-MessageItem-head")).to_contain_text(re.compile("^anaben"))
    ana.home()
    ben.button("Remove", within=ben.dialog).click()
    expect(ana.row("Faces").locator(".gc-Avatar")).to_have_text("A")
    ben.button("Use “Ben” again", within=ben.dialog).click()
    expect(ben.button("Your profile: Ben")).to_be_visible()
    ben.button("Done", within=ben.dialog).click()
