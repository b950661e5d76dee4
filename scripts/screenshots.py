"""Takes the pictures in ``docs/images``: ``python -m scripts.screenshots [folder]``.

It walks the way of the README with the helpers of the browser tests. Three people are signed in; a stand-in writes what
a model would, and stops halfway for the picture of a reply that is being written.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.caller import Caller
from tests.browser.office import Office, office
from tests.browser.screen import Screen
from tests.browser.visitor import visitor
from tests.browser.window import chromium, sign_in

#: No picture is larger, in bytes: they are part of every clone.
LARGEST = 250_000
PEOPLE = ("Ana Ruiz", "Ben Okafor", "Mei Tanaka")
PANEL_WIDTH = 400
TITLE = "Churn review"
SHARED = "by_plan.sort_values"
#: The cell whose output is a picture.
DRAWN = "plt.subplots("
#: What the stand-in writes before and after the picture of a reply that is being written; the numbers are the tour's.
REPLY = (
    "Very likely real. In cell `[2]`, basic lost 37 % of 515 customers and plus 16 % of 342: a gap of",
    "seven standard errors. To see all four plans side by side:\n\n"
    '```python\npd.crosstab(customers["plan"], customers["churned"])\n```\n\n'
    "I have not seen when they left; sharing cell `[4]` would help.",
)
TOGETHER = "Message that you write together"
#: What the stand-in says of what was missed; the numbers are those of messages and cells of the thread.
MISSED = (
    "- The region labels were merged: `north` is `North` now. [m3] [m4]\n"
    "- Basic lost the most customers, and the gap is very likely real. [m5] [m7] [c1]\n"
    "- Open: when they left. Cell `[4]` would tell. [m7]"
)
LARGE = {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 2}
MIDDLE = {"width": 1100, "height": 800}
LIGHT = (("JupyterLab Light", ""),)
DARK = (("JupyterLab Dark", "-dark"),)
#: The light one last: that is how the window is left.
BOTH = (*DARK, *LIGHT)

#: Inter is what the design was drawn with; it stands in for whatever font a reader's system has.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <match target="pattern">
    <test name="family" qual="any"><string>sans-serif</string></test>
    <edit name="family" mode="assign" binding="strong"><string>Inter</string></edit>
  </match>
</fontconfig>
"""


