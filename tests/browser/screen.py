"""What a person does in the browser, in the words that the screen shows."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

#: Milliseconds that anything may take on a machine that is very busy.
PATIENCE = 60_000
SHARE = "Share with thread"


class Screen:
    """A person's page with JupyterLab or Notebook in it, and the chat's panel."""

    def __init__(self, page: Page, name: str, home: str, panel: Locator | None = None) -> None:
        self.page = page
        self.name = name
        self.panel = panel or page.locator("#groupchat-panel")
        self.messages = self.panel.get_by_role("log", name="Messages")
        self.composer = self.panel.get_by_role("combobox", name="Message", exact=True)
        self._home = home

    # -- getting there

    def home(self) -> None:
        """Leave whatever a test before left open, for the list of threads."""
        # JupyterLab takes the notebook out of the address once it is open.
        astray = not self.page.url.startswith(self._home.partition("/tree/")[0])
        if astray or self.page.locator(".jp-Dialog, .gc-Popup").count() > 0:
            self.start_over()
        self.show()
        back, home = self.button("All threads"), self.panel.get_by_role("heading", name="Group Chat")
        expect(back.or_(home).first).to_be_visible()
        if back.is_visible():
            back.click()
        expect(home).to_be_visible()

    def start_over(self) -> None:
        """Load the page as a new window would: with the list of threads."""
        self.page.evaluate("() => sessionStorage.clear()")
        self.page.goto(self._home)
        self.opened()
        self.show()

    def opened(self) -> None:
        """Wait until the page is at rest: JupyterLab gives the focus to the notebook of its address as it opens it."""
        self.restored()
        self.page.wait_for_function("() => window.opening === false")
        if "/tree/" in self._home:
            self.has_kernel()

    def reload(self) -> None:
        """Load the page again."""
        self.page.reload()
        self.opened()

    def restored(self) -> None:
        """Wait until the application has put everything where it was."""
        self.page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")

    def show(self) -> None:
        """Show the panel, wherever the page is."""
        self.restored()
        self.page.evaluate("() => window.jupyterapp.shell.activateById('groupchat-panel')")
        expect(self.panel).to_be_visible()

    def set_width(self, width: int) -> None:
        """Move the edge of the side bar until the panel is about so wide, in pixels."""
        self.page.evaluate(
            """width => {
                let side = window.jupyterapp.shell.widgets('right').find(({ id }) => id === 'groupchat-panel');
                while (!side.parent.setRelativeSizes) {
                    side = side.parent;
                }
                const split = side.parent;
                const sizes = split.relativeSizes();
                const at = split.widgets.indexOf(side);
                const more = width / split.node.clientWidth - sizes[at];
                sizes[at] += more;
                sizes[at - 1] -= more;
                split.setRelativeSizes(sizes);
            }""",
            width,
        )
        wide = "width => Math.abs(document.getElementById('groupchat-panel').clientWidth - width) < 12"
        self.page.wait_for_function(wide, arg=width)

    def join(self, url: str, title: str) -> None:
        """Follow an invitation link and wait until the thread that it opens can be written in."""
        self.page.goto(url)
        self.sees_thread(title)

    # -- finding

    def button(self, name: str, *, within: Locator | None = None) -> Locator:
        """A button by its words."""
        return (within or self.panel).get_by_role("button", name=name, exact=True)

    def title(self, title: str) -> Locator:
        """The open thread's title."""
        return self.panel.get_by_role("heading", name=title, exact=True)

    def row(self, title: str) -> Locator:
        """A thread in the list."""
        return self.panel.get_by_role("listitem").filter(has=self.page.get_by_text(title, exact=True))

    def message(self, text: str) -> Locator:
        """The messages that hold a text."""
        return self.messages.get_by_role("article").filter(has_text=text)

    @property
    def reply(self) -> Locator:
        """The assistant's newest message."""
        return self.messages.locator("article.gc-mod-assistant").last

    @property
    def card(self) -> Locator:
        """The newest shared cell."""
        return self.messages.get_by_role("region", name=re.compile("^Shared cell")).last

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.get_by_role("dialog")

    # -- threads

    def start_thread(self, title: str, about: str | None = None) -> None:
        """Start a thread, perhaps about the notebook in front, and wait until one can write."""
        self.button("New thread").first.click()
        self.panel.get_by_role("textbox", name="Title").fill(title)
        if about:
            self.panel.get_by_role("checkbox", name=f"About {about}").check()
        self.button("Start thread").click()
        self.sees_thread(title)

    def open_thread(self, title: str) -> None:
        """Open a thread from the list."""
        self.row(title).get_by_role("button").click()
        self.sees_thread(title)

    def sees_thread(self, title: str) -> None:
        """Wait until the thread is shown and can be written in."""
        expect(self.title(title)).to_be_visible()
        expect(self.composer).to_be_visible()

    def invite(self, uses: str = "1") -> str:
        """Make a link that as many people can join by; the link."""
        self.button("Invite people").click()
        if uses != "1":
            self.button("Uses: 1", within=self.dialog).click()
            self.page.get_by_role("menuitemradio", name=uses, exact=True).click()
        self.button("Create link", within=self.dialog).click()
        link = self.dialog.get_by_role("textbox", name="Invitation link")
        expect(link).to_have_value(re.compile(r"groupchat-join="))
        url = link.input_value()
        self.button("Done", within=self.dialog).click()
        expect(self.dialog).to_have_count(0)
        return url

    def invite_guests(self) -> str:
        """Make a link by which somebody without an account can come in; the link."""
        self.button("Invite people").click()
        self.button("Role: Member", within=self.dialog).click()
        self.page.get_by_role("menuitemradio", name=re.compile("^Guest")).click()
        self.button("Create link", within=self.dialog).click()
        link = self.dialog.get_by_role("textbox", name="Invitation link")
        expect(link).to_have_value(re.compile(r"/groupchat/guest/#"))
        url = link.input_value()
        self.button("Done", within=self.dialog).click()
        return url

    def choose(self, menu: str, item: str) -> None:
        """Open a menu of the panel and choose something."""
        self.button(menu).click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{re.escape(item)}")).click()

    # -- messages

    def write(self, text: str) -> None:
        """Write a message and send it with Enter."""
        self.composer.fill(text)
        # The list of people to mention takes Enter for itself.
        if self.panel.get_by_role("listbox").count() > 0:
            self.composer.press("Escape")
        self.composer.press("Enter")
        expect(self.composer).to_have_value("")

    def say(self, text: str) -> None:
        """Write a message and wait until it is in the thread, for others too."""
        self.write(text)
        self.has_sent(text)

    def has_sent(self, text: str) -> None:
        """Wait until exactly one message holds a text, and the server has it."""
        self.sees(text)
        expect(self.message(text)).not_to_have_attribute("data-pending", re.compile(""))

    def sees(self, text: str) -> None:
        """Wait until exactly one message holds a text."""
        expect(self.message(text)).to_have_count(1)
        expect(self.message(text)).to_be_visible()

    def scroll_up_to(self, text: str) -> None:
        """Scroll to the first messages, also while the list still moves of itself, until one of them holds a text."""
        list_and_text = [self.messages.element_handle(), text]
        self.page.wait_for_function(
            "([list, text]) => { list.scrollTo(0, 0); return list.textContent.includes(text); }", arg=list_and_text
        )
        self.sees(text)

    # -- the notebook

    def cell(self, text: str) -> Locator:
        """A cell of the notebook in front, by its source."""
        return self.page.locator(".jp-Notebook .jp-Cell").filter(has_text=text).first

    def has_kernel(self) -> None:
        """Wait for the notebook's kernel: JupyterLab asks which one to take when a cell is run before."""
        ready = "() => window.jupyterapp.shell.currentWidget?.sessionContext?.isReady"
        self.page.wait_for_function(ready)

    def run_cell(self, text: str) -> str:
        """Run a cell and wait until it has a new number; that, in its brackets."""
        self.has_kernel()
        cell = self.cell(text)
        prompt = cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".jp-InputArea-editor").click()
        cell.locator(".cm-content").press("Control+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"))
        return prompt.inner_text().strip(" :")

    @property
    def widget(self) -> Screen:
        """The panel in a cell's output."""
        return Screen(self.page, self.name, self._home, self.page.locator(".jp-OutputArea .gc-WidgetView").last)

    def insert_cell(self, source: str) -> None:
        """Add a cell at the end of the notebook in front."""
        self.page.locator(".jp-Notebook .jp-Notebook-footer").click()
        new = self.page.locator(".jp-Notebook .jp-Cell.jp-mod-active .cm-content")
        expect(new).to_have_text("")
        new.fill(source)

    def share_cell(self, text: str) -> None:
        """Share a cell with the open thread, from the cell's own toolbar."""
        cell = self.cell(text)
        cell.locator(".jp-InputArea-editor").click()
        self.button(SHARE, within=cell).click()
        expect(self.panel.locator(".gc-Composer-chip.gc-mod-cell")).to_have_count(1)
