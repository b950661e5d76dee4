"""What somebody without an account does on the page that a guest link opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.screen import PATIENCE, Screen

#: Counts what the page's policy had to stop: there should be nothing.
_WATCH = (
    "window.stopped = []; addEventListener('securitypolicyviolation', e => window.stopped.push(e.violatedDirective));"
)


class Visitor(Screen):
    """The page of a guest. It has the messages and the composer of a panel, and the shared cells beside them."""

    def __init__(self, page: Page, name: str, link: str) -> None:
        super().__init__(page, name, link, page.locator("#guest"))

    def enter(self, name: str) -> None:
        """Say who one is, and join."""
        self.panel.get_by_role("textbox", name="Your name").fill(name)
        self.button("Join as guest").click()

    def follow(self, link: str) -> None:
        """Open another link in this window, as a click on it would."""
        self.page.goto("about:blank")
        self.page.goto(link)

    def shared(self, text: str) -> Locator:
        """The shared cells that hold a text."""
        cells = self.panel.get_by_role("region", name="Shared cells")
        return cells.get_by_role("article").filter(has_text=text)

    def is_told(self, heading: str) -> None:
        """Wait until the page says only this, and shows no thread."""
        expect(self.panel.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(self.messages).to_have_count(0)

    @property
    def stopped(self) -> list[str]:
        """What the page's policy had to stop."""
        found: list[str] = self.page.evaluate("() => window.stopped")
        return found


@contextmanager
def visitor(browser: Browser, link: str, name: str = "Hana", **options: Any) -> Iterator[Visitor]:
    """A window of somebody who never signed in, at a guest link. ``options`` are those of a browser context."""
    context = browser.new_context(**{"reduced_motion": "reduce", "locale": "en-GB", **options})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(_WATCH)
    try:
        page = context.new_page()
        page.goto(link)
        yield Visitor(page, name, link)
    finally:
        context.close()
