"""A server whose operator keeps a closer eye on it: what people see of that."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.caller import Caller
from tests.browser.office import Office, office
from tests.browser.screen import Screen
from tests.browser.window import sign_in


@pytest.fixture(scope="module")
def strict_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demo that Ana keeps, where she alone starts threads, without links and widgets, and copies are kept."""
    options = ["--GroupChat.operators=ana", "--GroupChat.thread_creators=ana", "--GroupChat.invitation_links=False"]
    options.append("--GroupChat.audit_bodies=True")
    folder = tmp_path_factory.mktemp("strict")
    with office(folder, *options, asks_model=False, disabled=["@jupyter-widgets/jupyterlab-manager"]) as running:
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


def test_the_chat_does_without_widgets(strict_ana: Screen) -> None:
    """where ipywidgets is switched off only its panel in a cell is missing"""
    strict_ana.home()
    has = "id => window.jupyterapp.hasPlugin(id)"
    assert not strict_ana.page.evaluate(has, "@jupyter-widgets/jupyterlab-manager:plugin")
    assert strict_ana.page.evaluate(has, "jupyter-groupchat:widget")
    expect(strict_ana.page.locator(".jp-Dialog")).to_have_count(0)


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


def test_a_message_is_reported_and_looked_at(strict_ana: Screen, strict_ben: Screen, strict_office: Office) -> None:
    """who reports reads what happens to it; the operator is told at once, reads it, and closes it"""
    anas = Caller(strict_office, "Ana")
    thread = anas.thread("Heated")
    run_command(strict_office, "members", "add", thread, "ben", "--name=Ben")
    anas.post(thread, "this is quite rude")
    strict_ana.home()
    strict_ben.home()
    strict_ben.open_thread("Heated")
    strict_ben.message("this is quite rude").hover()
    strict_ben.button("More", within=strict_ben.message("this is quite rude")).click()
    strict_ben.page.get_by_role("menuitem", name="Report").click()
    expect(strict_ben.dialog).to_contain_text(
        "The people who run this server will see this message and your name. Nobody in the thread is told."
    )
    report = strict_ben.button("Report", within=strict_ben.dialog)
    expect(report).to_have_attribute("aria-disabled", "true")
    strict_ben.dialog.get_by_role("textbox", name="What is wrong with it?").fill("It insults me.")
    report.click()
    # It is shown for some seconds only.
    expect(strict_ana.page.get_by_text("A message was reported.").first).to_be_visible()
    expect(strict_ben.dialog.get_by_role("status")).to_contain_text("Reported.")
    strict_ben.button("Close", within=strict_ben.dialog).last.click()

    strict_ana.button("1 report").click()
    expect(strict_ana.dialog).to_contain_text("ben reported ana")
    expect(strict_ana.dialog).to_contain_text("this is quite rude")
    expect(strict_ana.dialog).to_contain_text("It insults me.")
    strict_ana.button("Close report", within=strict_ana.dialog).click()
    expect(strict_ana.dialog).to_contain_text("No report is open.")
    strict_ana.button("Done", within=strict_ana.dialog).click()
    expect(strict_ana.button("Reports")).to_be_visible()
    expect(strict_ben.button("Reports")).to_have_count(0)


def test_people_are_told_that_copies_are_kept(strict_ben: Screen, strict_office: Office) -> None:
    """in the list of members, and before a message is deleted; the operator then reads what it said, and nobody else"""
    anas = Caller(strict_office, "Ana")
    thread = anas.thread("Kept")
    run_command(strict_office, "members", "add", thread, "ben", "--name=Ben")
    message = Caller(strict_office, "Ben").post(thread, "not what I meant")
    strict_ben.home()
    strict_ben.open_thread("Kept")
    strict_ben.choose("More thread actions", "Members")
    expect(strict_ben.dialog).to_contain_text("The people who run this server keep copies: of messages before they are")
    strict_ben.button("Done", within=strict_ben.dialog).click()
    expect(strict_ben.dialog).to_have_count(0)
    strict_ben.message("not what I meant").hover()
    strict_ben.button("More", within=strict_ben.message("not what I meant")).click()
    strict_ben.page.get_by_role("menuitem", name="Delete").click()
    expect(strict_ben.dialog).to_contain_text("The people who run this server keep a copy.")
    strict_ben.button("Delete", within=strict_ben.dialog).click()
    strict_ben.sees("Deleted message")
    (version,) = map(json.loads, run_command(strict_office, "audit", "versions", message).splitlines())
    assert (version["author"], version["body"], version["ended_by"]) == ("ben", "not what I meant", "ben")
    assert "not what I meant" not in str(anas.call("GET", f"threads/{thread}/audit"))


def run_command(office: Office, *arguments: str) -> str:
    """What whoever keeps the server does in a terminal, and reads there."""
    place = f"--GroupChat.database_url=sqlite:///{office.database}"
    command = [sys.executable, "-m", "jupyter_groupchat.cli", *arguments, place]
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
