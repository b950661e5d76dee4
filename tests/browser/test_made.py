"""What comes with a reply from elsewhere: pictures that were made for it, and pages of the web that it cites."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.caller import Caller
from tests.browser.office import Office, office
from tests.browser.window import sign_in


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demo whose operator allows both."""
    allowed = ("--GroupChat.image_model=brush-1", "--GroupChat.web_search=True")
    with office(tmp_path_factory.mktemp("studio"), *allowed) as running:
        yield running


def test_a_picture_and_its_sources_are_shown_to_both(browser: Browser, studio: Office) -> None:
    """A line while the picture is made, then the picture itself; a cited page as a link that opens elsewhere."""
    caller = Caller(studio, "Ana")
    thread = caller.thread("A fox", Caller(studio, "Ben"))
    studio.model.will_call("draw a fox", "make_image", prompt="A red fox, asleep")
    answer = studio.model.will_answer("a-red-fox-asleep.png", "Here is a fox.")
    answer.cites = ("https://example.org/foxes", "All about foxes")
    screens = [sign_in(browser, studio, name, f"{studio.url}lab/workspaces/{name.lower()}") for name in ("Ana", "Ben")]
    for screen in screens:
        screen.home()
        screen.open_thread("A fox")
    caller.post(thread, "@assistant draw a fox")
    for screen in screens:
        tools = screen.reply.get_by_role("list", name="Tools used")
        expect(tools).to_have_text("Making a picture: A red fox, asleep")
    studio.model.may_draw.set()
    for screen in screens:
        expect(screen.reply).to_contain_text("Here is a fox.")
        expect(screen.reply.get_by_role("list", name="Tools used")).to_have_text("Made a picture: A red fox, asleep")
        picture = screen.reply.get_by_role("img", name="a-red-fox-asleep.png")
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("naturalWidth", 480)
        source = screen.reply.get_by_role("list", name="Sources").get_by_role("link", name="All about foxes")
        expect(source).to_have_attribute("href", "https://example.org/foxes")
        expect(source).to_have_attribute("rel", "noopener noreferrer")
    for screen in screens:
        screen.page.context.close()
