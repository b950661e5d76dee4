"""One server, one browser and two signed-in people for all tests here."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.office import Office, office
from tests.browser.screen import Screen
from tests.browser.window import chromium, sign_in

#: Somebody whose name is markup.
MALLORY = "Mallory <img src=x onerror=pwned(99)>"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep a picture of what each person saw when a test failed, and say where it is."""
    report = yield
    folder = getattr(item, "funcargs", {}).get("place_for_pictures")
    if report.when == "call" and report.failed and isinstance(item, pytest.Function) and isinstance(folder, Path):
        for screen in (value for value in item.funcargs.values() if isinstance(value, Screen)):
            picture = folder / f"{screen.name}.png"
            screen.page.screenshot(path=picture)
            report.sections.append((f"What {screen.name} saw", str(picture)))
    return report


@pytest.fixture(autouse=True)
def place_for_pictures(tmp_path: Path) -> Path:
    """Where they go when a test fails."""
    return tmp_path


# Playwright keeps an event loop in this thread: it must be gone before asynchronous tests of other folders run.
@pytest.fixture(scope="package")
def the_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The demo, running."""
    people = [f"--Demo.people={name}" for name in ("Ana", "Ben", "Eve", MALLORY)]
    options = [
        "--GroupChat.commands_per_second=1000",
        "--GroupChat.people_can_be_added=True",
        "--GroupChat.guests_allowed=True",
        "--GroupChat.transcription_model=whisper-1",
    ]
    with office(tmp_path_factory.mktemp("office"), *options, *people) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium on the path, else the one that Playwright brings."""
    with sync_playwright() as playwright, chromium(playwright) as browser:
        yield browser


@pytest.fixture(scope="package")
def anas_screen(browser: Browser, the_office: Office) -> Iterator[Screen]:
    """Ana, in front of the tour."""
    screen = sign_in(browser, the_office, "Ana", the_office.links["Ana"].partition("?")[0])
    screen.opened()
    yield screen
    screen.page.context.close()


@pytest.fixture(scope="package")
def bens_screen(browser: Browser, the_office: Office) -> Iterator[Screen]:
    """Ben, in an empty JupyterLab."""
    screen = sign_in(browser, the_office, "Ben", f"{the_office.url}lab/workspaces/ben")
    yield screen
    screen.page.context.close()


@pytest.fixture
def ana(anas_screen: Screen) -> Screen:
    """Ana, at her list of threads."""
    anas_screen.home()
    return anas_screen


@pytest.fixture
def ben(bens_screen: Screen) -> Screen:
    """Ben, at his list of threads."""
    bens_screen.home()
    return bens_screen
