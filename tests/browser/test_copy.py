"""A conversation that goes on elsewhere, and news that can be heard."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen

#: Keeps the person's settings, as JupyterLab's editor of settings does.
CHOOSE = """async raw => {
    const { baseUrl } = window.jupyterapp.serviceManager.serverSettings;
    const [, token] = document.cookie.match('_xsrf=([^;]*)');
    const body = JSON.stringify({ raw });
    const headers = { 'X-XSRFToken': token };
    const path = 'lab/api/settings/jupyter-groupchat:plugin';
    return (await fetch(baseUrl + path, { method: 'PUT', headers, body })).ok;
}"""
#: Counts what would be heard.
LISTEN = """() => {
    window.heard = 0;
    const Real = window.AudioContext;
    window.AudioContext = function (...options) {
        window.heard += 1;
        return new Real(...options);
    };
}"""


def test_a_copy_ends_with_the_message_that_was_chosen(ana: Screen, the_office: Office) -> None:
    """what was said after it stays where it was said, and the thread itself stays as it is"""
    caller = Caller(the_office, "Ana")
    thread = caller.thread("Private", mode="quiet")
    for text in ("for others too", "up to here", "for me alone"):
        caller.post(thread, text)
    ana.open_thread("Private")
    ana.message("up to here").hover()
    ana.button("More", within=ana.message("up to here")).click()
    ana.page.get_by_role("menuitem", name=re.compile("^Copy up to here")).click()
    expect(ana.title("Private")).to_have_count(0)
    ana.sees("for others too")
    ana.sees("up to here")
    expect(ana.message("for me alone")).to_have_count(0)
    ana.button("All threads").click()
    ana.open_thread("Private")
    ana.sees("for me alone")


def test_news_can_be_heard_where_somebody_wants_that(ana: Screen, the_office: Office) -> None:
    """nothing is heard unless the sound is switched on"""
    bens = Caller(the_office, "Ben")
    thread = Caller(the_office, "Ana").thread("Loud", bens, mode="quiet")
    notifications = ana.page.get_by_text("Ben in “Loud”")
    for sound, heard in (("false", 0), ("true", 1)):
        assert ana.page.evaluate(CHOOSE, f'{{"sound": {sound}}}')
        ana.start_over()
        expect(ana.row("Loud")).to_be_visible()
        ana.page.evaluate(LISTEN)
        bens.post(thread, "@ana look")
        expect(notifications.first).to_be_visible()
        assert ana.page.evaluate("() => window.heard") == heard
    assert ana.page.evaluate(CHOOSE, "{}")
    ana.start_over()
