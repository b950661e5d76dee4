"""A browser, and windows in it in which people are signed in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Playwright, expect

from tests.browser.office import Office
from tests.browser.screen import PATIENCE, Screen

#: A tone in the place of the microphone, and nobody to ask whether the page may hear it.
_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
#: Says in ``window.opening`` whether JupyterLab still has to open the notebook of the page's address.
_OPENING = """
window.opening = location.pathname.includes('/tree/');
const looking = setInterval(() => {
    if (window.jupyterapp) {
        clearInterval(looking);
        window.jupyterapp.commands.commandExecuted.connect((_, { id, result }) => {
            if (id === 'filebrowser:open-path') {
                // The focus is given after that, in a message of its own.
                result.finally(() => requestAnimationFrame(() => setTimeout(() => { window.opening = false; })));
            }
        });
    }
}, 5);
"""


@contextmanager
def chromium(playwright: Playwright, environment: Mapping[str, str] | None = None) -> Iterator[Browser]:
    """The Chromium on the path, else the one that Playwright brings."""
    expect.set_options(timeout=PATIENCE)
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *_MICROPHONE],
        env=dict(environment) if environment else None,
    )
    try:
        yield browser
    finally:
        browser.close()


def sign_in(browser: Browser, office: Office, name: str, home: str, **options: Any) -> Screen:
    """A window of its own for a person, at an address of the server. ``options`` are those of a browser context."""
    context = browser.new_context(
        **{
            "viewport": {"width": 1600, "height": 900},
            "permissions": ["clipboard-read", "clipboard-write"],
            "reduced_motion": "reduce",
            "locale": "en-GB",
            **options,
        }
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(_OPENING)
    page = context.new_page()
    page.goto(f"{home}?token={office.token(name)}")
    return Screen(page, name, home)
