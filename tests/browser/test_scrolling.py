"""Where the list of messages stands, and what moves it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen

#: A theme in which messages are much higher.
AIRY = "[data-jp-theme-light='false'] .gc-Body { line-height: 4; }"


def test_a_link_to_a_message_leads_there(ana: Screen, ben: Screen, the_office: Office) -> None:
    """it is copied from the message, and whoever opens it sees the message, far from the end"""
    anas, bens = Caller(the_office, "Ana"), Caller(the_office, "Ben")
    thread = anas.thread("Far back", bens, mode="quiet")
    for number in range(60):
        anas.post(thread, f"line number {number}.")
    bens.call("PUT", f"threads/{thread}/read", {"seq": 61})
    ana.open_thread("Far back")
    ana.sees("line number 59.")
    ana.scroll_up_to("line number 3.")
    message = ana.message("line number 3.")
    message.hover()
    ana.button("Copy link", within=message).click()
    copied = "async () => (text => text.includes('groupchat-message') && text)(await navigator.clipboard.readText())"
    link = ana.page.wait_for_function(copied).json_value()
    ben.page.goto(link)
    ben.restored()
    expect(ben.message("line number 3.")).to_be_in_viewport()
    expect(ben.message("line number 59.")).to_have_count(0)
    expect(ben.page).not_to_have_url(re.compile("groupchat-message"))
    ben.button("Latest").click()
    ben.sees("line number 59.")


def test_the_end_stays_in_view_when_the_theme_changes(ana: Screen, the_office: Office) -> None:
    """also where all is higher then; nobody is told of something newer further down"""
    anas = Caller(the_office, "Ana")
    thread = anas.thread("Themes", mode="quiet")
    for number in range(20):
        anas.post(thread, f"line {number}\n\nand more")
    ana.open_thread("Themes")
    ana.sees("line 19")
    style = ana.page.add_style_tag(content=AIRY)
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    try:
        for theme, light in (("JupyterLab Dark", "false"), ("JupyterLab Light", "true")):
            ana.page.evaluate(change, theme)
            expect(ana.page.locator("body")).to_have_attribute("data-jp-theme-light", light)
            expect(ana.message("line 19")).to_be_in_viewport(ratio=0.9)
            expect(ana.button("Latest")).to_have_count(0)
    finally:
        ana.page.evaluate(change, "JupyterLab Light")
        style.evaluate("style => style.remove()")
