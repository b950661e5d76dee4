"""What a lost connection and a closed window cost: nothing."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.caller import Caller
from tests.browser.office import Office
from tests.browser.screen import Screen
from tests.browser.window import sign_in


def test_a_reload_shows_the_same(ana: Screen, ben: Screen, the_office: Office) -> None:
    """after a reload the thread is open again, with its messages and what was half written"""
    Caller(the_office, "Ana").thread("Reload", Caller(the_office, "Ben"))
    ana.open_thread("Reload")
    ben.open_thread("Reload")
    ana.say("before the reload")
    ben.sees("before the reload")
    ana.composer.fill("half a thought")
    ana.reload()
    ana.show()  # which panels are open JupyterLab keeps in its own time
    ana.sees_thread("Reload")
    ana.sees("before the reload")
    expect(ana.composer).to_have_value("half a thought")
    ben.say("after the reload")
    ana.sees("after the reload")
    ana.composer.fill("")


def test_messages_wait_while_offline(ana: Screen, ben: Screen, the_office: Office) -> None:
    """offline, the panel says so and keeps messages; back online they arrive once, in order, with what was missed"""
    Caller(the_office, "Ana").thread("Offline", Caller(the_office, "Ben"))
    ana.open_thread("Offline")
    ben.open_thread("Offline")
    ana.say("still here")
    ben.sees("still here")
    ben.page.context.set_offline(True)
    try:
        expect(ben.panel).to_contain_text("Offline.")
        ben.write("first from the tunnel")
        ben.write("second from the tunnel")
        expect(ben.message("first from the tunnel")).to_contain_text("sends when back")
        ana.say("meanwhile")
    finally:
        ben.page.context.set_offline(False)
    ben.sees("meanwhile")
    for screen in (ana, ben):
        screen.sees("first from the tunnel")
        screen.sees("second from the tunnel")
        expect(screen.messages).not_to_contain_text("sends when back")
        texts = screen.messages.get_by_role("article").all_inner_texts()
        order = [n for n, text in enumerate(texts) for word in ("first", "second") if f"{word} from" in text]
        assert order == sorted(order)


def test_an_answer_that_gets_lost_posts_nothing_twice(ana: Screen, browser: Browser, the_office: Office) -> None:
    """a message whose answer never arrives is sent again on the next connection, and is there once"""
    sent: list[str] = []
    ben = sign_in(browser, the_office, "Ben", f"{the_office.url}lab/workspaces/ben-in-a-tunnel")

    def swallow(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def from_page(data: str | bytes) -> None:
            server_side.send(data)
            if isinstance(data, str) and json.loads(data)["do"] == "message.post":
                sent.append(json.loads(data)["id"])

        def from_server(data: str | bytes) -> None:
            answered = json.loads(data).get("re") if isinstance(data, str) else None
            if answered in sent and sent.count(answered) == 1:
                page_side.close(code=1011, reason="the answer got lost")
            else:
                page_side.send(data)

        page_side.on_message(from_page)
        server_side.on_message(from_server)

    Caller(the_office, "Ana").thread("Lost answer", Caller(the_office, "Ben"))
    ben.page.route_web_socket("**/groupchat/api/socket", swallow)
    try:
        ben.start_over()
        ben.open_thread("Lost answer")
        ana.open_thread("Lost answer")
        ben.say("only once, please")
        ana.sees("only once, please")
        ben.say("and one more")
        ana.sees("and one more")
    finally:
        ben.page.context.close()
    assert len(sent) > len(set(sent)) == 2, "nothing was sent again"
    ana.sees("only once, please")


def test_who_is_signed_out_is_told_so(ana: Screen, the_office: Office) -> None:
    """when the sign-in has ended the panel says so, keeps what is written, and sends it after the next sign-in"""
    Caller(the_office, "Ana").thread("Signed out")
    ana.open_thread("Signed out")
    context = ana.page.context
    context.clear_cookies()
    context.set_offline(True)
    expect(ana.panel).to_contain_text("Offline.")
    context.set_offline(False)
    expect(ana.panel).to_contain_text("You are signed out.")
    ana.write("written without a sign-in")
    ana.page.goto(the_office.links["Ana"])
    ana.show()
    ana.sees_thread("Signed out")
    ana.sees("written without a sign-in")
    expect(ana.panel).not_to_contain_text("signed out.")