class Camera:
    """Takes pictures of Ana's window, in the light theme and in the dark one."""

    def __init__(self, page: Page, folder: Path) -> None:
        self._page = page
        self._folder = folder

    def take(self, name: str, what: Locator | None = None, *, themes: Sequence[tuple[str, str]] = BOTH) -> None:
        """A picture of an element, or of the window, in each theme."""
        for theme, suffix in themes:
            self._light(theme)
            self._page.mouse.move(0, 0)
            raw = (what or self._page).screenshot(scale="device", animations="disabled")
            self._keep(self._folder / f"{name}{suffix}.png", raw)

    def _light(self, theme: str) -> None:
        self._page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        expect(self._page.locator(f'body[data-jp-theme-name="{theme}"]')).to_have_count(1)

    @staticmethod
    def _keep(path: Path, raw: bytes) -> None:
        picture = Image.open(BytesIO(raw)).convert("RGB")
        picture.quantize(256, kmeans=1, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size > LARGEST:
            raise ValueError(f"{path.name} is larger than {LARGEST:,} bytes")


class GuestCamera(Camera):
    """The same of a guest's page, which follows what the browser says that its person prefers."""

    def _light(self, theme: str) -> None:
        self._page.emulate_media(color_scheme="dark" if "Dark" in theme else "light")


@contextmanager
def demo(folder: Path, browser: Browser, *, asks_model: bool) -> Iterator[tuple[Office, Screen]]:
    """A demo with three people, and Ana's window in front of the tour, every cell of which was run."""
    people = [f"--Demo.people={name}" for name in PEOPLE]
    with office(folder, "--GroupChat.guests_allowed=True", *people, asks_model=asks_model) as running:
        home = f"{running.url}lab/workspaces/ana/tree/01_first_thread.ipynb"
        ana = sign_in(browser, running, PEOPLE[0], home, **LARGE)
        ana.show()
        run(ana, "window.jupyterapp.shell.collapseLeft()")
        widen(ana)
        ana.has_kernel()
        run(ana, "void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        expect(ana.cell("GroupChatPanel(").locator(".jp-InputPrompt")).to_have_text("[7]:")
        run(ana, "void window.jupyterapp.commands.execute('docmanager:save')")
        yield running, ana


def run(screen: Screen, script: str) -> None:
    """Do something in the page that has no button, or whose button is not to be seen."""
    screen.page.evaluate(f"() => {{ {script} }}")


def widen(screen: Screen) -> None:
    """Drag the panel to the width that it was designed at."""
    box = screen.panel.bounding_box()
    assert box is not None
    mouse = screen.page.mouse
    mouse.move(box["x"] - 2, 500)
    mouse.down()
    mouse.move(box["x"] - 2 - (PANEL_WIDTH - box["width"]), 500, steps=4)
    mouse.up()


def earlier(ana: Caller, ben: Caller, mei: Caller) -> None:
    """Threads that were there before, for the list."""
    old = ana.thread("Churn model, first pass", ben, mei, mode="quiet")
    ana.call("PATCH", f"threads/{old}", {"archived": True})
    naming = mei.thread("Feature store naming", ana, mode="quiet")
    ana.post(naming, "agreed, snake case everywhere")
    nightly = ben.thread("Nightly load failures", ana, mei, mode="quiet")
    ana.call("PUT", f"threads/{nightly}/mute", {"muted": True})
    for number in range(3):
        ben.post(nightly, f"run {number}: finished with no errors")
    pricing = ben.thread("Pricing test, Q4 readout", ana, mode="quiet", notebook="pricing_ab.ipynb")
    for number in range(7):
        ben.post(pricing, f"interval {number} is in the notebook")
    ben.post(pricing, "@Ana Ruiz the uplift holds with the wider interval, see cell [31]")


def talk(running: Office, ana: Screen, camera: Camera, windows: list[Screen]) -> None:
    """A thread from its beginning to a reply that is done."""
    anas, bens, meis = (Caller(running, name) for name in PEOPLE)
    answer = running.model.will_answer("is that gap real", *REPLY)
    ana.start_thread(TITLE, about="01_first_thread.ipynb")
    link = ana.invite(uses="5")
    for window in windows:
        window.join(link, TITLE)
    thread = anas.call("GET", "threads")["threads"][0]["id"]
    question = meis.post(thread, "@Ana Ruiz can you merge the region labels first?")
    expect(ana.panel).to_contain_text("stayed out")
    merged = anas.post(thread, "Merged: `north` is `North` now.", reply_to=question)
    for caller, emoji in ((meis, "🙏"), (bens, "🙏"), (bens, "✅")):
        caller.call("PUT", f"threads/{thread}/messages/{merged}/reactions/{emoji}")
    ana.share_cell(SHARED)
    ana.say("Rates by plan. Basic stands out.")
    bens.post(thread, "@Assistant is that gap real, or small-sample noise?")
    expect(ana.reply).to_contain_text("a gap of")
    ana.cell(SHARED).locator(".jp-InputArea-prompt").click()
    ana.cell(SHARED).evaluate("cell => cell.scrollIntoView({ block: 'center' })")
    for theme in (DARK, LIGHT):
        windows[1].composer.press_sequentially("I would ")
        expect(ana.panel).to_contain_text("is typing")
        camera.take("window", themes=theme)
    windows[1].composer.fill("")
    answer.go_on.set()
    expect(ana.reply).to_have_attribute("aria-busy", "false")
    ana.composer.press_sequentially("Fine by me. I'll put it into the report with @a")
    expect(ana.panel.get_by_role("listbox")).to_be_visible()
    camera.take("thread", ana.panel)
    ana.composer.fill("")


def dialogs(ana: Screen, camera: Camera) -> None:
    """Members, an invitation, and what a reply was made from."""
    frame = ana.page.locator(".jp-Dialog-content")
    ana.choose("More thread actions", "Members")
    camera.take("members", frame)
    ana.button("Done", within=ana.dialog).click()
    ana.button("Invite people").click()
    ana.button("Create link", within=ana.dialog).click()
    expect(ana.dialog.get_by_role("textbox", name="Invitation link")).to_be_visible()
    camera.take("invite", frame)
    ana.button("Done", within=ana.dialog).click()
    ana.reply.get_by_role("button", name="saw 1 cell").click()
    expect(ana.dialog).to_contain_text("Cell [2]")
    camera.take("manifest", frame)
    ana.button("Close", within=ana.dialog).last.click()


def together(ana: Screen, ben: Screen, camera: Camera) -> None:
    """A message that two people write."""
    ana.composer.fill("For the report: ")
    ana.button("Write together").click()
    ben.button("Join").click()
    text = ben.panel.get_by_role("combobox", name=TOGETHER)
    text.press("Control+End")
    text.press_sequentially("basic stands out, the other plans are alike.")
    expect(ana.panel.get_by_role("combobox", name=TOGETHER)).to_have_value(re.compile("alike"))
    camera.take("together", ana.panel)
    ana.button("Discard for everybody").click()
    expect(ana.composer).to_be_visible()


def catch_up(running: Office, ana: Screen, camera: Camera) -> None:
    """What one person missed, told to them alone."""
    running.model.will_answer("was away", MISSED)
    ana.choose("More thread actions", "Catch up")
    card = ana.panel.get_by_role("region", name="Catch-up")
    expect(card).to_have_attribute("aria-busy", "false")
    camera.take("catch-up", ana.panel)
    card.press("Escape")


def guests(running: Office, browser: Browser, ana: Screen, folder: Path) -> None:
    """What somebody sees who has no account, and came by a link."""
    anas, bens, _ = (Caller(running, name) for name in PEOPLE)
    thread = next(each["id"] for each in anas.call("GET", "threads")["threads"] if each["title"] == TITLE)
    ana.share_cell(DRAWN)
    ana.say("And over time.")
    wanted = {"role": "reviewer", "guest": True, "expires_in": 7 * 24 * 3600}
    link = anas.call("POST", f"threads/{thread}/invitations", wanted)["invitation"]["url"]
    with visitor(browser, link, "Hana", viewport=MIDDLE, device_scale_factor=2) as hana:
        hana.enter("Hana Sato")
        hana.shared(SHARED).get_by_role("button", name="Comment on this cell").click()
        hana.say("Are trials counted as customers here?")
        asked = anas.call("GET", f"threads/{thread}/messages")["messages"][0]["id"]
        bens.post(thread, "They are not: the export leaves them out.", reply_to=asked)
        expect(hana.shared(SHARED)).to_contain_text("2 comments")
        drawn = hana.panel.get_by_role("article", name=re.compile("^Cell 4 "))
        drawn.get_by_role("button", name="Comment on this cell").click()
        hana.composer.fill("Thanks. Then the slope is the story")
        expect(drawn.get_by_role("img")).to_be_visible()
        GuestCamera(hana.page, folder).take("guest")


def elsewhere(running: Office, browser: Browser, ana: Screen, ben: Screen, camera: Camera, folder: Path) -> None:
    """The panel in a cell, in Jupyter Notebook, and without a connection."""
    ana.cell("GroupChatPanel(").scroll_into_view_if_needed()
    expect(ana.widget.composer).to_be_visible()
    camera.take("cell", ana.cell("GroupChatPanel("))
    ana.page.context.set_offline(True)
    expect(ana.panel).to_contain_text("Offline.")
    ana.write("I'll bring the region split.")
    camera.take("offline", ana.panel, themes=LIGHT)
    ana.page.context.set_offline(False)
    ana.home()
    camera.take("thread-list", ana.panel)
    ana.open_thread(TITLE)
    ben.page.context.close()
    ben = sign_in(browser, running, PEOPLE[1], f"{running.url}notebooks/01_first_thread.ipynb", **LARGE)
    ben.page.get_by_title("Open Group Chat").click()
    ben.open_thread(TITLE)
    expect(ben.panel.get_by_role("button", name=re.compile("3 here"))).to_be_visible()
    widen(ben)
    Camera(ben.page, folder).take("notebook", themes=LIGHT)
    ben.page.context.close()


def ask_the_reader(ana: Screen, camera: Camera) -> None:
    """What a newcomer sees, who has no model yet."""
    ana.start_thread("Plans", about="01_first_thread.ipynb")
    ana.share_cell(SHARED)
    ana.say("@assistant which plan has the highest rate?")
    expect(ana.reply).to_have_attribute("aria-busy", "false")
    camera.take("reader", ana.panel)


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        fonts = Path(temporary, "fonts.conf")
        fonts.write_text(FONTS, encoding="utf-8")
        with chromium(playwright, {**os.environ, "FONTCONFIG_FILE": str(fonts)}) as browser:
            with demo(Path(temporary, "model"), browser, asks_model=True) as (running, ana):
                camera = Camera(ana.page, folder)
                earlier(*(Caller(running, name) for name in PEOPLE))
                windows = [sign_in(browser, running, name, f"{running.url}lab") for name in PEOPLE[1:]]
                talk(running, ana, camera, windows)
                dialogs(ana, camera)
                together(ana, windows[0], camera)
                catch_up(running, ana, camera)
                elsewhere(running, browser, ana, windows[0], camera, folder)
                guests(running, browser, ana, folder)
            with demo(Path(temporary, "reader"), browser, asks_model=False) as (_, ana):
                ask_the_reader(ana, Camera(ana.page, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "docs" / "images")
