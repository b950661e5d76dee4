"""A server whose operator keeps a closer eye on it: what people see of that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.caller import Caller
from tests.browser.office import Office, office
from tests.browser.screen import Screen
from tests.browser.window import sign_in


@pytest.fixture(scope="module")
def strict_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demo where Ana alone starts threads, without invitation links."""
    options = ["--GroupChat.thread_creators=ana", "--GroupChat.invitation_links=False"]
    with office(tmp_path_factory.mktemp("strict"), *options, asks_model=False) as running:
        yield running


@pytest.fixture
def strict_ana(browser: Browser, strict_office: Office) -> Iterator[Screen]:
    """Ana there."""
    screen = sign_in(browser, strict_office, "Ana", f"{strict_office.url}lab/workspaces/ana")
    yield screen
    screen.page.context.close()


@pytest.fixture
def strict_ben(browser: Browser, strict_office: Office) -> Iterator[Screen]:
    """Ben there."""
    screen = sign_in(browser, strict_office, "Ben", f"{strict_office.url}lab/workspaces/ben")
    yield screen
    screen.page.context.close()


def test_what_the_operator_switched_off_says_why(strict_ana: Screen, strict_ben: Screen, strict_office: Office) -> None:
    """a button that is not for everybody gives its reason beside it, and the dialog for links says there are none"""
    strict_ben.home()
    button = strict_ben.button("New thread")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(strict_ben.panel).to_contain_text("Only people whom the operator of this server has chosen start threads")
    expect(strict_ben.button("Import")).to_have_count(0)
    button.click(force=True)
    expect(strict_ben.panel.get_by_role("textbox", name="Title")).to_have_count(0)
    Caller(strict_office, "Ana").thread("Mine to start")
    strict_ana.home()
    strict_ana.open_thread("Mine to start")
    strict_ana.button("Invite people").click()
    expect(strict_ana.dialog).to_contain_text("Invitation links are switched off at this server")
    expect(strict_ana.button("Create link", within=strict_ana.dialog)).to_have_count(0)
