"""What a person sees in JupyterLab, in Chromium."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter, time
from typing import TYPE_CHECKING

from benchmarks import ours, servers, text
from benchmarks.bench import Bench
from benchmarks.figures import Line, middle, percentile
from benchmarks.identity import token
from benchmarks.model import Model
from benchmarks.ours import Person, fill, new_thread
from benchmarks.servers import Server
from benchmarks.works.reply import ASSISTANT_OPTIONS

if TYPE_CHECKING:
    from playwright.async_api import Page

_EXTENSIONS = ("jupyterlab", *ours.EXTENSIONS)
_TITLE = "Churn review"
_MESSAGES = 10_000
_OPENINGS = 7
_ASKS = 15
#: Frames that are scrolled through, and pixels in each: a fast wheel.
_FRAMES = 600
_PIXELS = 240
_RENDER_TARGET = 300.0
_FRAME_TARGET = 50.0
_FIRST_TARGET = 60.0
_PATIENCE = 120_000

#: Scroll to the top until there is nothing older.
_LOAD_ALL = """async () => {
  const list = document.querySelector('.gc-MessageList');
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
  const panel = [...jupyterapp.shell.widgets('right')].find(({ id }) => id === 'groupchat-panel');
  while (panel.currentThread.hasOlder) {
    for (const top of [0, 4000]) { list.scrollTop = top; await pause(60); }
  }
  panel.currentThread.hold();
  await pause(500);
  return panel.currentThread.messages.length;
}"""
#: From the click on a thread in the list to the frame after its newest message is in the page.
_OPEN = """button => new Promise(resolve => {
  const start = performance.now();
  const done = () => requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  const look = () => document.querySelector('.gc-MessageList-row') ? done() : requestAnimationFrame(look);
  button.click();
  look();
})"""
#: Scroll up frame by frame, then to ten places as if the bar was dragged; the time between frames.
_SCROLL = """async ([frames, pixels]) => {
  const list = document.querySelector('.gc-MessageList');
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const took = [];
  let last = await frame();
  const step = async () => { const now = await frame(); took.push(now - last); last = now; };
  for (let n = 0; n < frames; n++) { list.scrollTop -= pixels; await step(); }
  for (let n = 1; n <= 10; n++) {
    list.scrollTop = list.scrollHeight * n / 11;
    for (let m = 0; m < 10; m++) { await step(); }
  }
  return took;
}"""
#: Resolves with the moment at which a reply that is not there yet has text, in milliseconds since 1970.
_FIRST_TEXT = """() => new Promise(resolve => {
  // Only some rows are in the page at a time: the newest reply is told by its id and not by how many there are.
  const newest = () => [...document.querySelectorAll('article.gc-mod-assistant')].at(-1);
  const known = newest()?.dataset.message;
  const look = () => {
    const reply = newest();
    if (reply && reply.dataset.message !== known && reply.querySelector('.gc-text')?.textContent.trim()) {
      observer.disconnect();
      resolve(performance.timeOrigin + performance.now());
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
})"""


async def listing(bench: Bench) -> list[Line]:
    """A thread with ten thousand loaded messages: showing it, and scrolling through it."""
    async with servers.serve(sys.executable, _EXTENSIONS, _options()) as server:
        owner = await Person.connect(server, "user0")
        thread = await new_thread([owner], _TITLE)
        await fill(owner, thread, bench.much(_MESSAGES))
        async with _lab(server, "user0", thread) as page:
            loaded = await page.evaluate(_LOAD_ALL)
            bench.say(f"{loaded:,} messages loaded in the browser")
            renders = [await _render(page) for _ in range(bench.much(_OPENINGS))]
            frames: list[float] = await page.evaluate(_SCROLL, [bench.much(_FRAMES), _PIXELS])
        owner.close()
    return [
        Line(
            what=f"list with {loaded:,} loaded messages in the browser: first render",
            unit="ms",
            ours=renders,
            target=f"under {_RENDER_TARGET:g} ms",
            hit=middle(renders) < _RENDER_TARGET,
        ),
        Line(
            what=f"list with {loaded:,} loaded messages: longest frame of {len(frames)} while scrolling",
            unit="ms",
            ours=[max(frames)],
            target=f"at most {_FRAME_TARGET:g} ms",
            hit=max(frames) <= _FRAME_TARGET,
            note=f"p50 {percentile(frames, 0.5):.1f} ms, p99 {percentile(frames, 0.99):.1f} ms",
        ),
    ]


async def sight(bench: Bench) -> list[Line]:
    """The first text of a reply in another member's browser."""
    pieces = [word + " " for word in text.message(0).split()[:5]]
    async with (
        Model(pieces, 0.05).running() as model,
        servers.serve(
            sys.executable, _EXTENSIONS, _options() | ASSISTANT_OPTIONS | {"GroupChat.base_url": model.url}
        ) as server,
    ):
        people = [await Person.connect(server, f"user{number}") for number in range(2)]
        thread = await new_thread(people, _TITLE)
        await people[0].open(thread)
        async with _lab(server, "user1", thread) as page:
            waits = [await _first(people[0], thread, page, model, number) for number in range(bench.much(_ASKS))]
        for person in people:
            person.close()
    return [
        Line(
            what="first byte from the model to first text in another member's browser, median",
            unit="ms",
            ours=[middle(waits)],
            target=f"at most {_FIRST_TARGET:g} ms",
            hit=middle(waits) <= _FIRST_TARGET,
            note=f"p90 {percentile(waits, 0.9):.1f} ms of {len(waits)}",
        )
    ]


async def _render(page: Page) -> float:
    """Back to the list of threads, and into the thread again."""
    await page.get_by_role("button", name="All threads").first.click()
    row = page.get_by_role("listitem").filter(has_text=_TITLE).get_by_role("button")
    await row.wait_for()
    took: float = await row.evaluate(_OPEN)
    return took


async def _first(asker: Person, thread: str, page: Page, model: Model, number: int) -> float:
    watching = asyncio.ensure_future(page.evaluate(_FIRST_TEXT))
    await asyncio.sleep(0.2)  # the observer is in place before anything is asked
    asker.send("message.post", f"ask{number}", thread=thread, body=f"@assistant {text.message(number)}")
    seen = await watching / 1_000
    began = model.began[-1] - perf_counter() + time()
    await asker.until(lambda: len(asker.replies()) > number and "streaming" not in asker.replies().values())
    return float(seen - began) * 1_000


@asynccontextmanager
async def _lab(server: Server, username: str, thread: str) -> AsyncIterator[Page]:
    """JupyterLab with a thread open in the panel."""
    from playwright.async_api import async_playwright  # other works need no browser

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = await browser.new_page(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(_PATIENCE)
        await page.goto(f"{server.url}lab?token={token(username)}&groupchat-thread={thread}")
        await page.locator(".gc-MessageList-row").first.wait_for()
        yield page
        await browser.close()


def _options() -> dict[str, object]:
    return {**ours.OPTIONS, "LabApp.expose_app_in_browser": True, "LabApp.news_url": None}
