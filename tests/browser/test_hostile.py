"""What people, cells and models write is shown and never run."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.caller import Caller
from tests.browser.conftest import MALLORY
from tests.browser.office import Office
from tests.browser.screen import Screen

#: Each would call ``pwned(n)``, or reach another host, if anything of it were taken for more than text.
HOSTILE = [
    "<script>pwned(0)</script>",
    "<img src=x onerror=pwned(1)>",
    "<svg onload=pwned(2)><animate onbegin=pwned(2) attributeName=x dur=1s></svg>",
    "<iframe srcdoc='<script>parent.pwned(3)</script>'></iframe>",
    "<a href='javascript:pwned(4)' autofocus onfocus=pwned(4)>click 4</a>",
    "[click 5](javascript:pwned(5))",
    "<details open ontoggle=pwned(6)>x</details>",
    "<style>@import 'http://evil.example/7.css';</style><div style='background:url(http://evil.example/7)'>x</div>",
    "<form action='javascript:pwned(8)'><input type=submit value='click 8'></form>",
    "![x](http://evil.example/10.png)",
    "<button data-commandlinker-command='application:close-all' data-commandlinker-args='{}'>click 11</button>",
    "$\\href{javascript:pwned(12)}{click 12}$",
    "```html\n<img src=x onerror=pwned(13)>\n```",
    "<base href='http://evil.example/'><meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<object data='javascript:pwned(15)'></object><embed src='javascript:pwned(15)'>",
    "\u202e<b onmouseover=pwned(16)>rtl</b>",
    # Last, since it opens a comment that hides what follows.
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=pwned(9)&gt;'>",
]


@pytest.fixture
def watched(bens_screen: Screen) -> list[str]:
    """What went wrong on Ben's page: calls of ``pwned`` and requests to other hosts."""
    page: Page = bens_screen.page
    seen: list[str] = []

    def look(request: Request) -> None:
        if "evil.example" in request.url:
            seen.append(request.url)

    page.on("request", look)
    page.evaluate("() => { window.hurt = []; window.pwned = n => window.hurt.push(n); }")
    return seen


#: Point at and click everything that people and models wrote.
TOUCH = """
messages => {
  for (const written of messages.querySelectorAll('.gc-text, .gc-Code, [class*="gc-SharedCellCard-"]'))
    for (const element of [written, ...written.querySelectorAll('*')]) {
      for (const kind of ['mouseover', 'mouseenter', 'focus', 'toggle', 'begin', 'load', 'error'])
        element.dispatchEvent(new Event(kind));
      const away = element instanceof HTMLAnchorElement && element.protocol.startsWith("http");
      if (!away && !element.closest("button")) element.click?.();
    }
}
"""


def check(ben: Screen, watched: list[str]) -> None:
    """Nothing ran, nothing was fetched from elsewhere, and the page is still the page."""
    ben.messages.evaluate(TOUCH)
    assert ben.page.evaluate("() => window.hurt") == []
    assert watched == []
    dangerous = "script, iframe, object, embed, form, base, meta, style, [onerror], [onload], [onclick], [srcdoc]"
    expect(ben.messages.locator(f":is({dangerous})")).to_have_count(0)
    assert ben.messages.locator("a").evaluate_all("all => all.filter(a => a.protocol === 'javascript:').length") == 0
    assert ben.page.evaluate("() => document.baseURI").startswith("http://127.0.0.1")


def test_hostile_messages_are_text(ben: Screen, the_office: Office, watched: list[str]) -> None:
    """markup in bodies, in a member's name and in a title neither runs nor reaches another host"""
    title = "Hostile <img src=x onerror=pwned(100)>"
    mallory = Caller(the_office, MALLORY)
    thread = mallory.thread(title, Caller(the_office, "Ben"))
    for body in ("that is the first", *HOSTILE, "that was all"):
        mallory.post(thread, body)
    expect(ben.panel).to_contain_text("that was all")
    ben.open_thread(title)
    ben.sees("that was all")
    check(ben, watched)
    ben.scroll_up_to("that is the first")
    check(ben, watched)
    ben.choose("More thread actions", "Members")
    expect(ben.dialog).to_contain_text(MALLORY)
    ben.button("Done", within=ben.dialog).click()
    check(ben, watched)


def test_hostile_cells_and_replies_are_text(ben: Screen, the_office: Office, watched: list[str]) -> None:
    """markup in a shared cell's source and outputs, in its notebook's name and in a model's reply is not run"""
    mallory = Caller(the_office, MALLORY)
    thread = mallory.thread("Hostile cell", Caller(the_office, "Ben"))
    everything = "\n\n".join(HOSTILE)
    kinds = ["text/plain", "text/html", "text/markdown", "application/json", "image/svg+xml", "application/javascript"]
    bundles = [{kind: json.dumps(HOSTILE) if kind.endswith("json") else everything} for kind in kinds]
    outputs = [{"output_type": "display_data", "data": data, "metadata": {}} for data in bundles]
    outputs.append({"output_type": "stream", "name": "stderr", "text": everything})
    outputs.append({"output_type": "error", "ename": HOSTILE[1], "evalue": HOSTILE[2], "traceback": HOSTILE})
    for number, kind in enumerate(("code", "markdown")):
        cell = {"cell_id": f"c{number}", "cell_type": kind, "source": everything, "outputs": outputs}
        mallory.call(
            "PUT", f"threads/{thread}/cells/share{number}", {"notebook": "<img src=x onerror=pwned(101)>.ipynb", **cell}
        )
        mallory.post(thread, f"cell {number}", cells=[f"share{number}"])
        ben.home()
        ben.open_thread("Hostile cell")
        ben.sees(f"cell {number}")
        expect(ben.card).to_be_visible()
        check(ben, watched)
    the_office.model.will_answer("say something hostile", "that is all\n\n" + everything)
    mallory.post(thread, "@assistant say something hostile")
    expect(ben.reply).to_contain_text("that is all")
    expect(ben.reply).to_have_attribute("aria-busy", "false")
    check(ben, watched)
